"""A forecast is the weather service's own, and what is not known is said to be unknown."""

from collections.abc import Iterable

from metier.check import Check
from metier.verdict import Finding
from metier_maps.checks.reading import Reading, Rule, is_untouched, make_check, short
from metier_maps.itinerary import Day, Weather

SOURCE = "open-meteo"
UNKNOWN = "unknown"


def _judge(reading: Reading, rule: Rule) -> Iterable[Finding]:
    for d, day in enumerate(reading.trip.days):
        if day.weather is not None:
            yield _judge_day(reading, rule, day, (f"/days/{d}/weather", day.weather))


def _judge_day(reading: Reading, rule: Rule, day: Day, named: tuple[str, Weather]) -> Finding:
    subject, weather = named
    claimed = short(weather.text)
    if not weather.known:
        if weather.text.casefold().startswith(UNKNOWN):
            return rule.holds(subject, claimed)
        return rule.violated(subject, claimed, found="no forecast is known", repair="Say that it is unknown.")
    for citation in weather.citations:
        item = reading.evidence.get(citation.evidence)
        if item is None or item.source != SOURCE or not is_untouched(item) or not isinstance(item.value, dict):
            continue
        if (item.value.get("on"), item.value.get("text")) == (day.date.isoformat(), weather.text):
            return rule.holds(subject, claimed, item.id)
    repair = "Cite the forecast of that day, or leave the weather out."
    return rule.violated(subject, claimed, found="no such forecast in this run", repair=repair)


CHECKS: tuple[Check, ...] = (
    make_check("weather", "A forecast is that of the weather service for the day; else it is unknown.", _judge),
)
