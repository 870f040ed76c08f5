"""The law of the fictional country, installed once; and a client of the real server over it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from mcp import Client
from mcp.types import CallToolResult

from metier.toolkit import Settings
from metier_legal.server import make_server
from metier_legal.world.sample import install_sample

TODAY = "2026-11-26"


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a home whose corpus is the fictional country's: `data` is <home>/legal."""
    settings = Settings(tmp_path_factory.mktemp("home") / "legal", {"today": TODAY})
    install_sample(settings)
    return settings


class Desk:
    """A client of the server in this process."""

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
        return str(result.content[0])


Open = Callable[[Settings], AbstractAsyncContextManager[Desk]]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def desk() -> Open:
    """Opens the server over settings, and gives a client of it."""

    @asynccontextmanager
    async def open_desk(settings: Settings) -> AsyncIterator[Desk]:
        async with Client(make_server(settings)) as client:
            yield Desk(client)

    return open_desk
