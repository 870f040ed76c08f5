"""What a tool server over stdio needs when it is to start at once: lines of JSON, and no library.

A server is a script that names its tools and calls `serve`. It speaks 2025-11-25, one call after the other.
"""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Tool:
    """A tool: what it does, of which type each of its arguments is, and its hints."""

    run: Callable[..., object]
    description: str
    arguments: dict[str, str] = field(default_factory=dict)
    hints: dict[str, bool] = field(default_factory=dict)

    def listed(self) -> dict[str, Any]:
        properties = {name: {"type": kind} for name, kind in self.arguments.items()}
        schema = {"type": "object", "properties": properties, "required": list(self.arguments)}
        listed = {"name": self.run.__name__, "description": self.description, "inputSchema": schema}
        return {**listed, "annotations": self.hints} if self.hints else listed


def serve(name: str, tools: Sequence[Tool]) -> None:
    """Answers until standard input ends."""
    known = {tool.run.__name__: tool for tool in tools}
    for line in sys.stdin:
        message = json.loads(line)
        if "id" not in message or "method" not in message:
            continue
        answer = {"jsonrpc": "2.0", "id": message["id"], **_answer(name, known, message)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _answer(name: str, known: dict[str, Tool], message: dict[str, Any]) -> dict[str, Any]:
    match message["method"]:
        case "initialize":
            info = {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}}}
            return {"result": {**info, "serverInfo": {"name": name, "version": "1"}}}
        case "tools/list":
            return {"result": {"tools": [tool.listed() for tool in known.values()]}}
        case "tools/call":
            said = known[message["params"]["name"]].run(**message["params"].get("arguments", {}))
            return {"result": {"content": [{"type": "text", "text": str(said)}]}}
        case _:
            return {"error": {"code": -32601, "message": "no such method"}}
