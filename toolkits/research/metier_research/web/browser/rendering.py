"""Renders a page: the DOM that its scripts make of it, within limits of time, size and disk."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import anyio
from anyio import to_thread
from anyio.abc import ByteReceiveStream, Process

from metier.errors import InputError, ServerError, StorageError
from metier_research.web.browser.command import make_command, make_environment, make_preferences
from metier_research.web.browser.proxy import open_proxy
from metier_research.web.policy import FetchPolicy
from metier_research.web.politeness import SHARED, Politeness
from metier_research.web.resolving import Resolver, resolve_host
from metier_research.web.urls import read_target

RENDER_S: Final = 20.0
LITTLE: Final = 200
"""Characters: a page with fewer has next to no text."""
MOST_DISK: Final = 256 << 20
_AT_ONCE: Final = 2
_WATCH_S: Final = 0.25
_GONE_S: Final = 0.05
_DYING, _TRIES = 10, 100
_LATE_S: Final = 5.0
_READ: Final = 65_536
_MOST_TOLD: Final = 64 << 10
_OWN_PAGE: Final = b"interstitial-wrapper"  # how a Chromium marks its own page on what it could not load
_SCRIPT: Final = re.compile(rb"<script[\s>/]", re.I)


@dataclass(frozen=True, slots=True)
class Rendered:
    """The DOM of a page as HTML in UTF-8, and what the page asked for that it was `refused`."""

    body: bytes = field(repr=False)
    refused: tuple[str, ...] = ()


def needs_script(body: bytes, text: str) -> bool:
    """Returns whether a document with so little text is a page with scripts, which may make the rest of it."""
    markup = body[:_READ].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    return markup and len(text) < LITTLE and _SCRIPT.search(body) is not None


class Browser:
    """Renders pages with a Chromium of this machine, a new one for each page, two at once.

    Each has a folder of its own below `place` (that for temporary files when None), which is gone afterwards.
    """

    def __init__(self, program: str, policy: FetchPolicy, *, sandboxed: bool, place: Path | None = None) -> None:
        self._program = program
        self._policy = policy
        self._sandboxed = sandboxed
        self._place = place
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def render(
        self,
        url: str,
        *,
        total_s: float = RENDER_S,
        resolve: Resolver = resolve_host,
        politeness: Politeness = SHARED,
    ) -> Rendered:
        """Returns what the page at the address is once its scripts have come to rest.

        The page was fetched before, and its robots.txt obeyed. Raises InputError for an address that is refused and
        for a site that wants pauses between requests, which a browser cannot keep; ServerError when it is not
        rendered in `total_s` seconds, too large, or the Chromium fails.
        """
        target = read_target(url, self._policy.allow_private)
        rules = politeness.recall(target.origin)
        if rules is not None and rules.delay_s > 0:
            raise InputError(f"{target.host} wants pauses between requests: its pages are not rendered.")
        async with self._turns, open_proxy(self._policy, resolve) as proxy, _own_folder(self._place) as folder:
            command = make_command(
                self._program,
                target.url,
                folder=folder,
                proxy=proxy.port,
                agent=self._policy.user_agent,
                sandboxed=self._sandboxed,
            )
            async with _started([*_ended_anyway(total_s), *command], folder) as process:
                run = _Run(process, folder, self._policy.max_bytes)
                await run.watch(total_s)
        return Rendered(run.result(target.origin), tuple(proxy.refused))


@asynccontextmanager
async def _own_folder(place: Path | None) -> AsyncIterator[str]:
    """Gives a new folder; at the end it is gone, though what is being killed may still write into it."""
    folder = tempfile.mkdtemp(prefix="page-", dir=place)  # short: it has a socket, whose path may not be long
    try:
        await to_thread.run_sync(_write_preferences, folder)
        yield folder
    finally:
        with anyio.CancelScope(shield=True):
            for _ in range(_TRIES):
                if await to_thread.run_sync(_remove, folder):
                    break
                await anyio.sleep(_GONE_S)
            else:
                raise StorageError("What a page left behind could not be removed.", hint=f"Remove {folder}.")


@asynccontextmanager
async def _started(command: Sequence[str], folder: str) -> AsyncIterator[Process]:
    """Gives the process of a command; at the end it and its whole group are gone."""
    process = await anyio.open_process(
        command, stdin=subprocess.DEVNULL, env=make_environment(folder), cwd=folder, start_new_session=True
    )
    try:
        async with process:
            try:
                yield process
            finally:
                _kill(process)
    finally:
        with anyio.CancelScope(shield=True):
            await _wait_for_group(process)


async def _wait_for_group(process: Process) -> None:
    """Returns when all of a killed group is gone; soon in any case, for an init that reaps nobody keeps their names."""
    for _ in range(_DYING):
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        await anyio.sleep(_GONE_S)


@dataclass(slots=True)
class _Run:
    """A Chromium that runs: what it printed so far, and why it was ended, if it was."""

    process: Process
    folder: str
    most: int
    dom: bytearray = field(default_factory=bytearray)
    told: bytearray = field(default_factory=bytearray)
    stopped: str = ""

    async def watch(self, total_s: float) -> None:
        """Returns when it has ended or was ended."""
        with anyio.move_on_after(total_s) as time:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._watch_folder)
                async with anyio.create_task_group() as readers:
                    readers.start_soon(self._read, self.process.stdout, self.dom, self.most)
                    readers.start_soon(self._read, self.process.stderr, self.told, _MOST_TOLD)
                    await self.process.wait()
                    _kill(self.process)  # what it left behind holds the pipes
                tasks.cancel_scope.cancel()
        if time.cancelled_caught:
            self._stop(f"is not rendered within {total_s:g} s")

    def result(self, origin: str) -> bytes:
        """Returns the DOM; raises ServerError when there is none, or not the whole of it."""
        if self.stopped:
            raise ServerError(f"A page of {origin} {self.stopped}.", hint="Read another page.")
        if b"No usable sandbox" in self.told:
            raise ServerError("Chromium finds no sandbox on this machine.", hint="Allow it user namespaces.")
        if self.process.returncode != 0 or not self.dom.strip():
            raise ServerError(f"Chromium could not render a page of {origin}.", hint="Read another page.")
        if _OWN_PAGE in self.dom:
            raise ServerError(f"A page of {origin} leads to one that cannot be had.", hint="Read another page.")
        return bytes(self.dom)

    async def _read(self, stream: ByteReceiveStream | None, into: bytearray, most: int) -> None:
        if stream is None:
            return
        async for chunk in stream:
            into += chunk[: most + 1 - len(into)]
            if len(into) > most and into is self.dom:
                self._stop(f"is larger than {most} bytes")

    async def _watch_folder(self) -> None:
        while True:
            if await to_thread.run_sync(_size_of, self.folder) > MOST_DISK:
                self._stop("fills the disk")
                return
            await anyio.sleep(_WATCH_S)

    def _stop(self, reason: str) -> None:
        self.stopped = self.stopped or reason
        _kill(self.process)


def _ended_anyway(total_s: float) -> Sequence[str]:
    """Returns what ends a command though this process is killed; nothing on a machine without GNU's `timeout`."""
    program = shutil.which("timeout")
    return () if program is None else (program, "--signal=KILL", f"{total_s + _LATE_S:g}")


def _write_preferences(folder: str) -> None:
    profile = Path(folder, "profile", "Default")
    profile.mkdir(parents=True)
    Path(profile, "Preferences").write_text(make_preferences(), encoding="utf-8")


def _remove(folder: str) -> bool:
    shutil.rmtree(folder, ignore_errors=True)
    return not Path(folder).exists()


def _size_of(folder: str) -> int:
    """Returns the bytes on disk below a folder, in which files come and go."""
    size = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                size += os.lstat(os.path.join(root, name)).st_blocks * 512
            except OSError:
                continue
    return size


def _kill(process: Process) -> None:
    """Ends the process and all of its group."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:  # all of it is gone
        return
