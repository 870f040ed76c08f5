"""Read-only connections to corpus.db, which an import may write to while it is read."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final, Protocol

from metier.errors import MissingError
from metier.lending import Connections, open_unchanging
from metier_legal.corpus.schema import VERSION

NOTHING_YET: Final = "Add some with `metier legal add PATH`, or the fictional law with `metier legal sample`."
_HINT: Final = "Move the file away and add your law again: `metier legal add PATH`."


class Lender(Protocol):
    """What lends a connection whose reads are all of one moment."""

    def borrowed(self) -> AbstractContextManager[sqlite3.Connection]:
        """Gives a connection that no other thread uses."""
        ...


class Lent:
    """Lends the one connection it was made with, inside the transaction that its owner has open."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @contextmanager
    def borrowed(self) -> Iterator[sqlite3.Connection]:
        """Gives the connection."""
        yield self._connection


def open_connections(path: Path) -> Connections:
    """Returns connections to the database at `path`.

    Raises MissingError when there is no database and StorageError for one that cannot be read.
    """
    if not path.is_file():
        raise MissingError("There is no law yet.", hint=NOTHING_YET)
    return Connections(path, _connect, version=VERSION, hint=_HINT)


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
        return open_unchanging(path)
    return connection
