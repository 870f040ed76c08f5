"""Days of the calendar as people say them: what exists, which year is meant, what is ambiguous."""

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta

from metier.errors import InputError
from metier_maps.language.draft import Draft, ask, note, say, worded
from metier_maps.request import LONGEST_DAYS

SWAP = "Swap or correct the dates."
EXAMPLE = "Give a date such as 2026-12-04 or 4 December 2026."


def day_of(year: int | None, month: int, day: int, today: date) -> date:
    """Returns the date; without a year the next one from `today` on. Raises InputError where there is none."""
    if year is not None and not 1900 <= year <= 2200:
        raise InputError(f"The year {year} cannot be planned.", hint=EXAMPLE)
    written = f"{year}-{month:02d}-{day:02d}" if year is not None else f"day {day} of month {month}"
    if not 1 <= month <= 12 or not 1 <= day <= (31 if year is None else monthrange(year, month)[1]):
        raise InputError(f"There is no such date as {written}.", hint=EXAMPLE)
    if year is not None:
        return date(year, month, day)
    for candidate in range(today.year, today.year + 9):
        if day <= monthrange(candidate, month)[1] and date(candidate, month, day) >= today:
            return date(candidate, month, day)
    raise InputError(f"There is no such date as {written}.", hint=EXAMPLE)


def begin(draft: Draft, day: date, today: date, *, said: str) -> Draft:
    """Returns the draft that starts on `day`; what the words left open is noted."""
    if said and str(day.year) not in said:
        text = said.strip()
        draft = note(draft, worded(draft, f'"{text}" read as {day.isoformat()}', f"“{text}”读作 {day.isoformat()}"))
    if day < today:
        draft = note(draft, worded(draft, f"{day.isoformat()} is in the past", f"{day.isoformat()} 已经过去"))
    return say(draft, "start_date", day)


def span(draft: Draft, first: date, last: date, today: date) -> Draft:
    """Returns the draft from `first` to `last`; raises InputError when the end is before the start."""
    if last < first:
        raise InputError(f"The trip would end on {last}, before it starts on {first}.", hint=SWAP)
    return say(begin(draft, first, today, said=str(first.year)), "end_date", last)


def last_for(days: int, draft: Draft) -> Draft:
    """Returns the draft of so many days; raises InputError for none or more than a plan can have."""
    if not 1 <= days <= LONGEST_DAYS:
        raise InputError(f"A trip of {days} days cannot be planned.", hint=f"Ask for 1 to {LONGEST_DAYS} days.")
    return say(draft, "days", days)


def ask_order(draft: Draft, first: tuple[int, int], year: int | None, today: date) -> Draft:
    """Returns the draft of a date written as two numbers: asked when both orders make a date, as 12/04 does."""
    a, b = first
    orders = dict.fromkeys((month, day) for day, month in ((a, b), (b, a)) if 1 <= month <= 12)
    choices = [day_of(year, month, day, today) for month, day in orders if day <= 31]
    if not choices:
        raise InputError(f"There is no such date as {a}/{b}.", hint=EXAMPLE)
    if len(choices) == 1:
        return begin(draft, choices[0], today, said=f"{a}/{b}")
    texts = tuple(f"{d.day} {d:%B %Y} ({d.isoformat()})" for d in choices)
    text = worded(
        draft,
        f"{a}/{b} can be read as two dates: which one is the first day?",
        f"{a}/{b} 可以读作两个日期：哪一天出发？",
    )
    return ask(draft, text, texts)


def next_weekday(weekday: int, today: date, *, skip: bool) -> date:
    """Returns the next such weekday after today; with `skip`, that of the next week (weeks begin on Monday)."""
    if skip:
        monday = today - timedelta(days=today.weekday()) + timedelta(days=7)
        return monday + timedelta(days=weekday)
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def settle_dates(draft: Draft) -> Draft:
    """Returns the draft with its days and end made one, or with a question where they contradict each other."""
    first, last, days = draft.start_date, draft.end_date, draft.days
    if first is None:
        return draft
    if last is not None and last < first:
        raise InputError(f"The trip would end on {last}, before it starts on {first}.", hint=SWAP)
    if last is None:
        return draft if days is None else replace(draft, end_date=first + timedelta(days=days - 1))
    counted = (last - first).days + 1
    if days is not None and days != counted:
        longer = first + timedelta(days=days - 1)
        choices = (f"until {last} ({counted} days)", f"{days} days (until {longer})")
        text = worded(
            draft,
            f"{first} to {last} is not {days} days: which one holds?",
            f"{first} 到 {last} 不是{days}天：以哪个为准？",
        )
        return ask(replace(draft, end_date=None), text, choices)
    return last_for(counted, replace(draft, days=None))
