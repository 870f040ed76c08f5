"""A temporary database on disk in which the parts of cases are laid until all of them are there.

Opinions, clusters, dockets, citations and edges come in files and orders of their own. On disk, their join takes no
memory, however many millions there are.
"""

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

_TABLES: Final = """
CREATE TABLE court (id TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE docket (id INTEGER PRIMARY KEY, court TEXT NOT NULL, number TEXT NOT NULL);
CREATE TABLE cluster (id INTEGER PRIMARY KEY, docket INTEGER, name TEXT NOT NULL, filed TEXT NOT NULL,
  syllabus TEXT NOT NULL, court TEXT NOT NULL, number TEXT NOT NULL, stated INTEGER NOT NULL);
CREATE TABLE opinion (id INTEGER PRIMARY KEY, cluster INTEGER NOT NULL, kind TEXT NOT NULL, author TEXT NOT NULL,
  body BLOB NOT NULL);
CREATE INDEX opinion_of ON opinion (cluster, kind, id);
CREATE TABLE citation (cluster INTEGER NOT NULL, written TEXT NOT NULL, PRIMARY KEY (cluster, written)) WITHOUT ROWID;
CREATE TABLE edge (citing INTEGER NOT NULL, cited INTEGER NOT NULL, PRIMARY KEY (citing, cited)) WITHOUT ROWID;
CREATE TABLE saying (citing INTEGER NOT NULL, cited INTEGER NOT NULL, text TEXT NOT NULL);
CREATE INDEX saying_of ON saying (citing);
"""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A case as CourtListener has it. `stated` tells that whatever it cites is told by edges."""

    id: int
    name: str
    filed: str
    court_id: str = ""
    court: str = ""
    docket: int = 0
    number: str = ""
    syllabus: str = ""
    citations: tuple[str, ...] = ()
    stated: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """An opinion as CourtListener has it."""

    id: int
    cluster: int
    kind: str
    author: str
    body: str


@dataclass(frozen=True, slots=True)
class Edge:
    """That one opinion cites another; `cluster` is the case of the other, 0 where it is not here."""

    cited: int
    cluster: int
    written: str
    sayings: tuple[str, ...]


class Shelf:
    """The tables. Nothing is judged here; a later row of the same id stands."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._base = connection

    def add_courts(self, rows: Iterable[tuple[str, str]]) -> None:
        """Adds ids and names."""
        self._base.executemany("INSERT OR REPLACE INTO court VALUES (?, ?)", rows)

    def add_dockets(self, rows: Iterable[tuple[int, str, str]]) -> None:
        """Adds ids, courts and numbers of dockets."""
        self._base.executemany("INSERT OR REPLACE INTO docket VALUES (?, ?, ?)", rows)

    def add_clusters(self, clusters: Iterable[Cluster]) -> None:
        """Adds cases and their citations."""
        for one in clusters:
            row = (one.id, one.docket, one.name, one.filed, one.syllabus, one.court_id, one.number, one.stated)
            self._base.execute("INSERT OR REPLACE INTO cluster VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
            self.add_citations((one.id, written) for written in one.citations)
            if one.court_id and one.court:
                self.add_courts([(one.court_id, one.court)])

    def add_citations(self, rows: Iterable[tuple[int, str]]) -> None:
        """Adds citations by which a case is cited."""
        self._base.executemany("INSERT OR IGNORE INTO citation VALUES (?, ?)", rows)

    def add_texts(self, texts: Iterable[Text]) -> None:
        """Adds opinions."""
        self._base.executemany(
            "INSERT OR REPLACE INTO opinion VALUES (?, ?, ?, ?, ?)",
            ((one.id, one.cluster, one.kind, one.author, zlib.compress(one.body.encode(), 1)) for one in texts),
        )

    def add_edges(self, rows: Iterable[tuple[int, int]]) -> None:
        """Adds that an opinion (first) cites another."""
        self._base.executemany("INSERT OR IGNORE INTO edge VALUES (?, ?)", rows)

    def add_sayings(self, rows: Iterable[tuple[int, int, str]]) -> None:
        """Adds what an opinion (first) says of another in a parenthesis."""
        self._base.executemany("INSERT INTO saying VALUES (?, ?, ?)", rows)

    def clusters(self) -> Iterator[Cluster]:
        """Returns every case, by id."""
        query = (
            "SELECT c.id, c.name, c.filed, c.syllabus, c.number, c.stated, coalesce(nullif(c.court, ''), d.court, ''),"
            " coalesce(nullif(c.number, ''), d.number, '') FROM cluster c LEFT JOIN docket d ON d.id = c.docket"
            " ORDER BY c.id"
        )
        for number, name, filed, syllabus, _, stated, court, docket in self._base.execute(query):
            yield Cluster(
                number,
                name,
                filed,
                court_id=court,
                court=self._name_of(court),
                number=docket,
                syllabus=syllabus,
                citations=self._citations_of(number),
                stated=bool(stated),
            )

    def texts(self, cluster: int) -> tuple[Text, ...]:
        """Returns the opinions of a case, the lead opinion first."""
        query = "SELECT id, kind, author, body FROM opinion WHERE cluster = ? ORDER BY kind, id"
        return tuple(
            Text(number, cluster, kind, author, zlib.decompress(body).decode())
            for number, kind, author, body in self._base.execute(query, (cluster,))
        )

    def edges(self, opinion: int) -> Iterator[Edge]:
        """Returns what an opinion cites, with what it says of each."""
        query = (
            "SELECT e.cited, coalesce(o.cluster, 0) FROM (SELECT cited FROM edge WHERE citing = ?1 UNION "
            "SELECT cited FROM saying WHERE citing = ?1) e LEFT JOIN opinion o ON o.id = e.cited ORDER BY e.cited"
        )
        for cited, cluster in self._base.execute(query, (opinion,)):
            sayings = self._base.execute("SELECT text FROM saying WHERE citing = ? AND cited = ?", (opinion, cited))
            written = self._citations_of(cluster)
            yield Edge(cited, cluster, written[0] if written else "", tuple(text for (text,) in sayings))

    def homeless(self) -> int:
        """Returns how many opinions have no case here."""
        query = "SELECT count(*) FROM opinion WHERE cluster NOT IN (SELECT id FROM cluster)"
        count: int = self._base.execute(query).fetchone()[0]
        return count

    def _name_of(self, court: str) -> str:
        found = self._base.execute("SELECT name FROM court WHERE id = ?", (court,)).fetchone()
        return str(found[0]) if found else court

    def _citations_of(self, cluster: int) -> tuple[str, ...]:
        query = "SELECT written FROM citation WHERE cluster = ? ORDER BY written"
        return tuple(written for (written,) in self._base.execute(query, (cluster,)))


@contextmanager
def open_shelf() -> Iterator[Shelf]:
    """Gives an empty shelf; its file is deleted afterwards."""
    with (
        TemporaryDirectory(prefix="metier-legal-") as folder,
        closing(sqlite3.connect(Path(folder) / "shelf.sqlite3", isolation_level=None)) as base,
    ):
        # Nothing here outlives the import, so the disk need not be waited for.
        base.execute("PRAGMA journal_mode = OFF")
        base.execute("PRAGMA synchronous = OFF")
        base.executescript(_TABLES)
        base.execute("BEGIN")
        yield Shelf(base)


def number_of(fields: Mapping[str, object], name: str) -> int:
    """Returns a field that is a number, or the number at the end of an address (".../clusters/108713/"); else 0."""
    value = fields.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return value if 0 < value < 1 << 62 else 0
    if isinstance(value, str):
        tail = value.rstrip("/").rpartition("/")[2]
        return int(tail) if tail.isascii() and tail.isdigit() and len(tail) < 19 else 0
    return 0
