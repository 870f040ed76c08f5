import asyncio
from contextlib import aclosing

import pytest

from metier_sglang.fake.engine import BusyError, Engine, Sample
from metier_sglang.fake.flags import Flags
from metier_sglang.fake.sampling.plan import Plan


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


pytestmark = pytest.mark.anyio


def sample(rid: str, count: int = 3, *, prompt: tuple[int, ...] = (1, 2, 3), priority: int = 0) -> Sample:
    return Sample(rid, prompt, Plan(tuple(range(count)), {"type": "stop", "matched": 0}), priority=priority)


async def finish(engine: Engine, made: Sample) -> Sample:
    async with aclosing(engine.run(made)) as steps:
        async for _ in steps:
            pass
    return made


async def test_a_held_sample_stops_after_so_many_tokens_and_goes_on_when_released() -> None:
    engine = Engine(Flags())
    engine.hold_at = 2
    work = asyncio.create_task(finish(engine, made := sample("a")))
    await engine.until(lambda: made.held)
    assert made.given == 2
    engine.hold_at = None
    engine.wake()
    assert (await work).finish == {"type": "stop", "matched": 0}


async def test_an_aborted_sample_keeps_what_is_out() -> None:
    engine = Engine(Flags())
    engine.hold_at = 1
    work = asyncio.create_task(finish(engine, made := sample("a")))
    await engine.until(lambda: made.held)
    engine.abort("a")
    await work
    assert made.ids == (0,)
    assert made.finish is not None
    assert made.finish["type"] == "abort"
    assert engine.is_idle


async def test_a_waiting_sample_can_be_aborted() -> None:
    engine = Engine(Flags(max_running=1))
    engine.hold_at = 0
    first = asyncio.create_task(finish(engine, sample("a")))
    second = asyncio.create_task(finish(engine, sample("b")))
    await engine.until(lambda: len(engine.waiting) == 1 and len(engine.running) == 1)
    engine.abort("b")
    assert (await second).given == 0
    engine.abort(everything=True)
    await first
    assert engine.is_idle


async def test_an_unknown_id_aborts_nothing() -> None:
    engine = Engine(Flags())
    engine.hold_at = 0
    work = asyncio.create_task(finish(engine, made := sample("ab")))
    await engine.until(lambda: made.held)
    engine.abort("a")
    assert made.finish is None
    engine.abort("ab")
    await work


async def test_a_higher_priority_is_served_first() -> None:
    engine = Engine(Flags(max_running=1))
    engine.hold_at = 0
    ended: list[str] = []

    async def note(made: Sample) -> None:
        await finish(engine, made)
        ended.append(made.rid)

    tasks = [asyncio.create_task(note(sample("first")))]
    await engine.until(lambda: len(engine.running) == 1)
    tasks += [asyncio.create_task(note(sample(rid, priority=n))) for rid, n in (("low", 1), ("high", 5))]
    await engine.until(lambda: len(engine.waiting) == 2)
    engine.hold_at = None
    engine.wake()
    await asyncio.gather(*tasks)
    assert ended == ["first", "high", "low"]


async def test_a_full_queue_refuses() -> None:
    engine = Engine(Flags(max_running=1, max_queued=0))
    engine.hold_at = 0
    work = asyncio.create_task(finish(engine, made := sample("a")))
    await engine.until(lambda: made.held)
    with pytest.raises(BusyError):
        await finish(engine, sample("b"))
    engine.abort(everything=True)
    await work


async def test_a_sample_over_which_the_weights_change_says_which_gave_what() -> None:
    engine = Engine(Flags(weight_version="1"))
    engine.hold_at = 2
    work = asyncio.create_task(finish(engine, made := sample("a", 5)))
    await engine.until(lambda: made.held)
    engine.version, engine.hold_at = "2", None
    engine.wake()
    await work
    assert made.spans == [{"version": "1", "start": 0, "end": 2}, {"version": "2", "start": 2, "end": 5}]


async def test_leaving_early_takes_the_sample_off_and_what_was_sampled_is_cached() -> None:
    engine = Engine(Flags())
    async with aclosing(engine.run(sample("a", 5, prompt=(7, 8)))) as steps:
        await anext(steps)
    assert engine.is_idle
    assert engine.totals.aborted == 1
    assert engine.cache.match((7, 8, 0, 1)) == 3
