"""Runs share a server while any of them holds it."""

import asyncio
import gc
from typing import Any

import pytest
from mcp.server import MCPServer

from metier.servers.connection import Connection
from metier.servers.pool import Pool
from metier.servers.source import ToolSource

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(60)]


def make_server() -> MCPServer[Any]:
    server: MCPServer[Any] = MCPServer("sums")

    @server.tool()
    async def add(left: int, right: int) -> int:
        "The sum."
        return left + right

    return server


class Makers:
    """Makes connections and counts them."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> ToolSource:
        self.made += 1
        return Connection("sums", make_server())


async def test_concurrent_runs_use_one_source_and_the_last_to_leave_closes_it() -> None:
    pool, make, seen = Pool(), Makers(), set[int]()

    async def run(number: int) -> str:
        async with pool.share("sums", make) as source:
            seen.add(id(source))
            return (await source.call("add", {"left": number, "right": 1})).text

    assert await asyncio.gather(*(run(number) for number in range(20))) == [str(number + 1) for number in range(20)]
    assert (make.made, len(seen)) == (1, 1)


async def test_a_source_that_nobody_holds_is_made_anew() -> None:
    pool, make = Pool(), Makers()
    for _ in range(2):
        async with pool.share("sums", make) as source:
            await source.tools()
        del source
        gc.collect()
    assert make.made == 2


async def test_another_key_gives_another_source() -> None:
    pool, make = Pool(), Makers()
    assert pool.share("a", make) is not pool.share("b", make)


def test_each_event_loop_has_sources_of_its_own() -> None:
    pool, make, held = Pool(), Makers(), list[ToolSource]()

    async def run() -> None:
        source = pool.share("sums", make)
        held.append(source)
        async with source:
            assert (await source.call("add", {"left": 1, "right": 1})).text == "2"

    asyncio.run(run())
    asyncio.run(run())
    assert held[0] is not held[1]
