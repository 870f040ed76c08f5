"""Read-only connections to one database, lent to one thread at a time."""

import sqlite3
import weakref
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from metier.errors import StorageError
from metier_maps.places.schema import VERSION

_HINT = "Add the region's file again: `metier maps add FILE.osm.pbf`, or `metier maps sample` for the sample."


class Connections:
    """Connections to the database at `path`: as many as there are threads at once, closed when nobody needs them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: deque[sqlite3.Connection] = deque()
        weakref.finalize(self, _close, self._idle)
        with self.borrowed() as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version != VERSION:
            raise StorageError(f"{path} was made by another version of metier.", hint=_HINT)

    @contextmanager
    def borrowed(self) -> Iterator[sqlite3.Connection]:
        """Gives a connection that no other thread uses; raises StorageError for a database that cannot be read."""
        try:
            connection = self._borrow()
            try:
                yield connection
            finally:
                self._idle.append(connection)
        except sqlite3.Error as error:
            raise StorageError(f"{self._path} cannot be read: {error}.", hint=_HINT) from error

    def _borrow(self) -> sqlite3.Connection:
        try:
            return self._idle.pop()
        except IndexError:
            address = f"{self._path.resolve().as_uri()}?mode=ro&immutable=1"
            return sqlite3.connect(address, uri=True, check_same_thread=False)


def _close(connections: deque[sqlite3.Connection]) -> None:
    while connections:
        connections.pop().close()
