"""A small database in SQLite that many processes and threads write to; each store has its own tables in it."""

import os
import sqlite3
import time
import weakref
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from metier.errors import StorageError
from metier.home import storage_error

VERSION = 1
_MARK = 0x6D746772  # "mtgr": a database without it is somebody else's and is not touched
_SETTINGS = ("synchronous = normal", "wal_autocheckpoint = 4000", "cache_size = -8000")  # pages of 4 KiB; KiB
_PATIENCE_S = 10.0  # how long a writer waits for another
_FULL = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)


class Database:
    """The database at `path`, made with `schema` (`create table if not exists`) when it is not there yet.

    Its folder is made for the owner only, and so is the file: answers may be private. A connection is used by one
    thread at a time. Raises StorageError for a file that is damaged, somebody else's or of another version.
    """

    def __init__(self, path: Path, schema: str) -> None:
        self.path = path
        self._schema = schema
        self._idle: deque[sqlite3.Connection] = deque()
        self._process = os.getpid()
        self._open = True
        weakref.finalize(self, _close_all, self._idle)
        _make_private(path)
        with self.borrowed():
            pass

    @contextmanager
    def borrowed(self) -> Iterator[sqlite3.Connection]:
        """Gives a connection that no other thread uses; each statement is a transaction. Raises StorageError."""
        connection: sqlite3.Connection | None = None
        try:
            connection = self.borrow()
            yield connection
        except sqlite3.Error as error:
            raise self.trouble(error) from error
        finally:
            if connection is not None:
                self.give_back(connection)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Gives a connection in a transaction, which is kept when the block ends well and undone when it does not."""
        with self.borrowed() as connection:
            connection.execute("begin immediate")
            yield connection
            connection.execute("commit")

    def borrow(self) -> sqlite3.Connection:
        """Returns a connection that no other thread uses, until `give_back`; raises sqlite3.Error."""
        if self._process != os.getpid():  # a fork must leave the connections of its parent alone
            self._idle, self._process = deque(), os.getpid()
            weakref.finalize(self, _close_all, self._idle)
        try:
            return self._idle.pop()
        except IndexError:
            return self._connect()

    def give_back(self, connection: sqlite3.Connection) -> None:
        """Takes back a connection that was borrowed; undoes what it left unfinished."""
        if connection.in_transaction:
            connection.execute("rollback")
        if self._open:
            self._idle.append(connection)
        else:
            connection.close()

    def trouble(self, error: Exception) -> StorageError:
        """Returns the StorageError that says what is wrong with the file, and what to do."""
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        hint = f"Delete {self.path}; what it held is asked for anew."
        if code in _FULL:
            hint = "Free some space or fix its permissions, or set METIER_HOME to another folder."
        elif code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            hint = "Another process holds it; try again."
        return StorageError(f"Cannot use {self.path}: {error}.", hint=hint)

    def close(self) -> None:
        """Closes the connections that nobody uses now, and the others when they are given back."""
        self._open = False
        _close_all(self._idle)

    def _connect(self) -> sqlite3.Connection:
        if not self._open:
            raise StorageError(f"{self.path} was closed.", hint="Open it again.")
        connection = sqlite3.connect(
            self.path, timeout=_PATIENCE_S, isolation_level=None, check_same_thread=False, cached_statements=32
        )
        with ExitStack() as failing:
            failing.enter_context(closing(connection))
            self._prepare(connection)
            failing.pop_all()
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """Makes the tables that are missing and the settings; another process may be at the same."""
        connection.execute("begin immediate")
        mark, version = (
            connection.execute(f"pragma {name}").fetchone()[0] for name in ("application_id", "user_version")
        )
        if not (mark or version or connection.execute("select 1 from sqlite_schema").fetchone()):
            connection.execute(f"pragma application_id = {_MARK}")
            connection.execute(f"pragma user_version = {VERSION}")
        elif (mark, version) != (_MARK, VERSION):
            what = "was made by another version of metier" if mark == _MARK else "is not a database of metier"
            raise StorageError(f"{self.path} {what}.", hint=f"Move or delete it; {self.path.name} is made anew.")
        for statement in self._schema.split(";"):
            connection.execute(statement)
        connection.execute("commit")
        _write_ahead(connection)
        for setting in _SETTINGS:
            connection.execute(f"pragma {setting}")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Makes readers and the writer go on side by side. While another process does the same SQLite does not wait."""
    until_s = time.monotonic() + _PATIENCE_S
    while True:
        try:
            connection.execute("pragma journal_mode = wal")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until_s:
                raise
            time.sleep(0.005)
        else:
            return


def _make_private(path: Path) -> None:
    """Makes the folder (0700) and the file (0600) unless they are there; the files beside it get the same mode."""
    try:
        path.parent.parent.mkdir(parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600))
    except OSError as error:
        raise storage_error(path.parent, error) from error


def _close_all(connections: deque[sqlite3.Connection]) -> None:
    while connections:
        with closing(connections.pop()):
            pass
