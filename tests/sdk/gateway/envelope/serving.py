"""A search server in this process that does what a test tells it to, and a time that passes only by waiting."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Self

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.types import CallToolResult, ImageContent, TextContent, ToolAnnotations

from metier.answer import Value
from metier.canonical import JSON
from metier.errors import InputError, ServerError
from metier.evidence import record_evidence
from metier.gateway.providing import Provided
from metier.redaction import redaction_of
from metier.servers.connection import Connection
from metier.servers.policy import Policy, read_policy
from metier.servers.result import tell_errors, tool_result
from metier.servers.source import PLAIN, CallContext, ToolSource
from metier.servers.tool import ToolResult, ToolSpec
from metier.testing import FrozenClock


class Found(Value):
    """What a search found."""

    by: str
    query: str
    number: int


@dataclass(slots=True)
class Time:
    """A clock that goes on when somebody sleeps, and by nothing else."""

    clock: FrozenClock = field(default_factory=FrozenClock)
    slept: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock.advance(seconds)
        await asyncio.sleep(0)


Step = Callable[[], Awaitable[str | None]] | Exception | CallToolResult | None


@dataclass(slots=True)
class Upstream:
    """A server named `name`, whose calls go through `steps` first, one a call: a wait, an error, a whole result.

    `says` is the text of an answer when it is not the usual one. `calls` are the queries that reached it, each of which
    sets `reached`.
    """

    name: str
    steps: deque[Step] = field(default_factory=deque)
    calls: list[str] = field(default_factory=list)
    always: Step = None
    says: str = ""
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def server(self) -> MCPServer[Any]:
        server: MCPServer[Any] = MCPServer(self.name, log_level="WARNING")

        @server.tool(annotations=ToolAnnotations(read_only_hint=True))
        @tell_errors
        async def search(query: str, context: Context[Any, Any]) -> Annotated[CallToolResult, Found]:
            "Searches."
            await context.report_progress(1, 2, f"looking for {query}")
            return await self._step(query) or self._found(query)

        @server.tool()
        @tell_errors
        async def book(query: str) -> Annotated[CallToolResult, Found]:
            "Books, which has a side effect."
            return await self._step(query) or self._found(query)

        @server.tool(annotations=ToolAnnotations(read_only_hint=True))
        async def picture(query: str) -> CallToolResult:
            "A picture."
            self.calls.append(query)
            image = ImageContent(type="image", data="aGk=", mime_type="image/png")
            return CallToolResult(content=[TextContent(type="text", text=query), image], _meta={"unit": "px"})

        return server

    def provided(
        self, *, secrets: tuple[str, ...] = (), json_promised: bool = False, identity: str = "", **settings: Any
    ) -> Provided:
        """Returns this server as a provider whose calls are treated by `settings`."""
        policy = read_policy(settings)

        def policy_of(spec: object) -> Policy:
            return policy

        source = Connection(self.name, self.server, timeout_s=30)
        return Provided(source, identity or f"{self.name}-id", policy_of, redaction_of(secrets), json_promised)

    async def _step(self, query: str) -> CallToolResult | None:
        self.calls.append(query)
        self.reached.set()
        step = self.steps.popleft() if self.steps else self.always
        if isinstance(step, Exception):
            raise step
        if isinstance(step, CallToolResult):
            return step
        if step is not None:
            await step()
        return None

    def _found(self, query: str) -> CallToolResult:
        found = Found(by=self.name, query=query, number=len(self.calls))
        text = self.says or f"{query}, found by {self.name}"
        record = record_evidence(source=f"{self.name} 2026", locator=query, text=text, value=found.model_dump())
        return tool_result(found, text=text, evidence=[record])


def failed(text: str) -> CallToolResult:
    """Returns a failed result as a third-party server gives it: a text, and no word on the kind of failure."""
    return CallToolResult(content=[TextContent(type="text", text=text)], is_error=True)


def throttled(seconds: float | None = None) -> ServerError:
    """Returns what an adapter raises when its source said 429."""
    return ServerError("The source is asked too often (HTTP 429).", retry_after_s=seconds)


def broken() -> ServerError:
    """Returns what an adapter raises when its source said 500."""
    return ServerError("The source failed (HTTP 500).")


def own_no() -> InputError:
    """Returns what a tool raises that cannot do what is asked."""
    return InputError("There is no such place.", hint="Spell it another way.")


class Severable:
    """A source in front of another, which can be cut off: then no call reaches it, and it says so.

    `listed` is how often it was asked for its tools.
    """

    def __init__(self, source: ToolSource) -> None:
        self._source = source
        self.is_cut = False
        self.listed = 0

    @property
    def name(self) -> str:
        return self._source.name

    async def __aenter__(self) -> Self:
        await self._source.__aenter__()
        return self

    async def __aexit__(self, *details: Any) -> None:
        await self._source.__aexit__(*details)

    async def tools(self) -> tuple[ToolSpec, ...]:
        self.listed += 1
        self._check()
        return await self._source.tools()

    async def call(self, tool: str, arguments: Mapping[str, JSON], context: CallContext = PLAIN) -> ToolResult:
        self._check()
        return await self._source.call(tool, arguments, context)

    def _check(self) -> None:
        if self.is_cut:
            raise ServerError(f"The server {self.name!r} cannot be reached.", sent=False)
