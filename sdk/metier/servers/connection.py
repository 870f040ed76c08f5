"""A live connection to one tool server: in this process, as a child process, or over HTTP."""

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import TracebackType
from typing import Any, Self, TypeVar

from mcp import Client
from mcp.server import MCPServer
from mcp.shared.exceptions import MCPError
from mcp.types import INTERNAL_ERROR, REQUEST_TIMEOUT
from pydantic import ValidationError

from metier.canonical import JSON
from metier.errors import ServerError, ToolError
from metier.servers.owner import Owner
from metier.servers.target import Target
from metier.servers.tool import ToolResult, ToolSpec, read_result, read_spec

__all__ = ["Connection", "Target", "ToolResult", "ToolSpec"]

DELAYS_S = (0.0, 0.2, 1.0, 3.0)
PAGES = 100
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Session:
    owner: Owner
    client: Client
    specs: Mapping[str, ToolSpec]


class Connection:
    """A tool server that is opened when first used, and opened again after it died.

    Use it as an async context manager; it may be entered more than once and closes with the last exit. Calls run in
    parallel. One that fails because the server died is made again only when the tool says that this does no harm;
    otherwise it raises ServerError and the next call connects anew, all callers sharing one attempt.

    `trusted` says whether the server may state its own evidence. By default only a server in this process may: all
    that another says becomes evidence under its own name. `delays_s` are the pauses before each attempt to connect.
    """

    def __init__(
        self,
        name: str,
        target: Target,
        *,
        trusted: bool | None = None,
        timeout_s: float = 120.0,
        connect_s: float = 30.0,
        delays_s: tuple[float, ...] = DELAYS_S,
    ) -> None:
        self.name = name
        self.trusted = isinstance(target, MCPServer) if trusted is None else trusted
        self._target = target
        self._timeout_s = timeout_s
        self._connect_s = connect_s
        self._delays_s = delays_s
        self._entered = 0
        self._session: _Session | None = None
        self._opening: asyncio.Task[_Session] | None = None

    async def __aenter__(self) -> Self:
        self._entered += 1
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._entered -= 1
        if self._entered == 0:
            await self._close()

    async def tools(self) -> tuple[ToolSpec, ...]:
        """Returns the tools of the server, as listed when the session began; raises ServerError for a dead server."""
        return tuple((await self._opened()).specs.values())

    async def call(self, tool: str, arguments: Mapping[str, JSON]) -> ToolResult:
        """Returns what `tool` gave for `arguments`.

        A tool's own failure is a result with `is_error`. Raises ToolError for an unknown tool, arguments that the
        protocol refuses, or a result that its own schema forbids; ServerError for a server that is dead, silent for
        `timeout_s`, or out of protocol.
        """
        session = await self._opened()
        spec = session.specs.get(tool)
        if spec is None:
            near = ", ".join(get_close_matches(tool, session.specs, n=3))
            raise ToolError(
                f"The server {self.name!r} has no tool {tool!r}.", hint=f"Did you mean {near}?" if near else ""
            )
        try:
            return await self._send(session, tool, dict(arguments))
        except ServerError:
            if session.owner.is_alive or not spec.repeatable:
                raise
        return await self._send(await self._opened(), tool, dict(arguments))

    async def _send(self, session: _Session, tool: str, arguments: dict[str, JSON]) -> ToolResult:
        sending = session.client.call_tool(tool, arguments, read_timeout_seconds=self._timeout_s)
        result = await self._ask(session.owner, sending, subject=tool)
        return read_result(result, source=f"{self.name}/{tool}", arguments=arguments, trusted=self.trusted)

    async def _ask(self, owner: Owner, call: Coroutine[Any, Any, T], *, subject: str) -> T:
        try:
            return await owner.ask(call)
        except MCPError as error:
            raise self._blame(error, subject) from error
        except ValidationError as error:
            raise ServerError(
                f"The server {self.name!r} answered {subject} out of protocol ({error.error_count()} faults).",
                hint="It may speak another version of MCP.",
            ) from error
        except RuntimeError as error:
            raise ToolError(f"{subject} of {self.name!r} gave what cannot be used: {error}"[:500]) from error

    def _blame(self, error: MCPError, subject: str) -> ServerError | ToolError:
        if error.code == REQUEST_TIMEOUT:
            return ServerError(
                f"The server {self.name!r} did not answer {subject} within {self._timeout_s:g} s.",
                hint="Ask for less, or allow it more time.",
            )
        if error.code == INTERNAL_ERROR:
            return ServerError(f"The server {self.name!r} failed at {subject}: {error.message}")
        return ToolError(f"The server {self.name!r} refused {subject}: {error.message}")

    async def _opened(self) -> _Session:
        """Returns the live session; where there is none, all callers wait for one attempt to open it."""
        if self._entered == 0:
            raise ServerError(f"The connection {self.name!r} is not open.", hint="Use it inside `async with`.")
        if self._session is not None and self._session.owner.is_alive:
            return self._session
        if self._opening is None:
            self._opening = asyncio.create_task(self._open(), name=f"metier connect {self.name}")
            self._opening.add_done_callback(self._settle)
        opening = self._opening
        await asyncio.wait({opening})
        if opening.cancelled():
            raise ServerError(f"The connection {self.name!r} was closed while it was opened.")
        return opening.result()

    def _settle(self, opening: asyncio.Task[_Session]) -> None:
        self._opening = None
        if not opening.cancelled() and opening.exception() is None:
            self._session = opening.result()

    async def _open(self) -> _Session:
        if self._session is not None:
            await self._session.owner.close()
        trouble = ServerError(f"The server {self.name!r} was never tried.", hint="Give at least one delay.")
        for delay in self._delays_s:
            await asyncio.sleep(delay)
            try:
                return await self._try_to_open()
            except ServerError as error:
                trouble = error
        raise trouble

    async def _try_to_open(self) -> _Session:
        owner = Owner(self.name, self._target)
        session: _Session | None = None
        try:
            client = await owner.opened(self._connect_s)
            specs = await self._ask(owner, _list_tools(client), subject="the list of its tools")
            session = _Session(owner, client, specs)
        finally:
            if session is None:
                await owner.close()
        return session

    async def _close(self) -> None:
        if self._opening is not None:
            opening = self._opening
            opening.cancel()
            await asyncio.wait({opening})
        if self._session is not None:
            await self._session.owner.close()
        self._session = None


async def _list_tools(client: Client) -> Mapping[str, ToolSpec]:
    found: dict[str, ToolSpec] = {}
    cursor: str | None = None
    for _ in range(PAGES):
        page = await client.list_tools(cursor=cursor)
        found.update((tool.name, read_spec(tool)) for tool in page.tools)
        cursor = page.next_cursor
        if cursor is None:
            return found
    raise ServerError("A server lists its tools without end.", hint=f"Stopped after {PAGES} pages.")
