"""Those who ask the same at the same time share one call, and none is hurt by another who leaves."""

import asyncio
import threading
from collections.abc import Awaitable, Callable

import pytest

from metier.errors import ServerError
from metier.gateway.attempts.flights import Flights


class Work:
    """Work that ends when it is told to."""

    def __init__(self) -> None:
        self.begun = 0
        self.cancelled = 0
        self.started = asyncio.Event()
        self.end = asyncio.Event()
        self.error: Exception | None = None

    async def __call__(self) -> int:
        self.begun += 1
        self.started.set()
        try:
            await self.end.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.error:
            raise self.error
        return self.begun


async def gather_at(
    flights: Flights, work: Callable[[], Awaitable[int]], number: int
) -> list[asyncio.Task[tuple[int, bool]]]:
    tasks = [asyncio.create_task(flights.share("k", work)) for _ in range(number)]
    await asyncio.sleep(0)
    return tasks


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.mark.anyio
async def test_fifty_who_ask_the_same_make_one_call() -> None:
    flights, work = Flights(), Work()
    tasks = await gather_at(flights, work, 50)
    work.end.set()
    results = await asyncio.gather(*tasks)
    assert work.begun == 1
    assert [value for value, _ in results] == [1] * 50
    assert sum(shared for _, shared in results) == 49
    await settle()
    assert len(flights) == 0
    assert await flights.share("k", work) == (2, False)


@pytest.mark.anyio
async def test_different_keys_make_different_calls() -> None:
    flights, work = Flights(), Work()
    work.end.set()
    results = await asyncio.gather(flights.share("a", work), flights.share("b", work))
    assert (work.begun, [shared for _, shared in results]) == (2, [False, False])


@pytest.mark.anyio
async def test_what_goes_wrong_reaches_all_who_wait_and_is_not_kept() -> None:
    flights, work = Flights(), Work()
    work.error = ServerError("dead")
    tasks = await gather_at(flights, work, 5)
    work.end.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert results == [work.error] * 5
    await settle()
    work.error = None
    assert await flights.share("k", work) == (2, False)


@pytest.mark.anyio
@pytest.mark.parametrize("leaver", [0, 2])
async def test_one_who_leaves_hurts_nobody_else(leaver: int) -> None:
    flights, work = Flights(), Work()
    tasks = await gather_at(flights, work, 4)
    tasks[leaver].cancel()
    await settle()
    assert tasks[leaver].cancelled()
    work.end.set()
    results = await asyncio.gather(*(task for task in tasks if not task.cancelled()))
    assert [value for value, _ in results] == [1] * 3
    assert work.cancelled == 0


@pytest.mark.anyio
async def test_the_last_to_leave_ends_the_work_before_it_is_gone_and_a_new_one_starts_anew() -> None:
    flights, work = Flights(), Work()
    tasks = await gather_at(flights, work, 3)
    await work.started.wait()
    for task in tasks:
        task.cancel()
    assert all(isinstance(one, asyncio.CancelledError) for one in await asyncio.gather(*tasks, return_exceptions=True))
    assert (work.begun, work.cancelled) == (1, 1)
    assert len(flights) == 0
    work.end.set()
    assert await flights.share("k", work) == (2, False)


@pytest.mark.anyio
async def test_who_asks_while_the_work_is_being_cancelled_starts_anew() -> None:
    flights, work, slow = Flights(), Work(), asyncio.Event()

    async def linger() -> int:
        try:
            return await work()
        finally:
            await slow.wait()

    (task,) = await gather_at(flights, linger, 1)
    await work.started.wait()
    task.cancel()
    await settle()
    work.end.set()
    assert await flights.share("k", work) == (2, False)
    slow.set()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.anyio
async def test_work_that_is_cancelled_from_within_cancels_nobody() -> None:
    async def dies() -> int:
        raise asyncio.CancelledError

    flights = Flights()
    with pytest.raises(ServerError, match="cancelled before it came back"):
        await flights.share("k", dies)


def test_two_event_loops_do_not_mix() -> None:
    flights, both = Flights(), threading.Barrier(2)
    made: list[int] = []

    async def work() -> int:
        made.append(threading.get_ident())
        await asyncio.to_thread(both.wait, 30)
        return threading.get_ident()

    async def main() -> None:
        results = await asyncio.gather(*(flights.share("k", work) for _ in range(10)))
        assert {value for value, _ in results} == {threading.get_ident()}

    threads = [threading.Thread(target=lambda: asyncio.run(main())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(set(made)) == len(made) == 2
    assert len(flights) == 0
