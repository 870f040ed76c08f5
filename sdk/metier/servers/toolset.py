"""The tools of one or more servers, as pydantic-ai takes them."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
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
        listed = await asyncio.gather(*(source.tools() for source in self._sources.values()))
        return name_tools(dict(zip(self._sources, listed, strict=True)))

    async def call(self, name: str, arguments: Mapping[str, JSON], context: CallContext = PLAIN) -> ToolResult:
        """Returns what the tool that the model calls `name` gave; raises ToolError and ServerError."""
        found = (await self.tools()).get(name)
        if found is None:
            raise ToolError(f"There is no tool {name!r}.")
        server, spec = found
        return await self._sources[server].call(spec.name, arguments, context)

    async def get_tools(self, ctx: RunContext[Any]) -> dict[str, ToolsetTool[Any]]:
        """Returns the tools as the agent wants them."""
        return {
            name: ToolsetTool(
                toolset=self,
                tool_def=_define(name, server, spec),
                max_retries=ctx.max_retries,
                args_validator=_ARGUMENTS,
            )
            for name, (server, spec) in (await self.tools()).items()
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
