"""The tools of one or more servers, as pydantic-ai takes them."""

import asyncio
import re
from collections import Counter
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
from metier.servers.connection import Connection
from metier.servers.tool import ToolResult, ToolSpec

__all__ = ["ConnectionToolset", "name_tools"]

_ARGUMENTS = SchemaValidator(core_schema.dict_schema(core_schema.str_schema(), core_schema.any_schema()))
_FORBIDDEN = re.compile(r"[^A-Za-z0-9_-]")


class ConnectionToolset(AbstractToolset[Any]):
    """The tools of `connections`, which it opens and closes with itself.

    A tool gives a ToolReturn: `return_value` is the text as the tool wrote it, `metadata` has `evidence` (a list of
    Evidence), `value` (the structured content) and `server`. Whoever shows the text to a model frames and caps it: it
    is data. A tool's failure becomes ToolFailed, which spends no retries; ServerError passes through and ends the run.
    """

    def __init__(self, connections: Sequence[Connection], *, id: str = "metier") -> None:
        self._connections = {connection.name: connection for connection in connections}
        if len(self._connections) < len(connections):
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
            for connection in self._connections.values():
                await self._stack.enter_async_context(connection)
        return self

    async def __aexit__(self, *args: Any) -> None:
        self._entered -= 1
        if self._entered == 0:
            await self._stack.aclose()

    async def tools(self) -> Mapping[str, tuple[str, ToolSpec]]:
        """Returns every tool by the name the model calls it: (name of its server, the tool). Raises ServerError."""
        listed = await asyncio.gather(*(connection.tools() for connection in self._connections.values()))
        return name_tools(dict(zip(self._connections, listed, strict=True)))

    async def call(self, name: str, arguments: Mapping[str, JSON]) -> ToolResult:
        """Returns what the tool that the model calls `name` gave; raises ToolError and ServerError."""
        found = (await self.tools()).get(name)
        if found is None:
            raise ToolError(f"There is no tool {name!r}.")
        server, spec = found
        return await self._connections[server].call(spec.name, arguments)

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
            result = await self.call(name, tool_args)
        except ToolError as error:
            raise ToolFailed(str(error)) from error
        if result.is_error:
            raise ToolFailed(result.text or "The tool failed and gave no reason.")
        return ToolReturn(
            return_value=result.text,
            metadata={
                "evidence": list(result.evidence),
                "value": result.value,
                "server": (tool.tool_def.metadata or {}).get("server", ""),
            },
        )


def name_tools(listed: Mapping[str, Sequence[ToolSpec]]) -> dict[str, tuple[str, ToolSpec]]:
    """Returns the tools of all servers by a name that a model may call: letters, digits, - and _, at most 64.

    A tool keeps its own name; where two servers have the same, each bears its server's name before it.
    """
    count = Counter(_spell(spec.name) for specs in listed.values() for spec in specs)
    named: dict[str, tuple[str, ToolSpec]] = {}
    for server, specs in listed.items():
        for spec in specs:
            own = _spell(spec.name)
            name = own if count[own] == 1 else _spell(f"{server}_{spec.name}")
            named[_free(name, named)] = (server, spec)
    return named


def _spell(name: str) -> str:
    return _FORBIDDEN.sub("_", name)[:64] or "_"


def _free(name: str, taken: Mapping[str, object]) -> str:
    number, free = 2, name
    while free in taken:
        free = f"{name[:60]}_{number}"
        number += 1
    return free


def _define(name: str, server: str, spec: ToolSpec) -> ToolDefinition:
    return ToolDefinition(
        name=name,
        description=spec.description,
        parameters_json_schema=dict(spec.input_schema),
        metadata={"server": server, "tool": spec.name, "repeatable": spec.repeatable, "read_only": spec.read_only},
    )
