"""The journal: append-only, found by path and input, on the disk before it is used, one writer at a time."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.canonical import JSON
from metier.errors import JournalError, StorageError
from metier.journal import FILE, Entry, Journal

TEXT = st.text(max_size=20)
VALUES: st.SearchStrategy[JSON] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def effect(path: str, content: JSON = None, output: JSON = None, *, failed: bool = False, wall_s: float = 1.0) -> Entry:
    return Entry(path, "model", content, output, "2026-12-01T09:00:00Z", 0.5, wall_s, failed)


@contextmanager
def fresh(header: JSON = None) -> Iterator[Journal]:
    with TemporaryDirectory() as folder, Journal.create(Path(folder) / "run", header) as journal:
        yield journal


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(VALUES, VALUES), max_size=6))
def test_what_is_recorded_is_read_back_whole(pairs: list[tuple[JSON, JSON]]) -> None:
    with fresh() as journal:
        entries = tuple(effect(f"{at}/model", *pair) for at, pair in enumerate(pairs))
        for entry in entries:
            journal.record(entry)
        with Journal.open(journal.folder, write=False) as again:
            assert again.entries() == entries
            for entry in entries:
                assert again.lookup(entry.path, entry.input) == entry


@settings(deadline=None, max_examples=40)
@given(st.lists(VALUES, min_size=2, max_size=5))
def test_a_journal_goes_on_where_another_process_left_it(values: list[JSON]) -> None:
    with TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        Journal.create(run, {"task": "t"}).close()
        for at, value in enumerate(values):
            with Journal.open(run, write=True) as journal:
                journal.record(effect(f"{at}/model", value, wall_s=at))
        with Journal.open(run, write=False) as journal:
            assert [entry.input for entry in journal.entries()] == values
            assert journal.header == {"task": "t"}
            assert journal.wall_s == len(values) - 1


def test_another_input_at_the_same_path_is_named_with_what_differs() -> None:
    with fresh() as journal:
        journal.record(effect("1/model", {"messages": ["a", "b"]}))
        with pytest.raises(JournalError, match='diverged from its journal at 1/model: /messages/1 was "b", is "c"'):
            journal.lookup("1/model", {"messages": ["a", "c"]})


def test_nothing_is_found_where_nothing_was_recorded() -> None:
    with fresh() as journal:
        assert journal.lookup("1/model", None) is None
        assert journal.end is None


def test_a_failed_effect_made_again_is_found_in_its_newest_form() -> None:
    with fresh() as journal:
        journal.record(effect("1/model", 1, "dead", failed=True))
        journal.record(effect("1/model", 1, "fine"))
        found = journal.lookup("1/model", 1)
        assert found is not None
        assert (found.output, found.failed) == ("fine", False)
        assert [entry.output for entry in journal.entries()] == ["fine"]


def test_a_second_writer_is_turned_away_and_readers_are_not() -> None:
    with fresh() as journal:
        with pytest.raises(JournalError, match="Another process is at work"):
            Journal.open(journal.folder, write=True)
        with Journal.open(journal.folder, write=False) as reader:
            assert reader.entries() == ()


def test_an_existing_run_is_not_begun_again() -> None:
    with fresh() as journal, pytest.raises(JournalError, match="exists already"):
        Journal.create(journal.folder, None)


def test_a_history_that_grows_costs_what_is_added(tmp_path: Path) -> None:
    history: list[JSON] = []
    with Journal.create(tmp_path / "run", None) as journal:
        for at in range(200):
            history.append(f"message {at}: " + os.urandom(500).hex())
            journal.record(effect(f"{at}/model", {"messages": list(history)}))
        assert journal.entries()[-1].input == {"messages": history}
    assert (tmp_path / "run" / FILE).stat().st_size < 2 * 200 * 1000


def test_what_record_returned_from_is_on_the_disk_after_a_kill(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom metier.journal import Entry, Journal\n"
        "journal = Journal.create(Path(sys.argv[1]), None)\n"
        "journal.record(Entry('1/model', 'model', 'in', 'out', '', 0.0, 0.0))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "run")], timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL
    with Journal.open(tmp_path / "run", write=True) as journal:
        found = journal.lookup("1/model", "in")
        assert found is not None
        assert found.output == "out"


def test_every_commit_waits_for_the_disk() -> None:
    with fresh() as journal:
        assert journal._connection.execute("pragma synchronous").fetchone() == (2,)
        assert journal._connection.execute("pragma journal_mode").fetchone() == ("wal",)


@settings(deadline=None, max_examples=30)
@given(st.binary(max_size=3000))
def test_a_file_that_is_no_journal_is_a_journal_error(data: bytes) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / FILE).write_bytes(data)
        with pytest.raises(JournalError), Journal.open(Path(folder), write=False) as journal:
            assert journal.header


def test_a_damaged_entry_is_a_journal_error(tmp_path: Path) -> None:
    with Journal.create(tmp_path / "run", None) as journal:
        journal.record(effect("1/model", 1, 2))
    with sqlite3.connect(tmp_path / "run" / FILE) as connection:
        connection.execute("update entries set output = x'00ff'")
    connection.close()
    with Journal.open(tmp_path / "run", write=False) as journal, pytest.raises(JournalError, match="damaged"):
        journal.entries()


def test_a_damaged_entry_is_a_journal_error_when_it_is_looked_up(tmp_path: Path) -> None:
    with Journal.create(tmp_path / "run", None) as journal:
        journal.record(effect("1/model", 1, 2))
        journal._connection.execute("update entries set output = x'00ff'")
        with pytest.raises(JournalError, match="damaged"):
            journal.lookup("1/model", 1)


def test_a_missing_run_is_a_journal_error(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="no journal"):
        Journal.open(tmp_path, write=False)


def test_a_folder_that_cannot_be_made_is_a_storage_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="file"):
        Journal.create(tmp_path / "file" / "run", None)


def test_a_full_disk_is_a_storage_error_and_loses_nothing(tmp_path: Path) -> None:
    with Journal.create(tmp_path / "run", None) as journal:
        journal.record(effect("1/model", 1, 2))
        (pages,) = journal._connection.execute("pragma page_count").fetchone()
        journal._connection.execute(f"pragma max_page_count = {pages}")
        with pytest.raises(StorageError, match="full"):
            journal.record(effect("2/model", 1, os.urandom(50_000).hex()))
    with Journal.open(tmp_path / "run", write=True) as journal:
        journal.record(effect("2/model", 1, 3))
        assert [entry.output for entry in journal.entries()] == [2, 3]
