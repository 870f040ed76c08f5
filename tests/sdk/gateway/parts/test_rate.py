"""Calls that share a key never come faster, or more at once, than allowed, and no slower than they must."""

import asyncio
import threading
import time
from dataclasses import dataclass, field

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from metier.gateway.limits.rate import Limiter, Pace
from tests.sdk.gateway.parts.virtual import VirtualLoop, run_virtual, seconds


@dataclass(slots=True)
class Call:
    """A call that comes at `came_s`, takes `takes_s` and is cancelled `leaves_s` after it came."""

    came_s: float
    takes_s: float
    leaves_s: float | None = None
    began_s: float | None = field(default=None, compare=False)
    ended_s: float = field(default=0.0, compare=False)
    waited_s: float = field(default=0.0, compare=False)


def spread(calls: list[Call], *, rate: float | None, concurrency: int | None) -> Limiter:
    """Makes the calls on a virtual clock; returns the limiter they shared."""
    limiter = Limiter(seconds=seconds)

    async def make(call: Call) -> None:
        async with limiter.slot(rate_per_s=rate, concurrency=concurrency) as call.waited_s:
            call.began_s = seconds()
            try:
                await asyncio.sleep(call.takes_s)
            finally:
                call.ended_s = seconds()

    async def main() -> None:
        tasks: list[asyncio.Task[None]] = []
        for call in calls:
            await asyncio.sleep(call.came_s - seconds())
            call.came_s = seconds()
            task = asyncio.create_task(make(call))
            if call.leaves_s is not None:
                asyncio.get_running_loop().call_later(call.leaves_s, task.cancel)
            tasks.append(task)
            await asyncio.sleep(0)
        await asyncio.gather(*tasks, return_exceptions=True)

    run_virtual(main())
    return limiter


CALLS = st.lists(
    st.builds(Call, st.floats(0.0, 5.0), st.floats(0.0, 3.0), st.none() | st.floats(0.0, 4.0)), min_size=1, max_size=25
).map(lambda calls: sorted(calls, key=lambda call: call.came_s))


@settings(max_examples=150, deadline=None)
@given(CALLS, st.none() | st.floats(0.3, 20.0), st.none() | st.integers(1, 4))
@example([Call(0.0, 0.0, 0.5) for _ in range(20)] + [Call(0.6, 0.0)], 1.0, None)
def test_each_call_begins_in_turn_at_the_first_moment_allowed_whoever_else_leaves(
    calls: list[Call], rate: float | None, concurrency: int | None
) -> None:
    limiter = spread(calls, rate=rate, concurrency=concurrency)
    begun = [call for call in calls if call.began_s is not None]
    last_s, ends = -1e9, list[float]()
    for call in begun:
        assert call.began_s is not None
        free_s = sorted(ends, reverse=True)[concurrency - 1] if concurrency and len(ends) >= concurrency else 0.0
        assert call.began_s == pytest.approx(max(call.came_s, last_s + (1 / rate if rate else 0.0), free_s), abs=1e-6)
        assert call.waited_s == pytest.approx(call.began_s - call.came_s, abs=1e-6)
        last_s = call.began_s
        ends.append(call.ended_s)
    assert all(call.leaves_s is not None for call in calls if call.began_s is None)
    assert limiter.busy == 0


@settings(deadline=None)
@given(st.lists(st.floats(0.0, 2.0), min_size=2, max_size=60), st.floats(0.01, 1_000.0))
def test_a_pace_never_lets_calls_begin_faster_than_its_rate(gaps: list[float], rate: float) -> None:
    pace, now, begins = Pace(-1.0), 0.0, list[float]()
    for gap in gaps:
        now += gap
        pace, wait_s = pace.next(rate, now)
        begins.append(now + wait_s)
    assert begins == sorted(begins)
    for at in range(1, len(begins)):
        assert begins[at] - begins[0] >= at / rate * (1 - 1e-9)


def test_two_hundred_callers_keep_the_rate_over_thousands_of_calls() -> None:
    begins: list[float] = []
    limiter = Limiter(seconds=seconds)

    async def caller() -> None:
        for _ in range(20):
            async with limiter.slot(rate_per_s=50.0, concurrency=7):
                begins.append(seconds())
                await asyncio.sleep(0.1)

    async def main() -> None:
        await asyncio.gather(*(caller() for _ in range(200)))

    run_virtual(main())
    took_s = begins[-1] - begins[0]
    assert len(begins) == 4_000
    assert 3_999 / 50.0 - 1e-6 <= took_s <= 3_999 / 50.0 * 1.001


