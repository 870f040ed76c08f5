"""What has been read of a source, in a database of its own beside the corpus: it survives an interruption."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from metier.home import make_folder
from metier_legal.corpus.keys import case_keys, normal_text
from metier_legal.corpus.rows import dump_case, dump_citation, dump_day, dump_path, dump_units
from metier_legal.corpus.schema import STAGING, VERSION, create_tables
from metier_legal.corpus.writing.guarding import connect, transaction
from metier_legal.corpus.writing.references import prepare
from metier_legal.intake.batch import Batch, Coverage, Fault, Item
from metier_legal.intake.cases.references import read_references
from metier_legal.law.case import Case
from metier_legal.law.provision import Provision
from metier_legal.law.work import Work

FOLDER: Final = "incoming"
_PROVISION: Final = f"insert into provisions values (null{', ?' * 13})"
_CASE: Final = "insert into cases values (null, ?, ?, ?, ?, ?, ?)"
_PARAGRAPH: Final = "insert into paragraphs values (?, ?, ?, ?, ?, ?, ?, ?)"
_REFERENCE: Final = f"insert into refs values (null{', ?' * 9})"


class Staging:
    """The part of a source that has been read. `connection` is open for writing, with no transaction open."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection = connection
        self.path = path
        self._done = {row[0] for row in connection.execute("select key from batches")}

    def __len__(self) -> int:
        return len(self._done)

    def write(self, batch: Batch) -> None:
        """Writes a batch, all or nothing; one whose key is there is not written again."""
        if batch.key in self._done:
            return
        digest = hashlib.sha256(batch.key.encode())
        with transaction(self.connection):
            for item in batch.items:
                digest.update(_content(item))
                _write_item(self.connection, item)
            row = (batch.key, digest.digest(), batch.done_bytes)
            self.connection.execute("insert into batches values (null, ?, ?, ?)", row)
        self._done.add(batch.key)

    def content(self) -> str:
        """Returns a digest of everything that was read, the same however often the reading was interrupted."""
        digest = hashlib.sha256()
        for (part,) in self.connection.execute("select digest from batches order by key"):
            digest.update(part)
        return digest.hexdigest()

    def count(self, table: str) -> int:
        """Returns the number of rows of a table."""
        return int(self.connection.execute(f"select count(*) from {table}").fetchone()[0])

    def first_fault(self) -> str:
        """Returns what is wrong with the data first, or ""."""
        row = self.connection.execute("select body from faults order by seq limit 1").fetchone()
        return str(row[0]) if row else ""


@contextmanager
def staged(folder: Path, identity: str, origin: Path) -> Iterator[Staging]:
    """Gives the staging of that identity, begun or gone on with. It stays when anything is raised.

    What was begun of an older state of the same `origin` is dropped.
    """
    home = folder / FOLDER
    make_folder(home)
    path = place_of(folder, identity)
    meta = {"version": str(VERSION), "origin": str(origin.resolve())}
    for other in sorted(home.glob("*.db")):
        known = _meta(other)
        if known.get("version") != meta["version"] or (other != path and known.get("origin") == meta["origin"]):
            drop(other)
    with closing(connect(path)) as connection:
        if connection.execute("pragma user_version").fetchone()[0] != VERSION:
            with transaction(connection):
                create_tables(connection, STAGING)
                connection.executemany("insert into meta values (?, ?)", meta.items())
        yield Staging(connection, path)


def unfinished(folder: Path) -> tuple[tuple[str, int], ...]:
    """Returns what was begun and neither finished nor dropped: the path it was read from, and the bytes kept of it."""
    found = []
    for path in sorted((folder / FOLDER).glob("*.db")):
        files = (path.with_name(f"{path.name}{ending}") for ending in ("", "-wal"))
        found.append((_meta(path).get("origin", ""), sum(file.stat().st_size for file in files if file.is_file())))
    return tuple(found)


