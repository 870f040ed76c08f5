"""The tools of one or more servers, as pydantic-ai takes them."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, Self

from pydantic_ai.exceptions import ToolFailed
from pydantic_ai.messages import ToolReturn
from pydantic_ai.tools import RunContext, ToolDefinition
from pydantic_ai.toolsets import AbstractToolset, ToolsetTool
from pydantic_core import SchemaValidator, core_schema

from metier.canonical import JSON
from metier.errors import InputError, ToolError
from metier.servers.naming import name_tools
from metier.servers.source import CALLING, PLAIN, CallContext, ToolSource
from metier.servers.tool import ToolResult, ToolSpec

__all__ = ["ConnectionToolset"]

_ARGUMENTS = SchemaValidator(core_schema.dict_schema(core_schema.str_schema(), core_schema.any_schema()))


class ConnectionToolset(AbstractToolset[Any]):
    """The tools of `sources`, which it opens and closes with itself.

    A tool gives a ToolReturn: `return_value` is the text as the tool wrote it, `metadata` has `evidence` (a list of
    Evidence), `value` (the structured content), `content` (all blocks as sent) and `server`. Whoever shows the text to
    a model frames and caps it: it is data. A tool's failure becomes ToolFailed, which spends no retries; ServerError
    passes through and ends the run. Each call bears the context in `CALLING`.
    """

    def __init__(self, sources: Sequence[ToolSource], *, id: str = "metier") -> None:
        self._sources = {source.name: source for source in sources}
        if len(self._sources) < len(sources):
            raise InputError("Two servers have the same name.", hint="Give each server a name of its own.")
        self._id = id
        self._stack = AsyncExitStack()
        self._entered = 0
        self._listing = _Listing((), {}, {})

    @property
    def id(self) -> str:
        """Returns the name of this toolset in its agent."""
        return self._id

    async def __aenter__(self) -> Self:
        self._entered += 1
        if self._entered == 1:
            for source in self._sources.values():
                await self._stack.enter_async_context(source)
        return self

    async def __aexit__(self, *args: Any) -> None:
        self._entered -= 1
        if self._entered == 0:
            await self._stack.aclose()

    async def tools(self) -> Mapping[str, tuple[str, ToolSpec]]:
        """Returns every tool by the name the model calls it: (name of its server, the tool). Raises ServerError."""
        return (await self._list()).named

    async def call(self, name: str, arguments: Mapping[str, JSON], context: CallContext = PLAIN) -> ToolResult:
        """Returns what the tool that the model calls `name` gave; raises ToolError and ServerError.

        The name means what it meant when the tools were last listed: no other server is asked for the sake of a call.
        """
        found = self._listing.named.get(name) or (await self.tools()).get(name)
        if found is None:
            raise ToolError(f"There is no tool {name!r}.")
        server, spec = found
        return await self._sources[server].call(spec.name, arguments, context)

    async def get_tools(self, ctx: RunContext[Any]) -> dict[str, ToolsetTool[Any]]:
        """Returns the tools as the agent wants them."""
        return {
            name: ToolsetTool(toolset=self, tool_def=tool, max_retries=ctx.max_retries, args_validator=_ARGUMENTS)
            for name, tool in (await self._list()).defined.items()
        }

    async def call_tool(
        self, name: str, tool_args: dict[str, Any], ctx: RunContext[Any], tool: ToolsetTool[Any]
    ) -> ToolReturn[str]:
        """Returns the text, with evidence and value as metadata; raises ToolFailed when the tool fails, ServerError."""
        try:
            result = await self.call(name, tool_args, CALLING.get())
        except ToolError as error:
            raise ToolFailed(str(error)) from error
        if result.is_error:
            raise ToolFailed(result.text or "The tool failed and gave no reason.")
        return ToolReturn(
            return_value=result.text,
            metadata={
                "evidence": list(result.evidence),
                "value": result.value,
                "content": result.content,
                "server": (tool.tool_def.metadata or {}).get("server", ""),
            },
        )

    async def _list(self) -> "_Listing":
        """Returns the tools of all servers; named and defined anew only when a server lists others than before."""
        listed = tuple(await asyncio.gather(*(source.tools() for source in self._sources.values())))
        if not self._listing.is_of(listed):
            named = name_tools(dict(zip(self._sources, listed, strict=True)))
            defined = {name: _define(name, server, spec) for name, (server, spec) in named.items()}
            self._listing = _Listing(listed, named, defined)
        return self._listing


@dataclass(frozen=True, slots=True)
class _Listing:
    """What the sources listed, one tuple each, and what was made of it."""

    listed: tuple[tuple[ToolSpec, ...], ...]
    named: Mapping[str, tuple[str, ToolSpec]]
    defined: Mapping[str, ToolDefinition]

    def is_of(self, listed: tuple[tuple[ToolSpec, ...], ...]) -> bool:
        """Returns whether `listed` are the same tuples: a source gives another one when it has other tools."""
        return len(listed) == len(self.listed) and all(a is b for a, b in zip(listed, self.listed, strict=True))


def _define(name: str, server: str, spec: ToolSpec) -> ToolDefinition:
    return ToolDefinition(
        name=name,
        description=spec.description,
        parameters_json_schema=dict(spec.input_schema),
        metadata={
            "server": server,
            "tool": spec.name,
            "repeatable": spec.repeatable,
            "read_only": spec.read_only,
            "needs_approval": spec.needs_approval,
        },
    )