def test_two_hundred_callers_in_two_threads_keep_the_rate_on_the_real_clock() -> None:
    begins: list[float] = []
    limiter = Limiter()

    async def caller() -> None:
        async with limiter.slot(rate_per_s=100.0):
            begins.append(time.monotonic())

    async def main() -> None:
        await asyncio.gather(*(caller() for _ in range(100)))

    run_threads(lambda: asyncio.run(main()), 2)
    begins.sort()
    assert len(begins) == 200
    for window in (100, 199):  # gaps between calls
        fastest_s = min(late - early for early, late in zip(begins, begins[window:], strict=False))
        assert window / fastest_s <= 100.0 * 1.05


def test_callers_of_several_event_loops_are_never_more_at_once_than_allowed() -> None:
    limiter, lock = Limiter(), threading.Lock()
    out, most = 0, 0

    async def caller() -> None:
        nonlocal out, most
        async with limiter.slot(concurrency=3):
            with lock:
                out += 1
                most = max(most, out)
            await asyncio.sleep(0.001)
            with lock:
                out -= 1

    async def main() -> None:
        await asyncio.gather(*(caller() for _ in range(40)))

    run_threads(lambda: asyncio.run(main()), 4)
    assert most == 3
    assert limiter.busy == 0


def test_a_pause_heard_by_one_holds_back_all_and_is_never_shortened() -> None:
    limiter = Limiter(seconds=seconds)
    began: dict[str, float] = {}

    async def caller(name: str, rate: float | None) -> None:
        async with limiter.slot(rate_per_s=rate):
            began[name] = seconds()

    async def main() -> None:
        await caller("before", 1.0)
        waiting = asyncio.create_task(caller("waiting", 1.0))
        await asyncio.sleep(0.5)
        limiter.pause_until(30.0)
        limiter.pause_until(10.0)
        assert limiter.rests_s() == 29.5
        await asyncio.gather(waiting, caller("later", 1.0), caller("unpaced", None))
        assert limiter.rests_s() == 0.0

    run_virtual(main())
    assert began == pytest.approx({"before": 0.0, "waiting": 30.0, "later": 31.0, "unpaced": 31.0})


def test_a_slow_call_delays_no_other_where_concurrency_is_not_limited() -> None:
    calls = [Call(0.0, 1_000.0), *(Call(0.0, 0.0) for _ in range(10))]
    spread(calls, rate=10.0, concurrency=None)
    assert [call.began_s for call in calls] == pytest.approx([at / 10 for at in range(11)])


def test_a_hundred_who_leave_the_queue_leave_no_hole() -> None:
    calls = [*(Call(0.0, 0.0, 0.01) for _ in range(100)), Call(5.0, 0.0)]
    spread(calls, rate=5 / 60, concurrency=None)
    assert calls[-1].began_s == pytest.approx(12.0)


def test_who_comes_back_at_once_does_not_overtake_who_waits() -> None:
    limiter, order = Limiter(seconds=seconds), list[str]()

    async def come(*names: str) -> None:
        for name in names:
            async with limiter.slot(concurrency=1):
                order.append(name)
                await asyncio.sleep(1.0)

    async def main() -> None:
        await asyncio.gather(come("first", "again", "and again"), come("second"), come("third"))

    run_virtual(main())
    assert order == ["first", "second", "third", "again", "and again"]


def test_a_call_that_fails_gives_back_its_slot() -> None:
    limiter = Limiter(seconds=seconds)

    async def main() -> None:
        for _ in range(3):
            with pytest.raises(KeyError):
                async with limiter.slot(concurrency=1):
                    raise KeyError
        assert limiter.busy == 0

    run_virtual(main())


def test_a_waiter_whose_event_loop_was_closed_under_it_holds_back_nobody() -> None:
    limiter = Limiter()
    loop = VirtualLoop()

    async def wait() -> None:
        async with limiter.slot(rate_per_s=0.001):
            pass

    async def enter() -> None:
        async with limiter.slot(rate_per_s=0.001):
            pass
        forsaken.append(asyncio.ensure_future(wait()))
        await asyncio.sleep(0)

    forsaken: list[asyncio.Task[None]] = []
    loop.run_until_complete(enter())
    loop.close()

    async def other() -> None:
        async with asyncio.timeout(30):
            async with limiter.slot():
                pass

    asyncio.run(other())


def run_threads(work: object, number: int) -> None:
    assert callable(work)
    threads = [threading.Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
