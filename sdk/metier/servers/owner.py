"""The task that owns one session with a server.

A dying transport cancels the task that opened it. So one task opens the session and waits, and nobody else is inside:
callers only wait for their own call and for this task, whichever ends first, and are never cancelled by it.
"""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.shared.exceptions import MCPError
from mcp.types import CONNECTION_CLOSED, Implementation

from metier.errors import ServerError
from metier.servers.target import HttpTarget, Target

T = TypeVar("T")

CLOSE_S = 10.0  # the SDK gives a child process up to 6.5 s: grace, SIGTERM, SIGKILL
_URL = re.compile(r"\w+://\S+")
_CLIENT = Implementation(name="metier", version="1")


class Owner:
    """One session with a server, held open by a task of its own until `close` or until the transport dies."""

    def __init__(self, name: str, target: Target) -> None:
        self.name = name
        self._target = target
        self._opened: asyncio.Future[Client] = asyncio.get_running_loop().create_future()
        self._closing = asyncio.Event()
        self._last_words = ""
        self._broken = False
        self._task = asyncio.create_task(self._hold(), name=f"metier server {name}")

    @property
    def is_alive(self) -> bool:
        """Returns whether calls can still be made."""
        return not self._broken and not self._closing.is_set() and not self._task.done()

    async def opened(self, timeout_s: float) -> Client:
        """Returns the client once the session is open; raises ServerError when that fails or takes too long."""
        await _first({self._opened, self._task}, timeout_s=timeout_s)
        if self._opened.done():
            return self._opened.result()
        trouble = self._trouble() if self._task.done() else f"it did not answer within {timeout_s:g} s"
        await self.close()
        raise ServerError(
            f"The server {self.name!r} cannot be reached: {trouble}.",
            hint=f"It last wrote: {self._last_words}"
            if self._last_words
            else "Is it running, and is its address right?",
        )

    async def ask(self, call: Coroutine[Any, Any, T]) -> T:
        """Returns what `call` gives; raises what it raises, or ServerError when the session ends before it does."""
        task = asyncio.create_task(call)
        try:
            await _first({task, self._task})
        finally:
            if not task.done():
                task.add_done_callback(_look_at)
                task.cancel()
        if not task.done() or task.cancelled():
            self._broken = True
            raise ServerError(f"The server {self.name!r} died during a call.", hint="The next call connects again.")
        error = task.exception()
        if isinstance(error, MCPError) and error.code == CONNECTION_CLOSED:
            self._broken = True
            raise ServerError(
                f"The server {self.name!r} closed the connection during a call.", hint="The next call connects again."
            ) from error
        return task.result()

    async def close(self) -> None:
        """Ends the session and its child process, if it has one. Waits a bounded time."""
        self._closing.set()
        if not self._opened.done():
            self._task.cancel()
        await _first({self._task}, timeout_s=CLOSE_S)
        if not self._task.done():
            self._task.cancel()
            await _first({self._task}, timeout_s=CLOSE_S)
        if self._task.done():
            _look_at(self._task)

    async def _hold(self) -> None:
        reach = self._reach()
        async with Client(reach, cache=None, client_info=_CLIENT) as client:
            self._opened.set_result(client)
            await self._closing.wait()

    def _reach(self) -> Any:
        if isinstance(self._target, HttpTarget):
            return self._target.url
        return self._spawn(self._target) if isinstance(self._target, StdioServerParameters) else self._target

    @asynccontextmanager
    async def _spawn(self, parameters: StdioServerParameters) -> AsyncIterator[Any]:
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
            try:
                async with stdio_client(parameters, errlog=said) as streams:
                    yield streams
            finally:
                said.seek(0)
                lines = [line.strip() for line in said if line.strip()]
                self._last_words = _without_addresses(lines[-1])[:200] if lines else ""

    def _trouble(self) -> str:
        if self._task.cancelled():
            return "the connection broke while it was opened"
        error = self._task.exception()
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        if error is None:
            return "it closed the connection"
        said = _without_addresses(str(error)).strip().rstrip(".")
        return f"{said or 'no message'} ({type(error).__name__})"


async def _first(futures: set[asyncio.Future[Any]], *, timeout_s: float | None = None) -> None:
    await asyncio.wait(futures, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)


def _without_addresses(text: str) -> str:
    """Returns `text` without URLs, which may carry keys."""
    return _URL.sub("<address>", text)


def _look_at(task: asyncio.Future[Any]) -> None:
    """Takes note of a task's exception, so that nothing is logged when the task is dropped."""
    if not task.cancelled():
        task.exception()
