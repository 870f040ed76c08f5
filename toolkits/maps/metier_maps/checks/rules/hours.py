"""Every sight is open during the whole stay, recomputed from the map's own words."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from metier.check import Check
from metier.verdict import Finding
from metier_maps.checks.reading import Reading, Rule, clock, make_check, seconds_between, short
from metier_maps.hours.calendar import holiday_name
from metier_maps.hours.opening import Window, windows_on
from metier_maps.hours.sun import sun_times
from metier_maps.itinerary import Day, Itinerary, Stop
from metier_maps.place import Place

SUN_TOLERANCE_S = 60


def _judge_open(reading: Reading, rule: Rule) -> Iterable[Finding]:
    zone, country = reading.zone, reading.trip.region.country
    for subject, day, stop in _opened(reading.trip):
        cited = reading.cited_place(stop.citations, stop.place.id)
        claimed = f"{short(stop.place.name)} from {clock(stop.begin, day.date)} to {clock(stop.leave, day.date)}"
        if cited.place is None or zone is None:
            found = cited.problem or f"no time zone {short(reading.trip.region.timezone)}"
            yield rule.violated(subject, claimed, found=found, repair="Cite the place as the map tool returned it.")
            continue
        windows = windows_on(cited.place, day.date, zone, country)
        window = next((w for w in windows if _holds_stay(w, stop)), None)
        if window is None:
            found, repair = _why_not(reading, cited.place, (day, stop), windows)
            yield rule.violated(subject, claimed, found=found, repair=repair, evidence=cited.id)
        elif (problem := _misstated(reading.trip, stop, window)) is not None:
            yield rule.violated(subject, claimed, found=problem[0], repair=problem[1], evidence=cited.id)
        else:
            yield rule.holds(subject, f"{claimed}, {short(window.text)}", cited.id)


def _opened(trip: Itinerary) -> Iterable[tuple[str, Day, Stop]]:
    """Returns each stop that needs an open door: all but meals taken where one is already, unless they show hours."""
    for d, day in enumerate(trip.days):
        here = day.start.id
        for i, stop in enumerate(day.stops):
            if stop.kind == "sight" or stop.place.id != here or stop.hours is not None:
                yield f"/days/{d}/stops/{i}", day, stop
            here = stop.place.id


def _holds_stay(window: Window, stop: Stop) -> bool:
    return (
        seconds_between(window.opens, stop.begin) >= 0
        and seconds_between(stop.begin, window.last_entry) >= 0
        and seconds_between(stop.leave, window.closes) >= 0
    )


def _why_not(reading: Reading, place: Place, visit: tuple[Day, Stop], windows: Sequence[Window]) -> tuple[str, str]:
    """Returns what was found instead of an open door, and the smallest repair."""
    day, stop = visit
    zone, country = reading.zone, reading.trip.region.country
    if not windows and zone is not None:
        holiday = holiday_name(day.date, country)
        others = [other.date for other in reading.trip.days if windows_on(place, other.date, zone, country)]
        better = f"Visit it on {', '.join(map(str, others[:3]))}." if others else "Leave it out."
        return f"closed on {day.date}" + (f" ({holiday})" if holiday else ""), better
    open_at = ", ".join(f"{clock(w.opens, day.date)} to {clock(w.closes, day.date)}" for w in windows)
    late = [w for w in windows if seconds_between(stop.begin, w.last_entry) < 0 and _is_within(w, stop)]
    if late:
        return f"last entry {clock(late[0].last_entry, day.date)}", f"Begin by {clock(late[0].last_entry, day.date)}."
    return f"open {open_at}", "Move the stay into these hours."


def _is_within(window: Window, stop: Stop) -> bool:
    return seconds_between(window.opens, stop.begin) >= 0 and seconds_between(stop.leave, window.closes) >= 0


def _misstated(trip: Itinerary, stop: Stop, window: Window) -> tuple[str, str] | None:
    """Returns what is wrong with the hours as shown, and the repair; None when they are those of the window."""
    shown = stop.hours
    if shown is None:
        return "no hours are shown", f"Show: {short(window.text)}."
    if (shown.text, shown.assumed) != (window.text, window.assumed):
        kind = "assumed hours" if window.assumed else "hours"
        return f"{kind} {short(window.text)}, shown {short(shown.text)}", "Show the hours of the evidence."
    if seconds_between(shown.opens, window.opens) or seconds_between(shown.closes, window.closes):
        return f"open {clock(window.opens)} to {clock(window.closes)}", "Show the interval that holds the stay."
    if window.assumed and not any(window.text in said and stop.place.name in said for said in trip.assumptions):
        return "the assumption is not stated", f"List it: {short(stop.place.name)}: {short(window.text)}."
    return None


def _judge_calendar(reading: Reading, rule: Rule) -> Iterable[Finding]:
    for d, day in enumerate(reading.trip.days):
        subject = f"/days/{d}"
        holiday = holiday_name(day.date, reading.trip.region.country)
        if day.holiday != holiday:
            found = holiday or "no public holiday"
            yield rule.violated(f"{subject}/holiday", short(day.holiday), found=found, repair="Show the calendar's.")
        problem = _sun_problem(reading, day)
        if problem:
            claimed = f"sunrise {_shown(day.sunrise)}, sunset {_shown(day.sunset)}"
            yield rule.violated(f"{subject}/sunrise", claimed, found=problem, repair="Show the sun's times there.")
        elif day.holiday == holiday:
            yield rule.holds(subject, f"{day.date}{f', {holiday}' if holiday else ''}")


def _sun_problem(reading: Reading, day: Day) -> str:
    """Returns what the sun does instead where the day starts, or "" when it does what is shown (or nothing is)."""
    if day.sunrise is None and day.sunset is None:
        return ""
    place = reading.find_place(day.start.id)
    zone: ZoneInfo | None = reading.zone
    if place is None or zone is None:
        return "nothing known of where the day starts"
    times = sun_times(place.lat, place.lon, day.date, zone)
    if times is None or day.sunrise is None or day.sunset is None:
        return "no sunrise and sunset" if times is None else f"sunrise {clock(times[0])}, sunset {clock(times[1])}"
    off = max(abs(seconds_between(times[0], day.sunrise)), abs(seconds_between(times[1], day.sunset)))
    return f"sunrise {clock(times[0])}, sunset {clock(times[1])}" if off > SUN_TOLERANCE_S else ""


def _shown(moment: datetime | None) -> str:
    return "none" if moment is None else clock(moment)


CHECKS: tuple[Check, ...] = (
    make_check(
        "open", "Each sight is open during the whole stay on that date, and its hours are the map's.", _judge_open
    ),
    make_check("calendar", "Public holidays, sunrise and sunset are those of the date and place.", _judge_calendar),
)
