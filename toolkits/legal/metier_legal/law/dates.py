"""Dates as they stand in texts, in English, German, French, Chinese and ISO."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from metier_legal.law.numerals import parse_chinese

_NAMES: Final = (
    ("january", "jan", "januar", "janvier"),
    ("february", "feb", "februar", "février", "fevrier"),
    ("march", "mar", "märz", "mars"),
    ("april", "apr", "avril"),
    ("may", "mai"),
    ("june", "jun", "juni", "juin"),
    ("july", "jul", "juli", "juillet"),
    ("august", "aug", "août", "aout"),
    ("september", "sep", "sept", "septembre"),
    ("october", "oct", "oktober", "okt", "octobre"),
    ("november", "nov", "novembre"),
    ("december", "dec", "dezember", "dez", "décembre", "decembre"),
)
_MONTHS: Final = {name: number for number, names in enumerate(_NAMES, start=1) for name in names}
_NAMED: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE: Final = re.compile(
    rf"(?<![\d.])(?P<d1>\d{{1,2}})(?:st|nd|rd|th|er|\.)?\s+(?:of\s+)?(?P<m1>{_NAMED})\b\.?,?\s+(?P<y1>\d{{4}})(?!\d)"
    rf"|\b(?P<m2>{_NAMED})\b\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y2>\d{{4}})(?!\d)"
    r"|(?<![\d-])(?P<y3>\d{4})-(?P<m3>\d{1,2})-(?P<d3>\d{1,2})(?![\d-])"
    r"|(?<![\d.])(?P<d4>\d{1,2})\.(?P<m4>\d{1,2})\.(?P<y4>\d{4})(?![\d])"
    r"|(?<!\d)(?P<y5>\d{4}|[〇零一二三四五六七八九]{4})\s?年\s?(?P<m5>\d{1,2}|[一二三四五六七八九十]{1,3})\s?月\s?"
    r"(?P<d5>\d{1,2}|[一二三四五六七八九十]{1,3})\s?[日号]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in a text: where it stands, and which day it is."""

    start: int
    end: int
    day: date


def find_dates(text: str) -> tuple[Dated, ...]:
    """Returns the dates of a text in its order. What is no day of the calendar (30 February) is left out."""
    read = ((match, _day_of(_parts(match))) for match in _DATE.finditer(text))
    return tuple(Dated(match.start(), match.end(), day) for match, day in read if day is not None)


def find_false_dates(text: str) -> tuple[str, ...]:
    """Returns what is written as a date and is no day of the calendar: "31 February 2021", 2021年2月30日."""
    return tuple(match[0] for match in _DATE.finditer(text) if _day_of(_parts(match)) is None)


def read_iso(text: str) -> date | None:
    """Returns the day that a text is, as ISO 8601 writes it (2021-02-03), or None when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _parts(match: re.Match[str]) -> dict[str, str]:
    return {name[0]: value for name, value in match.groupdict().items() if value is not None}


def _day_of(parts: dict[str, str]) -> date | None:
    month = _MONTHS.get(parts["m"].casefold()) or _number(parts["m"])
    try:
        return date(_number(parts["y"]), month, _number(parts["d"]))
    except ValueError:
        return None


def _number(written: str) -> int:
    """Returns the value of Arabic digits or of Chinese numerals (二〇二一, 二十三); 0, which is no day, for others."""
    return int(written) if written.isdecimal() else parse_chinese(written) or 0
