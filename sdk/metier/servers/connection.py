"""A live connection to one tool server: in this process, as a child process, or over HTTP."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from types import TracebackType
from typing import Self

from mcp import Client
from mcp.server import MCPServer
from mcp.shared.dispatcher import ProgressFnT

from metier.canonical import JSON
from metier.errors import ServerError, ToolError
from metier.servers.definition import Era
from metier.servers.sessions.arguments import check_sendable
from metier.servers.sessions.http import check_address
from metier.servers.sessions.owner import Owner, Way
from metier.servers.source import PLAIN, Ask, CallContext, Progress
from metier.servers.target import HttpTarget, Target, redaction_for
from metier.servers.tool import ToolResult, ToolSpec, mask_spec, read_result, read_spec

__all__ = ["Connection", "Target", "ToolResult", "ToolSpec"]

DELAYS_S = (0.0, 0.2, 1.0, 3.0)
DEATHS = 3  # of a server in a row that one call outlives
PAGES = 100
MOST_TOOLS = 1_000
MOST_MESSAGE = 500  # characters of a line of progress


@dataclass(frozen=True, slots=True)
class _Session:
    owner: Owner
    client: Client
    specs: Mapping[str, ToolSpec]
    listed: tuple[ToolSpec, ...]


@dataclass(slots=True)
class _Opening:
    task: asyncio.Task[_Session]
    waiting: int = 0


class Connection:
    """A tool server that is opened when first used, and opened again after it died. It is a ToolSource.

    Use it as an async context manager; it may be entered more than once and closes with the last exit. Calls run in
    parallel. One that fails because the server died is made again, DEATHS times at most, when the tool says that this
    does no harm or the server cannot have got it; otherwise it raises ServerError and the next call connects anew. All
    callers share one attempt to connect, which is given up when the last of them has left.

    `trusted` says whether the server may state its own evidence. By default only a server in this process may: all
    that another says becomes evidence under its own name. `delays_s` are the pauses before each attempt to connect,
    each made up to half longer or shorter by chance. `era` is the protocol to speak, `ask` puts a server's questions to
    the user; without it a server is told that there is nobody to ask. What the target shows of its secrets, and
    `secrets`, are masked in errors and in what tools say of themselves; in results the envelope does that, by
    `redaction`. Raises InputError for an address that is none.
    """

    def __init__(  # noqa: PLR0913 - what can be set of a connection
        self,
        name: str,
        target: Target,
        *,
        trusted: bool | None = None,
        timeout_s: float = 120.0,
        connect_s: float = 30.0,
        delays_s: tuple[float, ...] = DELAYS_S,
        era: Era = "auto",
        ask: Ask | None = None,
        secrets: Sequence[str] = (),
    ) -> None:
        if isinstance(target, HttpTarget | str):
            check_address(target if isinstance(target, str) else target.url)
        self.name = name
        self.trusted = isinstance(target, MCPServer) if trusted is None else trusted
        self.redaction = redaction_for(target, secrets)
        self._way = Way(name, target, self.redaction, era=era, ask=ask, connect_s=connect_s, call_s=timeout_s)
        self._delays_s = delays_s
        self._entered = 0
        self._session: _Session | None = None
        self._opening: _Opening | None = None
        self._ending: set[asyncio.Future[None]] = set()

    async def __aenter__(self) -> Self:
        self._entered += 1
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._entered -= 1
        if self._entered == 0:
            await self._close()

    @property
    def protocol(self) -> str:
        """Returns the version of MCP that the open session speaks; empty where none is open."""
        return self._session.client.protocol_version if self._session is not None else ""

    @property
    def asks(self) -> bool:
        """Returns whether a person may be asked in the middle of a call, or to log in."""
        return self._way.asks

    @property
    def asked_s(self) -> float:
        """Returns for how many seconds a person has been asked by the open session, and to log in."""
        session = self._session
        return self._way.login_s if session is None else session.owner.asked_s

    async def tools(self) -> tuple[ToolSpec, ...]:
        """Returns the tools of the server, as listed when the session began: the same tuple all the time.

        Raises ServerError for a dead server.
        """
        return (await self._opened()).listed

    async def call(self, tool: str, arguments: Mapping[str, JSON], context: CallContext = PLAIN) -> ToolResult:
        """Returns what `tool` gave for `arguments`.

        A tool's own failure is a result with `is_error`. Raises ToolError for an unknown tool, arguments that the
        protocol refuses, or a result that its own schema forbids; ServerError for a server that is dead, silent for
        `timeout_s`, or out of protocol.
        """
        check_sendable(tool, arguments)
        deaths = 0
        while True:
            session = await self._opened()
            spec = self._find(session, tool)
            try:
                return await self._send(session, tool, dict(arguments), context)
            except ServerError as error:
                deaths += 1
                harmless = spec.repeatable or not error.sent
                if not harmless or deaths > DEATHS or not self._may_come_back(session.owner):
                    raise

    def _may_come_back(self, owner: Owner) -> bool:
        """Returns whether the session of `owner` ended and another may do better."""
        return self._entered > 0 and not owner.is_alive and not owner.faults.lasting

    def _find(self, session: _Session, tool: str) -> ToolSpec:
        spec = session.specs.get(tool)
        if spec is None:
            near = ", ".join(get_close_matches(tool, session.specs, n=3))
            raise ToolError(
                f"The server {self.name!r} has no tool {tool!r}.", hint=f"Did you mean {near}?" if near else ""
            )
        return spec

    async def _send(self, session: _Session, tool: str, arguments: dict[str, JSON], context: CallContext) -> ToolResult:
        hear = _hearing(self.name, tool, context.on_progress) if context.on_progress else None
        sending = session.client.call_tool(tool, arguments, progress_callback=hear)
        result = await session.owner.ask(sending, subject=tool, timeout_s=self._way.call_s)
        return read_result(result, source=f"{self.name}/{tool}", arguments=arguments, trusted=self.trusted)

    async def _opened(self) -> _Session:
        """Returns the live session; where there is none, all callers wait for one attempt to open it."""
        if self._entered == 0:
            raise ServerError(
                f"The connection {self.name!r} is not open.", hint="Use it inside `async with`.", sent=False
            )
        if self._session is not None and self._session.owner.is_alive:
            return self._session
        opening = self._opening = self._opening or self._begin_to_open()
        opening.waiting += 1
        try:
            await asyncio.wait({opening.task})
        finally:
            opening.waiting -= 1
            if opening.waiting == 0 and not opening.task.done():
                self._abandon(opening)
        if opening.task.cancelled():
            raise ServerError(f"The connection {self.name!r} was closed while it was opened.", sent=False)
        return opening.task.result()

    def _begin_to_open(self) -> _Opening:
        opening = _Opening(asyncio.create_task(self._open(), name=f"metier connect {self.name}"))

        def settle(task: asyncio.Task[_Session]) -> None:
            if self._opening is opening:
                self._opening = None
            if not task.cancelled() and task.exception() is None:
                self._session = task.result()

        opening.task.add_done_callback(settle)
        return opening

    def _abandon(self, opening: _Opening) -> None:
        self._opening = None
        opening.task.cancel()
        self._await_end(_end_of(opening.task))

    async def _open(self) -> _Session:
        await self._leave()
        trouble = ServerError(f"The server {self.name!r} was never tried.", hint="Give at least one delay.", sent=False)
        for delay in self._delays_s:
            await asyncio.sleep(delay * random.uniform(0.5, 1.5))
            owner = Owner(self._way)
            try:
                return await self._try_to_open(owner)
            except ServerError as error:
                trouble = error
            if owner.faults.lasting:
                break
        raise trouble

    async def _leave(self) -> None:
        """Lets go of a session that is of no more use; calls that it still can answer, as over HTTP, are let end."""
        if self._session is None:
            return
        owner, self._session = self._session.owner, None
        if isinstance(self._way.target, HttpTarget | str):
            owner.retire()
            self._await_end(owner.ended())
        else:
            await owner.close()

    async def _try_to_open(self, owner: Owner) -> _Session:
        session: _Session | None = None
        try:
            client = await owner.opened()
            listing = _list_tools(self.name, client)
            specs = await owner.ask(listing, subject="the list of its tools", timeout_s=self._way.connect_s)
            masked = {name: mask_spec(spec, self.redaction) for name, spec in specs.items()}
            session = _Session(owner, client, masked, tuple(masked.values()))
        finally:
            if session is None:
                await owner.close()
        return session

    async def _close(self) -> None:
        session, opening = self._session, self._opening
        self._session = None
        if opening is not None:
            self._abandon(opening)
        if session is not None:
            self._await_end(session.owner.close())
        if self._ending:
            await asyncio.wait(set(self._ending))

    def _await_end(self, end: Awaitable[None]) -> None:
        ending = asyncio.ensure_future(end)
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)


async def _end_of(task: asyncio.Task[_Session]) -> None:
    await asyncio.wait({task})


def _hearing(server: str, tool: str, listen: Callable[[Progress], None]) -> ProgressFnT:
    async def hear(progress: float, total: float | None, message: str | None) -> None:
        text = "".join(letter for letter in (message or "")[:MOST_MESSAGE] if letter.isprintable())
        listen(Progress(server, tool, progress, total, text))

    return hear


async def _list_tools(server: str, client: Client) -> Mapping[str, ToolSpec]:
    found: dict[str, ToolSpec] = {}
    cursor: str | None = None
    for _ in range(PAGES):
        page = await client.list_tools(cursor=cursor)
        found.update((tool.name, read_spec(tool)) for tool in page.tools)
        cursor = page.next_cursor
        if len(found) > MOST_TOOLS:
            break
        if cursor is None:
            return found
    raise ServerError(
        f"The server {server!r} lists its tools without end.", hint=f"Stopped at {PAGES} pages or {MOST_TOOLS} tools."
    )
