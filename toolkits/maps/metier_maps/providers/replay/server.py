"""A real MCP server that lists another server's tools, schema by schema, and answers from the ground it stands on."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from mcp.server import MCPServer
from mcp.types import CallToolResult, TextContent, Tool

from metier_maps.providers.replay.mischief import Mischief, Script

_SCHEMAS: Final = Path(__file__).with_name("schemas.json")
Answer = Callable[[Mapping[str, Any]], object]


class StumbleError(Exception):
    """The replayed server fails with this text, as the real one does."""


@dataclass(slots=True)
class Log:
    """What a replay server was asked; `hung` is set when a call begins to hang."""

    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    hung: asyncio.Event = field(default_factory=asyncio.Event)

    def count(self, *tools: str) -> int:
        """Returns how many calls there were, of these tools or of all."""
        return sum(not tools or name in tools for name, _ in self.calls)


class ReplayServer(MCPServer[Any]):
    """A server in this process, or over any transport, that answers as another does. Its answers are synthetic.

    While `mischief` is set, each call fails so: the next `times` calls, or all when that is None.
    """

    def __init__(self, name: str, listing: str, answers: Mapping[str, Answer], script: Script) -> None:
        super().__init__(name, instructions="A replay for tests and demonstrations. Synthetic.", log_level="CRITICAL")
        self.mischief: Mischief | None = None
        self.times: int | None = None
        self.log = Log()
        self._tools = read_listing(listing)
        self._answers = answers
        self.script = script

    async def list_tools(self) -> list[Tool]:
        """Returns the tools, as the other server lists them."""
        return list(self._tools)

    async def call_tool(self, name: str, arguments: dict[str, Any], context: Any = None) -> CallToolResult:
        """Returns one text: JSON, or the words of a failure."""
        self.log.calls.append((name, arguments))
        mischief = self._next()
        if mischief is Mischief.HANG:
            self.log.hung.set()
            await asyncio.Event().wait()
        if mischief is not None:
            text, is_error = self.script.words(mischief)
            return _say(text, is_error=is_error)
        answer = self._answers.get(name)
        if answer is None:
            return _say(f"Error: {name} is not replayed.", is_error=True)
        try:
            value = answer(arguments)
        except StumbleError as stumble:
            return _say(str(stumble), is_error=True)
        return _say(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2))

    def _next(self) -> Mischief | None:
        if self.times is None:
            return self.mischief
        self.times -= 1
        return self.mischief if self.times >= 0 else None


def read_listing(name: str) -> tuple[Tool, ...]:
    """Returns the tools of a server as it lists them, but for their descriptions, which are its maker's words."""
    listed = json.loads(_SCHEMAS.read_text(encoding="utf-8"))[name]
    return tuple(Tool.model_validate({**tool, "description": f"Replays {tool['name']}. Synthetic."}) for tool in listed)


def _say(text: str, *, is_error: bool = False) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)], is_error=is_error)
