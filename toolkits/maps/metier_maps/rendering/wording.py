"""How numbers, facts and times read to a person. Pure; used by every renderer."""

import re
from datetime import datetime, timedelta

from metier_maps.facts import Fact, Money, Tri
from metier_maps.itinerary import Day, Hours, Itinerary, Night, Stop

# Shorter by an hour than 24, for the day on which the clocks go forward.
WHOLE_DAY = timedelta(hours=23)

_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)


def clean(text: str) -> str:
    """Returns the text without control characters, lone surrogates and direction overrides (XML 1.0, section 2.2)."""
    return _UNPRINTABLE.sub("", text)


def one_line(text: str) -> str:
    """Returns the text cleaned and on one line."""
    return " ".join(clean(text).split())


def minutes(seconds: int) -> str:
    """Returns a duration, "1 h 05 min"; a started minute counts in full."""
    whole = -(-seconds // 60)
    return f"{whole // 60} h {whole % 60:02d} min" if whole >= 60 else f"{whole} min"


def short_minutes(seconds: int) -> str:
    """Returns a duration for narrow columns, "1h05" or "12 min"; a started minute counts in full."""
    whole = -(-seconds // 60)
    return f"{whole // 60}h{whole % 60:02d}" if whole >= 60 else f"{whole} min"


def kilometres(metres: int) -> str:
    """Returns a distance, "12.3 km"."""
    return f"{metres / 1000:.1f} km"


def clock(moment: datetime) -> str:
    """Returns the clock time at the place."""
    return moment.strftime("%H:%M")


def day_name(day: Day) -> str:
    """Returns "Fri 4 Dec 2026", and the holiday's name when it is one."""
    name = f"{day.date:%a} {day.date.day} {day.date:%b %Y}"
    return f"{name} ({one_line(day.holiday)})" if day.holiday else name


def opening(hours: Hours | None) -> str:
    """Returns the hours that a stop relies on, "open 10:00-18:00 (Mo-Sa 10:00-18:00)", or what is assumed."""
    if hours is None:
        return ""
    if hours.assumed:
        return one_line(hours.text)
    return f"open {span(hours)} ({one_line(hours.text)})"


def span(hours: Hours) -> str:
    """Returns the interval of opening, "10:00-18:00", or "all day" for a whole day and more."""
    if hours.closes - hours.opens >= WHOLE_DAY:
        return "all day"
    return f"{clock(hours.opens)}-{clock(hours.closes)}"


def points_to_mind(itinerary: Itinerary) -> tuple[str, ...]:
    """Returns the warnings, and once for the whole trip why a forecast is unknown."""
    unknown = {day.weather.text for day in itinerary.days if day.weather is not None and not day.weather.known}
    return (*itinerary.warnings, *(f"Weather: {text}" for text in sorted(unknown)))


def dogs(night: Night) -> str:
    """Returns the pet policy; where nothing is stated, whom to ask."""
    fact: Fact[Tri] = night.dogs
    if fact.value is Tri.YES:
        return "dogs allowed"
    if fact.value is Tri.NO:
        return "no dogs"
    phone = f" (phone {one_line(night.phone.value)})" if night.phone.value else ""
    return f"dogs: not stated{phone}"


def price(fact: Fact[Money] | None) -> str:
    """Returns an amount, or "price unknown"."""
    return "price unknown" if fact is None or fact.value is None else str(fact.value)


def total_cost(itinerary: Itinerary) -> str:
    """Returns the cost of the trip; "at least" where an entrance fee is not known and so not in it."""
    fees = [stop.cost for day in itinerary.days for stop in day.stops if stop.kind == "sight"]
    is_open = itinerary.cost.value is not None and any(fee is None or fee.value is None for fee in fees)
    return f"at least {price(itinerary.cost)}" if is_open else price(itinerary.cost)


def numbered(days: tuple[Day, ...]) -> dict[tuple[int, int], int]:
    """Returns the number that each sight (day, stop) bears on maps and in tables, counted from 1 over the trip."""
    places = [(d, i) for d, day in enumerate(days) for i, stop in enumerate(day.stops) if stop.kind == "sight"]
    return {key: n for n, key in enumerate(places, start=1)}


def waiting(stop: Stop) -> str:
    """Returns how long one waits before the stop begins, or nothing."""
    gap = int((stop.begin - stop.arrive).total_seconds())
    return f"wait {minutes(gap)}" if gap >= 60 else ""
