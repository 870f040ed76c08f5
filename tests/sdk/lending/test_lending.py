"""A database is read by many threads at once, each in the state of one moment."""

import gc
import os
import sqlite3
import threading
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from metier.errors import StorageError
from metier.lending import Connections, open_unchanging

HINT = "Add it again."


def make_database(path: Path, version: int = 3) -> Path:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute("create table rows (num integer)")
        connection.execute("insert into rows values (1)")
        connection.execute(f"pragma user_version = {version}")
    return path


def open_live(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, check_same_thread=False, isolation_level=None)


def count(connection: sqlite3.Connection) -> int:
    return int(connection.execute("select count(*) from rows").fetchone()[0])


def test_a_borrower_reads_one_moment_and_the_next_one_a_newer(tmp_path: Path) -> None:
    path = make_database(tmp_path / "a.db")
    connections = Connections(path, open_live, version=3, hint=HINT)
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        with connections.borrowed() as reader:
            assert count(reader) == 1
            writer.execute("insert into rows values (2)")
            assert count(reader) == 1
        with connections.borrowed() as reader:
            assert count(reader) == 2


def test_what_is_lent_is_lent_once_and_lent_again_when_it_is_back(tmp_path: Path) -> None:
    opened: list[sqlite3.Connection] = []

    def connect(path: Path) -> sqlite3.Connection:
        opened.append(open_unchanging(path))
        return opened[-1]

    connections = Connections(make_database(tmp_path / "a.db"), connect, version=3, hint=HINT)
    for _ in range(3):
        with ExitStack() as stack:
            lent = [stack.enter_context(connections.borrowed()) for _ in range(4)]
            assert len(set(map(id, lent))) == 4
    assert len(opened) == 4
    with pytest.raises(KeyError), connections.borrowed():
        raise KeyError
    with connections.borrowed() as connection:
        assert connection in opened


def test_threads_read_at_once(tmp_path: Path) -> None:
    connections = Connections(make_database(tmp_path / "a.db"), open_unchanging, version=3, hint=HINT)
    together = threading.Barrier(6)
    found: list[int] = []

    def read() -> None:
        with connections.borrowed() as connection:
            together.wait(timeout=30)
            found.append(count(connection))

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert found == [1] * 6


def test_nothing_can_be_written(tmp_path: Path) -> None:
    connections = Connections(make_database(tmp_path / "a.db"), open_unchanging, version=3, hint=HINT)
    with pytest.raises(StorageError, match="readonly"), connections.borrowed() as connection:
        connection.execute("delete from rows")


def test_connections_are_closed_when_nobody_needs_them(tmp_path: Path) -> None:
    connections = Connections(make_database(tmp_path / "a.db"), open_unchanging, version=3, hint=HINT)
    with connections.borrowed() as connection:
        pass
    del connections
    gc.collect()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("select 1")


def test_a_database_that_cannot_be_used_says_so(tmp_path: Path) -> None:
    (tmp_path / "damaged.db").write_bytes(b"no database at all, but long enough to be read as a header" * 20)
    for name, says in (("damaged.db", "cannot be read"), ("missing.db", "cannot be read"), ("old.db", "version")):
        if name == "old.db":
            make_database(tmp_path / name, version=2)
        with pytest.raises(StorageError, match=says) as caught:
            Connections(tmp_path / name, open_unchanging, version=3, hint=HINT)
        assert caught.value.hint == HINT
        assert name in str(caught.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="Root writes everywhere.")
def test_an_unchanging_database_is_read_from_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    path = make_database(folder / "a.db")
    folder.chmod(0o500)
    try:
        with Connections(path, open_unchanging, version=3, hint=HINT).borrowed() as connection:
            assert count(connection) == 1
    finally:
        folder.chmod(0o700)
