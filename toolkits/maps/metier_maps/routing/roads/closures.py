"""Roads closed by season: "no @ (Nov 1-Apr 30)" on a way, and whether that holds on a date.

Only bans by time are read: a condition that grants ("yes @ ..."), or that weighs lorries, is no time and changes
nothing. A condition with
hours is judged at noon of the day.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import lru_cache
from typing import Final

from opening_hours import OpeningHours, validate

from metier_maps.routing.router import Mode

_KEYS: Final[Mapping[Mode, tuple[str, ...]]] = {
    "car": ("motorcar:conditional", "motor_vehicle:conditional", "vehicle:conditional", "access:conditional"),
    "bicycle": ("bicycle:conditional", "vehicle:conditional", "access:conditional"),
    "foot": ("foot:conditional", "access:conditional"),
}
# The condition stands in brackets, or runs to the next semicolon.
_BAN: Final = re.compile(r"\bno\s*@\s*(?:\(([^()]{1,200})\)|([^();]{1,200}))", re.ASCII)
_LONGEST: Final = 255


def read_closure(tags: Mapping[str, str], mode: Mode) -> str:
    """Returns the times when the way is closed to the mode, in opening_hours syntax; "" for never."""
    for key in _KEYS[mode]:
        value = tags.get(key, "")[:_LONGEST]
        if "@" not in value:
            continue
        times = [found for match in _BAN.finditer(value) if (found := (match[1] or match[2]).strip())]
        kept = [found for found in times if _parse(found) is not None]
        if kept:
            return " || ".join(kept)
    return ""


def is_closed(closure: str, on: date) -> bool:
    """Returns whether a closure (as `read_closure` gives it) holds at noon of the date."""
    noon = datetime.combine(on, time(12))
    return any(hours.is_open(noon) for part in closure.split(" || ") if (hours := _parse(part)) is not None)


@lru_cache(maxsize=512)
def _parse(text: str) -> OpeningHours | None:
    return OpeningHours(text) if validate(text) else None
