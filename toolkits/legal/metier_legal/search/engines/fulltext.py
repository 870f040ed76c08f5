"""The engine that needs no engine: SQLite's FTS5, one table of terms for each language.

The same terms, conditions and lessons as the usual engine. It is slower, because it scores every entry that has any of
the terms, and larger.
"""

import json
import re
import sqlite3
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any, Final

from metier.errors import StorageError
from metier_legal.search.analysis import are_lone, query_terms, term_list, writable
from metier_legal.search.backend import Entry, Explanation, Filters, Found, Hit
from metier_legal.search.engines.conditions import Same, conditions_of, day_numbers
from metier_legal.search.engines.merging import merge_hits
from metier_legal.search.learning.memory import Asked, Memory, Recall

MOST_TERMS: Final = 64
_LANGUAGE: Final = re.compile(r"[a-z]{2,8}")
_OTHER: Final = "other"
_SCHEMA: Final = """
create table if not exists entries (
  num integer primary key, id text not null unique, grp text not null, kind text not null, jurisdiction text not null,
  language text not null, work text not null, court text not null, status text not null, source text not null,
  shelf text not null, level integer not null, decided integer not null, begin integer not null,
  finish integer not null, questions text not null
) strict;
create index if not exists entries_grp on entries (grp);
create index if not exists entries_source on entries (source);
create table if not exists cited (
  num integer not null, target text not null, primary key (num, target)
) strict, without rowid;
"""
_SHELF: Final = """
create virtual table if not exists words_{shelf} using fts5(terms, tokenize = 'ascii');
create virtual table if not exists vocabulary_{shelf} using fts5vocab(words_{shelf}, row);
"""
_FIND: Final = """
with groups(name, part) as (select key, value from json_each(:groups)),
works(name, part) as (select key, value from json_each(:works)),
finds(num, part) as (
  select rowid, -bm25({words}) from {words} where {words} match :terms
  union all select e.num, g.part from groups g join entries e on e.grp = g.name where e.shelf = :shelf
),
scored(num, score) as (select num, sum(part) from finds group by num)
select e.id, e.grp, max(s.score + coalesce(w.part, 0)) as best
from scored s join entries e on e.num = s.num left join works w on w.name = e.work
where {demands} group by e.grp order by best desc, e.id limit :most
"""
_COLUMN: Final = {"group": "e.grp", "end": "e.finish"}


