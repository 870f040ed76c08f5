"""Which pages of a wiki answer a query best.

BM25 (FTS5's, k1 1.2, b 0.75) over title, other names and text. A page whose title stands in the query counts for more,
by the share of the query that its title is: without that a long article loses to the stubs that name its subject.
"""

import json
import math
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from metier_research.wiki.search.terms import Word, fold, names_in, words_of

MOST_HITS: Final = 100
BUDGET: Final = 3_000
"""Pages that are scored for a query, about: what bounds its time in a wiki of any size."""

_WEIGHTS: Final = "8.0, 5.0, 1.0"  # of title, other names, text
_CANDIDATES: Final = 60
_MOST_NAMED: Final = 12
_DIGITS: Final = 10

_COUNT: Final = f"select count(*) from (select 1 from words where words match ? limit {BUDGET + 1})"
_BEST: Final = f"""
select rowid, -bm25(words, {_WEIGHTS}) as score from words where words match ? order by score desc, rowid limit ?"""
# the plus sign keeps SQLite from asking for each row anew, which counts the pages of every word anew
_THESE: Final = f"""
select rowid, -bm25(words, {_WEIGHTS}) from words where words match ? and +rowid in (select value from json_each(?))"""
_NAMED: Final = (
    "select folded, place from names where folded in (select value from json_each(?)) order by folded, place"
)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A page found, by its place. `score` compares within a wiki and, roughly, between wikis."""

    place: int
    score: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a wiki makes of a query: its words that occur there, folded, with how much each tells, and the best pages.

    The best come first; equal scores are in the order of the titles.
    """

    weights: Mapping[str, float]
    ranked: tuple[Ranked, ...] = ()


def rank(connection: sqlite3.Connection, query: str, *, pages: int, limit: int) -> Ranking:
    """Returns the ranking of at most `limit` of the wiki's `pages`; raises sqlite3.Error for a damaged file."""
    counts = {word: count for word in words_of(query) if (count := _count(connection, word))}
    weights = {fold(word.text): _tell(count, pages) for word, count in counts.items()}
    most = min(limit, MOST_HITS)
    if not counts or most <= 0:
        return Ranking(weights)
    titles = _titles_in(connection, query, weights)
    scores = _score(connection, counts, titles, most)
    # divided by the logarithm of the number of pages, which bounds what a rare word tells: so wikis compare
    scale = math.log(pages + 2)
    ranked = [
        Ranked(place, round(score * (1 + titles.get(place, 0.0)) / scale, _DIGITS)) for place, score in scores.items()
    ]
    return Ranking(weights, tuple(sorted(ranked, key=lambda found: (-found.score, found.place))[:most]))


def _count(connection: sqlite3.Connection, word: Word) -> int:
    """Returns how many pages have the word, counted up to BUDGET + 1."""
    return int(connection.execute(_COUNT, (word.expression,)).fetchone()[0])


def _tell(count: int, pages: int) -> float:
    return math.log(1 + max(0.0, pages - count + 0.5) / (count + 0.5))


def _titles_in(connection: sqlite3.Connection, query: str, weights: Mapping[str, float]) -> dict[int, float]:
    """Returns the pages whose title stands in the query, with the share of the query that it is, the most first."""
    total = sum(weights.values())
    found: dict[int, float] = {}
    for folded, place in connection.execute(_NAMED, (json.dumps(names_in(query)),)):
        weight = sum(weights.get(word.text, 0.0) for word in words_of(folded))
        found[place] = max(found.get(place, 0.0), min(1.0, weight / total))
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _score(
    connection: sqlite3.Connection, counts: Mapping[Word, int], titles: Iterable[int], most: int
) -> dict[int, float]:
    """Returns the candidates with their BM25: the best by words, and those of the titles."""
    rarest = sorted(counts, key=lambda word: (counts[word], word.text))
    affordable = [
        word for word, spent in zip(rarest, accumulate(counts[w] for w in rarest), strict=True) if spent <= BUDGET
    ]
    # words that are all too common are looked for in titles, and only where that finds nothing the rarest anywhere
    tries = [_any_of(affordable)] if affordable else [f"{{title names}} : ({_any_of(rarest)})", _any_of(rarest[:1])]
    scores: dict[int, float] = {}
    for expression in tries:
        scores = dict(connection.execute(_BEST, (expression, max(most, _CANDIDATES))).fetchall())
        if named := [place for place in titles if place not in scores][:_MOST_NAMED]:
            scores.update(connection.execute(_THESE, (expression, json.dumps(named))).fetchall())
        if scores:
            break
    return scores


def _any_of(words: Iterable[Word]) -> str:
    return " OR ".join(word.expression for word in words)
