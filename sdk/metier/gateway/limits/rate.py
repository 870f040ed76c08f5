"""The pace and concurrency of the calls that share a key: first come, first served, over all threads of the process."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType


@dataclass(frozen=True, slots=True)
class Pace:
    """When the next call may begin: calls are spread evenly, so that N of them never take less than (N-1)/rate.

    There is no burst to save up for: a source that counts calls a second counts them in seconds that we do not see.
    """

    free_s: float = 0.0

    def next(self, rate: float, now: float) -> tuple["Pace", float]:
        """Returns the pace after one more call, and how long from `now` that call has to wait."""
        begins_s = max(self.free_s, now)
        return Pace(begins_s + 1.0 / rate), begins_s - now


@dataclass(eq=False, slots=True)
class _Waiter:
    """A call in the queue. `wake` is what it waits for: its turn, or, when it is the first, room for one more."""

    loop: asyncio.AbstractEventLoop
    wake: asyncio.Future[None] = field(init=False)

    def __post_init__(self) -> None:
        self.wake = self.loop.create_future()


class Limiter:
    """Holds back the calls that share a key. One limiter serves any number of event loops and threads.

    Only the first in the queue waits for the pace, so that one who goes away leaves no hole behind. `seconds` and
    `sleep` are the clock: seconds from any fixed moment.
    """

    def __init__(
        self,
        *,
        seconds: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._seconds = seconds
        self._sleep = sleep
        self._lock = threading.RLock()  # the garbage collector may end a forsaken waiter while it is held
        self._queue: deque[_Waiter] = deque()
        self._pace = Pace(-float("inf"))
        self._paused_s = -float("inf")
        self._busy = 0

    def slot(self, *, rate_per_s: float | None = None, concurrency: int | None = None) -> "Slot":
        """Returns a context in which one call is made; entering it waits, and gives the seconds waited.

        `rate_per_s` is how many calls may begin a second, `concurrency` how many may be out at once; None: any number.
        """
        return Slot(self, rate_per_s, concurrency)

    def pause_until(self, at_s: float) -> None:
        """Holds back all calls until `at_s`, on the clock of `seconds`: a source asked one of them to wait."""
        with self._lock:
            self._paused_s = max(self._paused_s, at_s)

    def rests_s(self) -> float:
        """Returns for how long all calls are held back, in seconds."""
        return max(self._paused_s - self._seconds(), 0.0)

    @property
    def busy(self) -> int:
        """Returns how many calls are out."""
        return self._busy

    async def enter(self, rate_per_s: float | None, concurrency: int | None) -> float:
        """Waits until a call may begin, counts it as out, and returns the seconds waited; `leave` ends it."""
        with self._lock:
            if not self._queue and self._begin(rate_per_s, concurrency) == 0:
                return 0.0
            waiter = _Waiter(asyncio.get_running_loop())
            self._drop_dead()
            self._queue.append(waiter)
            first = self._queue[0] is waiter
        came_s = self._seconds()
        try:
            if not first:
                await waiter.wake
            await self._wait_first(waiter, rate_per_s, concurrency)
        finally:
            with self._lock:
                with suppress(ValueError):  # it was dropped when its event loop was closed
                    self._queue.remove(waiter)
                self._wake_first()
        return self._seconds() - came_s

    def leave(self) -> None:
        """Counts a call as back."""
        with self._lock:
            self._busy -= 1
            self._wake_first()

    async def _wait_first(self, waiter: _Waiter, rate_per_s: float | None, concurrency: int | None) -> None:
        while True:
            with self._lock:
                wait_s = self._begin(rate_per_s, concurrency)
                if wait_s == 0:
                    return
                waiter.wake = waiter.loop.create_future()
            if wait_s is None:
                await waiter.wake
            else:
                await self._sleep(wait_s)

    def _begin(self, rate_per_s: float | None, concurrency: int | None) -> float | None:
        """Counts a call as out and returns 0, or returns how long to wait; None: until another call is back."""
        if concurrency is not None and self._busy >= concurrency:
            return None
        now = self._seconds()
        if (paused_s := self._paused_s - now) > 0:
            return paused_s
        if rate_per_s is not None:
            pace, wait_s = self._pace.next(rate_per_s, now)
            if wait_s > 0:
                return wait_s
            self._pace = pace
        self._busy += 1
        return 0.0

    def _wake_first(self) -> None:
        self._drop_dead()
        if self._queue:
            first = self._queue[0]
            with suppress(RuntimeError):  # its loop closed this moment
                first.loop.call_soon_threadsafe(_wake, first)

    def _drop_dead(self) -> None:
        """Drops waiters whose event loop was closed without cancelling them."""
        while self._queue and self._queue[0].loop.is_closed():
            self._queue.popleft()


class Slot:
    """Room for one call. Enter it once."""

    __slots__ = ("_concurrency", "_limiter", "_rate_per_s")

    def __init__(self, limiter: Limiter, rate_per_s: float | None, concurrency: int | None) -> None:
        self._limiter = limiter
        self._rate_per_s = rate_per_s
        self._concurrency = concurrency

    async def __aenter__(self) -> float:
        return await self._limiter.enter(self._rate_per_s, self._concurrency)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._limiter.leave()


def _wake(waiter: _Waiter) -> None:
    if not waiter.wake.done():
        waiter.wake.set_result(None)
