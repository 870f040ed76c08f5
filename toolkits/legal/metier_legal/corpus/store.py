"""The store of truth: works with their versions, cases with their paragraphs, and who cites what, in SQLite."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final, Literal

from metier.toolkit import Settings
from metier_legal.citations.citation import CaseCitation
from metier_legal.corpus.connections import Lender, open_connections
from metier_legal.corpus.corpus import Mention, Source
from metier_legal.corpus.history import Row, arrange, choose, order_numbers
from metier_legal.corpus.keys import citation_keys, name_keys, normal_text
from metier_legal.corpus.rows import (
    MENTION,
    PARAGRAPH,
    PROVISION,
    REFERENCE,
    mention_of,
    paragraph_of,
    provision_row,
    reference_of,
)
from metier_legal.corpus.schema import FILENAME, VERSION
from metier_legal.law.case import Case, Reference
from metier_legal.law.provision import Provision
from metier_legal.law.work import Work

MOST_CASES: Final = 200
_AT_ONCE: Final = 200


def open_corpus(settings: Settings) -> "StoredCorpus":
    """Returns the corpus in the data folder; raises MissingError when there is none yet, StorageError when damaged."""
    return StoredCorpus(open_connections(settings.data / FILENAME))


class StoredCorpus:
    """A Corpus (see there) over corpus.db. Threads may share it; each call reads the state of one moment."""

    def __init__(self, lender: Lender) -> None:
        self._lender = lender

    def snapshot(self) -> str:
        """Returns a digest of what was imported and in which order, the faults of the data aside."""
        rows = self._rows("select content from sources order by num")
        return hashlib.sha256("\n".join([f"corpus {VERSION}", *(row[0] for row in rows)]).encode()).hexdigest()

    def sources(self) -> tuple[Source, ...]:
        """Returns the imports, in the order of their ids."""
        return tuple(Source.model_validate_json(row[0]) for row in self._rows("select body from sources order by id"))

    def jurisdictions(self) -> tuple[str, ...]:
        """Returns the jurisdictions of which there are works or cases, sorted."""
        query = "select jurisdiction from works union select jurisdiction from cases where shadowed = 0 order by 1"
        return tuple(row[0] for row in self._rows(query))

    def works(self, jurisdiction: str = "") -> tuple[Work, ...]:
        """Returns the works, of one jurisdiction or of all, by id."""
        query = "select body from works where ? in ('', jurisdiction) order by id"
        return tuple(Work.model_validate_json(row[0]) for row in self._rows(query, jurisdiction))

    def work(self, work_id: str) -> Work | None:
        """Returns the work of that id, or None."""
        rows = self._rows("select body from works where id = ?", work_id)
        return Work.model_validate_json(rows[0][0]) if rows else None

    def find_works(self, name: str, jurisdiction: str = "") -> tuple[Work, ...]:
        """Returns every work that the name means, by id; as it is written, then without 中华人民共和国."""
        query = (
            "select w.body from names n join works w on w.id = n.work "
            "where n.key = ? and ? in ('', w.jurisdiction) order by w.id"
        )
        for key in name_keys(name):
            if rows := self._rows(query, key, jurisdiction):
                return tuple(Work.model_validate_json(row[0]) for row in rows)
        return ()

    def provision(self, work_id: str, number: str, on: date | None = None) -> Provision | None:
        """Returns the version that is law on `on` (the newest when None), or None; see `history.choose`."""
        return choose(self.versions(work_id, number), on)

    def versions(self, work_id: str, number: str) -> tuple[Provision, ...]:
        """Returns every version of a provision, oldest first; see `history.arrange`."""
        with self._lender.borrowed() as connection:
            rows = _version_rows(connection, work_id, (number,))
            return arrange(rows.get(number, ()), _editions(connection, work_id))

    def histories(self, work_id: str) -> Iterator[tuple[Provision, ...]]:
        """Returns the versions of each provision of a work, in the work's own order: `versions` for all numbers."""
        numbers = self.numbers(work_id)
        for place in range(0, len(numbers), _AT_ONCE):
            some = numbers[place : place + _AT_ONCE]
            with self._lender.borrowed() as connection:
                rows = _version_rows(connection, work_id, some)
                editions = _editions(connection, work_id)
            for number in some:
                yield arrange(rows.get(number, ()), editions)

    def numbers(self, work_id: str) -> tuple[str, ...]:
        """Returns the numbers of a work's provisions: in the order of its newest publication, others where they fit."""
        with self._lender.borrowed() as connection:
            rows = connection.execute(
                "select number, source, coalesce(valid_from, observed, '') from provisions where work = ? "
                "order by source, seq",
                (work_id,),
            ).fetchall()
            newest = connection.execute(
                "select source, begin from editions where work = ? order by begin desc, source desc limit 1", (work_id,)
            ).fetchone()
        editions = {(source, begin) for _, source, begin in rows}
        whole = newest or (next(iter(editions)) if len(editions) == 1 else None)
        printed = [number for number, source, begin in rows if (source, begin) == whole]
        return order_numbers((row[0] for row in rows), printed)

    def newest(self, work_id: str) -> tuple[date | None, date | None]:
        """Returns the day of the newest publication of a work, and from when its newest version is law, as told."""
        query = "select max(observed), max(valid_from) from provisions where work = ?"
        observed, begun = (date.fromisoformat(day) if day else None for day in self._rows(query, work_id)[0])
        return observed, begun

    def case(self, case_id: str) -> Case | None:
        """Returns the case of that id, or None."""
        with self._lender.borrowed() as connection:
            row = connection.execute("select num, body from cases where id = ? and shadowed = 0", (case_id,)).fetchone()
            return None if row is None else _load_case(connection, *row)

    def case_ids(self, source: str = "") -> Iterator[str]:
        """Returns the ids of the cases, sorted: all, or those that came from the source of that id."""
        query = (
            "select c.id from cases c join sources s on s.num = c.source "
            "where c.shadowed = 0 and c.id > ? and ? in ('', s.id) order by c.id limit 500"
        )
        last = ""
        while rows := self._rows(query, last, source):
            yield from (row[0] for row in rows)
            last = rows[-1][0]

    def find_cases(self, citation: CaseCitation) -> tuple[Case, ...]:
        """Returns every case that the citation can mean, by id, at most MOST_CASES.

        The identifiers count, and the name only where there are none; court and year are not looked at.
        """
        keys = citation_keys(citation)
        marks = ", ".join("?" * len(keys))
        query = (
            "select distinct c.id, c.num, c.body from case_keys k join cases c on c.num = k.case_num "
            f"where k.key in ({marks}) and c.shadowed = 0 order by c.id limit {MOST_CASES}"
        )
        with self._lender.borrowed() as connection:
            rows = connection.execute(query, keys).fetchall() if keys else []
            return tuple(_load_case(connection, num, body) for _, num, body in rows)

    def cited_by(self, target: str) -> tuple[Mention, ...]:
        """Returns who cites a case (its id), a provision ("work#number") or a work (its id), the newest first."""
        query = (
            f"select {MENTION} from targets t join refs r on r.num = t.ref join cases c on c.num = r.case_num "
            "where t.target = ? and c.shadowed = 0 order by c.decided desc nulls last, c.id, r.seq"
        )
        return tuple(mention_of(row) for row in self._rows(query, target))

    def cites(self, case_id: str) -> tuple[Reference, ...]:
        """Returns what a case cites, in its own order; a range of provisions gives one reference for each."""
        with self._lender.borrowed() as connection:
            row = connection.execute("select num from cases where id = ? and shadowed = 0", (case_id,)).fetchone()
            return () if row is None else _references(connection, row[0])

    def courts(self, jurisdiction: str) -> tuple[tuple[int, str], ...]:
        """Returns level and name of the courts of which there are cases, the highest first."""
        query = (
            "select distinct level, court from cases where jurisdiction = ? and shadowed = 0 order by level desc, court"
        )
        return tuple((row[0], row[1]) for row in self._rows(query, jurisdiction))

    def covers(self, jurisdiction: str, court: str = "") -> Literal["complete", "partial", "none"]:
        """Returns whether every decision of a court (every work of a jurisdiction when "") is said to be here."""
        stated = "select 1 from coverage where jurisdiction = ? and court = ? and complete = 1"
        if self._rows(stated, jurisdiction, court):
            return "complete"
        some = "select 1 from works where jurisdiction = ? and ? = '' limit 1"
        if court:
            some = "select 1 from cases where jurisdiction = ? and court = ? and shadowed = 0 limit 1"
        return "partial" if self._rows(some, jurisdiction, court) else "none"

    def origin(self, target: str) -> str:
        """Returns the name of the source that a provision ("work#number") or case came from, or ""."""
        work, mark, number = target.partition("#")
        query = "select s.body from cases c join sources s on s.num = c.source where c.id = ? and c.shadowed = 0"
        if mark:
            query = (
                "select s.body from provisions p join sources s on s.num = p.source where p.work = ? and p.number = ? "
                "order by coalesce(p.valid_from, p.observed, '') desc, p.source desc limit 1"
            )
        rows = self._rows(query, *((work, number) if mark else (target,)))
        return Source.model_validate_json(rows[0][0]).name if rows else ""

    def find_text(self, wording: str, *, limit: int = 20) -> tuple[str, ...]:
        """Returns the provisions ("work#number") with a version that has these words, white space and width aside."""
        query = (
            "select distinct p.work || '#' || p.number from texts t join provisions p on p.text = t.num "
            "where instr(coalesce(t.normal, t.text), ?) limit ?"
        )
        wanted = normal_text(wording)
        return tuple(row[0] for row in self._rows(query, wanted, limit)) if wanted else ()

    def counts(self) -> dict[str, int]:
        """Returns how much there is: works, provisions, versions, cases, paragraphs, references, resolved.

        The same text with the same begin is one version, however many sources have it.
        """
        queries = {
            "works": "select count(*) from works",
            "provisions": "select count(*) from (select distinct work, number from provisions)",
            "versions": "select count(*) from (select distinct work, number, text, valid_from from provisions)",
            "cases": "select count(*) from cases where shadowed = 0",
            "paragraphs": "select count(*) from paragraphs",
            "references": "select count(*) from refs",
            "resolved": "select count(distinct ref) from targets",
        }
        with self._lender.borrowed() as connection:
            return {name: connection.execute(query).fetchone()[0] for name, query in queries.items()}

    def _rows(self, query: str, *values: str | int) -> list[Any]:
        with self._lender.borrowed() as connection:
            return connection.execute(query, values).fetchall()


