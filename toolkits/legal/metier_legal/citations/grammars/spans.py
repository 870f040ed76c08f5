"""Sections and articles with parts in brackets, "12(2)(a)", alone, in lists and in ranges."""

import re
from dataclasses import dataclass
from typing import Final

from metier_legal.citations.citation import LawCitation, Pin
from metier_legal.law.work import Style

PATH: Final = r"(?:\((?:[A-Za-z]{1,5}|\d{1,3}[A-Za-z]{0,2})\)){0,8}"
NUMBER: Final = (
    r"\d{1,5}(?::\d{1,2}[A-Za-z]?(?=[-–]\d))?(?:[A-Za-z]{1,3}(?![a-z]))?(?:[-–]\d{1,4}[A-Za-z]{0,2}){0,2}(?:\.\d{1,4}[a-z]?)?"
    r"(?:[-–]\d{1,4}[a-z]?){0,2}"
)
GAP: Final = r"[ \u00a0\n]{0,3}(?:\n[ ]{0,12})?"  # between the parts of one citation, line ends included

_STOP: Final = r"(?![A-Za-z0-9])(?!\s?[A-Z]\.)(?!\s(?:USC|CFR|Stat)\b)"
_ITEM: Final = re.compile(rf"(?P<number>{NUMBER})(?P<path>{PATH}){_STOP}")
_JOIN: Final = re.compile(r"\s{0,3}(?:,\s{0,9}(?:and|or|&)?|and\b|or\b|&|;)\s{1,9}(?:§§?\s?)?(?=[\d(])|,(?=\d)")
_RANGE: Final = re.compile(r"\s?(?:-|–|—|\bto\b|\bthrough\b|\bbis\b)\s?(?=\d)")
_PART: Final = re.compile(r"\(([A-Za-z0-9]{1,5})\)")
_MORE_PATH: Final = re.compile(rf"(?=\(){PATH}(?![A-Za-z0-9])")


@dataclass(frozen=True, slots=True)
class Spanned:
    """A pin with its own span of the text."""

    start: int
    end: int
    pin: Pin


def read_sections(text: str, position: int, *, start: int, plural: bool, hyphened: bool = False) -> list[Spanned]:
    """Returns the pins at the position, the first with the span that begins at `start`; empty when no number is there.

    `plural` says that the sign was one of a list ("§§", "ss"): only then does a comma lead to another number, and does
    "101-103" mean a range; with `hyphened` (D.C. Code) it never does.
    """
    match = _ITEM.match(text, position)
    if match is None:
        return []
    found = [_spanned(start, match, plural and not hyphened)]
    while True:
        end = found[-1].end
        if plural and not found[-1].pin.last and not found[-1].pin.path and (ranged := _ranged(text, found[-1])):
            found[-1] = ranged
            continue
        joined = _JOIN.match(text, end)
        if joined is None:
            return found
        following = _next(text, joined.end(), found[-1].pin, plural=plural, hyphened=hyphened)
        if following is None:
            return found
        found.append(following)


def _next(text: str, position: int, before: Pin, *, plural: bool, hyphened: bool) -> Spanned | None:
    if text.startswith("(", position):
        return _sibling(text, position, before)
    match = _ITEM.match(text, position) if plural else None
    return _spanned(position, match, not hyphened) if match else None


def _spanned(start: int, match: re.Match[str], ranges: bool) -> Spanned:
    number = match["number"].replace("–", "-")
    path = split_path(match["path"])
    first, _, last = number.partition("-")
    if ranges and first.isdigit() and last.isdigit() and not path:
        last = first[: max(0, len(first) - len(last))] + last
        if int(last) > int(first):
            return Spanned(start, match.end(), Pin(first, last=last))
    return Spanned(start, match.end(), Pin(number, path))


def _ranged(text: str, first: Spanned) -> Spanned | None:
    joined = _RANGE.match(text, first.end)
    match = _ITEM.match(text, joined.end()) if joined else None
    if match is None or match["path"]:
        return None
    return Spanned(first.start, match.end(), Pin(first.pin.number, last=match["number"].replace("–", "-")))


def _sibling(text: str, position: int, before: Pin) -> Spanned | None:
    match = _MORE_PATH.match(text, position)
    path = split_path(match[0]) if match else ()
    level = next(
        (i for i in reversed(range(len(before.path))) if path and _kind(before.path[i]) == _kind(path[0])), None
    )
    if match is None or level is None:
        return None
    return Spanned(position, match.end(), Pin(before.number, (*before.path[:level], *path)))


def _kind(part: str) -> str:
    return "digit" if part[0].isdigit() else "upper" if part.isupper() else "lower"


def split_path(brackets: str) -> tuple[str, ...]:
    """Returns the parts in brackets: "(a)(2)" is ("a", "2")."""
    return tuple(_PART.findall(brackets))


def squeeze(text: str) -> str:
    """Returns the text with each run of white space as one space."""
    return " ".join(text.split())


def cite(
    text: str, spanned: list[Spanned], style: Style, law: str, *, end: int = 0, carried: bool = False
) -> list[LawCitation]:
    """Returns a citation of the law for each pin; `end` is where the last one ends when its law stands behind it."""
    found = list[LawCitation]()
    for number, one in enumerate(spanned):
        stop = max(one.end, end) if number == len(spanned) - 1 else one.end
        found.append(LawCitation(one.start, stop, text[one.start : stop], style, law, (one.pin,), carried=carried))
    return found
