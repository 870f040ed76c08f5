"""A staged source goes into the corpus, and a source out of it, each in one transaction."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import groupby
from typing import Final

from metier_legal.corpus.corpus import Source
from metier_legal.corpus.history import conflicts
from metier_legal.corpus.keys import work_keys
from metier_legal.corpus.rows import PROVISION, merge_works, provision_row
from metier_legal.corpus.schema import SCHEMA, VERSION, create_tables
from metier_legal.corpus.writing.editions import find_editions
from metier_legal.corpus.writing.guarding import transaction
from metier_legal.corpus.writing.linking import link_stated, relink, touch
from metier_legal.corpus.writing.staging import Staging
from metier_legal.law.work import Work

MOST_WARNINGS: Final = 100
_PROVISIONS: Final = """
insert into provisions
  select null, :source, i.seq, i.work, i.number, i.heading, i.path, t.num, i.units, i.valid_from, i.valid_to,
    i.observed, i.status, i.note
  from incoming.provisions i join texts t on t.hash = i.hash order by i.seq
"""
_ORPHANS: Final = "work not in (select id from incoming.works union select id from main.works)"
_COPY: Final = (
    "insert or ignore into texts select null, hash, text, normal from incoming.provisions order by seq",
    _PROVISIONS,
    "update cases set shadowed = 1 where id in (select id from incoming.cases)",
    "insert into cases select num + :cases, :source, id, 0, jurisdiction, court, level, decided, body "
    "from incoming.cases order by num",
    "insert into paragraphs select case_num + :cases, seq, number, text, normal, part, author, page "
    "from incoming.paragraphs order by case_num, seq",
    "insert into case_keys select key, case_num + :cases from incoming.case_keys",
    "insert into refs select num + :refs, case_num + :cases, seq, written, cited, treatment, stated, paragraph, quote, "
    "citation from incoming.refs order by num",
    "insert into ref_keys select key, ref + :refs from incoming.ref_keys",
    "insert into coverage select :source, jurisdiction, court, complete from incoming.coverage",
)
_REMOVE: Final = (
    "create temp table unread as select distinct text from provisions where source = :source",
    "delete from provisions where source = :source",
    "delete from texts where num in (select text from unread where text not in (select text from provisions))",
    "drop table unread",
    "create temp table gone as select num, id from cases where source = :source",
    "create temp table unsaid as select num from refs where case_num in (select num from gone)",
    "delete from targets where ref in (select num from unsaid)",
    "delete from ref_keys where ref in (select num from unsaid)",
    "delete from refs where case_num in (select num from gone)",
    "delete from case_keys where case_num in (select num from gone)",
    "delete from paragraphs where case_num in (select num from gone)",
    "delete from cases where source = :source",
    "update cases set shadowed = 0 where num in "
    "(select max(num) from cases where id in (select id from gone) group by id)",
    "drop table unsaid",
    "drop table gone",
    "delete from coverage where source = :source",
    "delete from editions where source = :source",
    "delete from work_rows where source = :source",
    "delete from sources where num = :source",
)


def merge(connection: sqlite3.Connection, staging: Staging, source: Source, tell: Callable[[float], None]) -> Source:
    """Returns the source as it is kept, after everything that was staged has become visible at once.

    `source` has identity and size; its counts, licence and warnings are filled in here. `tell` gets the share done. The
    tables of a new corpus are made.
    """
    if connection.execute("pragma user_version").fetchone()[0] != VERSION:
        with transaction(connection):
            create_tables(connection, SCHEMA)
    with _attached(connection, staging), transaction(connection):
        num = _insert_source(connection, source, staging.content())
        warnings = _insert_works(connection, num)
        first_case, first_ref = (_last(connection, table) for table in ("cases", "refs"))
        for place, statement in enumerate(_COPY):
            connection.execute(statement, {"source": num, "cases": first_case, "refs": first_ref})
            tell(0.6 * (place + 1) / len(_COPY))
        _renew_works(connection, num)
        find_editions(connection, num)
        touch(connection, num)
        link_stated(connection, num)
        relink(connection, num)
        tell(0.9)
        warnings += _warn(connection, num)
        kept = _filled(connection, source, num, warnings)
        connection.execute("update sources set body = ? where num = ?", (kept.model_dump_json(), num))
    return kept


def remove(connection: sqlite3.Connection, source: str) -> None:
    """Takes the source of that id out of the corpus, with all that only it brought."""
    with transaction(connection):
        (num,) = connection.execute("select num from sources where id = ?", (source,)).fetchone()
        touch(connection, num)
        works = [row[0] for row in connection.execute("select id from work_rows where source = ?", (num,))]
        for statement in _REMOVE:
            connection.execute(statement, {"source": num})
        for work in works:
            _renew_work(connection, work)
        relink(connection, num)


@contextmanager
def _attached(connection: sqlite3.Connection, staging: Staging) -> Iterator[None]:
    connection.execute("attach database ? as incoming", (str(staging.path),))
    try:
        yield
    finally:
        connection.execute("detach database incoming")


def _insert_source(connection: sqlite3.Connection, source: Source, content: str) -> int:
    values = (source.id, source.digest, source.format, content, source.model_dump_json())
    return int(connection.execute("insert into sources values (null, ?, ?, ?, ?, ?)", values).lastrowid or 0)


def _insert_works(connection: sqlite3.Connection, num: int) -> list[str]:
    """Returns a warning for provisions of works that nobody has told of; they are left out."""
    rows = connection.execute("select id, body from incoming.works order by id, seq").fetchall()
    for work_id, group in groupby(rows, key=lambda row: row[0]):
        work = merge_works([Work.model_validate_json(row[1]) for row in group])
        connection.execute("insert into work_rows values (?, ?, ?)", (work_id, num, work.model_dump_json()))
    orphans = connection.execute(
        f"select work, count(*) from incoming.provisions where {_ORPHANS} group by work order by work"
    ).fetchall()
    connection.execute(f"delete from incoming.provisions where {_ORPHANS}")
    return [f"{count} provision(s) of {work}, of which nothing else is told, were left out." for work, count in orphans]


def _last(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f"select coalesce(max(num), 0) from {table}").fetchone()[0])


def _renew_works(connection: sqlite3.Connection, num: int) -> None:
    rows = connection.execute("select id from work_rows where source = ? order by id", (num,)).fetchall()
    for (work,) in rows:
        _renew_work(connection, work)


def _renew_work(connection: sqlite3.Connection, work_id: str) -> None:
    """Writes what all sources together say of a work, and its names."""
    connection.execute("delete from names where work = ?", (work_id,))
    connection.execute("delete from works where id = ?", (work_id,))
    rows = connection.execute("select body from work_rows where id = ? order by source", (work_id,)).fetchall()
    if not rows:
        return
    work = merge_works([Work.model_validate_json(row[0]) for row in rows])
    connection.execute("insert into works values (?, ?, ?)", (work_id, work.jurisdiction, work.model_dump_json()))
    connection.executemany("insert into names values (?, ?)", ((key, work_id) for key in work_keys(work)))


def _warn(connection: sqlite3.Connection, num: int) -> list[str]:
    """Returns what contradicts itself in the provisions of which this source has a version."""
    query = f"""
        select {PROVISION} from provisions p join texts t on t.num = p.text where (p.work, p.number) in (
          select work, number from provisions where (work, number) in
            (select work, number from provisions where source = ?)
          group by work, number having count(*) > 1 or max(valid_to < coalesce(valid_from, observed)) = 1
        ) order by p.work, p.number
    """
    found: list[str] = []
    rows = map(provision_row, connection.execute(query, (num,)))
    for _, group in groupby(rows, key=lambda row: (row.provision.work, row.provision.number)):
        found += conflicts(list(group))
    return found


def _filled(connection: sqlite3.Connection, source: Source, num: int, warnings: list[str]) -> Source:
    def count(query: str) -> int:
        return int(connection.execute(query, (num,)).fetchone()[0])

    faults = [row[0] for row in connection.execute("select body from incoming.faults order by seq")]
    told = [*faults, *warnings]
    if len(told) > MOST_WARNINGS:
        told = [*told[:MOST_WARNINGS], f"... and {len(told) - MOST_WARNINGS} more."]
    courts = connection.execute(
        "select jurisdiction || '/' || court from coverage where source = ? and complete = 1 and court <> '' "
        "order by 1",
        (num,),
    )
    return source.model_copy(
        update={
            "added": datetime.now(UTC).isoformat(timespec="seconds"),
            "works": count("select count(*) from work_rows where source = ?"),
            "provisions": count("select count(*) from provisions where source = ?"),
            "cases": count("select count(*) from cases where source = ?"),
            "licence": _licence(connection, num),
            "complete_courts": tuple(row[0] for row in courts),
            "warnings": tuple(told),
        }
    )


def _licence(connection: sqlite3.Connection, num: int) -> str:
    rows = connection.execute(
        "select distinct json_extract(body, '$.licence') from work_rows where source = :num "
        "union select distinct json_extract(body, '$.licence') from cases where source = :num",
        {"num": num},
    )
    return "; ".join(sorted(row[0] for row in rows if row[0]))
