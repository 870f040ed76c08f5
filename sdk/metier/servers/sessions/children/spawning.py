"""One child process: its three streams, and its end."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from mcp import StdioServerParameters
from mcp.client.stdio import get_default_environment

from metier.errors import ServerError
from metier.servers.sessions.children.pipes import Input, Tail

WATCHER = Path(__file__).with_name("watcher.py")
GRACE_S = 2.0  # for a server to end by itself once its input is closed
KILL_S = 6.0  # for the watcher to have killed it
LAST_WORDS_S = 0.2  # for what it wrote to standard error to arrive
POLL_S = 0.005
BUFFER_BYTES = 64 * 1024


class Child:
    """A server's process with the watcher over it. Made by `start_child`."""

    def __init__(self, name: str, watcher: subprocess.Popen[bytes], lifeline: socket.socket) -> None:
        self._name = name
        self._watcher = watcher
        self._lifeline = lifeline
        self._gone = asyncio.Event()
        self._server = 0
        self.input = Input()
        self.output = asyncio.StreamReader(limit=BUFFER_BYTES)
        self._errors = Tail()
        self._transports: list[asyncio.ReadTransport | asyncio.WriteTransport] = []

    @property
    def last_words(self) -> str:
        """Returns the last line that the server wrote to standard error, as it is."""
        lines = [line.strip() for line in bytes(self._errors.kept).decode(errors="replace").splitlines()]
        return next((line for line in reversed(lines) if line), "")

    async def attach(self) -> None:
        """Waits until the server runs; raises ServerError when it cannot be started."""
        loop = asyncio.get_running_loop()
        watcher = self._watcher
        reading = asyncio.StreamReaderProtocol(self.output)
        self._transports.append((await loop.connect_read_pipe(lambda: reading, watcher.stdout))[0])
        self._transports.append((await loop.connect_read_pipe(lambda: self._errors, watcher.stderr))[0])
        self._transports.append((await loop.connect_write_pipe(lambda: self.input, watcher.stdin))[0])
        said = (await loop.sock_recv(self._lifeline, 64)).decode(errors="replace").split()
        if said[:1] != ["started"]:
            raise _not_started(self._name, _reason(said))
        self._server = int(said[1])
        loop.add_reader(self._lifeline, self._look_at_lifeline)

    async def stop(self, grace_s: float = GRACE_S) -> None:
        """Ends the server and all of its process group: input closed, SIGTERM, SIGKILL. Waits a bounded time."""
        self.input.close()
        self._let_output_go()
        if self._server:
            await _wait_for(self._gone, grace_s)
            asyncio.get_running_loop().remove_reader(self._lifeline)
        self._lifeline.close()  # the watcher, if it still lives, now ends the group
        await self._reap()
        if self._transports:
            await _wait_for(self._errors.ended, LAST_WORDS_S)
        self.input.abort()
        for transport in self._transports:
            if not transport.is_closing():
                transport.close()
        for file in (self._watcher.stdin, self._watcher.stdout, self._watcher.stderr):
            if file is not None:
                file.close()

    def _let_output_go(self) -> None:
        """Reads on without keeping anything: a server that is stuck in a write could not end."""
        if self._transports:
            output = self._transports[0]
            output.set_protocol(Tail())
            if isinstance(output, asyncio.ReadTransport):
                output.resume_reading()

    async def _reap(self) -> None:
        """Waits for the watcher's end; a watcher that is stuck, or was killed, is stood in for."""
        await self._wait_ended(KILL_S)
        if self._watcher.returncode is None:
            self._watcher.kill()
        if self._watcher.returncode is None or self._watcher.returncode < 0:
            _kill_group(self._server)
        await self._wait_ended(KILL_S)

    async def _wait_ended(self, seconds: float) -> None:
        for _ in range(int(seconds / POLL_S)):
            if self._watcher.poll() is not None:
                return
            await asyncio.sleep(POLL_S)

    def _look_at_lifeline(self) -> None:
        """The watcher's end has closed: it has ended, and the server with it, unless somebody killed the watcher."""
        asyncio.get_running_loop().remove_reader(self._lifeline)
        self._gone.set()


def start_child(name: str, parameters: StdioServerParameters) -> Child:
    """Starts the program of `parameters` under a watcher; raises ServerError when that is not possible.

    No shell reads the command. The program's environment is the SDK's short list of harmless variables and what
    `parameters` names, never that of this process.
    """
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    try:
        watcher = subprocess.Popen(
            [*_watching(theirs.fileno()), parameters.command, *parameters.args],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(parameters.env or {}),
            cwd=parameters.cwd,
            pass_fds=(theirs.fileno(),),
            start_new_session=True,
        )
    except (OSError, ValueError) as error:  # ValueError: a null byte
        ours.close()
        raise _not_started(name, getattr(error, "strerror", None) or "its command holds a null byte") from error
    finally:
        theirs.close()
    return Child(name, watcher, ours)


async def _wait_for(event: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


def _watching(lifeline: int) -> list[str]:
    return [sys.executable, "-I", "-S", str(WATCHER), str(lifeline)]


def _environment(named: Mapping[str, str]) -> dict[str, str]:
    return {**get_default_environment(), **named}


def _not_started(name: str, reason: str) -> ServerError:
    return ServerError(
        f"The server {name!r} cannot be reached: its program cannot be started: {reason}.",
        hint="Is the command spelled right, is it installed, and is its folder there?",
        sent=False,
    )


def _reason(said: list[str]) -> str:
    known = len(said) == 2 and said[0] == "failed" and said[1].isdigit()
    return os.strerror(int(said[1])) if known else "its watcher died"


def _kill_group(group: int) -> None:
    if group:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
