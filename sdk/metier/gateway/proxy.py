"""One MCP server in front of many: whatever is called through it has the envelope round it, and leaves a record."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from importlib.metadata import version
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

from metier.errors import InputError, MetierError, ToolError
from metier.servers.naming import name_tools
from metier.servers.result import EVIDENCE_KEY, failed_result
from metier.servers.source import CallContext, Progress, ToolSource
from metier.servers.tool import ToolResult, ToolSpec
from metier.trace import CallRecord

RECORD_KEY = "metier/record"
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

    async def tools(self) -> Mapping[str, tuple[str, ToolSpec]]:
        """Returns every tool on offer by its name here: (name of its server, the tool). Raises ServerError."""
        listed = await asyncio.gather(*(source.tools() for source in self._sources.values()))
        named = name_tools(dict(zip(self._sources, listed, strict=True)))
        return {name: found for name, found in named.items() if self._writing or not found[1].needs_approval}

    async def list_tools(self, request: Request, params: PaginatedRequestParams | None) -> ListToolsResult:
        """Returns the tools on offer, as the protocol has them."""
        return ListToolsResult(tools=[_tool(name, spec) for name, (_, spec) in (await self.tools()).items()])

    async def call_tool(self, request: Request, params: CallToolRequestParams) -> CallToolResult:
        """Returns what the tool gave, with evidence and record in `_meta`; a failure is told as a tool's failure."""
        try:
            found = (await self.tools()).get(params.name)
            if found is None:
                raise ToolError(f"There is no tool {params.name!r}.", hint="List the tools.")
            server, spec = found
            context = CallContext(on_progress=_forwarding(request))
            result = await self._sources[server].call(spec.name, params.arguments or {}, context)
        except MetierError as error:
            return failed_result(error)
        if result.record is not None:
            self._note(server, spec.name, result.record)
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
    return Tool.model_validate(
        {
            "name": name,
            "title": spec.title or None,
            "description": spec.description,
            "inputSchema": dict(spec.input_schema),
            "outputSchema": None if spec.output_schema is None else dict(spec.output_schema),
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
    return CallToolResult(content=content, structured_content=structured, is_error=result.is_error, _meta=meta)


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
