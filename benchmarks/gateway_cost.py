"""What the envelope costs a call, in processor time: a hit from the cache, a miss, and what limits add.

The server is in this process and adds two numbers, so that the call itself costs as little as a call can. A miss is
everything: key, look-up, single flight, breaker, timeout, and writing the answer to the cache on disk, for which each
round waits. Targets: a hit under 0.1 ms, a miss under 0.2 ms over the bare call. All are measured in turn; the lowest
of the rounds is shown, since what other work on the machine adds to the others is none of the envelope's.
"""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack

from benchmarks.adding import adding
from benchmarks.timing import print_table
from metier.gateway.gateway import Gateway
from metier.gateway.providing import Provided
from metier.servers.connection import Connection
from metier.servers.policy import Policy

CALLS, ROUNDS = 30, 80
Call = Callable[[], Awaitable[object]]


def main() -> None:
    """Prints the processor time of a call, and what it is over the bare one."""
    costs = asyncio.run(_measure())
    bare = costs["bare connection"]
    rows = [
        [name, f"{cost * 1e6:.0f} µs", f"{(cost - bare) * 1e6:+.0f} µs", f"{cost / bare:.2f}"]
        for name, cost in costs.items()
    ]
    print_table("Processor time of a tool call", ["call", "time", "over the bare call", "ratio"], rows)


async def _measure() -> Mapping[str, float]:
    connection, gateway = Connection("adding", adding()), Gateway(None)
    policies = {
        "envelope, hit": Policy(ttl_s=3600.0),
        "envelope, miss": Policy(ttl_s=3600.0),
        "envelope, miss, rate and concurrency limited": Policy(ttl_s=3600.0, rate_per_s=1e9, concurrency=10),
        "envelope, miss, calls of the day counted": Policy(ttl_s=3600.0, quota_per_day=10**9),
    }
    numbers = itertools.count()
    async with connection, AsyncExitStack() as opened:

        async def add(source: object, left: int) -> object:
            return await source.call("add", {"left": left, "right": 1})  # type: ignore[attr-defined]

        calls: dict[str, Call] = {"bare connection": lambda: add(connection, next(numbers))}
        for name, policy in policies.items():
            provided = Provided(connection, name, lambda spec, policy=policy: policy)
            envelope = await opened.enter_async_context(gateway.envelope("adding", [provided]))
            left = itertools.repeat(1) if name.endswith("hit") else numbers
            calls[name] = lambda envelope=envelope, left=left: add(envelope, next(left))
        off = gateway.in_mode("off").envelope("adding", [Provided(connection, "off", lambda spec: Policy())])
        await opened.enter_async_context(off)
        calls["envelope, cache off"] = lambda: add(off, next(numbers))
        costs = await _in_turn(list(calls.values()), gateway)
    gateway.close()
    return dict(zip(calls, costs, strict=True))


async def _in_turn(calls: list[Call], gateway: Gateway) -> list[float]:
    """Returns the processor seconds of each call, the lowest of the rounds, which are made in turn."""
    taken: list[list[float]] = [[] for _ in calls]
    for _ in range(ROUNDS):
        for costs, call in zip(taken, calls, strict=True):
            begin = time.process_time()
            for _ in range(CALLS):
                await call()
            gateway._shared.cache.flush()
            costs.append((time.process_time() - begin) / CALLS)
    return [min(costs) for costs in taken]


if __name__ == "__main__":
    main()