def drop_unfinished(folder: Path) -> int:
    """Removes all that was begun and is not finished; returns how many. No import may run."""
    paths = sorted((folder / FOLDER).glob("*.db"))
    for path in paths:
        drop(path)
    return len(paths)


def place_of(folder: Path, identity: str) -> Path:
    """Returns the file of a staging."""
    return folder / FOLDER / f"{identity}.db"


def drop(path: Path) -> None:
    """Removes a staging that nobody has open."""
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)


def _meta(path: Path) -> dict[str, str]:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            return dict(connection.execute("select key, value from meta").fetchall())
    except sqlite3.Error:
        return {}


def _content(item: Item) -> bytes:
    if isinstance(item, (Work, Provision, Case)):
        return item.model_dump_json().encode()
    if isinstance(item, Coverage):
        return json.dumps([item.jurisdiction, item.court, item.complete]).encode()
    return b""


def _write_item(connection: sqlite3.Connection, item: Item) -> None:
    match item:
        case Work():
            connection.execute("insert into works values (null, ?, ?)", (item.id, item.model_dump_json()))
        case Provision():
            connection.execute(_PROVISION, _provision_values(item))
        case Case():
            _write_case(connection, item)
        case Coverage():
            values = (item.jurisdiction, item.court, int(item.complete))
            connection.execute("insert or replace into coverage values (?, ?, ?)", values)
        case Fault():
            connection.execute("insert into faults values (null, ?)", (f"{item.where}: {item.text}",))


def _provision_values(item: Provision) -> tuple[object, ...]:
    return (
        item.work,
        item.number,
        item.heading,
        dump_path(item.path),
        hashlib.sha256(item.text.encode()).digest(),
        item.text,
        _beside(item.text),
        dump_units(item.units),
        dump_day(item.valid_from),
        dump_day(item.valid_to),
        dump_day(item.observed),
        item.status.value,
        item.note,
    )


def _beside(text: str) -> str | None:
    """Returns the normalised text, None when it is the text itself."""
    normal = normal_text(text)
    return None if normal == text else normal


def _write_case(connection: sqlite3.Connection, item: Case) -> None:
    case = item if item.references else item.model_copy(update={"references": read_references(item)})
    for (earlier,) in connection.execute("select num from cases where id = ?", (case.id,)).fetchall():
        _forget_case(connection, earlier)
    values = (case.id, case.jurisdiction, case.court, case.court_level, dump_day(case.decided), dump_case(case))
    num = connection.execute(_CASE, values).lastrowid
    rows = (
        (num, seq, p.number, p.text, _beside(p.text), p.part.value, p.author, p.page)
        for seq, p in enumerate(case.paragraphs)
    )
    connection.executemany(_PARAGRAPH, rows)
    connection.executemany("insert into case_keys values (?, ?)", ((key, num) for key in case_keys(case)))
    _write_references(connection, case, num)


def _write_references(connection: sqlite3.Connection, case: Case, num: int | None) -> None:
    for seq, ready in enumerate(prepare(case)):
        made = ready.reference
        kept = dump_citation(ready.citation) if ready.citation else ""
        what = (made.written, made.cited, made.treatment.value, int(made.stated), made.paragraph)
        ref = connection.execute(_REFERENCE, (num, seq, *what, ready.quote, kept)).lastrowid
        _write_keys(connection, ready.keys, ref)


def _write_keys(connection: sqlite3.Connection, keys: Iterable[str], ref: int | None) -> None:
    connection.executemany("insert or ignore into ref_keys values (?, ?)", ((key, ref) for key in keys))


def _forget_case(connection: sqlite3.Connection, num: int) -> None:
    """Removes a case that the source has again further on: the later one is kept."""
    connection.execute("delete from ref_keys where ref in (select num from refs where case_num = ?)", (num,))
    for table in ("refs", "paragraphs", "case_keys"):
        connection.execute(f"delete from {table} where case_num = ?", (num,))
    connection.execute("delete from cases where num = ?", (num,))
