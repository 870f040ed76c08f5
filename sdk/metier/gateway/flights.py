"""One call for many who ask the same at the same time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from metier.errors import ServerError

T = TypeVar("T")


@dataclass(slots=True)
class _Flight:
    task: asyncio.Task[Any]
    waiting: int = 0


class Flights:
    """The calls that are out, by key. Each event loop has its own; nothing is kept of one that is back."""

    def __init__(self) -> None:
        self._flights: dict[tuple[asyncio.AbstractEventLoop, str], _Flight] = {}

    async def share(self, key: str, make: Callable[[], Awaitable[T]]) -> tuple[T, bool]:
        """Returns what `make` gives, and whether another who asked for `key` had made it.

        What it raises reaches all who wait. A caller who is cancelled leaves the others waiting; the last to leave
        cancels the work and sees it end.
        """
        at = (asyncio.get_running_loop(), key)
        flight = self._flights.get(at)
        shared = flight is not None
        if flight is None:
            flight = self._start(at, make)
        flight.waiting += 1
        try:
            await asyncio.wait((flight.task,))
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                await self._abandon(at, flight)
        return _landed(flight.task), shared

    def __len__(self) -> int:
        return len(self._flights)

    def _start(self, at: tuple[asyncio.AbstractEventLoop, str], make: Callable[[], Awaitable[T]]) -> _Flight:
        async def work() -> T:
            return await make()

        flight = self._flights[at] = _Flight(at[0].create_task(work()))
        flight.task.add_done_callback(lambda _: self._land(at, flight))
        return flight

    def _land(self, at: tuple[asyncio.AbstractEventLoop, str], flight: _Flight) -> None:
        if self._flights.get(at) is flight:
            del self._flights[at]
        if not flight.task.cancelled():
            flight.task.exception()  # seen, also when all who waited have left

    async def _abandon(self, at: tuple[asyncio.AbstractEventLoop, str], flight: _Flight) -> None:
        del self._flights[at]  # who asks from now on makes a new call
        flight.task.cancel()
        await asyncio.wait((flight.task,))


def _landed(task: asyncio.Task[T]) -> T:
    if task.cancelled():  # by somebody else than those who wait
        raise ServerError("A call was cancelled before it came back.", hint="Ask again.")
    return task.result()
