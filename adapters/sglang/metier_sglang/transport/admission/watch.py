"""Looking after a server that does not answer."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from metier_sglang.protocol.faults import Fault

Probe: TypeAlias = Callable[[], Awaitable[Fault | None]]

LONGEST_S = 300.0  # between two looks


class Watch:
    """Looks after a server from the moment it is made until `stop`; `found` is what is wrong with it, None before.

    A long prompt or a full queue makes a server silent too, so silence alone is no fault: after `silence_s` seconds the
    server is probed, again after twice as long, and so on; when the probe fails `leave` is called.
    """

    def __init__(self, probe: Probe, silence_s: float, leave: Callable[[], None]) -> None:
        self.found: Fault | None = None
        self._probe = probe
        self._leave = leave
        self._task: asyncio.Task[None] | None = None
        self._loop = asyncio.get_running_loop()
        self._alarm = self._loop.call_later(silence_s, self._begin, silence_s)

    def stop(self) -> None:
        """Looks no more."""
        self._alarm.cancel()
        if self._task is not None:
            self._task.cancel()

    def _begin(self, silence_s: float) -> None:
        self._task = self._loop.create_task(self._look(silence_s))

    async def _look(self, silence_s: float) -> None:
        self.found = await self._probe()
        if self.found is not None:
            self._leave()
        else:
            silence_s = min(2 * silence_s, LONGEST_S)
            self._alarm = self._loop.call_later(silence_s, self._begin, silence_s)
