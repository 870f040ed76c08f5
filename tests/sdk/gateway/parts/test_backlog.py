"""Answers on their way to the disk: found at once by all in the process, and written together a moment later."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from metier.gateway.stores.backlog import MOST_BYTES, MOST_ENTRIES, Backlog
from metier.gateway.stores.cache import Cache, Entry, Kept

ROOT = Path(__file__).parents[4]
pytestmark = pytest.mark.anyio


class Disk(Cache):
    """A cache that tells how many answers were written together, and when; `meanwhile` happens while it writes."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.together: list[int] = []
        self.written = asyncio.Event()
        self.meanwhile: Callable[[], None] | None = None

    def keep(self, entries: Iterable[Entry]) -> None:
        entries = list(entries)
        super().keep(entries)
        if self.meanwhile is not None:
            self.meanwhile()
        self.together.append(len(entries))
        self.written.set()


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path / "c.sqlite")


@pytest.fixture
def backlog(disk: Disk) -> Iterator[Backlog]:
    with closing(Backlog(disk)) as opened:
        yield opened


@pytest.fixture
def another(tmp_path: Path, disk: Disk) -> Iterator[Cache]:
    """The same file as another process sees it."""
    with closing(Cache(tmp_path / "c.sqlite")) as opened:
        yield opened


def entry(key: str, payload: bytes = b"x", *, made_s: float = 1.0) -> Entry:
    return Entry(key, payload, "server", "tool", made_s, made_s + 60)


async def test_an_answer_is_found_at_once_and_by_others_a_moment_later(
    disk: Disk, backlog: Backlog, another: Cache
) -> None:
    for number in range(10):
        backlog.keep(entry(f"k{number}"))
    assert backlog.find("k7") == Kept(b"x", 1.0, 61.0)
    assert another.find("k7") is None
    async with asyncio.timeout(10):
        await disk.written.wait()
    assert disk.together == [10]
    assert another.find("k7") == backlog.find("k7") == Kept(b"x", 1.0, 61.0)
    disk.written.clear()
    backlog.keep(entry("later"))
    async with asyncio.timeout(10):
        await disk.written.wait()
    assert disk.together == [10, 1]


async def test_the_newest_of_two_under_a_key_is_found_and_written(backlog: Backlog, another: Cache) -> None:
    backlog.keep(entry("k", b"old"))
    backlog.flush()
    backlog.keep(entry("k", b"new", made_s=2.0))
    assert backlog.find("k") == Kept(b"new", 2.0, 62.0)
    backlog.flush()
    assert another.find("k") == Kept(b"new", 2.0, 62.0)


async def test_an_answer_that_comes_while_one_under_its_key_is_written_is_not_lost(
    disk: Disk, backlog: Backlog, another: Cache
) -> None:
    backlog.keep(entry("k", b"old"))
    disk.meanwhile = lambda: backlog.keep(entry("k", b"new"))
    backlog.flush()
    assert backlog.find("k") == Kept(b"new", 1.0, 61.0)
    disk.meanwhile = None
    backlog.flush()
    assert another.find("k") == Kept(b"new", 1.0, 61.0)


async def test_many_answers_or_a_long_one_wait_for_nobody(disk: Disk, backlog: Backlog) -> None:
    for number in range(MOST_ENTRIES + 1):
        backlog.keep(entry(f"k{number}"))
    assert disk.together == [MOST_ENTRIES]
    backlog.keep(entry("long", b"x" * MOST_BYTES))
    assert disk.together == [MOST_ENTRIES, 2]


async def test_what_waits_is_counted_and_forgotten_with_the_rest(backlog: Backlog) -> None:
    backlog.keep(entry("a"))
    backlog.flush()
    backlog.keep(entry("b"))
    assert backlog.stats().entries == 2
    backlog.keep(entry("c"))
    assert backlog.forget() == 3
    assert backlog.find("c") is None


def test_event_loops_in_many_threads_find_each_others_answers_and_all_are_written(
    backlog: Backlog, another: Cache
) -> None:
    at_once, missed = threading.Barrier(4), list[str]()

    async def fill(name: str) -> None:
        for number in range(100):
            backlog.keep(entry(f"{name}{number}"))
            at_once.wait(timeout=30)
            missed.extend(f"{other}{number}" for other in "abcd" if backlog.find(f"{other}{number}") is None)
            await asyncio.sleep(0)

    threads = [threading.Thread(target=lambda name=name: asyncio.run(fill(name))) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert missed == []
    backlog.flush()
    assert another.stats().entries == 400


def test_an_event_loop_that_was_closed_before_its_turn_holds_up_no_other(disk: Disk, backlog: Backlog) -> None:
    async def keep_and_leave(key: str) -> None:
        backlog.keep(entry(key))

    async def keep_and_wait(key: str) -> None:
        backlog.keep(entry(key))
        async with asyncio.timeout(10):
            await disk.written.wait()

    asyncio.run(keep_and_leave("a"))
    asyncio.run(keep_and_wait("b"))
    assert disk.together == [2]


async def test_a_disk_that_fails_is_told_to_the_log_and_not_to_who_asked(disk: Disk) -> None:
    backlog = Backlog(disk)
    backlog.keep(entry("k"))
    disk.close()
    with capture_logs() as logs:
        backlog.flush()
    assert [(log["event"], log["answers"]) for log in logs] == [("answers were not kept", 1)]


@pytest.mark.parametrize(("how", "found"), [("by itself", True), ("killed", False)])
def test_a_process_that_ends_by_itself_loses_nothing_and_a_killed_one_what_waited(
    tmp_path: Path, how: str, found: bool
) -> None:
    path = tmp_path / "c.sqlite"
    command = [sys.executable, "-m", "tests.sdk.gateway.parts.filling", "leave", str(path), how]
    subprocess.run(command, cwd=ROOT, check=False)
    with closing(Cache(path)) as cache:
        assert (cache.find("waiting") is not None) is found
        assert cache.find("written") is not None
