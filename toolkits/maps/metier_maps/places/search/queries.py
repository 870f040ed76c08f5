"""SQL for the tables of `places.schema`: every value is bound, none is pasted. Pure."""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from metier_maps.places.categories import Wanted
from metier_maps.places.gazetteer import Box
from metier_maps.places.search.names import grams_of, has_cjk, words_of

Query: TypeAlias = tuple[str, tuple[Any, ...]]

MOST_NAMES: Final = 400
MOST_ALIKE: Final = 200
_NAMES: Final = (
    "SELECT places.num, lat, lon, weight, names.text, names.folded"
    " FROM {source} JOIN places ON places.num = names.place WHERE {condition}"
)


@dataclass(frozen=True, slots=True)
class Filter:
    """What a place must be (category, what is known of it) and the boxes that it must lie in, all of them."""

    wanted: Wanted
    boxes: tuple[Box, ...]

    def over(self, query: str) -> Query:
        """Returns the query with the conditions of the filter appended."""
        conditions: list[str] = []
        values: list[Any] = []
        if self.wanted.category:
            conditions.append("places.num IN (SELECT num FROM kinds WHERE word = ?)")
            values.append(self.wanted.category)
        for box in self.boxes:
            condition, bounds = _inside(box)
            conditions.append(condition)
            values += bounds
        conditions += [clause for asked, clause in self._known() if asked]
        return "".join((query, *(f" AND {condition}" for condition in conditions))), tuple(values)

    def _known(self) -> tuple[tuple[bool, str], ...]:
        wanted = self.wanted
        return (wanted.dogs, "dogs = 'yes'"), (wanted.wheelchair, "wheelchair = 'yes'"), (wanted.free, "fee = 'no'")


def exact_query(folded: str, filtered: Filter) -> Query:
    """Returns the query for names that are equal."""
    query, values = filtered.over(_NAMES.format(source="names", condition="names.folded = ?"))
    return query, (folded, *values)


def words_query(folded: str, filtered: Filter) -> Query:
    """Returns the query for names that hold all words, the last one as a beginning; for CJK, all pairs."""
    if has_cjk(folded):
        return _cjk_query(folded, filtered)
    *whole, last = words_of(folded)
    match = " AND ".join((*(_quoted(word) for word in whole), f"{_quoted(last)}*"))
    source = "name_words JOIN names ON names.num = name_words.rowid"
    query, values = filtered.over(_NAMES.format(source=source, condition="name_words MATCH ?"))
    return f"{query} ORDER BY weight DESC, names.num LIMIT {MOST_NAMES}", (match, *values)


def grams_query(folded: str, filtered: Filter) -> Query:
    """Returns the query for names that share pieces with what was typed, those that share most first."""
    return _sharing(grams_of(folded), 1, filtered, MOST_ALIKE)


def _cjk_query(folded: str, filtered: Filter) -> Query:
    pieces = tuple(piece for piece in grams_of(folded) if not (has_cjk(piece) and piece.endswith("_")))
    if pieces:
        return _sharing(pieces, len(pieces), filtered, MOST_NAMES)
    # one character: as the first of a pair, or as the last of a name
    source = "(SELECT DISTINCT name FROM grams WHERE gram >= ? AND gram < ?) JOIN names ON names.num = name"
    query, values = filtered.over(_NAMES.format(source=source, condition="1"))
    return f"{query} ORDER BY weight DESC, names.num LIMIT {MOST_NAMES}", (folded, chr(ord(folded[-1]) + 1), *values)


def _sharing(pieces: tuple[str, ...], fewest: int, filtered: Filter, limit: int) -> Query:
    marks = ", ".join("?" * len(pieces))
    shared = f"SELECT name, COUNT(*) AS shared FROM grams WHERE gram IN ({marks}) GROUP BY name HAVING shared >= ?"
    query, values = filtered.over(_NAMES.format(source=f"({shared}) JOIN names ON names.num = name", condition="1"))
    return f"{query} ORDER BY shared DESC, LENGTH(folded), names.num LIMIT {limit}", (*pieces, fewest, *values)


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'


def _inside(box: Box) -> tuple[str, list[float]]:
    # the tree keeps 32-bit numbers rounded outwards: it finds too much, the exact columns decide
    tree = "places.num IN (SELECT num FROM boxes WHERE south <= ? AND north >= ? AND {east_west})"
    between = "west <= ? AND east >= ?" if box.west <= box.east else "(west <= ? OR east >= ?)"
    exact = "lon BETWEEN ? AND ?" if box.west <= box.east else "(lon >= ? OR lon <= ?)"
    condition = f"{tree.format(east_west=between)} AND lat BETWEEN ? AND ? AND {exact}"
    return condition, [box.north, box.south, box.east, box.west, box.south, box.north, box.west, box.east]
