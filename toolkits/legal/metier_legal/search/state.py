"""What an index is of, kept beside it: each unit of the corpus with a digest of its entries, and the whole's stamp.

A unit that is about to change is marked before the index is touched, so what a crash leaves half done is seen and done
again. The file's lock lets one process at a time change the index.
"""

import json
import sqlite3
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from metier.errors import StorageError

_WAIT_S: Final = 120.0
_SCHEMA: Final = (
    "create table if not exists units (unit text primary key, digest text not null, learned integer not null) "
    "strict, without rowid",
    "create table if not exists meta (key text primary key, value text not null) strict, without rowid",
)
_PENDING: Final = ""


class IndexState:
    """The state of the index in `folder`, in the file `folder`.db. Raises StorageError when that cannot be used."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder.with_name(f"{folder.name}.db")
        with self._blaming():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                self._path, isolation_level=None, timeout=_WAIT_S, check_same_thread=False
            )
            weakref.finalize(self, self._connection.close)
            for statement in _SCHEMA:
                self._connection.execute(statement)

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    def is_current(self, stamp: str) -> bool:
        """Returns whether the index was finished with this stamp and its files are those of that moment."""
        with self._blaming():
            return self._meta("stamp") == stamp and self._meta("files") == list_files(self.folder)

    def is_damaged(self) -> bool:
        """Returns whether a first build was broken off, or files of a finished index are missing or cut off."""
        with self._blaming():
            files = self._meta("files")
            return self._meta("building") == "1" or (files != "" and files != list_files(self.folder))

    def form(self) -> str:
        """Returns how the entries of the index were made, "" for none."""
        return self._meta("form")

    def corpus(self) -> str:
        """Returns the snapshot of the corpus that the index is of."""
        return self._meta("snapshot")

    def digests(self) -> dict[str, str]:
        """Returns the units in the index with their digests; "" for one whose change was not finished."""
        return dict(self._connection.execute("select unit, digest from units"))

    def learned_units(self) -> tuple[str, ...]:
        """Returns the units that have past questions."""
        return tuple(row[0] for row in self._connection.execute("select unit from units where learned = 1"))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Holds the lock; what the block says of the index is kept when it ends well."""
        with self._blaming():
            self._connection.execute("begin immediate")
            try:
                yield
                self._connection.execute("commit")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")

    def begin(self, form: str) -> None:
        """Says that the index is built from nothing."""
        self._connection.execute("delete from units")
        self._connection.execute("delete from meta")
        self._put({"building": "1", "form": form})

    def mark(self, units: Iterable[str]) -> None:
        """Says that these units are about to change or go."""
        self._put({"stamp": "", "files": ""})
        self._connection.executemany(
            "insert into units values (?1, ?2, 0) on conflict (unit) do update set digest = ?2",
            ((unit, _PENDING) for unit in units),
        )

    def keep(self, unit: str, digest: str, *, learned: bool) -> None:
        """Says that the index has the unit as its digest tells."""
        self._connection.execute("insert or replace into units values (?, ?, ?)", (unit, digest, int(learned)))

    def drop(self, units: Sequence[str]) -> None:
        """Says that the index no longer has these units."""
        self._connection.executemany("delete from units where unit = ?", ((unit,) for unit in units))

    def finish(self, stamp: str, snapshot: str) -> None:
        """Says that the index is whole."""
        self._put({"building": "", "stamp": stamp, "snapshot": snapshot, "files": list_files(self.folder)})

    def _meta(self, key: str) -> str:
        row = self._connection.execute("select value from meta where key = ?", (key,)).fetchone()
        return "" if row is None else str(row[0])

    def _put(self, values: dict[str, str]) -> None:
        self._connection.executemany("insert or replace into meta values (?, ?)", values.items())

    @contextmanager
    def _blaming(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StorageError(
                f"The state of the search index in {self._path} cannot be used: {error}.",
                hint="Another metier may be indexing: try again. Otherwise remove the file; it is made again.",
            ) from error
        except OSError as error:
            raise StorageError(
                f"{self._path.parent} cannot be written: {error.strerror}.", hint="Check the folder's permissions."
            ) from error


def list_files(folder: Path) -> str:
    """Returns names and sizes of the files of an index as one text; locks and logs, which come and go, are left out."""
    files = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    passing = (".lock", "-wal", "-shm")
    sizes = {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}
    return json.dumps({name: size for name, size in sizes.items() if not name.endswith(passing)})
