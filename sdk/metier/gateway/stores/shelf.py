"""Whole results by handle, of which the model was shown a part: it reads on page by page."""

import re
import zlib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from metier.errors import InputError
from metier.gateway.stores.database import Database

_SCHEMA = """
create table if not exists texts (
  handle text primary key, total integer not null, size integer not null, put integer not null
) strict;
create table if not exists leaves (
  handle text not null, number integer not null, packed blob not null, primary key (handle, number)
) strict;
create index if not exists texts_by_age on texts (put, size)
"""
_HANDLE = re.compile("r-[0-9a-f]{16}")
_LEAF = 1 << 16  # characters of a text that are packed together: a page costs no more to read in a long text
_UNKNOWN = "Use the handle that the shortened result names; old results are dropped when there are many."


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a text: the characters from `start` to `end` (exclusive) of `total`."""

    text: str
    start: int
    end: int
    total: int


class Shelf:
    """The results in the file at `path`, at most `most_bytes` of them; the ones put there first go first.

    All methods raise StorageError for a file that is damaged, somebody else's or cannot be read or written.
    """

    def __init__(self, path: Path, *, most_bytes: int = 1 << 28) -> None:
        self._database = Database(path, _SCHEMA)
        self._most_bytes = most_bytes

    def put(self, text: str) -> str:
        """Returns the handle of `text`, which is the same whenever the text is, after keeping it."""
        data = text.encode("utf-8", "surrogatepass")
        handle = f"r-{sha256(data).hexdigest()[:16]}"
        leaves = [text[at : at + _LEAF] for at in range(0, len(text), _LEAF)]
        packed = [zlib.compress(leaf.encode("utf-8", "surrogatepass"), 1) for leaf in leaves]
        size = sum(map(len, packed))
        with self._database.writing() as connection:
            (newest,) = connection.execute("select coalesce(max(put), 0) from texts").fetchone()
            head = (handle, len(text), size, newest + 1)
            connection.execute("insert or replace into texts values (?, ?, ?, ?)", head)
            rows = [(handle, number, leaf) for number, leaf in enumerate(packed)]
            connection.executemany("insert or replace into leaves values (?, ?, ?)", rows)
            (held,) = connection.execute("select sum(size) from texts").fetchone()
            old: list[tuple[str]] = []
            for other, weight in connection.execute("select handle, size from texts order by put"):
                if held <= self._most_bytes or other == handle:
                    break
                old.append((other,))
                held -= weight
            connection.executemany("delete from texts where handle = ?", old)
            connection.executemany("delete from leaves where handle = ?", old)
        return handle

    def read(self, handle: str, start: int, length: int) -> Page:
        """Returns at most `length` characters from `start` on.

        Raises InputError for a handle that is not known, a start that is not in the text or a length under 1.
        """
        total = self._total(handle)
        if start < 0 or start > max(total - 1, 0):
            raise InputError(
                f"There is no character {start} in {handle}: it has {total}.", hint="The first character is 0."
            )
        if length < 1:
            raise InputError(f"A page of {length} characters cannot be read.", hint="Ask for 1 or more.")
        end = min(start + length, total)
        first = start // _LEAF
        query = "select packed from leaves where handle = ? and number between ? and ? order by number"
        with self._database.borrowed() as connection:
            rows = connection.execute(query, (handle, first, max(end - 1, 0) // _LEAF)).fetchall()
        try:
            text = "".join(zlib.decompress(row[0]).decode("utf-8", "surrogatepass") for row in rows)
        except zlib.error as error:
            raise self._database.trouble(error) from error
        return Page(text[start - first * _LEAF : end - first * _LEAF], start, end, total)

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    def _total(self, handle: str) -> int:
        row = None
        if _HANDLE.fullmatch(handle):
            with self._database.borrowed() as connection:
                row = connection.execute("select total from texts where handle = ?", (handle,)).fetchone()
        if row is None:
            raise InputError(f"There is no result {handle[:40]!r}.", hint=_UNKNOWN)
        return int(row[0])
