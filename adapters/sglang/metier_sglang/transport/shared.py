"""The connections of the whole process: one pool per server and event loop, shared by all who speak to it."""

import asyncio
import threading
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from metier_sglang.transport.http import Pool


@dataclass(slots=True)
class _Lent:
    pool: Pool
    guard: AsyncGenerator[None, None]
    users: int = 0


@dataclass(slots=True)
class Pools:
    """Lends pools, counts their users, and closes a pool when the last one leaves.

    A pool belongs to the event loop on which it was made. When that loop shuts down (`asyncio.run` does it) the pools
    that are left are closed with it: each is held by an async generator, and those a loop finishes at its end.
    """

    _lent: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, _Lent]] = field(default_factory=WeakKeyDictionary)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    async def lend(self, address: str) -> Pool:
        """Returns the pool of the server at `address` for this event loop; give it back with `take_back`."""
        loop = asyncio.get_running_loop()
        with self._lock:
            for ended in [loop for loop in self._lent if loop.is_closed()]:
                del self._lent[ended]
            pools = self._lent.setdefault(loop, {})
        lent = pools.get(address)
        if lent is None:
            pool = Pool(address)
            lent = pools[address] = _Lent(pool, _guard(pool, pools))
            await anext(lent.guard)  # starts it, which does not suspend
        lent.users += 1
        return lent.pool

    async def take_back(self, pool: Pool) -> None:
        """Takes a pool back that `lend` gave on this event loop; closes it when nobody else uses it."""
        loop = asyncio.get_running_loop()
        lent = self._lent.get(loop, {}).get(pool.address)
        if lent is None or lent.pool is not pool:
            return
        lent.users -= 1
        if lent.users <= 0:
            await lent.guard.aclose()

    def count(self) -> int:
        """Returns how many pools are open on all event loops."""
        with self._lock:
            return sum(len(pools) for pools in self._lent.values())


POOLS = Pools()


async def _guard(pool: Pool, pools: dict[str, _Lent]) -> AsyncGenerator[None, None]:
    try:
        yield
    finally:
        if (lent := pools.get(pool.address)) and lent.pool is pool:
            del pools[pool.address]
        await pool.close()
