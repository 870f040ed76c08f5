"""Answers by key on disk, shared by processes and threads. The caller decides whether one is still fresh."""

import sqlite3
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from metier.gateway.stores.database import Database

_SCHEMA = """
create table if not exists answers (
  key text primary key, identity text not null, tool text not null, made_s real not null, expires_s real not null,
  used_s real not null, size integer not null, plain integer not null, packed integer not null, payload blob not null
) strict;
create index if not exists answers_by_use on answers (used_s, size)
"""
_FIND = "select payload, packed, made_s, expires_s, plain from answers where key = ?"
_KEEP = "insert or replace into answers values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_TOUCH = "update answers set used_s = ?1 where key = ?2 and used_s < ?1"
_MADE, _SIZE = 3, 6  # columns
_ROW_BYTES = 300  # about what a row costs besides its payload: key twice, names, times, index
_PACK_FROM = 512  # bytes; smaller payloads gain nothing by zlib
_MOST_TOUCHED = 4_096
_SLACK = 0.9  # a full cache is emptied to this share of its size, so that it is not pruned with each answer


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was kept. Times are seconds since 1970."""

    payload: bytes
    made_s: float
    expires_s: float


@dataclass(frozen=True, slots=True)
class Entry:
    """An answer to be kept: its key, who gave it, and of which tool. Times are seconds since 1970."""

    key: str
    payload: bytes
    identity: str
    tool: str
    made_s: float
    expires_s: float


@dataclass(frozen=True, slots=True)
class Stats:
    """What a cache holds; `bytes` is what it takes on disk, about."""

    entries: int
    bytes: int


class Cache:
    """The answers in the file at `path`, at most `most_bytes` of them: the ones unused for longest go first.

    All methods raise StorageError for a file that is damaged, somebody else's or cannot be read or written; after
    one from `keep` (a full disk) the cache can still be used.
    """

    def __init__(self, path: Path, *, most_bytes: int = 1 << 30) -> None:
        self._database = Database(path, _SCHEMA)
        self._most_bytes = most_bytes
        self._touched: set[str] = set()
        self._unpruned = 0
        self._latest_s = 0.0

    def find(self, key: str) -> Kept | None:
        """Returns the answer kept under `key`, however old, or None."""
        database = self._database
        try:
            connection = database.borrow()
            try:
                row = connection.execute(_FIND, (key,)).fetchone()
            finally:
                database.give_back(connection)
            if row is None:
                return None
            payload = zlib.decompress(row[0], bufsize=row[4]) if row[1] else row[0]
        except (sqlite3.Error, zlib.error) as error:
            raise database.trouble(error) from error
        if len(self._touched) < _MOST_TOUCHED:
            self._touched.add(key)
        return Kept(payload, row[2], row[3])

    def keep(self, entries: Iterable[Entry]) -> None:
        """Keeps the answers, each in place of what was there under its key: all of them, or none when that fails."""
        rows = [_row(entry) for entry in entries]
        with self._database.writing() as connection:
            connection.executemany(_KEEP, rows)
        self._latest_s = max(self._latest_s, *(row[_MADE] for row in rows))
        self._unpruned += sum(row[_SIZE] for row in rows)
        if self._unpruned * 32 > self._most_bytes:
            self.prune(self._latest_s)

    def forget(self, *, identity: str = "", tool: str = "") -> int:
        """Drops the answers of `identity`, of `tool`, of both together, or all; returns how many."""
        query = "delete from answers where (?1 = '' or identity = ?1) and (?2 = '' or tool = ?2)"
        with self._database.borrowed() as connection:
            return connection.execute(query, (_plain(identity), _plain(tool))).rowcount

    def prune(self, now_s: float) -> int:
        """Drops the answers unused for longest when there are more than `most_bytes`; returns how many."""
        self._unpruned = 0
        self._latest_s = max(self._latest_s, now_s)
        with self._database.writing() as connection:
            self._write_touched(connection, self._latest_s)
            (held,) = connection.execute("select total(size) from answers").fetchone()
            if held <= self._most_bytes:
                return 0
            old: list[tuple[int]] = []
            for row, size in connection.execute("select rowid, size from answers order by used_s"):
                old.append((row,))
                held -= size
                if held <= self._most_bytes * _SLACK:
                    break
            connection.executemany("delete from answers where rowid = ?", old)
            return len(old)

    def stats(self) -> Stats:
        """Returns how many answers there are, and what they take."""
        with self._database.borrowed() as connection:
            entries, held = connection.execute("select count(*), total(size) from answers").fetchone()
        return Stats(entries, int(held))

    def close(self) -> None:
        """Writes down what was used, and closes the file."""
        try:
            if self._touched:
                with self._database.writing() as connection:
                    newest = connection.execute("select max(used_s) from answers").fetchone()[0]
                    self._write_touched(connection, max(self._latest_s, newest or 0.0))
        finally:
            self._database.close()

    def _write_touched(self, connection: sqlite3.Connection, now_s: float) -> None:
        """Use is written down now and then: a write with each reading would cost more than the reading."""
        touched, self._touched = self._touched, set()
        connection.executemany(_TOUCH, [(now_s, key) for key in touched])


def _row(entry: Entry) -> tuple[Any, ...]:
    payload, made_s = entry.payload, entry.made_s
    packed = zlib.compress(payload, 1) if len(payload) >= _PACK_FROM else payload
    if len(packed) >= len(payload):
        packed = payload
    names = (entry.key, _plain(entry.identity), _plain(entry.tool))
    size = len(packed) + _ROW_BYTES
    return (*names, made_s, entry.expires_s, made_s, size, len(payload), packed is not payload, packed)


def _plain(name: str) -> str:
    """Returns `name` without halves of surrogate pairs, which no database holds."""
    return name if name.isascii() else name.encode("utf-8", "backslashreplace").decode()
