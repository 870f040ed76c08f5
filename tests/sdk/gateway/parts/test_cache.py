"""Answers are kept on disk, shared by all, bounded in size, and private."""

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metier.errors import StorageError
from metier.gateway.stores.cache import Cache, Entry, Kept
from metier.gateway.stores.shelf import Shelf

ROOT = Path(__file__).parents[4]


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    with closing(Cache(tmp_path / "gateway" / "cache.sqlite", most_bytes=100_000)) as opened:
        yield opened


def keep(cache: Cache, key: str, payload: bytes = b"x", *, made_s: float = 1.0, **names: str) -> None:
    identity, tool = names.get("identity", "server"), names.get("tool", "tool")
    cache.keep([Entry(key, payload, identity=identity, tool=tool, made_s=made_s, expires_s=made_s + 60)])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.binary(max_size=3_000), st.floats(0, 2e9), st.floats(0, 2e9))
def test_what_was_kept_is_found_as_it_was(cache: Cache, payload: bytes, made_s: float, expires_s: float) -> None:
    cache.keep([Entry("k", payload * 3, identity="i", tool="t", made_s=made_s, expires_s=expires_s)])
    assert cache.find("k") == Kept(payload * 3, made_s, expires_s)


def test_an_answer_is_found_however_old_and_the_newest_replaces_the_one_before(cache: Cache) -> None:
    assert cache.find("k") is None
    keep(cache, "k", b"old", made_s=1.0)
    keep(cache, "k", b"new", made_s=2.0)
    assert cache.find("k") == Kept(b"new", 2.0, 62.0)
    assert cache.stats().entries == 1


def test_answers_are_found_after_the_file_was_closed(tmp_path: Path) -> None:
    for turn in range(3):
        with closing(Cache(tmp_path / "c.sqlite")) as cache:
            assert (cache.find("k") is not None) == (turn > 0)
            keep(cache, "k")


def test_long_answers_are_packed(cache: Cache) -> None:
    keep(cache, "k", b"the same again, " * 10_000)
    assert cache.stats().bytes < 5_000


def test_answers_are_forgotten_by_server_by_tool_or_all(cache: Cache) -> None:
    for identity in ("a", "b"):
        for tool in ("x", "y", "\ud800"):
            keep(cache, f"{identity} {tool!r}", identity=identity, tool=tool)
    assert cache.forget(identity="a", tool="\ud800") == 1
    assert cache.forget(identity="a") == 2
    assert cache.forget(tool="x") == 1
    assert cache.forget() == 2
    assert cache.forget() == 0


def test_a_full_cache_drops_what_was_unused_for_longest(cache: Cache) -> None:
    for at in range(100):
        keep(cache, f"k{at}", os.urandom(500), made_s=float(at))
        cache.find("k0")
    assert cache.prune(100.0) == 0
    for at in range(100, 160):
        keep(cache, f"k{at}", os.urandom(500), made_s=float(at))
    cache.prune(160.0)
    assert cache.stats().bytes <= 100_000
    assert cache.find("k0") is not None
    assert cache.find("k1") is None
    assert cache.find("k159") is not None


def test_a_cache_never_grows_far_beyond_its_bound_by_keeping_alone(cache: Cache) -> None:
    for at in range(1_000):
        keep(cache, f"k{at}", os.urandom(400), made_s=float(at))
        assert cache.stats().bytes < 100_000 * 1.1


