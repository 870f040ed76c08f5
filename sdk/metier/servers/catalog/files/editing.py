"""Changing `metier.toml` in place: comments and order are kept, and two who write at once lose nothing."""

import sqlite3
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from metier.errors import InputError, StorageError
from metier.home import make_folder, storage_error, write_atomically
from metier.servers.catalog.files.documents import parse_toml

WAIT_S = 10.0  # for another process that writes


@contextmanager
def writing(home: Path) -> Iterator[None]:
    """Keeps every other process and thread that writes the catalog waiting; raises StorageError after ten seconds.

    A database does this the same way on every system, and lets go when its process dies.
    """
    place = make_folder(home / "servers") / "writing.lock"
    try:
        with closing(sqlite3.connect(place, timeout=WAIT_S, isolation_level=None)) as lock:
            lock.execute("begin exclusive")
            yield
    except sqlite3.Error as error:
        raise StorageError(
            f"Cannot write the list of servers: {error}.", hint=f"Is another metier at it? Its lock is {place}."
        ) from error


def put_server(data: bytes, name: str, table: Mapping[str, Any], what: str) -> bytes:
    """Returns the file with `table` as `[servers.NAME]`, in place of one that was there."""

    def change(document: Any) -> None:
        document.setdefault("servers", {})[name] = table

    return _edited(data, change, what)


def drop_server(data: bytes, name: str, what: str) -> bytes:
    """Returns the file without `[servers.NAME]`."""

    def change(document: Any) -> None:
        del document["servers"][name]
        if not document["servers"]:
            del document["servers"]

    return _edited(data, change, what)


def switch_server(data: bytes, name: str, what: str, *, on: bool) -> bytes:
    """Returns the file with `enabled` of `[servers.NAME]` as `on` says."""

    def change(document: Any) -> None:
        document["servers"][name].pop("enabled", None)
        if not on:
            document["servers"][name]["enabled"] = False

    return _edited(data, change, what)


def replace_file(path: Path, data: bytes, *, mode: int) -> None:
    """Writes the file so that readers see the old one or the whole new one.

    A link stays a link, and the permissions of a file that was there stay; a new one gets `mode`. Raises StorageError.
    """
    target = path.resolve()
    try:
        kept = stat.S_IMODE(target.stat().st_mode) if target.exists() else mode
    except OSError as error:
        raise storage_error(target, error) from error
    write_atomically(target, data, mode=kept)


def _edited(data: bytes, change: Callable[[Any], None], what: str) -> bytes:
    """Returns the changed file, after making sure that it says what it must and that nothing else in it changed."""
    wanted = parse_toml(data, what)
    change(wanted)
    try:
        text = data.decode("utf-8-sig")
        document = tomlkit.parse(text if text.endswith("\n") or not text else f"{text}\n")
        if "servers" in wanted and "servers" not in document:
            document["servers"] = tomlkit.table(is_super_table=True)
        change(document)
        written = tomlkit.dumps(document).encode()
        if parse_toml(written, what) == wanted:
            return written
    except (TOMLKitError, UnicodeError, TypeError, LookupError, ValueError, RecursionError) as error:
        raise _by_hand(what) from error
    raise _by_hand(what)


def _by_hand(what: str) -> InputError:
    return InputError(f"{what} is written in a way that cannot be changed safely.", hint="Change it by hand.")