def _version_rows(connection: sqlite3.Connection, work: str, numbers: Sequence[str]) -> dict[str, list[Row]]:
    marks = ", ".join("?" * len(numbers))
    query = (
        f"select {PROVISION} from provisions p join texts t on t.num = p.text "
        f"where p.work = ? and p.number in ({marks}) order by p.source, p.seq"
    )
    found: dict[str, list[Row]] = {}
    for values in connection.execute(query, (work, *numbers)):
        row = provision_row(values)
        found.setdefault(row.provision.number, []).append(row)
    return found


def _editions(connection: sqlite3.Connection, work: str) -> list[date]:
    rows: Iterable[tuple[str]] = connection.execute(
        "select distinct begin from editions where work = ? order by begin", (work,)
    )
    return [date.fromisoformat(row[0]) for row in rows]


def _load_case(connection: sqlite3.Connection, num: int, body: str) -> Case:
    paragraphs = connection.execute(f"select {PARAGRAPH} from paragraphs where case_num = ? order by seq", (num,))
    case = Case.model_validate_json(body)
    return case.model_copy(
        update={
            "paragraphs": tuple(paragraph_of(row) for row in paragraphs),
            "references": _references(connection, num),
        }
    )


def _references(connection: sqlite3.Connection, num: int) -> tuple[Reference, ...]:
    query = (
        f"select {REFERENCE} from refs r left join targets t on t.ref = r.num "
        "where r.case_num = ? order by r.seq, t.seq"
    )
    return tuple(reference_of(row) for row in connection.execute(query, (num,)))
