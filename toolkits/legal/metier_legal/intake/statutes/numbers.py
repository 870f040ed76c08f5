"""Numbers of sections and articles: their order, and the ranges that one entry may stand for."""

import re
from typing import Final

_PIECE: Final = re.compile(r"\d+|[A-Za-z]+")
_STEM: Final = re.compile(r"(.*?\d)([A-Za-z]*)$")
_TO: Final = re.compile(r"\s+(?:to|through|bis|\u2026)\s+|\s*\.\.\.\s*")
_LONGEST: Final = 400

NumberKey = tuple[tuple[int, int, str], ...]


def order_key(number: str) -> NumberKey:
    """Returns where a number stands among others: 9 before 10, 101 before 101a before 102, 120 before 120-1."""
    return tuple(
        (1, int(piece), "") if piece.isdecimal() else (2, len(piece) if len(set(piece)) == 1 else 1, piece)
        for piece in _PIECE.findall(number)
    )


def expand_numbers(written: str) -> tuple[tuple[str, ...], bool]:
    """Returns the numbers that "10, 10a" or "19 to 19c" means, and whether every one of them is known.

    A range whose steps cannot be told ("101 to 12A") gives its ends and False.
    """
    numbers: list[str] = []
    known = True
    for part in re.split(r"\s*(?:,|;|\band\b|\bund\b)\s*", written):
        ends = [end.strip() for end in _TO.split(part.strip())]
        if len(ends) == 1 or not all(ends):
            numbers.extend(end for end in ends if end)
            continue
        steps = _steps(ends[0], ends[-1])
        known = known and bool(steps)
        numbers.extend(steps or (ends[0], ends[-1]))
    return tuple(dict.fromkeys(numbers)), known


def _steps(first: str, last: str) -> tuple[str, ...]:
    begin, end = _STEM.match(first), _STEM.match(last)
    if begin is None or end is None:
        return ()
    if first.isdecimal() and last.isdecimal():
        numbers = range(int(first), int(last) + 1)
        return tuple(str(number) for number in numbers) if len(numbers) <= _LONGEST else ()
    if begin[1] != end[1] or not end[2]:
        return ()
    letters = _letters(begin[2], end[2])
    return tuple(f"{begin[1]}{letter}" for letter in letters)


def _letters(first: str, last: str) -> tuple[str, ...]:
    size = len(last)
    if len(set(last)) > 1 or (first and (len(set(first)) > 1 or len(first) != size)):
        return ()
    begin = ord(first[0]) if first else ord("A" if last.isupper() else "a")
    steps = tuple(chr(code) * size for code in range(begin, ord(last[0]) + 1))
    return steps if first else ("", *steps)
