"""Which imports are publications of a whole work: a number that is missing in one has ended by then."""

import sqlite3
from datetime import date
from itertools import groupby

from metier_legal.law.work import Work

_ROWS = """
select coalesce(p.valid_from, p.observed) as begin, p.source = :source, p.number, p.text
from provisions p where p.work = :work and begin is not null order by begin, p.source, p.seq
"""


def find_editions(connection: sqlite3.Connection, source: int) -> None:
    """Notes the days of which this source has all of a work that it calls complete.

    A source that has one day only has the whole work of that day. Of several days, one is that of a whole publication
    when it repeats most of the numbers that stood before, some of them unchanged: an amending act alone does not.
    """
    rows = connection.execute("select body from work_rows where source = ? order by id", (source,)).fetchall()
    for (body,) in rows:
        work = Work.model_validate_json(body)
        if work.complete:
            for begin in _whole_days(connection, work.id, source):
                connection.execute("insert into editions values (?, ?, ?)", (work.id, begin.isoformat(), source))


def _whole_days(connection: sqlite3.Connection, work: str, source: int) -> list[date]:
    found: list[date] = []
    standing: dict[str, int] = {}
    own = 0
    rows = connection.execute(_ROWS, {"work": work, "source": source}).fetchall()
    for begin, group in groupby(rows, key=lambda row: row[0]):
        versions = list(group)
        printed = {number: text for _, mine, number, text in versions if mine}
        own += bool(printed)
        if printed and _repeats(printed, standing):
            found.append(date.fromisoformat(begin))
        standing.update((number, text) for _, _, number, text in versions)
    if own == 1:
        return [date.fromisoformat(row[0]) for row in rows if row[1]][:1]
    return found


def _repeats(printed: dict[str, int], standing: dict[str, int]) -> bool:
    repeated = [number for number in printed if number in standing]
    unchanged = sum(printed[number] == standing[number] for number in repeated)
    return 2 * len(repeated) >= len(standing) > 0 and unchanged > 0