def test_what_was_only_read_counts_as_used_after_the_file_was_closed(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    with closing(Cache(path)) as cache:
        for at in range(10):
            keep(cache, f"k{at}", os.urandom(500), made_s=float(at))
    with closing(Cache(path)) as cache:
        cache.find("k0")
    with closing(Cache(path, most_bytes=5_000)) as cache:
        cache.prune(20.0)
        assert cache.find("k0") is not None
        assert cache.find("k1") is None


def test_processes_and_threads_share_one_file(tmp_path: Path) -> None:
    path = tmp_path / "gateway" / "c.sqlite"
    command = [sys.executable, "-m", "tests.sdk.gateway.parts.filling", "cache", str(path)]
    children = [subprocess.Popen([*command, name, "200"], cwd=ROOT) for name in ("a", "b")]
    with closing(Cache(path)) as cache:
        threads = [threading.Thread(target=lambda n=n: [keep(cache, f"{n}-{i}") for i in range(100)]) for n in "cdef"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert [child.wait(timeout=60) for child in children] == [0, 0]
        assert cache.stats().entries == 800
        found = cache.find("a-199")
        assert found is not None
        assert found.payload == b"answer 199" * 100


def test_many_who_open_a_new_file_at_the_same_moment_all_get_it(tmp_path: Path) -> None:
    at_once, trouble = threading.Barrier(4), list[StorageError]()

    def open_all() -> None:
        for number in range(10):
            at_once.wait(timeout=30)
            try:
                with closing(Cache(tmp_path / f"{number}" / "c.sqlite")) as cache:
                    keep(cache, "k")
            except StorageError as error:
                trouble.append(error)

    threads = [threading.Thread(target=open_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert trouble == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="There is no fork here.")
def test_a_forked_child_uses_connections_of_its_own(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.sdk.gateway.parts.filling", "fork", str(tmp_path / "c.sqlite")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "0 True\n"


def test_the_folder_and_the_files_are_for_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "gateway" / "cache.sqlite"
    with closing(Cache(path)) as cache:
        keep(cache, "k")
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
        assert modes == dict.fromkeys(("cache.sqlite", "cache.sqlite-wal", "cache.sqlite-shm"), 0o600)
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "content", [b"no database at all, but long enough to have a header" * 20, b"SQLite format 3\0" * 300]
)
def test_a_damaged_file_is_named_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "c.sqlite"
    path.write_bytes(content)
    with pytest.raises(StorageError, match=r"Cannot use .*c\.sqlite") as caught:
        Cache(path)
    assert "Delete" in caught.value.hint
    assert path.read_bytes() == content


def test_the_database_of_somebody_else_or_of_another_version_is_not_touched(tmp_path: Path) -> None:
    for name, script, says in (
        ("other.db", "create table answers (key text); insert into answers values ('mine')", "is not a database"),
        ("marked.db", "pragma application_id = 7", "is not a database"),
        ("newer.db", f"pragma application_id = {0x6D746772}; pragma user_version = 99", "another version"),
    ):
        path = tmp_path / name
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(script)
        before = path.read_bytes()
        with pytest.raises(StorageError, match=says):
            Cache(path)
        assert path.read_bytes() == before


def test_a_file_damaged_later_raises_and_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    with closing(Cache(path)) as cache:
        for at in range(200):
            keep(cache, f"k{at}", os.urandom(3_000))
    data = bytearray(path.read_bytes())
    data[4096:] = os.urandom(len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(StorageError, match="Cannot use") as caught, closing(Cache(path)) as cache:
        cache.find("k7")
    assert "Delete" in caught.value.hint


def test_a_full_disk_fails_the_keeping_and_nothing_else(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.sdk.gateway.parts.filling", "full", str(tmp_path / "c.sqlite"), "2000000"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    said, found = done.stdout.splitlines()
    assert "Cannot use" in said
    assert "Free some space" in said
    assert found == "b'kept' b'kept'"


def test_a_place_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="Cannot write to"):
        Cache(tmp_path / "file" / "gateway" / "c.sqlite")


def test_a_closed_cache_says_so(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "c.sqlite")
    cache.close()
    with pytest.raises(StorageError, match="was closed"):
        cache.find("k")


def test_cache_and_shelf_may_share_a_file(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    with closing(Cache(path)) as cache, closing(Shelf(path)) as shelf:
        keep(cache, "k")
        assert shelf.read(shelf.put("text"), 0, 10).text == "text"
        assert cache.stats().entries == 1
