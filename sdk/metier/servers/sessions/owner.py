"""The task that owns one session with a server.

A dying transport cancels the task that opened it. So one task opens the session and waits, and nobody else is inside:
callers only wait for their own call and for this task, whichever ends first, and are never cancelled by it.
"""

import asyncio
import logging
import sys
from collections.abc import Coroutine
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, TypeVar

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.server import MCPServer
from mcp.types import CallToolResult, Implementation

from metier.redaction import Redaction
from metier.servers.definition import Era
from metier.servers.sessions.asking import Asking
from metier.servers.sessions.children.transport import child_streams
from metier.servers.sessions.faults import Faults
from metier.servers.sessions.guarding import guarded
from metier.servers.sessions.http import http_streams
from metier.servers.sessions.reasons import Reasons, is_death
from metier.servers.source import Ask
from metier.servers.target import HttpTarget, Target

T = TypeVar("T")

# The SDK logs what servers wrote when it cannot read it, secrets and all. Callers are told by an error of ours.
logging.getLogger("mcp.client").setLevel(logging.CRITICAL)
# The HTTP client logs every address in full, and with it the keys that some servers want there.
for _name in ("httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.WARNING)

CLOSE_S = 15.0  # a child process is given up to 12 s: to end by itself, by SIGTERM, by SIGKILL
_CLIENT = Implementation(name="metier", version="1")


@dataclass(frozen=True, slots=True)
class Way:
    """How a session with a server is opened, and what hides its secrets. Times are in seconds."""

    name: str
    target: Target
    redaction: Redaction
    era: Era = "auto"
    ask: Ask | None = None
    connect_s: float = 30.0
    call_s: float = 120.0

    @property
    def asks(self) -> bool:
        """Returns whether a person may be asked in the middle of a call, or to log in."""
        auth = self.target.auth if isinstance(self.target, HttpTarget) else None
        return self.ask is not None or hasattr(auth, "asked_s")

    @property
    def login_s(self) -> float:
        """Returns for how many seconds a person was asked to log in so far."""
        login: float = getattr(self.target.auth, "asked_s", 0.0) if isinstance(self.target, HttpTarget) else 0.0
        return login


class Owner:
    """One session with a server, held open by a task of its own until `close` or until the transport dies."""

    def __init__(self, way: Way) -> None:
        self.name = way.name
        self.faults = Faults()
        self._way = way
        self._asking = Asking(way.name, way.ask) if way.ask else None
        self.reasons = Reasons(way.name, way.redaction)
        self._opened: asyncio.Future[Client] = asyncio.get_running_loop().create_future()
        self._closing = asyncio.Event()
        self._calls = 0
        self._retired = False
        self._task = asyncio.create_task(self._hold(), name=f"metier server {way.name}")

    @property
    def is_alive(self) -> bool:
        """Returns whether calls can still be made."""
        return not (self.faults.broken or self._retired or self._closing.is_set() or self._task.done())

    @property
    def asked_s(self) -> float:
        """Returns for how many seconds a person was asked so far: by the server, or to log in."""
        return self._way.login_s + (self._asking.seconds if self._asking else 0.0)

    async def opened(self) -> Client:
        """Returns the client once the session is open; raises ServerError when that fails or takes too long."""
        await self._wait(self._opened, self._way.connect_s)
        if self._opened.done():
            return self._opened.result()
        trouble = "" if self._task.done() else f"it did not answer within {self._way.connect_s:g} s"
        await self.close()
        error = self._task.exception() if self._task.done() and not self._task.cancelled() else None
        raise self.reasons.unreachable(error, self.faults, trouble=trouble)

    async def ask(self, call: Coroutine[Any, Any, T], *, subject: str, timeout_s: float) -> T:
        """Returns what `call` gives, which concerns `subject`.

        Raises what the transport noted for this call, ServerError when the session ends before it or it takes longer
        than `timeout_s` (time in which the user is asked does not count), and what it raises itself.
        """
        task = asyncio.create_task(call)
        self._calls += 1
        try:
            in_time = await self._wait(task, timeout_s)
        finally:
            self._calls -= 1
            if not task.done():
                task.add_done_callback(_look_at)
                task.cancel()
            if self._retired and self._calls == 0:
                self._closing.set()
        if not in_time:
            raise self.reasons.silent(subject, timeout_s)
        if not task.done() or task.cancelled():
            self.faults.broken = True
            raise self.reasons.died(self.faults)
        if (error := task.exception()) is None:
            return task.result()
        if is_death(error):
            self.faults.broken = True
        behind = self.reasons.behind(error, self.faults, subject)
        if behind is error:
            raise error
        raise behind from None  # the SDK's error holds the server's own words, which may hold a key

    def retire(self) -> None:
        """Ends the session as soon as the calls under way have ended; there are no new ones."""
        self._retired = True
        if self._calls == 0:
            self._closing.set()

    async def ended(self) -> None:
        """Waits until the session and what belongs to it, such as a child process, are gone."""
        await _first({self._task})

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
        client = Client(
            self._reach(),
            cache=None,
            client_info=_CLIENT,
            mode=self._way.era,
            elicitation_callback=self._asking,
        )
        async with client:
            if not isinstance(self._way.target, MCPServer):
                # A stranger's schema can be made so that holding a result to it never ends.
                client.session.validate_tool_result = _take_as_it_is  # type: ignore[method-assign]
            self.faults.broken = self.faults.ended is not None  # what failed while eras were tried is past
            self._opened.set_result(client)
            await self._closing.wait()

    def _reach(self) -> MCPServer[Any] | AbstractAsyncContextManager[Any]:
        target = self._way.target
        if isinstance(target, MCPServer):
            return target
        return guarded(self.name, self._streams(target), self.faults)

    def _streams(self, target: StdioServerParameters | HttpTarget | str) -> AbstractAsyncContextManager[Any]:
        if isinstance(target, StdioServerParameters):
            if sys.platform == "win32":  # there a job object of the SDK ends the server with this process
                return stdio_client(target)
            return child_streams(self.name, target, self.faults)
        http = target if isinstance(target, HttpTarget) else HttpTarget(target)
        return http_streams(self.name, http, self.faults, read_s=self._way.call_s)

    async def _wait(self, task: asyncio.Future[T], timeout_s: float) -> bool:
        """Waits for the call or the end of the session; returns False when neither came in time."""
        loop = asyncio.get_running_loop()
        started, asked, left = loop.time(), self.asked_s, timeout_s
        while left > 0:
            await _first({task, self._task}, timeout_s=left)
            if task.done() or self._task.done():
                return True
            left = timeout_s - (loop.time() - started) + (self.asked_s - asked)
        return False


async def _first(futures: set[asyncio.Future[Any]], *, timeout_s: float | None = None) -> None:
    await asyncio.wait(futures, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)


async def _take_as_it_is(name: str, result: CallToolResult) -> None:
    """Stands for holding a result to the schema that its own server gave."""


def _look_at(task: asyncio.Future[Any]) -> None:
    """Takes note of a task's exception, so that nothing is logged when the task is dropped."""
    if not task.cancelled():
        task.exception()
