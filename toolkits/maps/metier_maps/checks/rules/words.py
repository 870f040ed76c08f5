"""Free text: the title is made from the request, and a run's warnings and assumptions are the planner's."""

from collections.abc import Iterable, Iterator

from metier.canonical import JSON
from metier.check import Check
from metier.verdict import Finding
from metier_maps.checks.reading import Reading, Rule, is_untouched, make_check, short
from metier_maps.planning.writing.notes import title_trip
from metier_maps.records import PLANNER

FIELDS = ("warnings", "assumptions")


def _judge_title(reading: Reading, rule: Rule) -> Iterable[Finding]:
    trip = reading.trip
    title = title_trip(trip.request, trip.region)
    if trip.title == title:
        yield rule.holds("/title", short(title))
    else:
        yield rule.violated("/title", short(trip.title), found=short(title), repair=f"Call it: {title}")


def _judge_words(reading: Reading, rule: Rule) -> Iterable[Finding]:
    planned = list(_planned(reading))
    known = {line for trip in planned for field in FIELDS for line in _lines(trip, field)}
    for field in FIELDS:
        said: tuple[str, ...] = getattr(reading.trip, field)
        strange = [i for i, line in enumerate(said) if line not in known]
        if said and not planned:
            claimed, found = f"{len(said)} lines", "no plan of this run; these are the author's own words"
            yield rule.unknown(f"/{field}", claimed, found=found, repair="Plan the trip with the tool.")
        elif not strange:
            yield rule.holds(f"/{field}", f"{len(said)} lines of the planner")
        elif planned:
            for i in strange:
                repair = "Say only what the planner said."
                yield rule.violated(f"/{field}/{i}", short(said[i]), found="in no plan of this run", repair=repair)
    yield from _judge_left_out(reading, rule, planned)


def _judge_left_out(reading: Reading, rule: Rule, planned: list[dict[str, JSON]]) -> Iterator[Finding]:
    """Yields the warnings that the planner gave for these very days and that are no longer there."""
    days = [day.model_dump(mode="json", exclude={"weather"}) for day in reading.trip.days]
    same = [trip for trip in planned if _without_weather(trip) == days]
    wanted = {line for trip in same for line in _lines(trip, "warnings")}
    for line in sorted(wanted - set(reading.trip.warnings)):
        yield rule.violated("/warnings", "left out", found=short(line), repair=f"Add the warning: {short(line)}")


def _planned(reading: Reading) -> Iterator[dict[str, JSON]]:
    for item in reading.evidence.values():
        if item.source == PLANNER and isinstance(item.value, dict) and is_untouched(item):
            yield item.value


def _lines(trip: dict[str, JSON], field: str) -> list[str]:
    lines = trip.get(field)
    return [line for line in lines if isinstance(line, str)] if isinstance(lines, list) else []


def _without_weather(trip: dict[str, JSON]) -> list[dict[str, JSON]]:
    days = trip.get("days")
    kept = [day for day in days if isinstance(day, dict)] if isinstance(days, list) else []
    return [{key: value for key, value in day.items() if key != "weather"} for day in kept]


CHECKS: tuple[Check, ...] = (
    make_check("title", "The title says the days, the region and the dates, and nothing else.", _judge_title),
    make_check("words", "Warnings and assumptions are the planner's, and no warning is left out.", _judge_words),
)
