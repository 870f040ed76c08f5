"""A little made-up ground for the replay servers, somewhere near Hangzhou; and adapters over them, through MCP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from mcp import Client
from mcp.server import MCPServer

from metier.servers.connection import Connection
from metier.testing import FrozenClock
from metier.toolkit import Settings
from metier_maps.providers.amap.adapter import make_amap
from metier_maps.providers.google.adapter import make_google
from metier_maps.providers.replay import Ground, Landmark, ReplayServer, make_amap_replay, make_google_replay
from metier_maps.routing.router import Point
from tests.toolkits.desk import Desk

CLOCK = FrozenClock()
NOWHERE = Settings(Path("nowhere"))
MUSEUM = Landmark(
    1, "浙江省博物馆", Point(30.250123, 120.143456), "museum", ("Zhejiang Museum",), "孤山路25号", "杭州市", "西湖区"
)
HOTEL = Landmark(
    2,
    "望湖宾馆",
    Point(30.261789, 120.155678),
    "hotel",
    ("Lakeview Hotel",),
    "",
    "杭州市",
    "西湖区",
    "+86 571 1234",
    True,
)
CAFE = Landmark(3, "Café Lune", Point(30.30321, 120.20654), "cafe", (), "1 Lune Road", "杭州市", "拱墅区")
CASTLE = Landmark(4, "Kastel Halmos", Point(30.41, 120.33), "castle", (), "", "杭州市", "临平区")
GROUND = Ground((MUSEUM, HOTEL, CAFE, CASTLE))


def amap_replay() -> ReplayServer:
    return make_amap_replay(GROUND, clock=CLOCK)


def google_replay(listing: Any = "google") -> ReplayServer:
    return make_google_replay(GROUND, listing=listing, clock=CLOCK)


def adapter_of(replay: ReplayServer) -> MCPServer[Any]:
    """Returns the provider's server, with a replay server behind it, as a stranger is connected to."""
    name = "amap" if "amap" in replay.name else "google"
    remote = Connection(name, replay, trusted=False, timeout_s=5.0)
    return (make_amap if name == "amap" else make_google)(NOWHERE, remote, CLOCK)


@asynccontextmanager
async def desk_over(replay: ReplayServer) -> AsyncIterator[Desk]:
    """Opens the provider's server and gives a client of it."""
    async with Client(adapter_of(replay)) as client:
        yield Desk(client)
