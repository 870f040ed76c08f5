"""References of cases that were resolved by nobody, held against what the corpus has now."""

import sqlite3
from typing import Final

from metier_legal.citations.citation import LawCitation
from metier_legal.corpus.connections import Lent
from metier_legal.corpus.resolution import resolve
from metier_legal.corpus.rows import load_citation
from metier_legal.corpus.store import StoredCorpus

MOST_KNOWN: Final = 50_000
_CANDIDATES: Final = """
insert into relinked
  select r.num from refs r join cases c on c.num = r.case_num
  where c.source = ? and r.cited = '' and r.citation <> ''
  union select k.ref from ref_keys k join touched t on t.key = k.key
"""


def touch(connection: sqlite3.Connection, source: int) -> None:
    """Notes the names and numbers of a source: what cites by them is to be looked at by `relink`."""
    connection.execute("create temp table if not exists touched (key text primary key) without rowid")
    connection.execute(
        "insert or ignore into touched select 'w ' || n.key from names n join work_rows w on w.id = n.work "
        "where w.source = ?",
        (source,),
    )
    connection.execute(
        "insert or ignore into touched select k.key from case_keys k join cases c on c.num = k.case_num "
        "where c.source = ?",
        (source,),
    )


def relink(connection: sqlite3.Connection, source: int) -> None:
    """Resolves anew what the cases of `source` cite, and whatever cites by a name that was touched."""
    connection.execute("create temp table relinked (ref integer primary key)")
    connection.execute(_CANDIDATES, (source,))
    connection.execute("delete from targets where ref in (select ref from relinked)")
    reader = connection.execute(
        "select r.num, r.citation, c.jurisdiction from relinked l join refs r on r.num = l.ref "
        "join cases c on c.num = r.case_num where r.citation <> '' and r.cited = ''"
    )
    linker = _Linker(StoredCorpus(Lent(connection)))
    for ref, kept, jurisdiction in reader:
        rows = ((ref, seq, target) for seq, target in enumerate(linker.targets(kept, jurisdiction)))
        connection.executemany("insert into targets values (?, ?, ?)", rows)
    connection.execute("drop table relinked")
    connection.execute("drop table if exists touched")


def link_stated(connection: sqlite3.Connection, source: int) -> None:
    """Takes over what a source itself has resolved."""
    connection.execute(
        "insert into targets select r.num, 0, r.cited from refs r join cases c on c.num = r.case_num "
        "where c.source = ? and r.cited <> ''",
        (source,),
    )


class _Linker:
    """Resolves citations, each law and pin, and each case, once."""

    def __init__(self, corpus: StoredCorpus) -> None:
        self._corpus = corpus
        self._known: dict[tuple[object, ...], tuple[str, ...]] = {}

    def targets(self, kept: str, jurisdiction: str) -> tuple[str, ...]:
        """Returns what a citation certainly means; nothing when it may be several things."""
        citation = load_citation(kept)
        key: tuple[object, ...] = (kept, jurisdiction)
        if isinstance(citation, LawCitation):
            key = (citation.style, citation.law, citation.pins, jurisdiction)
        if key not in self._known:
            resolution = resolve(citation, self._corpus, jurisdiction=jurisdiction)
            found = resolution.targets if resolution.state == "FOUND" else ()
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[key] = tuple(dict.fromkeys(target.key for target in found))
        return self._known[key]
