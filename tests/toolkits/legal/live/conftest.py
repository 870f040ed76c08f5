"""Live sources over the replay server, with data folders of their own and a clock that stands still."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.server import MCPServer

from metier.testing import FrozenClock
from metier.toolkit import Settings
from metier_legal.live.serving import make_courtlistener, make_ecfr, make_eurlex, make_legislation
from tests.toolkits.desk import Desk
from tests.toolkits.legal.live.law import courtlistener_routes, ecfr_routes, eurlex_routes, legislation_routes
from tests.toolkits.legal.live.replay import Replay, serve

TODAY = "2026-11-26"
MAKERS: dict[str, Callable[..., MCPServer[Any]]] = {
    "courtlistener": make_courtlistener,
    "ecfr": make_ecfr,
    "legislation_gov_uk": make_legislation,
    "eurlex": make_eurlex,
}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def replay() -> Iterator[Replay]:
    """All four sources on one server; the routes may be changed."""
    routes = {**ecfr_routes(), **legislation_routes(), **eurlex_routes(), **courtlistener_routes()}
    with serve(routes) as server:
        yield server


def settings_of(replay: Replay, folder: Path, **more: str) -> Settings:
    options = {
        "courtlistener_url": f"{replay.address}/cl",
        "ecfr_url": f"{replay.address}/ecfr",
        "legislation_gov_uk_url": f"{replay.address}/uk",
        "eurlex_url": f"{replay.address}/resource/celex",
        "eurlex_sparql_url": f"{replay.address}/sparql",
        "today": TODAY,
        **more,
    }
    return Settings(folder, options)


Open = Callable[..., AbstractAsyncContextManager[Desk]]


@pytest.fixture
def live(replay: Replay, tmp_path: Path, clock: FrozenClock) -> Open:
    """Opens a source by its provider's name, and gives a client of it."""

    @asynccontextmanager
    async def opened(name: str, **options: str) -> AsyncIterator[Desk]:
        settings = settings_of(replay, tmp_path / "legal", **options)
        async with Client(MAKERS[name](settings, clock=clock)) as client:
            yield Desk(client)

    return opened
