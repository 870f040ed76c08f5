"""What every writer of the corpus keeps to: one at a time, and errors of the disk in plain words."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from metier.errors import StorageError
from metier.home import make_folder, storage_error

_FULL: Final = ("disk is full", "disk I/O error")


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Holds the lock of the corpus in `folder`, which is made; raises StorageError when another import has it."""
    # the operating system holds a lock of SQLite: it works everywhere, and a killed process leaves none behind
    make_folder(folder)
    with translated(folder), closing(sqlite3.connect(folder / ".lock", timeout=0, isolation_level=None)) as held:
        try:
            held.execute("begin exclusive")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            raise StorageError("Another import is running.", hint="Wait for it to end.") from error
        yield


@contextmanager
def translated(place: Path) -> Iterator[None]:
    """Raises StorageError, which says what to do, for errors of SQLite and of the disk."""
    try:
        yield
    except StorageError:
        raise
    except OSError as error:
        raise storage_error(place, error) from error
    except sqlite3.Error as error:
        full = any(word in str(error) for word in _FULL)
        raise StorageError(
            f"{place} cannot be written: {error}.",
            hint="Free some space and give the same command again: it goes on where it stopped."
            if full
            else "Check the permissions of the folder, or set METIER_HOME to another.",
        ) from error


def connect(path: Path) -> sqlite3.Connection:
    """Returns a connection that may write, with no transaction open."""
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = normal")
    connection.execute("pragma temp_store = file")
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Commits what is written inside, all or nothing."""
    connection.execute("begin immediate")
    try:
        yield
        connection.execute("commit")
    finally:
        if connection.in_transaction:
            connection.execute("rollback")
