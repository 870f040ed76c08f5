"""A tool server that asks the user, tells how far it is, and answers with more than text.

Usage: lively_server.py [PORT]. Without a port it speaks stdio.
"""

import sys
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.resolve import Elicit, Resolve
from mcp.types import (
    AudioContent,
    CallToolResult,
    EmbeddedResource,
    ImageContent,
    ResourceLink,
    TextContent,
    TextResourceContents,
)
from pydantic import BaseModel, Field


class Choice(BaseModel):
    sure: bool
    seats: int = Field(ge=1, le=4)


async def confirm(city: str) -> Elicit[Choice]:
    return Elicit(f"Book a table in {city}?", Choice)


def make_server() -> MCPServer[Any]:
    server: MCPServer[Any] = MCPServer("lively")

    @server.tool()
    async def book(city: str, choice: Annotated[Choice, Resolve(confirm)]) -> str:
        "Books a table, once the user is sure."
        return f"{choice.seats} seats in {city}" if choice.sure else "nothing booked"

    @server.tool()
    async def count(to: int, context: Context[Any, Any]) -> str:
        "Counts, and says how far it is."
        for number in range(1, to + 1):
            await context.report_progress(number, to, f"at {number}")
        return "done"

    @server.tool()
    async def rich() -> CallToolResult:
        "Answers with everything that an answer may hold."
        return CallToolResult(
            content=[
                TextContent(type="text", text="a map"),
                ImageContent(type="image", data="aW1hZ2U=", mime_type="image/png"),
                AudioContent(type="audio", data="c291bmQ=", mime_type="audio/wav"),
                ResourceLink(type="resource_link", uri="file:///map", name="map"),
                EmbeddedResource(
                    type="resource", resource=TextResourceContents(uri="note://1", text="kept", mime_type="text/plain")
                ),
            ],
            structured_content={"a": [1, {"b": None}]},
            _meta={"example.org/cost": 3},
        )

    return server


if __name__ == "__main__":
    if len(sys.argv) > 1:
        make_server().run("streamable-http", host="127.0.0.1", port=int(sys.argv[1]))
    else:
        make_server().run()
