"""Days, months, years, decades and centuries of a text. Pure; linear time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from metier_research.language.numerals import read_chinese

REMEMBERED: Final = 1_024
_MONTH_NAMES: Final = (
    ("january", "jan"), ("february", "feb"), ("march", "mar"), ("april", "apr"), ("may",), ("june", "jun"),
    ("july", "jul"), ("august", "aug"), ("september", "sept", "sep"), ("october", "oct"), ("november", "nov"),
    ("december", "dec"),
)  # fmt: skip
_MONTHS: Final = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names}
_NAMED: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_NTH: Final = r"(?:st|nd|rd|th)?"
_HAN: Final = r"\d{1,2}|[一二三四五六七八九十]{1,3}"
_WHOLE: Final = re.compile(
    rf"(?<![\d.,])(?P<d1>\d{{1,2}}){_NTH}\s+(?:of\s+)?(?P<m1>{_NAMED})\b\.?,?\s+(?P<y1>\d{{4}})(?!\d)"
    rf"|\b(?P<m2>{_NAMED})\b\.?\s+(?P<d2>\d{{1,2}}){_NTH},?\s+(?P<y2>\d{{4}})(?!\d)"
    r"|(?<![\d-])(?P<y3>\d{4})-(?P<m3>\d{2})-(?P<d3>\d{2})(?![\d-])"
    r"|(?<![\d.])(?P<d4>\d{1,2})\.(?P<m4>\d{1,2})\.(?P<y4>\d{4})(?!\d)"
    rf"|(?<!\d)(?P<y5>\d{{4}}|[〇零一二三四五六七八九]{{4}})\s?年\s?(?:(?P<m5>{_HAN})\s?月\s?(?:(?P<d5>{_HAN})\s?[日号])?)?"
    rf"|\b(?P<m6>{_NAMED})\b\.?,?\s+(?P<y6>\d{{4}})(?!\d)"
    r"|(?<![\d-])(?P<y7>\d{4})-(?P<m7>0[1-9]|1[0-2])(?![\d-])"
    rf"|(?<![\d.,])(?P<d8>\d{{1,2}}){_NTH}\s+(?:of\s+)?(?P<m8>{_NAMED})\b(?!\.?,?\s+\d)"
    rf"|\b(?P<m9>january|february|march|april|june|july|august|september|october|november|december)\s+"
    rf"(?P<d9>\d{{1,2}}){_NTH}\b(?![,.]?\d)",
    re.IGNORECASE,
)
_DECADE: Final = re.compile(r"(?<![\w.,])(?P<y>1\d{2}0|20\d0)['’]?s\b|(?P<z>1\d{2}0|20\d0)\s?年代")
_CENTURY: Final = re.compile(
    r"(?<!\w)(?P<n>\d{1,2})(?:st|nd|rd|th)[\s-]+centur(?:y|ies)\b|(?P<z>\d{1,2})\s?世纪", re.IGNORECASE
)
_RANGE: Final = re.compile(r"(?<![\w.,-])(?P<first>1\d{3}|20\d{2})\s?[–—/-]\s?(?P<last>\d{2})(?![\w%-])(?![.,]\d)")
_YEAR: Final = re.compile(r"(?<![\w.,$€£¥#])(?P<y>1\d{3}|20\d{2}|2100)(?![\w%‰°$€£]|[.,]\d)")
_NOUN: Final = re.compile(r"\s([a-z]{3,})")
_LAST_OF_MONTH: Final = 31


@dataclass(frozen=True, slots=True)
class Day:
    """A time in a text, as far as it is given: `first` and `last` are years, equal but for a decade or a century.

    `month` and `day` are 0 where they are not said; `first` is 0 for a day of no said year. `noun` is the word that
    follows a bare year, which may count things after all ("1872 inhabitants").
    """

    first: int
    last: int
    month: int
    day: int
    written: str
    start: int
    end: int
    noun: str = ""

    @property
    def is_year(self) -> bool:
        """Returns whether only one year is said."""
        return self.first == self.last and not self.month and self.first > 0

    def is_said_by(self, other: "Day") -> bool:
        """Returns whether the other time says this one: the same, or a finer one inside it."""
        if self.first and not (self.first <= other.first and other.last <= self.last):
            return False
        return self.month in (0, other.month) and self.day in (0, other.day)

    def is_rival(self, other: "Day") -> bool:
        """Returns whether both are times of the same fineness."""
        return bool(self.month) == bool(other.month) and bool(self.day) == bool(other.day)


@lru_cache(maxsize=REMEMBERED)
def find_days(text: str) -> tuple[Day, ...]:
    """Returns the times of a text in its order; what is no day of the calendar (31 February) is left out."""
    found: list[Day] = []
    taken = bytearray(len(text))  # one for each sign that a time has already
    for read in (_read_whole, _read_spans, _read_ranges, _read_years):
        found += [day for day in read(text) if not any(taken[day.start : day.end])]
        for day in found:
            taken[day.start : day.end] = b"\1" * (day.end - day.start)
    return tuple(sorted(found, key=lambda day: day.start))


def _read_whole(text: str) -> Iterator[Day]:
    for match in _WHOLE.finditer(text):
        parts = {name[0]: value for name, value in match.groupdict().items() if value is not None}
        year = _number(parts["y"]) if "y" in parts else 0
        month = _MONTHS.get(parts.get("m", "").lower()) or _number(parts.get("m", "0"))
        day = _number(parts.get("d", "0"))
        if month in range(13) and day <= _LAST_OF_MONTH and not ("d" in parts and day == 0):
            yield Day(year, year, month, day, match[0], match.start(), match.end())


def _read_spans(text: str) -> Iterator[Day]:
    for match in _DECADE.finditer(text):
        year = int(match["y"] or match["z"])
        length = 100 if year % 100 == 0 and match["y"] else 10  # "the 1800s" is a century
        yield Day(year, year + length - 1, 0, 0, match[0], match.start(), match.end())
    for match in _CENTURY.finditer(text):
        number = int(match["n"] or match["z"])
        yield Day(100 * number - 99, 100 * number, 0, 0, match[0], match.start(), match.end())


def _read_ranges(text: str) -> Iterator[Day]:
    """Yields both years of "1872–80"."""
    for match in _RANGE.finditer(text):
        first = int(match["first"])
        last = first - first % 100 + int(match["last"])
        if last > first:
            yield Day(first, first, 0, 0, match["first"], match.start("first"), match.end("first"))
            yield Day(last, last, 0, 0, match["last"], match.start("last"), match.end("last"))


def _read_years(text: str) -> Iterator[Day]:
    for match in _YEAR.finditer(text):
        noun = _NOUN.match(text, match.end())
        year = int(match["y"])
        yield Day(year, year, 0, 0, match[0], match.start(), match.end(), noun[1] if noun else "")


def _number(written: str) -> int:
    return int(written) if written.isdecimal() else read_chinese(written) or 0
