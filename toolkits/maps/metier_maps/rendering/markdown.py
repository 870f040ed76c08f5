"""`trip.md`: the trip as plain Markdown, to paste into a chat."""

from collections.abc import Iterator

from metier.toolkit import Delivery, Settings
from metier.verdict import Verdict
from metier_maps.itinerary import Day, Leg, Stop
from metier_maps.rendering.document import itinerary_of, notice_of
from metier_maps.rendering.wording import (
    clock,
    day_name,
    dogs,
    kilometres,
    minutes,
    numbered,
    one_line,
    opening,
    points_to_mind,
    price,
    total_cost,
    waiting,
)

_MARKUP = str.maketrans({letter: f"\\{letter}" for letter in "\\`*_[]<>|#"})


def render_markdown(delivery: Delivery, settings: Settings) -> bytes:
    """Returns the trip as Markdown; names cannot format anything in it."""
    itinerary = itinerary_of(delivery)
    numbers = numbered(itinerary.days)
    lines = [f"# {escape(itinerary.title)}", "", notice_of(itinerary), ""]
    total = f"{minutes(itinerary.drive_s)} and {kilometres(itinerary.distance_m)} in all"
    lines += [f"{total} ({escape(itinerary.router)}); cost {total_cost(itinerary)}.", ""]
    for d, day in enumerate(itinerary.days):
        labels = {i: n for (on, i), n in numbers.items() if on == d}
        lines += [*_day(d + 1, day, labels), ""]
    lines += [*_section("To know", points_to_mind(itinerary)), *_section("Assumed", itinerary.assumptions)]
    others = [f"{other.title}: {'; '.join(other.differs)}" for other in itinerary.alternatives]
    lines += [*_section("Other plans", others), "## Verified", "", summary_of(delivery.verdict), ""]
    return "\n".join(lines).encode()


def summary_of(verdict: Verdict) -> str:
    """Returns how many checks hold, are violated or could not be decided."""
    held = len(verdict.findings) - len(verdict.violated) - len(verdict.unknown)
    return f"{held} findings hold, {len(verdict.violated)} violated, {len(verdict.unknown)} could not be decided."


def escape(text: str) -> str:
    """Returns the text on one line, with everything escaped that Markdown would read as markup."""
    return one_line(text).translate(_MARKUP)


def _day(number: int, day: Day, labels: dict[int, int]) -> Iterator[str]:
    yield f"## Day {number}, {day_name(day)}: {minutes(day.drive_s)}, {kilometres(day.distance_m)}"
    yield ""
    yield f"- {clock(day.depart)} leave {escape(day.start.name)}"
    for entry in timeline(day):
        if isinstance(entry, Leg):
            yield f"- {clock(entry.depart)} by {entry.mode} {minutes(entry.duration_s)}, {kilometres(entry.distance_m)}"
        else:
            yield _visit(entry, labels.get(day.stops.index(entry)))
    yield f"- {clock(day.arrive)} arrive at {escape(day.end.name)}"
    if day.night is not None:
        yield f"- Night at {escape(day.night.place.name)}: {escape(dogs(day.night))}; {price(day.night.price)}"
    if day.weather is not None and day.weather.known:
        yield f"- Weather: {escape(day.weather.text)}"


def _visit(stop: Stop, number: int | None) -> str:
    span = f"{clock(stop.begin)}-{clock(stop.leave)}"
    if stop.kind == "meal":
        return f"- {span} lunch"
    extra = "; ".join(part for part in (waiting(stop), escape(opening(stop.hours)) if stop.hours else "") if part)
    return f"- {span} **{number}. {escape(stop.place.name)}**" + (f" ({extra})" if extra else "")


def timeline(day: Day) -> list[Leg | Stop]:
    """Returns the legs and stops of a day in the order of time; a leg of no length is left out."""
    entries: list[Leg | Stop] = [leg for leg in day.legs if leg.duration_s or leg.distance_m]
    entries += day.stops
    return sorted(entries, key=lambda entry: entry.depart if isinstance(entry, Leg) else entry.arrive)


def _section(title: str, lines: tuple[str, ...] | list[str]) -> list[str]:
    return [f"## {title}", "", *[f"- {escape(line)}" for line in lines], ""] if lines else []
