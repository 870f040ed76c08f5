"""Filters as plain conditions on fields, so that every engine pushes down the same ones. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from metier_legal.search.backend import Entry, Filters

UNKNOWN_DAY: Final = 0
NO_END: Final = date.max.toordinal() + 1


@dataclass(frozen=True, slots=True)
class Same:
    """The field has this value, or one of its values is it."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Between:
    """The number in the field lies between these, both included."""

    field: str
    low: int
    high: int


Condition: TypeAlias = Same | Between
_SAME: Final = ("kind", "jurisdiction", "language", "court", "status", "work", "group")


def conditions_of(filters: Filters) -> tuple[Condition, ...]:
    """Returns what an entry must satisfy, all of it; days are proleptic ordinals as `day_numbers` has them."""
    found: list[Condition] = [Same(name, value) for name in _SAME if (value := getattr(filters, name))]
    if filters.cites:
        found.append(Same("cited", filters.cites))
    if filters.level is not None:
        found.append(Between("level", filters.level, filters.level))
    if filters.decided_from is not None or filters.decided_to is not None:
        low = filters.decided_from or date.min
        high = filters.decided_to or date.max
        found.append(Between("decided", low.toordinal(), high.toordinal()))
    if filters.on is not None:
        day = filters.on.toordinal()
        found += [Between("begin", UNKNOWN_DAY, day), Between("end", day + 1, NO_END)]
    return tuple(found)


def day_numbers(entry: Entry) -> dict[str, int]:
    """Returns the days of an entry as numbers: `decided` and `begin` UNKNOWN_DAY, and `end` NO_END, where not known."""
    return {
        "decided": entry.decided.toordinal() if entry.decided else UNKNOWN_DAY,
        "begin": entry.begin.toordinal() if entry.begin else UNKNOWN_DAY,
        "end": entry.end.toordinal() if entry.end else NO_END,
    }


def keeps(filters: Filters, entry: Entry) -> bool:
    """Returns whether the entry satisfies the filters, for what has no engine to push them down to."""
    numbers = {"level": entry.level, **day_numbers(entry)}
    for one in conditions_of(filters):
        if isinstance(one, Between):
            holds = one.low <= numbers[one.field] <= one.high
        else:
            held = getattr(entry, one.field)
            holds = one.value in held if one.field == "cited" else one.value == held
        if not holds:
            return False
    return True
