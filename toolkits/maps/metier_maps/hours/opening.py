"""Opening hours of a place on a date."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from opening_hours import (  # type: ignore[attr-defined]  # its stub leaves the errors out
    InvalidCoordinatesError,
    OpeningHours,
    ParserError,
    State,
    UnknownCountryError,
)

from metier_maps.hours.assumption import assume_hours
from metier_maps.hours.comments import LastEntry, find_last_entry, is_by_appointment, read_last_entry
from metier_maps.place import Place

LONGEST_TEXT = 600
_YEARS = range(1901, 9000)  # what the calendar of the parser covers
_LAST_ENTRY_TAGS = ("opening_hours:last_entry", "last_entry", "opening_hours:last_admission", "last_admission")
_SUN = re.compile(r"sun|dawn|dusk", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')
_AT_LEAST = re.compile(r"(-\s*\d{1,2}:\d{2})\+")
_OPEN_END = re.compile(r"\d\+")
_NOON = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Window:
    """An interval in which a place is open.

    In local time with its zone; it may end on the next day (past midnight). `last_entry` is the latest moment to go in
    (`closes` when nothing else is stated). `text` is the opening_hours value, or the assumption when `assumed`.
    """

    opens: datetime
    closes: datetime
    last_entry: datetime
    text: str
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class _Span:
    """An interval in UTC in which the place is open, with the comment that goes with it."""

    opens: datetime
    closes: datetime
    comment: str


def windows_on(place: Place, on: date, zone: ZoneInfo, country: str) -> tuple[Window, ...]:
    """Returns the intervals that begin on that local date, in order; () is closed all day.

    A place without readable hours has one assumed window, whose text states the assumption. An interval that runs past
    midnight belongs to the day it began on when it ends by noon; a longer one (24/7) is cut at midnight. Hours "by
    appointment" count as assumed; hours the map marks as unknown do not count as open. `country` (ISO 3166, two
    letters) decides what a public holiday is; one that is unknown has none. Source: opening-hours-py.
    """
    if on.year not in _YEARS:
        return ()
    given = (place.opening_hours.value or "").strip()
    if not given:
        return (_assumed(place, on, zone, "no opening hours known"),)
    at = (place.lat, place.lon) if _SUN.search(given) else None
    hours = _parse(given, zone, country.upper(), at)
    if hours is None:
        return (_assumed(place, on, zone, f'the opening hours given ("{_printable(given)}") could not be read'),)
    spans = tuple(_joined(_spans_of(hours, on, zone)))
    return tuple(_windows(place, on, zone, spans))


def closed_all(place: Place, dates: Iterable[date], zone: ZoneInfo, country: str) -> bool:
    """Returns whether the place is closed on every one of the dates."""
    return not any(windows_on(place, on, zone, country) for on in dates)


@lru_cache(maxsize=8192)
def _parse(text: str, zone: ZoneInfo, country: str, at: tuple[float, float] | None) -> OpeningHours | None:
    """Returns the parsed hours, or None for text that is none.

    Long dashes count as hyphens; "10:00-18:00+" (at least until 18:00) counts as until 18:00.
    """
    if len(text) > LONGEST_TEXT:
        return None
    plain = _AT_LEAST.sub(r"\1", re.sub("[‐-―−]", "-", text))
    for nation, where in ((country or None, at), (None, at), (None, None)):
        try:
            return OpeningHours(plain, zone, nation, where, auto_country=False)
        except ParserError:
            return None
        except (UnknownCountryError, InvalidCoordinatesError):
            continue
    return None


def _spans_of(hours: OpeningHours, on: date, zone: ZoneInfo) -> Iterator[_Span]:
    """Returns the open intervals that touch the date, in UTC and cut as `windows_on` says; none has length zero."""
    eve, start, end, after = (_midnight(on + timedelta(days=n), zone) for n in (-1, 0, 1, 2))
    for opens, closes, state, comment in hours.intervals(eve.astimezone(zone), after.astimezone(zone)):
        span = _Span(opens.astimezone(UTC), closes.astimezone(UTC), comment)
        if state is not State.OPEN or span.closes <= start or span.opens >= end:
            continue
        if span.opens < start and span.closes <= start + _NOON:
            continue
        cut = end if span.closes > end + _NOON else span.closes
        if max(span.opens, start) < cut:
            yield _Span(max(span.opens, start), cut, comment)


def _midnight(on: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(on, time(0), zone).astimezone(UTC)


def _joined(spans: Iterable[_Span]) -> Iterator[_Span]:
    """Returns the spans, neighbours that touch made one unless either is by appointment; the later comment stays."""
    last: _Span | None = None
    for span in spans:
        if last is None:
            last = span
        elif last.closes >= span.opens and not (is_by_appointment(last.comment) or is_by_appointment(span.comment)):
            last = _Span(last.opens, span.closes, span.comment or last.comment)
        else:
            yield last
            last = span
    if last is not None:
        yield last


def _windows(place: Place, on: date, zone: ZoneInfo, spans: Iterable[_Span]) -> Iterator[Window]:
    given = (place.opening_hours.value or "").strip()
    tagged = next((last for tag in _LAST_ENTRY_TAGS if (last := read_last_entry(place.tags.get(tag, "")))), None)
    rules = _QUOTED.sub("", given)
    for span in spans:
        opens, closes = span.opens.astimezone(zone), span.closes.astimezone(zone)
        said = f'the opening hours say "{_printable(span.comment)}" (ask first)'
        if not is_by_appointment(span.comment):
            if _OPEN_END.search(_AT_LEAST.sub("", rules)) and span.closes == _midnight(on + timedelta(days=1), zone):
                yield _open_ended(opens, closes, given)
            else:
                entry = _last_entry(span, on, zone, tagged or find_last_entry(span.comment))
                yield Window(opens, closes, entry, given)
        elif span.closes - span.opens < timedelta(hours=23):
            words = f"{said}; assumed open from {opens:%H:%M} to {closes:%H:%M}"
            yield Window(opens, closes, closes, words, assumed=True)
        elif not re.search(r"\d", rules):
            yield _assumed(place, on, zone, said)


def _open_ended(opens: datetime, closes: datetime, given: str) -> Window:
    """Returns the assumed window of hours such as "10:00+": until 18:00, or until midnight when they begin late."""
    if opens.time() < time(16):
        closes = datetime.combine(opens.date(), time(18), opens.tzinfo)
    words = f"assumed open from {opens:%H:%M} to {closes:%H:%M}"
    return Window(
        opens, closes, closes, f'the opening hours ("{_printable(given)}") name no closing; {words}', assumed=True
    )


def _last_entry(span: _Span, on: date, zone: ZoneInfo, stated: LastEntry | None) -> datetime:
    """Returns the last moment to go in, in local time; the closing when what is stated does not fall in the span."""
    moments: list[datetime] = []
    if stated is not None and stated.at is not None:
        moments = [datetime.combine(on + timedelta(days=n), stated.at, zone).astimezone(UTC) for n in (0, 1)]
    elif stated is not None and stated.before_closing is not None:
        moments = [span.closes - stated.before_closing]
    return next((m for m in moments if span.opens <= m <= span.closes), span.closes).astimezone(zone)


def _assumed(place: Place, on: date, zone: ZoneInfo, why: str) -> Window:
    opens, closes, words = assume_hours(place, on, zone)
    return Window(opens, closes, closes, f"{why}; {words}", assumed=True)


def _printable(text: str) -> str:
    """Returns text from the map on one line, without control characters, and not longer than 120 characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= 120 else f"{line[:119]}…"
