"""The journal of a run: its effects, append-only, in one SQLite file per run.

An effect is a model call or a tool call. It is found by its path in the run (`3/model`, `3/tool/0-search_places`) and
the digest of its input. Write it before its result is used: `record` returns once the entry is on the disk. A call
that had begun but not come back when the process died is not in the journal, so it is made again, unless its tool may
change something: such a call is noted when it begins.
"""

import json
import os
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from metier.canonical import JSON, Digests, canonical_json
from metier.delta import difference, first_change, restore
from metier.errors import InputError, JournalError, StorageError
from metier.home import make_folder

FILE = "journal.sqlite"
LOCK = "lock.sqlite"
VERSION = 2

_SCHEMA = """
create table entries (
  seq integer primary key, path text not null, attempt integer not null, kind text not null, digest text not null,
  base integer, input blob not null, output blob not null, failed integer not null, started text not null,
  elapsed_s real not null, wall_s real not null, unique (path, attempt)
) strict
"""
_INSERT = (
    "insert into entries (path, attempt, kind, digest, base, input, output, failed, started, elapsed_s, wall_s) "
    "values (?, (select count(*) from entries where path = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_COLUMNS = "seq, path, kind, digest, base, input, output, failed, started, elapsed_s, wall_s"
_HEADER, _END = "header", "end"


@dataclass(frozen=True, slots=True)
class Entry:
    """One effect. `wall_s` is what the whole run had taken when it came back; `failed` marks one to be made again."""

    path: str
    kind: str
    input: JSON
    output: JSON
    started: str
    elapsed_s: float
    wall_s: float
    failed: bool = False


class Journal:
    """One run's journal, open for writing by one process at a time, or for reading by any number.

    Raises StorageError when the disk is full or the folder cannot be written, and JournalError when another process
    is at work on the run, when the file is damaged, or when it does not fit.
    """

    def __init__(self, folder: Path, connection: sqlite3.Connection, lock: sqlite3.Connection | None) -> None:
        self.folder = folder
        self._connection = connection
        self._lock = lock
        self._bases: dict[str, tuple[int, JSON]] = {}
        self._digest = Digests()
        taken = () if lock is None else connection.execute("select distinct path from entries")
        self._paths = None if lock is None else {str(path) for (path,) in taken}  # a reader's can become more

    @classmethod
    def create(cls, folder: Path, header: JSON) -> Self:
        """Returns the journal of a new run that begins with `header`; raises JournalError when there is one already."""
        make_folder(folder)
        if (folder / FILE).exists():
            raise JournalError(f"The run {folder.name!r} exists already.", hint="Resume it, or choose another id.")
        with ExitStack() as opened, _translated(folder):
            lock = opened.enter_context(closing(_take_lock(folder)))
            connection = opened.enter_context(closing(sqlite3.connect(folder / FILE, isolation_level=None)))
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = full")
            connection.execute("begin immediate")
            connection.execute(f"pragma user_version = {VERSION}")
            connection.execute(_SCHEMA)
            first = Entry(_HEADER, _HEADER, None, header, "", 0.0, 0.0)
            connection.execute(_INSERT, _row(first, Digests()(None), None, ["v", None]))
            connection.execute("commit")
            journal = cls(folder, connection, lock)
            opened.pop_all()
        return journal

    @classmethod
    def open(cls, folder: Path, *, write: bool) -> Self:
        """Returns the journal of the run in `folder`; raises JournalError when there is none or it is damaged."""
        if not (folder / FILE).is_file():
            raise JournalError(f"There is no journal of a run in {folder}.", hint="`metier trace list` names the runs.")
        with ExitStack() as opened, _translated(folder):
            lock = opened.enter_context(closing(_take_lock(folder))) if write else None
            connection = sqlite3.connect(_uri(folder, write=write), uri=True, isolation_level=None)
            opened.enter_context(closing(connection))
            if write:
                connection.execute("pragma synchronous = full")
            (version,) = connection.execute("pragma user_version").fetchone()
            if version != VERSION:
                raise JournalError(
                    f"The journal in {folder} has format {version}, not {VERSION}.",
                    hint="It is damaged, unfinished or of another metier; start a new run.",
                )
            journal = cls(folder, connection, lock)
            opened.pop_all()
        return journal

    @property
    def header(self) -> JSON:
        """Returns what the run began with."""
        found = self._last(_HEADER)
        if found is None:
            raise _damaged(self.folder)
        return found.output

    @property
    def end(self) -> JSON:
        """Returns what the run ended with, or None while it has not ended."""
        found = self._last(_END)
        return None if found is None else found.output

    @property
    def wall_s(self) -> float:
        """Returns the seconds the run had taken when its newest entry was written."""
        with _translated(self.folder):
            (most,) = self._connection.execute("select max(wall_s) from entries").fetchone()
        return float(most or 0.0)

    def lookup(self, path: str, content: JSON) -> Entry | None:
        """Returns the newest entry at `path`, or None; raises JournalError when it was made with another input."""
        row = self._row(path) if self._paths is None or path in self._paths else None
        if row is None:
            return None
        if row[3] != self._digest(content):
            change = first_change(self._entry(row).input, content)
            raise JournalError(
                f"The run diverged from its journal at {path}: {change or 'its input has another digest'}.",
                hint="The task, toolkits, mode or code changed since; undo that, or start a new run.",
            )
        with _translated(self.folder):
            return _entry_of(row, content)

    def has(self, path: str) -> bool:
        """Returns whether anything was recorded at `path`."""
        return path in self._paths if self._paths is not None else self._row(path) is not None

    def record(self, entry: Entry) -> None:
        """Appends `entry`; returns when it is on the disk."""
        base = self._bases.get(entry.kind) or self._newest_input(entry.kind)
        delta = ["v", entry.input] if base is None else difference(base[1], entry.input)
        row = _row(entry, self._digest(entry.input), base and base[0], delta)
        with _translated(self.folder):
            cursor = self._connection.execute(_INSERT, row)
        self._bases[entry.kind] = (int(cursor.lastrowid or 0), entry.input)
        if self._paths is not None:
            self._paths.add(entry.path)

    def finish(self, end: JSON, *, started: str, wall_s: float) -> None:
        """Appends how the run ended."""
        self.record(Entry(_END, _END, None, end, started, 0.0, wall_s))

    def entries(self) -> tuple[Entry, ...]:
        """Returns the newest entry of every path, oldest first, without the header and the end."""
        with _translated(self.folder):
            rows = self._connection.execute(f"select {_COLUMNS} from entries order by seq").fetchall()
        inputs: dict[int, JSON] = {}
        newest: dict[str, Entry] = {}
        with _translated(self.folder):
            for row in rows:
                inputs[row[0]] = restore(inputs.get(row[4]), _unpacked(row[5]))
                newest[row[1]] = _entry_of(row, inputs[row[0]])
        return tuple(entry for entry in newest.values() if entry.kind not in (_HEADER, _END))

    def close(self) -> None:
        """Closes the file and lets other processes have the run."""
        self._connection.close()
        if self._lock is not None:
            self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _row(self, path: str) -> tuple[object, ...] | None:
        query = f"select {_COLUMNS} from entries where path = ? order by attempt desc limit 1"
        with _translated(self.folder):
            row: tuple[object, ...] | None = self._connection.execute(query, (path,)).fetchone()
        return row

    def _last(self, path: str) -> Entry | None:
        return None if (row := self._row(path)) is None else self._entry(row)

    def _entry(self, row: tuple[object, ...]) -> Entry:
        with _translated(self.folder):
            return _entry_of(row, self._input(row[4], row[5]))

    def _input(self, base: object, packed: object) -> JSON:
        deltas = [_unpacked(packed)]
        while base is not None:
            query = "select base, input from entries where seq = ?"
            found = self._connection.execute(query, (base,)).fetchone()
            if found is None:
                raise InputError("An entry leans on one that is not there.")
            base, packed = found
            deltas.append(_unpacked(packed))
        value: JSON = None
        for delta in reversed(deltas):
            value = restore(value, delta)
        return value

    def _newest_input(self, kind: str) -> tuple[int, JSON] | None:
        query = "select seq, base, input from entries where kind = ? order by seq desc limit 1"
        with _translated(self.folder):
            row = self._connection.execute(query, (kind,)).fetchone()
            return None if row is None else (row[0], self._input(row[1], row[2]))


def _row(entry: Entry, digest: str, base: int | None, delta: JSON) -> tuple[object, ...]:
    return (
        entry.path,
        entry.path,
        entry.kind,
        digest,
        base,
        _packed(delta),
        _packed(entry.output),
        int(entry.failed),
        entry.started,
        entry.elapsed_s,
        entry.wall_s,
    )


def _entry_of(row: tuple[object, ...], content: JSON) -> Entry:
    _, path, kind, _, _, _, output, failed, started, elapsed_s, wall_s = row
    if not (isinstance(path, str) and isinstance(kind, str) and isinstance(started, str)):
        raise InputError("An entry has no path, kind or time.")
    if not (isinstance(elapsed_s, float) and isinstance(wall_s, float)):
        raise InputError("An entry has no duration.")
    return Entry(path, kind, content, _unpacked(output), started, elapsed_s, wall_s, bool(failed))


def _packed(value: JSON) -> bytes:
    return zlib.compress(canonical_json(value).encode())


def _unpacked(data: object) -> JSON:
    if not isinstance(data, bytes):
        raise InputError("An entry holds no packed value.")
    value: JSON = json.loads(zlib.decompress(data))
    return value


def _damaged(folder: Path) -> JournalError:
    return JournalError(f"The journal in {folder} is damaged.", hint="Restore the file, or start a new run.")


def _uri(folder: Path, *, write: bool) -> str:
    """Returns how to open the file; one in a folder that cannot be written is read as it lies there."""
    finished = not os.access(folder, os.W_OK) and not (folder / f"{FILE}-wal").exists()
    options = "mode=rw" if write else "mode=ro&immutable=1" if finished else "mode=ro"
    return f"{(folder / FILE).absolute().as_uri()}?{options}"


def _take_lock(folder: Path) -> sqlite3.Connection:
    """Returns a connection that holds the run until it closes or its process ends, however that ends."""
    lock = sqlite3.connect(folder / LOCK, isolation_level=None, timeout=0)
    try:
        lock.execute("begin exclusive")
    except sqlite3.OperationalError as error:
        lock.close()
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
        told = f"Another process is at work on the run {folder.name!r}."
        raise JournalError(told, hint="Wait for it, or end it first.") from error
    return lock


@contextmanager
def _translated(folder: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        hint = "Free some space or fix its permissions, then resume the run."
        raise StorageError(f"Cannot use the journal in {folder}: {error}.", hint=hint) from error
    except (sqlite3.DatabaseError, zlib.error, InputError, ValueError) as error:
        raise _damaged(folder) from error
