"""Read-only connections to corpus.db, lent to one thread at a time; what one borrower reads is of one moment."""

import sqlite3
import weakref
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final, Protocol

from metier.errors import MissingError, StorageError
from metier_legal.corpus.schema import VERSION

NOTHING_YET: Final = "Add some with `metier legal add PATH`, or the fictional law with `metier legal sample`."
_HINT: Final = "Move the file away and add your law again: `metier legal add PATH`."


class Lender(Protocol):
    """What lends a connection whose reads are all of one moment."""

    def borrowed(self) -> AbstractContextManager[sqlite3.Connection]:
        """Gives a connection that no other thread uses."""
        ...


class Connections:
    """Connections to the database at `path`: as many as there are threads at once, closed when nobody needs them.

    Raises MissingError when there is no database and StorageError for one that cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: deque[sqlite3.Connection] = deque()
        weakref.finalize(self, _close, self._idle)
        if not path.is_file():
            raise MissingError("There is no law yet.", hint=NOTHING_YET)
        with self.borrowed() as connection:
            version = connection.execute("pragma user_version").fetchone()[0]
        if version != VERSION:
            raise StorageError(f"{path} was made by another version of metier.", hint=_HINT)

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
            raise StorageError(f"{self._path} cannot be read: {error}.", hint=_HINT) from error

    def _borrow(self) -> sqlite3.Connection:
        try:
            return self._idle.pop()
        except IndexError:
            return _connect(self._path)


class Lent:
    """Lends the one connection it was made with, inside the transaction that its owner has open."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @contextmanager
    def borrowed(self) -> Iterator[sqlite3.Connection]:
        """Gives the connection."""
        yield self._connection


def _connect(path: Path) -> sqlite3.Connection:
    address = f"{path.resolve().as_uri()}?mode=ro"
    connection = sqlite3.connect(address, uri=True, check_same_thread=False, isolation_level=None, timeout=30)
    try:
        connection.execute("select count(*) from sqlite_schema").fetchone()
    except sqlite3.OperationalError:
        # a folder that cannot be written has no place for the shared memory of a write-ahead log
        connection.close()
        if path.with_name(f"{path.name}-wal").exists():
            raise
        unchanging = f"{address}&immutable=1"
        return sqlite3.connect(unchanging, uri=True, check_same_thread=False, isolation_level=None)
    return connection


def _close(connections: deque[sqlite3.Connection]) -> None:
    while connections:
        connections.pop().close()
