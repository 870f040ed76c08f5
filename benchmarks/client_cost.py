"""A tool call through metier, side by side with other clients: in memory, over stdio, over HTTP; one, and 100 at once.

The same server stands behind all: it adds two numbers. The clients are the SDK's own (`mcp.Client`), metier's
Connection, the same behind an envelope (with the cache off, so that every call is made), pydantic-ai's MCPToolset and
fastmcp's Client. Rounds are made in turn, so that a drift of the machine's speed meets all alike; medians are shown.
"""

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import Any

import fastmcp
from fastmcp.client.transports import StdioTransport
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from pydantic_ai.mcp import MCPToolset

from benchmarks.adding import adding
from benchmarks.timing import print_table
from metier.gateway.gateway import Gateway
from metier.gateway.providing import Provided
from metier.servers.connection import Connection
from metier.servers.policy import Policy
from metier.servers.target import HttpTarget

START_S = 60.0  # a child process has that long to start
CALLS, ROUNDS, PARALLEL, PARALLEL_ROUNDS = 10, 7, 100, 3
SERVE = "from benchmarks.adding import adding; from metier.servers.serve import serve_{how} as serve; "
STDIO = [sys.executable, "-c", SERVE.format(how="stdio") + "serve(adding())"]
HTTP = [sys.executable, "-c", SERVE.format(how="http") + "serve(adding(), tell=lambda at: print(at, flush=True))"]
Call = Callable[[int], Awaitable[object]]


def main() -> None:
    """Prints milliseconds per call, one at a time and 100 at once, by transport and client."""
    server = adding()
    ways = [("in memory", server, server, server)]
    command = StdioServerParameters(command=STDIO[0], args=STDIO[1:])
    with _served() as address:
        ways.append(("stdio", None, command, None))
        ways.append(("HTTP", address, HttpTarget(address), address))
        for name, bare, target, other in ways:
            costs = asyncio.run(_measure(bare, target, other))
            first, first_many, _ = costs["mcp.Client"]
            rows = [
                [
                    client,
                    f"{one * 1e3:.2f} ms",
                    f"{one / first:.2f}",
                    f"{many * 1e3:.0f} ms",
                    f"{many / first_many:.2f}",
                    f"{cpu * 1e3:.2f} ms",
                ]
                for client, (one, many, cpu) in costs.items()
            ]
            columns = ["client", "a call", "ratio", f"{PARALLEL} at once", "ratio", "own processor time"]
            print_table(f"A tool call, {name}", columns, rows)


async def _measure(bare: Any, target: Any, other: Any) -> dict[str, tuple[float, float, float]]:
    """Returns for each client the seconds of a call, of 100 at once, and of processor time in this process a call."""
    gateway = Gateway(None, mode="off")
    async with AsyncExitStack() as opened:
        calls = await _clients(opened, gateway, (bare, target, other))
        alone = await _in_turn(calls, _one_by_one, rounds=ROUNDS)
        many = await _in_turn(calls, _at_once, rounds=PARALLEL_ROUNDS)
    gateway.close()
    return {name: (alone[name][0] / CALLS, many[name][0], alone[name][1] / CALLS) for name in calls}


async def _clients(opened: AsyncExitStack, gateway: Gateway, ways: tuple[Any, Any, Any]) -> dict[str, Call]:
    bare, target, other = ways
    client = await opened.enter_async_context(Client(stdio_client(target) if bare is None else bare))
    connection = await opened.enter_async_context(Connection("adding", target, connect_s=START_S))
    provided = Provided(connection, "adding", lambda spec: Policy())
    envelope = await opened.enter_async_context(gateway.envelope("adding", [provided]))
    theirs = [StdioTransport(STDIO[0], STDIO[1:]) if other is None else other for _ in range(2)]
    toolset = await opened.enter_async_context(MCPToolset(theirs[0], init_timeout=START_S))
    fast = await opened.enter_async_context(fastmcp.Client(theirs[1], init_timeout=START_S))
    return {
        "mcp.Client": lambda n: client.call_tool("add", {"left": n, "right": 1}),
        "metier Connection": lambda n: connection.call("add", {"left": n, "right": 1}),
        "metier envelope": lambda n: envelope.call("add", {"left": n, "right": 1}),
        "pydantic-ai MCPToolset": lambda n: toolset.direct_call_tool("add", {"left": n, "right": 1}),
        "fastmcp Client": lambda n: fast.call_tool("add", {"left": n, "right": 1}),
    }


async def _one_by_one(call: Call) -> None:
    for number in range(CALLS):
        await call(number)


async def _at_once(call: Call) -> None:
    await asyncio.gather(*(call(number) for number in range(PARALLEL)))


async def _in_turn(
    calls: dict[str, Call], work: Callable[[Call], Awaitable[None]], *, rounds: int
) -> dict[str, tuple[float, float]]:
    """Returns the median seconds and processor seconds of `work` by each client; a first round is not counted."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in calls}
    for number in range(rounds + 1):
        for name, call in calls.items():
            begin, began = time.perf_counter(), time.process_time()
            await work(call)
            if number:
                taken[name].append((time.perf_counter() - begin, time.process_time() - began))
    return {
        name: (statistics.median(wall for wall, _ in pairs), statistics.median(cpu for _, cpu in pairs))
        for name, pairs in taken.items()
    }


@contextmanager
def _served() -> Iterator[str]:
    """Gives the address of the server, in a process of its own, over HTTP."""
    with subprocess.Popen(HTTP, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as child:
        try:
            yield (child.stdout.readline() if child.stdout else "").strip()
        finally:
            child.terminate()


if __name__ == "__main__":
    main()
