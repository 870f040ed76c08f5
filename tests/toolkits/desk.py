"""A client of a toolkit's real server in this process, for tests of its tools."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from mcp import Client
from mcp.server import MCPServer
from mcp.types import CallToolResult

from metier.toolkit import Settings


class Desk:
    """Calls tools, and expects them to work or to complain."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def call(self, tool: str, **arguments: object) -> CallToolResult:
        """Returns the result of a tool call."""
        return await self.client.call_tool(tool, arguments)

    async def ask(self, tool: str, **arguments: object) -> Any:
        """Returns the structured value of a tool call that must work."""
        result = await self.call(tool, **arguments)
        assert not result.is_error, result.content
        return result.structured_content

    async def complain(self, tool: str, **arguments: object) -> str:
        """Returns what a tool call that must fail says."""
        result = await self.call(tool, **arguments)
        assert result.is_error
        return str(result.content[0].text)  # type: ignore[union-attr]


def desks_of(
    make_server: Callable[[Settings], MCPServer[Any]],
) -> Callable[[Settings], AbstractAsyncContextManager[Desk]]:
    """Returns what opens a server over settings and gives a client of it."""

    @asynccontextmanager
    async def opened(settings: Settings) -> AsyncIterator[Desk]:
        async with Client(make_server(settings)) as client:
            yield Desk(client)

    return opened
