"""Google's opening hours, lines such as "Monday: 9:00 AM – 5:00 PM", as OSM writes them. Pure.

Only English lines and the periods in numbers are read. In any other language the hours are unknown, never wrong.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from metier_maps.providers.reading import record_of, records_of, text_of

_DAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_NAMES: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPAN: Final = re.compile(r"(\d{1,2})(?::(\d{2}))? ?(am|pm)? ?[-–—] ?(\d{1,2})(?::(\d{2}))? ?(am|pm)?")
_CLOCK: Final = re.compile(r"([01]\d|2[0-3])([0-5]\d)")


def read_hours(value: object) -> str | None:
    """Returns the hours of a week in OSM's syntax, or None where they are not told in a way that is understood."""
    hours = record_of(value)
    lines = hours.get("weekday_text")
    week = _read_lines(lines if isinstance(lines, list) else []) or _read_periods(records_of(hours.get("periods")))
    if week is None:
        return None
    if all(spans == ("00:00-24:00",) for spans in week.values()):
        return "24/7"
    return "; ".join(f"{day} {','.join(spans) or 'off'}" for day, spans in week.items())


def _read_lines(lines: Sequence[object]) -> dict[str, tuple[str, ...]] | None:
    week = {}
    for line in lines:
        name, colon, rest = (text_of(line) or "").casefold().partition(":")
        spans = _read_spans(rest.strip())
        if name not in _NAMES or not colon or spans is None:
            return None
        week[_DAYS[_NAMES.index(name)]] = spans
    return {day: week[day] for day in _DAYS} if len(week) == len(_DAYS) else None


def _read_spans(text: str) -> tuple[str, ...] | None:
    if text == "closed":
        return ()
    if text == "open 24 hours":
        return ("00:00-24:00",)
    spans = []
    for part in text.split(","):
        match = _SPAN.fullmatch(part.strip())
        span = match and _write_span(match.groups())
        if not span:
            return None
        spans.append(span)
    return tuple(spans)


def _write_span(parts: tuple[str | None, ...]) -> str | None:
    hour, minute, half, end_hour, end_minute, end_half = parts
    opens = _clock(hour, minute, half or end_half)  # "1:00 – 5:00 PM": the half of the day is written once
    closes = _clock(end_hour, end_minute, end_half)
    return f"{opens}-{closes}" if opens and closes else None


def _clock(hour: str | None, minute: str | None, half: str | None) -> str | None:
    hours, minutes = int(hour or 99), int(minute or 0)
    if half is not None:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half == "pm" else 0)
    return f"{hours:02d}:{minutes:02d}" if hours < 24 and minutes < 60 else None


def _read_periods(periods: Sequence[Mapping[str, object]]) -> dict[str, tuple[str, ...]] | None:
    week: dict[str, list[str]] = {day: [] for day in _DAYS}
    for period in periods:
        opens, closes = record_of(period.get("open")), record_of(period.get("close"))
        day, start, end = opens.get("day"), _four(opens.get("time")), _four(closes.get("time"))
        if day == 0 and start == "00:00" and not closes and len(periods) == 1:
            return dict.fromkeys(_DAYS, ("00:00-24:00",))  # how Google writes "always open"
        if not isinstance(day, int) or not 0 <= day <= 6 or start is None or end is None:
            return None
        week[_DAYS[(day - 1) % 7]].append(f"{start}-{end}")  # 0 is Sunday
    return {day: tuple(spans) for day, spans in week.items()} if periods else None


def _four(value: object) -> str | None:
    match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    return match and f"{match.group(1)}:{match.group(2)}"
