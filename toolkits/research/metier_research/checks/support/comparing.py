"""Whether a comparison goes the way that the compared numbers go. Pure."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from metier_research.checks.reading import Exhibit
from metier_research.language.amounts import ORDINAL, Amount, find_amounts
from metier_research.language.dates import find_days
from metier_research.language.names import Known, find_names

_MORE_WORDS: Final = (
    "larger bigger longer higher taller greater heavier faster deeper wider more warmer richer costlier"
)
_LESS_WORDS: Final = "smaller shorter lower lighter slower shallower narrower fewer less colder poorer cheaper"
_MORE: Final = frozenset(_MORE_WORDS.split())
_LESS: Final = frozenset(_LESS_WORDS.split())
_BEFORE: Final = frozenset(("older", "earlier", "sooner"))
_AFTER: Final = frozenset(("younger", "later", "newer"))
_COMPARISON: Final = re.compile(
    rf"\b(?P<word>{'|'.join(sorted(_MORE | _LESS | _BEFORE | _AFTER))})\b(?P<between>[^.;]{{0,60}}?)\bthan\b",
    re.IGNORECASE,
)


def find_turned_comparison(statement: str, exhibits: Sequence[Exhibit]) -> str:
    """Returns how the compared numbers go the other way than the statement says, or "" where they cannot be told.

    The numbers are those that the statement gives on both sides of "than", else those quoted for the two names.
    """
    match = _COMPARISON.search(statement)
    if match is None or re.search(r"\b(?:not|no|never)\b|n['’]t\b", statement[: match.start()]):
        return ""
    sides = statement[: match.start()], statement[match.end() :]
    word = match["word"].lower()
    values = _stated(word, *sides) or _quoted(word, sides, exhibits)
    if values is None or _goes(word, *values):
        return ""
    return f"“{word}” turns the numbers round: {values[0]:f} against {values[1]:f}"


def _stated(word: str, one: str, other: str) -> tuple[Decimal, Decimal] | None:
    first, second = _values(word, one), _values(word, other)
    pairs = [(a, b) for a in first for b in second if a[0] == b[0]]
    return (pairs[-1][0][1], pairs[-1][1][1]) if len({a[0] for a, _ in pairs}) == 1 else None


def _quoted(word: str, sides: tuple[str, str], exhibits: Sequence[Exhibit]) -> tuple[Decimal, Decimal] | None:
    found: list[list[tuple[str, Decimal]]] = []
    for side in sides:
        names = find_names(side)
        name = names[-1] if side is sides[0] and names else names[0] if names else None
        about = [one for one in exhibits if name is not None and Known((one.said, *one.naming)).has(name.words)]
        values = [value for one in about for value in _values(word, one.quoted)]
        found.append(values if len(values) == 1 else [])
    if not found[0] or not found[1] or found[0][0][0] != found[1][0][0]:
        return None
    return found[0][0][1], found[1][0][1]


def _values(word: str, text: str) -> list[tuple[str, Decimal]]:
    """Returns the values that the word can compare: years and days for "older", amounts for the rest."""
    if word in _BEFORE | _AFTER:
        return [("day", Decimal(one.first * 372 + one.month * 31 + one.day)) for one in find_days(text) if one.first]
    return [(one.measures, one.base) for one in find_amounts(text) if _is_plain(one)]


def _is_plain(amount: Amount) -> bool:
    return amount.measures != ORDINAL


def _goes(word: str, one: Decimal, other: Decimal) -> bool:
    return one < other if word in _BEFORE | _LESS else one > other
