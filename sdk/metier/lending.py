"""Read-only connections to a database in SQLite, lent to one thread at a time; a borrower reads one moment.

Public: toolkits that keep their data in SQLite read it through these.
"""

import sqlite3
import weakref
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from metier.errors import StorageError


class Connections:
    """Connections to the database at `path`: as many as there are threads at once, closed when nobody needs them.

    `connect` opens one more, read-only and for any thread, as `open_unchanging` does; `version` is the user_version
    that the database must have, `hint` what to do about one that cannot be used. Raises StorageError for such a one.
    """

    def __init__(self, path: Path, connect: Callable[[Path], sqlite3.Connection], *, version: int, hint: str) -> None:
        self._path = path
        self._connect = connect
        self._hint = hint
        self._idle: deque[sqlite3.Connection] = deque()
        weakref.finalize(self, _close, self._idle)
        with self.borrowed() as connection:
            found = connection.execute("pragma user_version").fetchone()[0]
        if found != version:
            raise StorageError(f"{path} was made by another version of metier.", hint=hint)

    @contextmanager
    def borrowed(self) -> Iterator[sqlite3.Connection]:
        """Gives a connection that no other thread uses, in a transaction; raises StorageError."""
        try:
            connection = self._borrow()
            try:
                connection.execute("begin")
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("rollback")
                self._idle.append(connection)
        except sqlite3.Error as error:
            raise StorageError(f"{self._path} cannot be read: {error}.", hint=self._hint) from error

    def _borrow(self) -> sqlite3.Connection:
        try:
            return self._idle.pop()
        except IndexError:
            return self._connect(self._path)


def open_unchanging(path: Path) -> sqlite3.Connection:
    """Returns a read-only connection to a database that nobody writes to, for any thread; its folder may be read-only.

    Raises sqlite3.OperationalError when there is none.
    """
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(address, uri=True, check_same_thread=False, isolation_level=None)


def _close(connections: deque[sqlite3.Connection]) -> None:
    while connections:
        connections.pop().close()
