"""One call for many who ask the same at the same time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from metier.errors import ServerError

T = TypeVar("T")


@dataclass(slots=True)
class _Flight:
    task: asyncio.Task[Any]
    waiting: set[asyncio.Future[None]] = field(default_factory=set)


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
        back = at[0].create_future()
        flight.waiting.add(back)
        try:
            await back
        finally:
            flight.waiting.discard(back)
            if not flight.waiting:
                if self._flights.get(at) is flight:
                    await self._abandon(at, flight)
                _look_at(flight.task)
        return _landed(flight.task), shared

    def __len__(self) -> int:
        return len(self._flights)

    def _start(self, at: tuple[asyncio.AbstractEventLoop, str], make: Callable[[], Awaitable[T]]) -> _Flight:
        async def work() -> T:
            try:
                return await make()
            finally:  # here, since a callback of the task would come one round of the loop later
                if self._flights.get(at) is flight:
                    del self._flights[at]
                for waiter in flight.waiting:
                    if not waiter.done():
                        waiter.set_result(None)

        flight = self._flights[at] = _Flight(at[0].create_task(work()))
        return flight

    async def _abandon(self, at: tuple[asyncio.AbstractEventLoop, str], flight: _Flight) -> None:
        del self._flights[at]  # who asks from now on makes a new call
        flight.task.cancel()
        await asyncio.wait((flight.task,))


def _look_at(task: asyncio.Task[Any]) -> None:
    """Takes note of what went wrong, so that nothing is logged when all who waited have left."""
    if not task.cancelled():
        task.exception()


def _landed(task: asyncio.Task[T]) -> T:
    if task.cancelled():  # by somebody else than those who wait
        raise ServerError("A call was cancelled before it came back.", hint="Ask again.")
    return task.result()
