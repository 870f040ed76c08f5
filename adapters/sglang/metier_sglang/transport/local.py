"""What users of servers have on each event loop: pools, servers, and the gate before them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from metier.clock import Clock
from metier_sglang.transport.admission.gate import Gate, Pause
from metier_sglang.transport.http import Pool
from metier_sglang.transport.server import Keys, Server
from metier_sglang.transport.shared import POOLS


@dataclass(slots=True)
class Local:
    """The servers as one event loop reaches them."""

    servers: dict[str, Server]
    gate: Gate
    pools: tuple[Pool, ...]

    async def close(self) -> None:
        """Waits for aborts under way, and gives the pools back."""
        try:
            for server in self.servers.values():
                await server.settle()
        finally:
            for pool in self.pools:
                await POOLS.take_back(pool)


@dataclass(frozen=True, slots=True)
class Setting:
    """What is the same on every event loop."""

    addresses: tuple[str, ...]
    keys: Keys
    clock: Clock
    pause: Pause


class Locals:
    """One Local for each event loop, made when first asked for. `most` gives the requests a server gets at a time."""

    def __init__(self, setting: Setting, most: Callable[[], int]) -> None:
        self._setting = setting
        self._most = most
        self._made: WeakKeyDictionary[asyncio.AbstractEventLoop, Local] = WeakKeyDictionary()

    async def here(self) -> Local:
        """Returns the one of this event loop."""
        loop = asyncio.get_running_loop()
        local = self._made.get(loop)
        if local is None:
            local = self._made[loop] = await self._make()
        return local

    @asynccontextmanager
    async def borrow(self, address: str) -> AsyncIterator[Server]:
        """Gives another server, with the same keys, for as long as the context lasts."""
        pool = await POOLS.lend(address)
        try:
            yield Server(pool, self._setting.keys, self._setting.clock)
        finally:
            await POOLS.take_back(pool)

    async def close(self) -> None:
        """Closes the one of this event loop; those of another one that still runs are told to close."""
        here = asyncio.get_running_loop()
        for loop, local in list(self._made.items()):
            if loop is here or loop.is_running():
                del self._made[loop]
            if loop is here:
                await local.close()
            elif loop.is_running():
                asyncio.run_coroutine_threadsafe(local.close(), loop)

    async def _make(self) -> Local:
        setting = self._setting
        pools = tuple([await POOLS.lend(address) for address in setting.addresses])
        servers = {pool.address: Server(pool, setting.keys, setting.clock) for pool in pools}
        limits = dict.fromkeys(servers, self._most())
        gate = Gate(limits, lambda name: servers[name].probe(), setting.clock, setting.pause)
        return Local(servers, gate, pools)
