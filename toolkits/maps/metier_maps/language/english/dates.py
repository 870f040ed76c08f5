"""When: dates and numbers of days in English."""

import re
from datetime import date, timedelta

from metier_maps.language.draft import Draft, ask, note, say
from metier_maps.language.english.numerals import NUMBER, number_of
from metier_maps.language.moments import ask_order, begin, day_of, last_for, next_weekday, span
from metier_maps.language.sheet import Rule, rule

_MONTH_NAMES = "january february march april may june july august september october november december"
_MONTHS = {name[:3]: n for n, name in enumerate(_MONTH_NAMES.split(), start=1)}
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday"

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_D = r"(?<![\d.])\d{1,2}(?:st|nd|rd|th)?"
_Y = r"(?:,? (\d{4})\b)?"
_ISO = r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)"
_ISO_LATER = r"(?<!\d)(\d{4})([-/.])(\d{1,2})\6(\d{1,2})(?!\d)"
_LEAD = r"(?:\b(?:starting|beginning|from|on|start|leaving|departing|arriving|for|between)(?: on)? (?:the )?)?"
_WEEKDAY = r"(?:\b(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?,? )?"
_TO = r"\s*(?:-|to|until|till|through|and)\s*(?:the )?"


def month_of(text: str) -> int:
    """Returns the month of a text that MONTH matches."""
    return _MONTHS[text.lower()[:3]]