class FullText:
    """A SearchBackend (see there) in one SQLite file. Threads may share it; processes take turns in writing.

    Raises StorageError for a file that cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = RLock()
        self._shelves: tuple[str, ...] = ()
        with self._blaming():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
            weakref.finalize(self, self._connection.close)
            self._connection.execute("pragma journal_mode = wal")
            self._connection.executescript(_SCHEMA)
            self._refresh()

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    def index(self, entries: Iterable[Entry]) -> int:
        """Returns how many entries were added or replaced; all of them are visible when it returns, or none."""
        count = 0
        with self._changing():
            for entry in entries:
                self._remove("id", entry.id)
                self._add(entry)
                count += 1
        return count

    def search(self, query: str, *, filters: Filters, limit: int) -> Found:
        """Returns at most `limit` hits, one per group, best first."""
        try:
            with self._lock:
                recall = self._memory.recall(query)
                found = [hit for shelf in self._shelves for hit in self._find(shelf, query, filters, recall, limit)]
        except sqlite3.Error as error:
            return Found("UNAVAILABLE", reason=f"The index cannot be read: {error}.")
        return merge_hits(found, limit)

    def delete(self, sources: Sequence[str]) -> int:
        """Returns how many entries of these sources were removed."""
        with self._changing():
            return sum(self._remove("source", source) for source in dict.fromkeys(sources))

    def explain(self, query: str, entry_id: str, *, filters: Filters) -> Explanation | None:
        """Returns why the entry is found for the query, or None when it is not."""
        with self._lock, self._blaming():
            row = self._connection.execute(
                "select num, shelf, grp, work from entries where id = ?", (writable(entry_id),)
            ).fetchone()
            if row is None:
                return None
            num, shelf, group, work = row
            recall = self._memory.recall(query)
            if not self._find(shelf, query, filters, recall, 1, only=num):
                return None
            parts = [
                (term, "words", float(part))
                for term in self._known(shelf, query)
                for (part,) in self._connection.execute(
                    f"select -bm25(words_{shelf}) from words_{shelf} where words_{shelf} match ? and rowid = ?",
                    (f'"{term}"', num),
                )
            ]
        parts += [(group, "question", recall.groups[group])] if group in recall.groups else []
        parts += [(work, "law", recall.works[work])] if work in recall.works else []
        return Explanation(entry_id, sum(part for _, _, part in parts), tuple(parts))

    def _find(
        self, shelf: str, query: str, filters: Filters, recall: Recall, limit: int, *, only: int | None = None
    ) -> list[Hit]:
        demands, values = _demands(filters)
        if only is not None:
            demands, values = [*demands, "e.num = :only"], {**values, "only": only}
        terms = self._known(shelf, query)
        if not terms and not recall.groups:
            return []
        named = {
            "groups": json.dumps(dict(recall.groups)),
            "works": json.dumps(dict(recall.works)),
            "terms": " OR ".join(f'"{term}"' for term in terms) or '""',
            "shelf": shelf,
            "most": max(0, limit),
        }
        statement = _FIND.format(words=f"words_{shelf}", demands=" and ".join(demands) or "1")
        return [Hit(*row) for row in self._connection.execute(statement, named | values)]

    def _known(self, shelf: str, query: str) -> list[str]:
        """Returns the rarest MOST_TERMS of the query's terms that there are."""
        language = "" if shelf == _OTHER else shelf
        asked = query_terms(query, language)
        wanted = "term = ?1"
        if are_lone(asked):  # such a character stands for the commonest pairs that begin with it
            wanted = f"term >= ?1 and term < ?1 || '\U0010ffff' order by doc desc limit {MOST_TERMS}"
        statement = f"select doc, term from vocabulary_{shelf} where {wanted}"
        counts = [row for term in asked for row in self._connection.execute(statement, (term,))]
        return [term for _, term in sorted(counts, key=lambda item: item[0])[:MOST_TERMS]]

    def _add(self, entry: Entry) -> None:
        shelf = entry.language if _LANGUAGE.fullmatch(entry.language) else _OTHER
        if shelf not in self._shelves:
            for statement in _SHELF.format(shelf=shelf).split(";"):
                self._connection.execute(statement)
            self._shelves = (*self._shelves, shelf)
        named = ("id", "group", "kind", "jurisdiction", "language", "work", "court", "status", "source")
        days = day_numbers(entry)
        num = self._connection.execute(
            f"insert into entries values (null, {', '.join('?' * 15)})",
            (
                *(writable(getattr(entry, name)) for name in named),
                shelf,
                entry.level,
                *(days[name] for name in ("decided", "begin", "end")),
                json.dumps(entry.questions) if entry.questions else "",
            ),
        ).lastrowid
        terms = " ".join(term_list(f"{entry.title}\n{entry.text}", "" if shelf == _OTHER else shelf))
        self._connection.execute(f"insert into words_{shelf} (rowid, terms) values (?, ?)", (num, terms))
        cited = [(num, writable(target)) for target in dict.fromkeys(entry.cited)]
        self._connection.executemany("insert into cited values (?, ?)", cited)

    def _remove(self, column: str, value: str) -> int:
        rows = self._connection.execute(
            f"select num, shelf from entries where {column} = ?", (writable(value),)
        ).fetchall()
        for num, shelf in rows:
            self._connection.execute(f"delete from words_{shelf} where rowid = ?", (num,))
            self._connection.execute("delete from cited where num = ?", (num,))
            self._connection.execute("delete from entries where num = ?", (num,))
        return len(rows)

    def _refresh(self) -> None:
        tables = self._connection.execute("select name from sqlite_schema where name glob 'vocabulary_*' order by 1")
        self._shelves = tuple(name.removeprefix("vocabulary_") for (name,) in tables)
        lessons = self._connection.execute("select questions, language, grp, work from entries where questions <> ''")
        self._memory = Memory(
            Asked(question, language, group, work)
            for questions, language, group, work in lessons
            for question in json.loads(questions)
        )

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Makes all the changes of the block, or none."""
        with self._lock, self._blaming():
            self._connection.execute("begin immediate")
            try:
                yield
                self._connection.execute("commit")
                self._connection.execute("pragma wal_checkpoint(truncate)")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")
                self._refresh()

    @contextmanager
    def _blaming(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StorageError(
                f"The search index {self._path} cannot be used: {error}.", hint="Remove the file: it is made again."
            ) from error


def _demands(filters: Filters) -> tuple[list[str], dict[str, Any]]:
    """Returns the conditions in SQL, and their values by name."""
    demands: list[str] = []
    values: dict[str, Any] = {}
    for place, one in enumerate(conditions_of(filters)):
        column = _COLUMN.get(one.field, f"e.{one.field}")
        if not isinstance(one, Same):
            demands.append(f"{column} between :low{place} and :high{place}")
            values |= {f"low{place}": one.low, f"high{place}": one.high}
        elif one.field == "cited":
            demands.append(f"exists (select 1 from cited c where c.num = e.num and c.target = :same{place})")
            values[f"same{place}"] = writable(one.value)
        else:
            demands.append(f"{column} = :same{place}")
            values[f"same{place}"] = writable(one.value)
    return demands, values
