"""Requests of one source keep their distance, over all runs and processes that share a data folder."""

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import ServerError, StorageError
from metier_research.live.pacing import MOST_S, Pace, next_turn
from tests.toolkits.research.live.conftest import Time

pytestmark = pytest.mark.anyio


def pace(folder: Path, time: Time, *, interval_s: float = 3.0, name: str = "arxiv_url") -> Pace:
    return Pace(folder / "live" / "turns.db", name, interval_s, time.clock, time.sleep)


async def test_turns_are_an_interval_apart_whoever_takes_them(tmp_path: Path, time: Time) -> None:
    for _ in range(3):
        await pace(tmp_path, time).turn()
    assert time.slept == [3.0, 3.0]
    time.clock.advance(10.0)
    await pace(tmp_path, time).turn()
    assert time.slept == [3.0, 3.0], "who comes late does not wait"


async def test_each_source_has_turns_of_its_own(tmp_path: Path, time: Time) -> None:
    await pace(tmp_path, time).turn()
    await pace(tmp_path, time, name="brave_url").turn()
    assert time.slept == []


async def test_turns_taken_at_the_same_time_are_all_different(tmp_path: Path, time: Time) -> None:
    waits: list[float] = []

    async def note(seconds: float) -> None:
        waits.append(round(seconds, 3))

    paces = [Pace(tmp_path / "turns.db", "x", 1.0, time.clock, note) for _ in range(8)]
    await asyncio.gather(*(one.turn() for one in paces))
    assert sorted(waits) == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]


async def test_a_turn_that_is_too_far_off_is_not_taken(tmp_path: Path, time: Time) -> None:
    async def stay(seconds: float) -> None:
        return None

    standing = Pace(tmp_path / "turns.db", "x", 15.0, time.clock, stay)
    await standing.turn()
    await standing.turn()
    for _ in range(2):
        with pytest.raises(ServerError, match="once in 15 s") as caught:
            await standing.turn()
        assert caught.value.retry_after_s == 30.0
        assert not caught.value.sent


async def test_a_source_is_not_asked_where_turns_cannot_be_kept(tmp_path: Path, time: Time) -> None:
    (tmp_path / "live").write_text("a file")
    with pytest.raises(StorageError):
        await pace(tmp_path, time).turn()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0, 5), min_size=1, max_size=20), st.floats(0.1, 4), st.floats(-1e6, 1e6, allow_subnormal=False)
)
def test_no_two_turns_are_closer_than_the_interval(steps: list[float], interval_s: float, start_s: float) -> None:
    now_s, free_s, turns = start_s, 0.0, []
    for step in steps:
        now_s += step
        after_s, wait_s = next_turn(free_s, now_s, interval_s)
        if wait_s <= MOST_S:
            free_s = after_s
            turns.append(now_s + wait_s)
    assert all(later - earlier >= interval_s - 1e-6 for earlier, later in pairwise(turns))


def test_a_clock_that_was_set_back_does_not_stop_a_source() -> None:
    assert next_turn(1_000_000.0, 10.0, 3.0) == (13.0, 0.0)
