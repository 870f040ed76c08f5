"""What differs between two itineraries of the same trip, in words and numbers."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from metier_maps.itinerary import Itinerary, Stop, local

SHOWN = 4  # names in one sentence
SHIFT = timedelta(minutes=10)  # less is no news


def list_differences(old: Itinerary, new: Itinerary) -> tuple[str, ...]:
    """Returns how `new` differs from `old`: lodgings, sights, driving, cost; empty when nothing does."""
    return (*_lodgings(old, new), *_sights(old, new), *_driving(old, new), *_cost(old, new))


def list_changes(old: Itinerary, new: Itinerary) -> tuple[str, ...]:
    """Returns what an edit changed: as `list_differences`, with days, moved sights and shifted times."""
    return (
        *_dates(old, new),
        *_lodgings(old, new),
        *_sights(old, new),
        *_moved(old, new),
        *_shifted(old, new),
        *_driving(old, new),
        *_cost(old, new),
    )


def say_time(seconds: int) -> str:
    """Returns for example "2 h 05 min"; rounded to the minute."""
    minutes = (abs(seconds) + 30) // 60
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def _dates(old: Itinerary, new: Itinerary) -> Iterator[str]:
    before, after = old.request, new.request
    if (before.start_date, before.end_date) != (after.start_date, after.end_date):
        days = "1 day" if after.days == 1 else f"{after.days} days"
        yield f"{after.start_date} to {after.end_date} ({days}) instead of {before.start_date} to {before.end_date}"


def _lodgings(old: Itinerary, new: Itinerary) -> Iterator[str]:
    nights = list(zip(old.days, new.days, strict=False))
    changed: dict[tuple[str, str], list[int]] = {}
    for number, (before, after) in enumerate(nights, 1):
        if before.night is not None and after.night is not None and before.night.place.id != after.night.place.id:
            changed.setdefault((after.night.place.name, before.night.place.name), []).append(number)
    for (fresh, stale), numbers in changed.items():
        which = "night" if len(numbers) == 1 else "nights"
        yield f"{which} {_join(map(str, numbers))}: {fresh} instead of {stale}"


def _visits(trip: Itinerary) -> dict[str, tuple[int, Stop]]:
    return {s.place.id: (d, s) for d, day in enumerate(trip.days) for s in day.stops if s.kind == "sight"}


def _sights(old: Itinerary, new: Itinerary) -> Iterator[str]:
    before, after = _visits(old), _visits(new)
    added = [f"{s.place.name} (day {d + 1})" for key, (d, s) in after.items() if key not in before]
    dropped = [f"{s.place.name} (day {d + 1})" for key, (d, s) in before.items() if key not in after]
    if added:
        yield f"adds {_some(added)}"
    if dropped:
        yield f"leaves out {_some(dropped)}"


def _moved(old: Itinerary, new: Itinerary) -> Iterator[str]:
    before, after = _visits(old), _visits(new)
    for key, (day, stop) in after.items():
        if key in before and before[key][0] != day:
            yield f"{stop.place.name} moves from day {before[key][0] + 1} to day {day + 1}"


def _shifted(old: Itinerary, new: Itinerary) -> Iterator[str]:
    before, after = _visits(old), _visits(new)
    for key, (day, stop) in after.items():
        if key in before and before[key][0] == day and _apart(before[key][1].begin, stop.begin) >= SHIFT:
            yield f"{stop.place.name} at {local(stop.begin)} instead of {local(before[key][1].begin)}"


def _apart(a: datetime, b: datetime) -> timedelta:
    """Returns how far the clock times lie apart, whatever the dates."""
    return abs(timedelta(hours=a.hour - b.hour, minutes=a.minute - b.minute))


def _driving(old: Itinerary, new: Itinerary) -> Iterator[str]:
    seconds = new.drive_s - old.drive_s
    if abs(seconds) >= 60:
        more = "more" if seconds > 0 else "less"
        km = (new.distance_m - old.distance_m) / 1000
        yield f"{say_time(seconds)} {more} driving ({say_time(new.drive_s)} in all), {km:+.0f} km"


def _cost(old: Itinerary, new: Itinerary) -> Iterator[str]:
    before, after = old.cost.value, new.cost.value
    if after is None or before == after:
        return
    yield f"{after} in all" + (f" instead of {before}" if before is not None else "")


def _some(names: list[str]) -> str:
    more = len(names) - SHOWN
    return _join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def _join(names: Iterable[str]) -> str:
    return ", ".join(names)
