"""Making the file of a wiki: whole, or not at all."""

import math
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from metier.errors import InputError, StorageError
from metier.home import make_folder, storage_error
from metier_research.wiki.address import check_name, wiki_url
from metier_research.wiki.entries import Counts, Entry, Progress
from metier_research.wiki.schema import SUFFIX, TABLES, VERSION
from metier_research.wiki.writing import WikiWriter

__all__ = ["READ", "import_pages", "wiki_url"]

READ: Final = 0.8
"""The share of an import at which everything is read and the indexing begins."""

_TELL_EVERY: Final = 100
_GUESS: Final = 10_000


def import_pages(
    pages: Iterable[Entry],
    path: Path,
    *,
    name: str,
    licence: str,
    synthetic: bool,
    progress: Progress | None = None,
) -> Counts:
    """Returns what an import came to; the wiki is then the file `path`, in the place of one that was there.

    Pages are known by their titles, or by their address when it is one of this wiki; an address elsewhere is kept as
    where the page was first published. Interrupted, the old file stays as it was and the same call starts again.
    `progress` is told how much is done; before the indexing its share is a guess. Raises InputError for a name that
    cannot be used and when there is no page, StorageError where nothing can be written or another import of the same
    wiki runs, and whatever reading `pages` raises.
    """
    if path.name != f"{check_name(name)}{SUFFIX}":
        raise InputError(f"{path.name} is no file of the wiki {name}.", hint=f"Call it {name}{SUFFIX}.")
    tell = progress or _tell_nobody
    with _part_of(path) as part, _blaming(path), closing(sqlite3.connect(part, isolation_level=None)) as connection:
        # nobody reads the file before it is whole, so it needs no journal
        connection.executescript(f"pragma journal_mode = off; pragma synchronous = off; {TABLES}")
        connection.execute("begin")
        writer = WikiWriter(connection, name)
        for entry in pages:
            writer.add(entry)
            if writer.taken % _TELL_EVERY == 0:
                tell(f"{writer.taken:,} pages read", READ * (1 - math.exp(-writer.taken / _GUESS)))
        counts = writer.finish(lambda step, share: tell(step, READ + (1 - READ) * share))
        if not counts.pages:
            raise InputError("There is no page in it.", hint=counts.reasons[0] if counts.reasons else "")
        facts = {"name": name, "licence": licence, "synthetic": str(int(synthetic)), "pages": str(counts.pages)}
        connection.executemany("insert into meta values (?, ?)", facts.items())
        connection.execute(f"pragma user_version = {VERSION}")
        if connection.in_transaction:
            connection.execute("commit")
    tell(f"{counts.pages:,} pages are ready", 1.0)
    return counts


@contextmanager
def _part_of(path: Path) -> Iterator[Path]:
    """Gives a file that becomes `path` when the block ends, and nothing when it raises."""
    make_folder(path.parent)
    part = path.with_name(f".{path.name}.part")
    with locked(path):
        try:
            _drop(part)  # what an import that was killed left behind
            yield part
            _settle(part, path)
        finally:
            _drop(part)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keeps others from changing the wiki `path`; raises StorageError while another does."""
    # a lock of SQLite is held by the operating system: it works everywhere, and a killed process leaves none behind
    lock = path.with_name(f".{path.name}.lock")
    with _blaming(path), closing(sqlite3.connect(lock, timeout=0, isolation_level=None)) as connection:
        connection.execute("pragma journal_mode = off")
        connection.execute("begin exclusive")
        yield


def _settle(part: Path, path: Path) -> None:
    try:
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise storage_error(path, error) from error


def _drop(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError as error:
        raise storage_error(part, error) from error


@contextmanager
def _blaming(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        busy = "locked" in str(error)
        raise StorageError(
            "Another import of this wiki is running." if busy else f"{path} cannot be written: {error}.",
            hint="Wait for it to end." if busy else "Check the free space and permissions of the folder.",
        ) from error


def _tell_nobody(step: str, share: float) -> None:
    """Takes what is told of progress where nobody listens."""
