"""The versions of one provision as a history: which text was law when. Pure.

A source gives a version its begin (`valid_from`, or the date of the publication that has it) and sometimes its end.
Where it gives none, a version ends when the next one begins, or when a newer publication of the whole work no longer
has its number. Intervals are half-open. Where versions overlap, the one that began later is law.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from typing import Final

from metier_legal.law.provision import Provision

_DIGITS: Final = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Row:
    """A version as it was imported. `source` counts the imports, `seq` the place within one."""

    provision: Provision
    source: int
    seq: int


def begin_of(provision: Provision) -> date | None:
    """Returns the day from which the text is known to be law, or None."""
    return provision.valid_from or provision.observed


def arrange(rows: Sequence[Row], editions: Sequence[date]) -> tuple[Provision, ...]:
    """Returns the versions, oldest first, each with its end where one follows.

    `editions` are the dates of publications of the whole work, sorted. Of several sources with a version of one day,
    the one imported last is believed. Versions of one day from one source are all kept, in its order. A publication
    that only shows the text there was already is no version of its own. A version that ends on the day it begins was
    never law; it is kept, and ends no other.
    """
    ordered = sorted(rows, key=_place)
    never = [row.provision for row in ordered if _was_never_law(row.provision)]
    ordered = [row for row in ordered if not _was_never_law(row.provision)]
    groups = [_believed(list(group)) for _, group in groupby(ordered, key=lambda row: begin_of(row.provision))]
    begins = [begin_of(group[0]) for group in groups]
    history: list[Provision] = []
    for index, group in enumerate(groups):
        following = begins[index + 1] if index + 1 < len(groups) else None
        bound = _earliest(following, _next_edition(editions, begins[index]))
        ended = [_ending(version, bound) for version in group]
        if len(ended) == 1 and history and _confirms(ended[0], history[-1]):
            history[-1] = _joined(history[-1], ended[0])
        else:
            history += ended
    return tuple(sorted([*never, *history], key=lambda version: begin_of(version) or date.min))


def choose(versions: Sequence[Provision], on: date | None) -> Provision | None:
    """Returns the version of `on` (the newest when None) of an arranged history, or None where there was none.

    A provision that is only known from a publication is given for earlier days too: how it stood then is unknown, and
    `standing_on` says so.
    """
    laws = [version for version in versions if not _was_never_law(version)]
    if not laws:
        return None
    if on is None:
        return laws[-1]
    for version in reversed(laws):
        begin = begin_of(version)
        if begin is None or begin <= on:
            return version if version.valid_to is None or on < version.valid_to else None
    return laws[0] if laws[0].valid_from is None else None


def conflicts(rows: Sequence[Row]) -> tuple[str, ...]:
    """Returns a line for each thing in which the versions of one provision contradict each other."""
    ordered = [row for row in sorted(rows, key=_place) if not _was_never_law(row.provision)]
    found = []
    for row in ordered:
        if _is_backward(row.provision):
            found.append(f"{_label(row)}: its end {row.provision.valid_to} is before its begin; the end is ignored.")
    for one, two in pairwise(ordered):
        first, second = one.provision, two.provision
        begin = begin_of(second)
        if begin_of(first) == begin:
            if one.source == two.source and first.text != second.text:
                day = f" of {begin}" if begin else ""
                found.append(f"{_label(two)} is there twice{day} with different texts; the later one is read.")
        elif begin and first.valid_to and first.valid_to > begin and not _is_backward(first):
            found.append(f"{_label(two)}: the version of {begin} begins before the one before it ends; it prevails.")
    return tuple(dict.fromkeys(found))


def order_numbers(numbers: Iterable[str], printed: Sequence[str]) -> tuple[str, ...]:
    """Returns every number once: those `printed` by the newest publication in its order, the others where they belong.

    Where no order is printed, and for the others, "2" stands before "10" and "120" before "120-1".
    """
    ordered = list(dict.fromkeys(printed))
    places = [_natural(number) for number in ordered]
    is_sorted = places == sorted(places)
    for number in sorted(set(numbers) - set(ordered), key=_natural):
        place = bisect_right(places, _natural(number)) if is_sorted else len(ordered)
        ordered.insert(place, number)
        places.insert(place, _natural(number))
    return tuple(ordered)


def _natural(number: str) -> tuple[tuple[int, int, str], ...]:
    parts = _DIGITS.split(number)
    return tuple((0, int(part), part) if part.isdecimal() else (1, 0, part) for part in parts if part)


def _place(row: Row) -> tuple[date, int, int]:
    return (begin_of(row.provision) or date.min, row.source, row.seq)


def _was_never_law(version: Provision) -> bool:
    return version.valid_to is not None and version.valid_to == begin_of(version)


def _label(row: Row) -> str:
    return f"{row.provision.work} {row.provision.number}"


def _believed(group: list[Row]) -> list[Provision]:
    latest = max(row.source for row in group)
    kept: dict[tuple[object, ...], Provision] = {}
    for row in group:
        if row.source == latest:
            version = row.provision
            kept[version.text, version.status, version.valid_to] = version
    return list(kept.values())


def _next_edition(editions: Sequence[date], begin: date | None) -> date | None:
    return next((edition for edition in editions if begin is None or edition > begin), None)


def _earliest(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)


def _is_backward(version: Provision) -> bool:
    begin = begin_of(version)
    return begin is not None and version.valid_to is not None and version.valid_to < begin


def _ending(version: Provision, bound: date | None) -> Provision:
    stated = None if _is_backward(version) else version.valid_to
    end = _earliest(stated, bound)
    return version if end == version.valid_to else version.model_copy(update={"valid_to": end})


def _confirms(later: Provision, earlier: Provision) -> bool:
    touching = earlier.valid_to is not None and earlier.valid_to == begin_of(later)
    same = (later.text, later.status) == (earlier.text, earlier.status)
    return touching and same and later.valid_from is None


def _joined(earlier: Provision, later: Provision) -> Provision:
    observed = earlier.observed if begin_of(earlier) is not None else later.observed
    return earlier.model_copy(update={"valid_to": later.valid_to, "observed": observed})
