"""Vectors of entries in a SQLite file, and the nearest of them by cosine. Needs numpy: the extra `embeddings`.

A vector is kept by the digest of its text, so an index that is made again asks for none twice.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from hashlib import sha256
from pathlib import Path
from threading import RLock
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from metier.errors import ServerError, StorageError
from metier_legal.search.backend import Entry, Filters, Hit
from metier_legal.search.engines.conditions import keeps

LEAST_LIKENESS: Final = 0.3
"""Entries with a smaller cosine are no hits: the nearest of nothing relevant is still nothing relevant."""

_DAYS: Final = ("decided", "begin", "end")
_SCHEMA: Final = """
create table if not exists vectors (digest text primary key, vector blob not null) strict, without rowid;
create table if not exists entries (
  id text primary key, source text not null, digest text not null, facts text not null
) strict, without rowid;
create index if not exists entries_source on entries (source);
create table if not exists waiting (digest text primary key, text text not null) strict, without rowid;
"""


class Vectors:
    """The vectors in the file `path`. Safe to use from several threads. Raises StorageError for an unusable file.

    With `fresh` the entries are forgotten, for an index that is made from nothing; vectors are kept for their texts.
    """

    def __init__(self, path: Path, *, fresh: bool) -> None:
        self._path = path
        self._lock = RLock()
        self._loaded: tuple[list[Entry], npt.NDArray[np.float32]] | None = None
        with self._changing() as connection:
            if fresh:
                connection.execute("delete from entries")

    def put(self, entries: Iterable[Entry]) -> None:
        """Keeps what is known of the entries, in the place of those of the same ids; new texts wait for vectors."""
        with self._changing() as connection:
            for entry in entries:
                text = f"{entry.title}\n{entry.text}".encode("utf-8", "replace").decode()
                digest = sha256(text.encode()).hexdigest()
                row = (entry.id, entry.source, digest, _dump(entry))
                connection.execute("insert or replace into entries values (?, ?, ?, ?)", row)
                known = connection.execute("select 1 from vectors where digest = ?", (digest,)).fetchone()
                if known is None:
                    connection.execute("insert or ignore into waiting values (?, ?)", (digest, text))

    def drop(self, sources: Sequence[str]) -> None:
        """Forgets the entries of these sources."""
        with self._changing() as connection:
            connection.executemany("delete from entries where source = ?", ((source,) for source in sources))
            connection.execute("delete from waiting where digest not in (select digest from entries)")

    def waiting(self, most: int) -> dict[str, str]:
        """Returns at most `most` texts that have no vector, by their digests."""
        with self._changing() as connection:
            return dict(connection.execute("select digest, text from waiting order by digest limit ?", (most,)))

    def count_waiting(self) -> int:
        """Returns how many texts have no vector."""
        with self._changing() as connection:
            return int(connection.execute("select count(*) from waiting").fetchone()[0])

    def keep(self, vectors: Iterable[tuple[str, Sequence[float]]]) -> None:
        """Keeps vectors by the digests of their texts."""
        with self._changing() as connection:
            for digest, vector in vectors:
                blob = np.asarray(vector, dtype=np.float32).tobytes()
                connection.execute("insert or replace into vectors values (?, ?)", (digest, blob))
                connection.execute("delete from waiting where digest = ?", (digest,))

    def nearest(self, vector: Sequence[float], filters: Filters, limit: int) -> list[Hit]:
        """Returns the best entry of each of the nearest `limit` groups that the filters keep, scored by cosine.

        Raises ServerError when the vector is not of the kind of those that were kept.
        """
        entries, matrix = self._load()
        if not entries:
            return []
        wanted = _unit(np.asarray([vector], dtype=np.float32))[0]
        if wanted.shape[0] != matrix.shape[1]:
            raise ServerError(
                "The embeddings endpoint gives vectors of another length now.", hint="Is it another model?"
            )
        likeness = matrix @ wanted
        found: dict[str, Hit] = {}
        for place in np.argsort(-likeness, kind="stable"):
            entry, score = entries[place], float(likeness[place])
            if score < LEAST_LIKENESS or len(found) >= limit:
                break
            if entry.group not in found and keeps(filters, entry):
                found[entry.group] = Hit(entry.id, entry.group, score)
        return list(found.values())

    def _load(self) -> tuple[list[Entry], npt.NDArray[np.float32]]:
        with self._lock:
            if self._loaded is None:
                query = "select e.facts, v.vector from entries e join vectors v on v.digest = e.digest order by e.id"
                with self._changing() as connection:
                    rows = connection.execute(query).fetchall()
                widths = {len(row[1]) for row in rows}
                if len(widths) > 1:
                    raise ServerError("The vectors kept are of several models.", hint=f"Remove {self._path.name}.")
                matrix = np.frombuffer(b"".join(row[1] for row in rows), dtype=np.float32)
                self._loaded = [_load(row[0]) for row in rows], _unit(matrix.reshape(len(rows), -1) if rows else matrix)
            return self._loaded

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._lock:
                connection = sqlite3.connect(self._path, timeout=30)
                try:
                    with connection:
                        before = connection.total_changes
                        if connection.execute("pragma schema_version").fetchone()[0] == 0:
                            connection.executescript(_SCHEMA)
                        yield connection
                        self._loaded = self._loaded if connection.total_changes == before else None
                finally:
                    connection.close()
        except sqlite3.Error as error:
            raise StorageError(
                f"The vectors in {self._path} cannot be used: {error}.", hint="Remove the file; it is made again."
            ) from error


def _unit(matrix: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    if matrix.size == 0:
        return matrix
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.maximum(lengths, 1e-12), dtype=np.float32)


def _dump(entry: Entry) -> str:
    facts: dict[str, Any] = asdict(entry) | {"title": "", "text": "", "questions": ()}
    days = {name: day.isoformat() for name in _DAYS if (day := facts[name])}
    return json.dumps({**facts, **days})


def _load(facts: str) -> Entry:
    kept = json.loads(facts)
    days = {name: date.fromisoformat(kept[name]) for name in _DAYS if kept[name]}
    return Entry(**{**kept, **days, "cited": tuple(kept["cited"]), "questions": ()})