def _day(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _year(text: str | None) -> int | None:
    return int(text) if text else None


def _iso_span(m: re.Match[str], draft: Draft, today: date) -> Draft:
    a, b = ([int(m.group(i)) for i in at] for at in ((1, 3, 4), (5, 7, 8)))
    return span(draft, day_of(a[0], a[1], a[2], today), day_of(b[0], b[1], b[2], today), today)


def _iso(m: re.Match[str], draft: Draft, today: date) -> Draft:
    return begin(draft, day_of(int(m.group(1)), int(m.group(3)), int(m.group(4)), today), today, said=m.group())


def _iso_end(m: re.Match[str], draft: Draft, today: date) -> Draft:
    return say(draft, "end_date", day_of(int(m.group(1)), int(m.group(3)), int(m.group(4)), today))


def _spanned(draft: Draft, first: tuple[int, int, int | None], last: tuple[int, int, int | None], today: date) -> Draft:
    """Returns the draft of two (month, day, year), either year perhaps missing."""
    year = first[2] if first[2] is not None else last[2]
    if first[2] is None and last[2] is not None and first[:2] > last[:2] and first[0] != last[0]:
        year = last[2] - 1
    begins = day_of(year, first[0], first[1], today)
    ends_year = last[2] if last[2] is not None else begins.year + (last[0] < first[0])
    draft = span(draft, begins, day_of(ends_year, last[0], last[1], today), today)
    return draft if year is not None else note(draft, f"no year was said: {begins.isoformat()} is the next such day")


def _one_month_span(m: re.Match[str], draft: Draft, today: date) -> Draft:
    month, year = month_of(m.group(3)), _year(m.group(4))
    return _spanned(draft, (month, _day(m.group(1)), year), (month, _day(m.group(2)), year), today)


def _american_span(m: re.Match[str], draft: Draft, today: date) -> Draft:
    month, year = month_of(m.group(1)), _year(m.group(4))
    return _spanned(draft, (month, _day(m.group(2)), year), (month, _day(m.group(3)), year), today)


def _two_month_span(m: re.Match[str], draft: Draft, today: date) -> Draft:
    first = (month_of(m.group(2)), _day(m.group(1)), _year(m.group(3)))
    return _spanned(draft, first, (month_of(m.group(5)), _day(m.group(4)), _year(m.group(6))), today)


def _american_two(m: re.Match[str], draft: Draft, today: date) -> Draft:
    first = (month_of(m.group(1)), _day(m.group(2)), _year(m.group(3)))
    return _spanned(draft, first, (month_of(m.group(4)), _day(m.group(5)), _year(m.group(6))), today)


def _written(m: re.Match[str], draft: Draft, today: date) -> Draft:
    day = day_of(_year(m.group(3)), month_of(m.group(2)), _day(m.group(1)), today)
    return begin(draft, day, today, said=m.group())


def _written_end(m: re.Match[str], draft: Draft, today: date) -> Draft:
    return say(draft, "end_date", day_of(_year(m.group(3)), month_of(m.group(2)), _day(m.group(1)), today))


def _american(m: re.Match[str], draft: Draft, today: date) -> Draft:
    day = day_of(_year(m.group(3)), month_of(m.group(1)), _day(m.group(2)), today)
    return begin(draft, day, today, said=m.group())


def _dotted(m: re.Match[str], draft: Draft, today: date) -> Draft:
    year = _full_year(m.group(3))
    return begin(draft, day_of(year, int(m.group(2)), int(m.group(1)), today), today, said=m.group())


def _slashed(m: re.Match[str], draft: Draft, today: date) -> Draft:
    return ask_order(draft, (int(m.group(1)), int(m.group(2))), _full_year(m.group(3)), today)


def _full_year(text: str | None) -> int | None:
    return None if not text else int(text) + (2000 if len(text) == 2 else 0)


def _near_day(m: re.Match[str], draft: Draft, today: date) -> Draft:
    ahead = {"today": 0, "tomorrow": 1}.get(" ".join(m.group(1).lower().split()), 2)
    return begin(draft, today + timedelta(days=ahead), today, said=m.group(1))


def _weekday(m: re.Match[str], draft: Draft, today: date) -> Draft:
    weekday = next(n for n, name in enumerate(_WEEKDAYS.split()) if name.startswith(m.group(1).lower()[:3]))
    return begin(draft, next_weekday(weekday, today, skip=False), today, said=m.group())


def _weekend(m: re.Match[str], draft: Draft, today: date) -> Draft:
    saturday = next_weekday(5, today, skip=False)
    draft = note(draft, f'"{m.group().strip()}" read as {saturday} and {saturday + timedelta(days=1)}')
    return span(draft, saturday, saturday + timedelta(days=1), today)


def _some_weekend(m: re.Match[str], draft: Draft, today: date) -> Draft:
    return note(last_for(2, draft), "a weekend is read as two days")


def _vague(m: re.Match[str], draft: Draft, today: date) -> Draft:
    return ask(draft, f'"{m.group().strip()}" is no date: on which day does the trip begin?')


def _days(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    count = number_of(m.group(1))
    is_rate = (
        m.group(1).lower() in ("a", "an") and m.group(2).lower() == "day" and not m.group().lower().startswith("for")
    )
    if count is None or count != int(count) or is_rate:
        return None
    return last_for(int(count) * (7 if m.group(2).lower().startswith("week") else 1), draft)


def _nights(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    count = number_of(m.group(1))
    if count is None or count != int(count) or m.group(1).lower() in ("a", "an"):
        return None
    return note(last_for(int(count) + 1, draft), f"{int(count)} nights read as {int(count) + 1} days")


def _day_trip(m: re.Match[str], draft: Draft, today: date) -> Draft:
    return last_for(1, draft)


DATE_RULES: tuple[Rule[Draft], ...] = (
    rule(rf"{_LEAD}{_ISO}{_TO}{_ISO_LATER}", _iso_span),
    rule(rf"\b(?:until|till|to|through|ending on|back on) {_ISO}", _iso_end),
    rule(rf"{_LEAD}{_ISO}", _iso),
    rule(rf"{_LEAD}{_WEEKDAY}({_D})(?: of)? ({MONTH}){_Y}{_TO}{_WEEKDAY}({_D})(?: of)? ({MONTH}){_Y}", _two_month_span),
    rule(rf"{_LEAD}{_WEEKDAY}\b({MONTH}) ({_D}){_Y}{_TO}{_WEEKDAY}({MONTH}) ({_D})\b{_Y}", _american_two),
    rule(rf"{_LEAD}({_D}){_TO}({_D})(?: of)? ({MONTH}){_Y}", _one_month_span),
    rule(rf"{_LEAD}\b({MONTH}) ({_D}){_TO}({_D})\b{_Y}", _american_span),
    rule(
        rf"\b(?:until|till|to|through|ending on|back on) (?:the )?{_WEEKDAY}({_D})(?: of)? ({MONTH}){_Y}", _written_end
    ),
    rule(rf"{_LEAD}{_WEEKDAY}({_D})(?: of)? ({MONTH}){_Y}", _written),
    rule(rf"{_LEAD}{_WEEKDAY}\b({MONTH}) (?:the )?({_D})\b{_Y}", _american),
    rule(rf"{_LEAD}(?<!\d)(\d{{1,2}})\.(\d{{1,2}})\.(\d{{4}}|\d{{2}})?(?!\d)", _dotted),
    rule(rf"{_LEAD}(?<![\d/])(\d{{1,2}})/(\d{{1,2}})(?:/(\d{{4}}|\d{{2}}))?(?![\d/])", _slashed),
    rule(rf"{_LEAD}\b(today|(?:the )?day after tomorrow|tomorrow)\b", _near_day),
    rule(r"\b(?:for |on |over )?(?:the )?(?:this |next |coming )+weekend\b", _weekend),
    rule(r"\b(?:for |on |over )?(?:the |a |one )?weekend\b", _some_weekend),
    rule(rf"{_LEAD}\b(?:this |next |coming )*(mon|tues|wednes|thurs|fri|satur|sun)day\b", _weekday),
    rule(rf"{_LEAD}\b(?:next|this|coming|in) (?:week|month|year|spring|summer|autumn|fall|winter|{MONTH})\b", _vague),
    rule(rf"(?:\bfor )?({NUMBER})[\s-]nights?(?: (?:trip|stay))?\b", _nights),
    rule(
        rf"(?:\b(?:for|lasting|in) )?({NUMBER})(?: full| whole)?[\s-](days?|weeks?)\b(?:[\s-]long)?(?! (?:a|per|"
        rf"each) )",
        _days,
    ),
    rule(r"\bday[\s-]?trip\b|\bfor the day\b", _day_trip),
)
