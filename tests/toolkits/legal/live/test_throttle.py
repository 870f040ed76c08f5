"""What a source allows is counted on disk in every window at once, whoever asks."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier.errors import ServerError, StorageError
from metier.testing import FrozenClock
from metier_legal.live.serving import COURTLISTENER_WINDOWS
from metier_legal.live.throttle import DAY_S, HOUR_S, MINUTE_S, Throttle, Window, pause_of


def pause_for(throttle: Throttle, count: int = 1) -> float:
    """Takes what there is room for; returns the seconds to wait where there is none."""
    try:
        throttle.take(count)
    except ServerError as error:
        return error.retry_after_s or 0.0
    return 0.0


def allowed(throttle: Throttle, count: int = 1) -> bool:
    return pause_for(throttle, count) == 0


def test_five_a_minute_fifty_an_hour_and_125_a_day_are_kept(tmp_path: Path) -> None:
    clock = FrozenClock()
    throttle = Throttle(tmp_path / "live" / "requests.db", "CourtListener", COURTLISTENER_WINDOWS, clock)
    granted: list[float] = []
    while len(granted) < 140:
        if pause := pause_for(throttle):
            clock.advance(pause)
        else:
            granted.append(clock.passed_s)
    for window, most in ((MINUTE_S, 5), (HOUR_S, 50), (DAY_S, 125)):
        densest = max(sum(begin <= at < begin + window for at in granted) for begin in granted)
        assert densest == most


def test_the_count_outlives_the_process_and_each_source_has_its_own(tmp_path: Path) -> None:
    clock, path = FrozenClock(), tmp_path / "requests.db"
    assert all(allowed(Throttle(path, "one", (Window(3, 60.0),), clock)) for _ in range(3))
    assert not allowed(Throttle(path, "one", (Window(3, 60.0),), clock))
    assert allowed(Throttle(path, "other", (Window(3, 60.0),), clock))


def test_a_refusal_says_exactly_when_there_is_room_and_counts_nothing(tmp_path: Path) -> None:
    clock = FrozenClock()
    throttle = Throttle(tmp_path / "requests.db", "one", (Window(2, 60.0), Window(3, 600.0)), clock)
    for _ in range(2):
        throttle.take()
        clock.advance(10.0)
    with pytest.raises(ServerError, match="may not be asked more often") as caught:
        throttle.take()
    assert (caught.value.retry_after_s, caught.value.sent) == (40.0, False)
    clock.advance(39.9)
    assert not allowed(throttle)
    clock.advance(0.1)
    assert allowed(throttle)
    with pytest.raises(ServerError) as caught:
        throttle.take()
    assert caught.value.retry_after_s == pytest.approx(540.0)


def test_several_are_taken_together_or_not_at_all(tmp_path: Path) -> None:
    throttle = Throttle(tmp_path / "requests.db", "one", (Window(60, 60.0),), FrozenClock())
    assert allowed(throttle, 50)
    assert not allowed(throttle, 11)
    assert allowed(throttle, 10)


def test_a_clock_that_was_set_back_locks_nobody_out_for_longer_than_the_window(tmp_path: Path) -> None:
    clock = FrozenClock()
    throttle = Throttle(tmp_path / "requests.db", "one", (Window(1, 60.0),), clock)
    throttle.take()
    clock.advance(-3 * DAY_S)
    assert not allowed(throttle)
    clock.advance(60.0)
    assert allowed(throttle)


def test_what_cannot_be_counted_is_not_asked(tmp_path: Path) -> None:
    (tmp_path / "live").write_text("a file where a folder should be")
    throttle = Throttle(tmp_path / "live" / "requests.db", "one", (Window(1, 60.0),), FrozenClock())
    with pytest.raises(StorageError):
        throttle.take()
    (tmp_path / "requests.db").write_text("no database" * 1000)
    with pytest.raises(StorageError):
        Throttle(tmp_path / "requests.db", "one", (Window(1, 60.0),), FrozenClock()).take()


@given(
    steps=st.lists(st.tuples(st.integers(0, 40), st.integers(1, 3)), max_size=80),
    limits=st.lists(st.tuples(st.integers(3, 8), st.sampled_from([10, 60, 200])), min_size=1, max_size=3),
)
def test_no_window_ever_holds_more_than_it_may_and_none_refuses_what_fits(
    steps: list[tuple[int, int]], limits: list[tuple[int, int]]
) -> None:
    windows = [Window(most, float(seconds)) for most, seconds in limits]
    granted: list[tuple[float, int]] = []
    now = 0.0
    for step, count in steps:
        now += step
        pause = pause_of(windows, granted, count, now)
        fits = all(held(granted, now, window) + count <= window.most for window in windows)
        assert fits is (pause == 0)
        if pause > 0:
            later = now + pause
            assert all(held(granted, later, window) + count <= window.most for window in windows)
            assert any(held(granted, later - 0.5, window) + count > window.most for window in windows)
        else:
            granted.append((now, count))
    assert all(held(granted, at, window) <= window.most for window in windows for at, _ in granted)


def held(granted: list[tuple[float, int]], now: float, window: Window) -> int:
    return sum(count for at, count in granted if now - window.seconds < at <= now)


ASKING = """
import sys
from pathlib import Path
from metier.errors import ServerError
from metier_legal.live.throttle import Throttle, Window, pause_of
throttle, granted = Throttle(Path(sys.argv[1]), "one", (Window(20, 3600.0),)), 0
for _ in range(15):
    try:
        throttle.take()
        granted += 1
    except ServerError:
        pass
print(granted)
"""


def test_processes_that_ask_together_share_the_count(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ASKING, str(tmp_path / "requests.db")]
    workers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    granted = [int(worker.communicate(timeout=60)[0]) for worker in workers]
    assert sum(granted) == 20
