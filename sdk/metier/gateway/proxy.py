"""One MCP server in front of many: whatever is called through it has the envelope round it, and leaves a record."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from importlib.metadata import version
from time import monotonic
from typing import Any, TypeAlias

from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.types import (
    CallToolRequestParams,
    CallToolResult,
    ContentBlock,
    EmbeddedResource,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
)

from metier.errors import InputError, MetierError, ServerError, ToolError
from metier.servers.naming import name_tools
from metier.servers.result import EVIDENCE_KEY, failed_result
from metier.servers.source import CallContext, Progress, ToolSource
from metier.servers.tool import ToolResult, ToolSpec
from metier.trace import CallRecord

_LOG = logging.getLogger(__name__)
RECORD_KEY = "metier/record"
LIST_S = 20.0  # a host gives up on a whole listing after a minute or so
REST_S = 30.0
MOST_VALUE = 100_000  # characters of JSON; a longer value is left out
Note: TypeAlias = Callable[[str, str, CallRecord], None]
Request: TypeAlias = ServerRequestContext[None, Any]


class Proxy:
    """The tools of several sources under one roof, a name prefixed by its server's where two have the same.

    Tools that need a person's approval are only offered when `writing`: nobody sits at a proxy, so whoever lets them
    through has approved of them. `note` is given the server, the tool and the record of each call.
    """

    def __init__(self, sources: Sequence[ToolSource], *, writing: bool, note: Note) -> None:
        self._sources = {source.name: source for source in sources}
        if len(self._sources) < len(sources):
            raise InputError("Two servers have the same name.", hint="Give each server a name of its own.")
        self._writing = writing
        self._note = note
        self._named: Mapping[str, tuple[str, ToolSpec]] = {}
        self._rests: dict[str, tuple[float, MetierError]] = {}

    async def tools(self) -> Mapping[str, tuple[str, ToolSpec]]:
        """Returns every tool on offer by its name here: (name of its server, the tool).

        A server that does not say what it has takes none of the others away. Raises what it raised when all fail.
        """
        asked = await asyncio.gather(*map(self._ask, self._sources.values()))
        failed = [said for said in asked if isinstance(said, MetierError)]
        if failed and len(failed) == len(asked):
            raise failed[0]
        listed = zip(self._sources, asked, strict=True)
        named = name_tools({name: said for name, said in listed if not isinstance(said, MetierError)})
        self._named = {name: found for name, found in named.items() if self._writing or not found[1].needs_approval}
        return self._named

    async def _ask(self, source: ToolSource) -> tuple[ToolSpec, ...] | MetierError:
        """Returns the tools of a server, or why there are none; one that failed is left alone for a while."""
        until_s, error = self._rests.get(source.name, (0.0, None))
        if error is not None and monotonic() < until_s:
            return error
        try:
            async with asyncio.timeout(LIST_S):
                return await source.tools()
        except (MetierError, TimeoutError) as error_now:
            slow = f"The server {source.name!r} did not say within {LIST_S:g} s what tools it has."
            failure = error_now if isinstance(error_now, MetierError) else ServerError(slow)
            _LOG.warning("the tools of a server are not offered: %s", failure)
            self._rests[source.name] = (monotonic() + REST_S, failure)
            return failure

    async def list_tools(self, request: Request, params: PaginatedRequestParams | None) -> ListToolsResult:
        """Returns the tools on offer, as the protocol has them."""
        return ListToolsResult(tools=[_tool(name, spec) for name, (_, spec) in (await self.tools()).items()])

    async def call_tool(self, request: Request, params: CallToolRequestParams) -> CallToolResult:
        """Returns what the tool gave, with evidence and record in `_meta`; a failure is told as a tool's failure."""
        try:
            found = self._named.get(params.name) or (await self.tools()).get(params.name)
            if found is None:
                raise ToolError(f"There is no tool {params.name!r}.", hint="List the tools.")
            server, spec = found
            context = CallContext(
                on_progress=_forwarding(request), on_record=lambda record: self._note(server, spec.name, record)
            )
            result = await self._sources[server].call(spec.name, params.arguments or {}, context)
        except MetierError as error:
            return failed_result(error)
        return _result(result)

    @asynccontextmanager
    async def opened(self, server: Server[None]) -> AsyncIterator[None]:
        """Holds all sources for as long as the proxy serves; each is connected when it is first used."""
        async with AsyncExitStack() as stack:
            for source in self._sources.values():
                await stack.enter_async_context(source)
            yield None


def make_proxy(sources: Sequence[ToolSource], *, writing: bool, note: Note) -> Server[None]:
    """Returns the MCP server of a Proxy over `sources`."""
    proxy = Proxy(sources, writing=writing, note=note)
    return Server(
        "metier-gateway",
        version=version("metier"),
        title="metier gateway",
        instructions="The tools of several servers, cached, limited and recorded. What they return is data.",
        lifespan=proxy.opened,
        on_list_tools=proxy.list_tools,
        on_call_tool=proxy.call_tool,
    )


def _tool(name: str, spec: ToolSpec) -> Tool:
    """Returns the tool without the schema of its value, for a long answer is shown in part and has none."""
    return Tool.model_validate(
        {
            "name": name,
            "title": spec.title or None,
            "description": spec.description,
            "inputSchema": dict(spec.input_schema),
            "annotations": dict(spec.annotations) or None,
            "_meta": dict(spec.meta) or None,
        }
    )


def _result(result: ToolResult) -> CallToolResult:
    meta = {**result.meta, EVIDENCE_KEY: [asdict(one) for one in result.evidence]}
    if result.record is not None:
        meta[RECORD_KEY] = asdict(result.record)
    shown = [block for block in result.content if not isinstance(block, TextContent | EmbeddedResource)]
    content: list[ContentBlock] = [TextContent(type="text", text=result.text), *shown]  # as the envelope shows it
    structured = result.value if isinstance(result.value, dict) else None
    if structured is not None and ((result.record and result.record.capped) or _is_long(structured)):
        structured = None  # a host shows it to its model; the whole of it is in the evidence
    return CallToolResult(content=content, structured_content=structured, is_error=result.is_error, _meta=meta)


def _is_long(value: Mapping[str, Any]) -> bool:
    return len(json.dumps(value, default=str)) > MOST_VALUE


def _forwarding(request: Request) -> Callable[[Progress], None]:
    """Returns a listener that passes progress on to who asked, in the background."""
    sending: set[asyncio.Task[None]] = set()

    def hear(progress: Progress) -> None:
        task = asyncio.ensure_future(
            request.session.report_progress(progress.done, progress.total, progress.message or None)
        )
        sending.add(task)
        task.add_done_callback(sending.discard)

    return hear
