"""Dates as sources write them, made ISO 8601 as far as they are known. Pure.

What is told from today ("3 days ago") is no date that a source gives: it is left out rather than reckoned.
"""

import re
from datetime import date
from typing import Final

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"),
            ("feb", "february"),
            ("mar", "march"),
            ("apr", "april"),
            ("may",),
            ("jun", "june"),
            ("jul", "july"),
            ("aug", "august"),
            ("sep", "sept", "september"),
            ("oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}
_YEAR: Final = r"(?P<year>\d{4})(?!\d)"
_FORMS: Final = tuple(
    re.compile(form, re.I)
    for form in (
        rf"{_YEAR}(?:-(?P<month>\d{{2}})(?:-(?P<day>\d{{2}}))?)?(?=$|[T\s])",
        rf"{_YEAR}[/.](?P<month>\d{{1,2}})[/.](?P<day>\d{{1,2}})(?!\d)",
        rf"{_YEAR}\s?[年년]\s?(?:(?P<month>\d{{1,2}})\s?[月월]\s?(?:(?P<day>\d{{1,2}})\s?[日일])?)?",
        rf"(?:[a-z]{{3,9}},\s)?(?P<day>\d{{1,2}})\s(?P<name>[a-z]{{3,9}})\.?,?\s{_YEAR}",
        rf"(?:[a-z]{{3,9}},\s)?(?P<name>[a-z]{{3,9}})\.?\s(?:(?P<day>\d{{1,2}}),?\s)?{_YEAR}",
    )
)


def read_date(written: str) -> str:
    """Returns the date at the beginning of a text as "2024", "2024-05" or "2024-05-17"; "" for none that there is."""
    text = " ".join(written[:60].split())
    for form in _FORMS:
        if found := form.match(text):
            return _spell(found.groupdict())
    return ""


def date_of_parts(year: int | None, month: int | None = None, day: int | None = None) -> str:
    """Returns a date as ISO 8601 as far as it is known; "" when there is none such."""
    if year is None or not 1000 <= year <= 9999:
        return ""
    if month is None:
        return f"{year:04}"
    try:
        return date(year, month, 1 if day is None else day).isoformat()[: 7 if day is None else 10]
    except (ValueError, OverflowError):
        return ""


def _spell(parts: dict[str, str | None]) -> str:
    name, month, day = parts.get("name"), parts.get("month"), parts.get("day")
    if name and name.lower() not in _MONTHS:
        return ""
    number = _MONTHS[name.lower()] if name else int(month) if month else None
    return date_of_parts(int(parts["year"] or 0), number, int(day) if day else None)
