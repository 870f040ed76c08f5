"""The trip in the terminal: a table per day, what was verified, what is assumed."""

from collections import Counter
from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from metier.evidence import Citation
from metier.toolkit import Delivery
from metier.verdict import Outcome, Verdict
from metier_maps.itinerary import Day, Hours, Itinerary, Leg, Stop
from metier_maps.rendering.document import itinerary_of, notice_of
from metier_maps.rendering.markdown import summary_of, timeline
from metier_maps.rendering.wording import (
    clock,
    day_name,
    dogs,
    kilometres,
    minutes,
    numbered,
    one_line,
    points_to_mind,
    price,
    short_minutes,
    span,
    total_cost,
    waiting,
)


def show(delivery: Delivery) -> RenderableType:
    """Returns the whole answer for a terminal: days, totals, verification report, assumptions, other plans, notice."""
    itinerary = itinerary_of(delivery)
    parts: list[RenderableType] = [
        Text(one_line(itinerary.title), style="bold"),
        Text(notice_of(itinerary), style="dim"),
    ]
    for d in range(len(itinerary.days)):
        parts += [Text(""), _table(d, itinerary, delivery)]
    parts.append(Text(""))
    dated = f"; places from the map as of {itinerary.region.osm_date}" if itinerary.region.osm_date else ""
    parts += [Text(f"Sources: drives from the router ({one_line(itinerary.router)}){dated}.", style="dim")]
    total = f"In all {minutes(itinerary.drive_s)}, {kilometres(itinerary.distance_m)} ({one_line(itinerary.router)})."
    parts += [Text(f"{total} Cost: {total_cost(itinerary)}.")]
    parts += [_report(delivery.verdict), *_lists(itinerary)]
    return Group(*parts)


def _table(d: int, itinerary: Itinerary, delivery: Delivery) -> Table:
    day = itinerary.days[d]
    labels = {i: n for (on, i), n in numbered(itinerary.days).items() if on == d}
    title = f"Day {d + 1}, {day_name(day)}: {minutes(day.drive_s)}, {kilometres(day.distance_m)}"
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.show_edge = False
    for column in ("arrive", "stay", "leave"):
        table.add_column(column, no_wrap=True)
    table.add_column("place", min_width=16, overflow="fold")
    for column in ("travel", "open", "source"):
        table.add_column(column, no_wrap=True, overflow="fold")
    for row in _rows(day, labels, delivery):
        table.add_row(*[Text(cell) for cell in row])
    return table


def _rows(day: Day, labels: dict[int, int], delivery: Delivery) -> Iterator[tuple[str, ...]]:
    yield "", "", clock(day.depart), f"{one_line(day.start.name)}{_sun(day)}", "", "", ""
    drive: Leg | None = None
    for entry in timeline(day):
        if isinstance(entry, Leg):
            drive = entry
            continue
        yield _visit(entry, labels.get(day.stops.index(entry)), drive, delivery)
        drive = None
    night = day.night
    kind = "night" if night else ""
    notes = f"\n{dogs(night)}; {price(night.price)}" if night else ""
    place = f"{one_line(day.end.name)}{notes}"
    yield clock(day.arrive), kind, "", place, _drive(drive), "", _sources(night.citations if night else (), delivery)
    if day.weather is not None and day.weather.known:
        yield "", "", "", f"weather: {one_line(day.weather.text)}", "", "", _sources(day.weather.citations, delivery)


def _visit(stop: Stop, number: int | None, drive: Leg | None, delivery: Delivery) -> tuple[str, ...]:
    stay = short_minutes(int((stop.leave - stop.begin).total_seconds()))
    name = "lunch" if stop.kind == "meal" else f"{number}. {one_line(stop.place.name)}"
    name = f"{name} ({waiting(stop)})" if waiting(stop) else name
    times = clock(stop.arrive), stay, clock(stop.leave)
    return (*times, name, _drive(drive), _open(stop.hours), _sources(stop.citations, delivery))


def _open(hours: Hours | None) -> str:
    """Returns the hours in short: the whole of an assumption is in the list below the days."""
    if hours is None:
        return ""
    return span(hours) + ("\nassumed" if hours.assumed else "")


def _drive(leg: Leg | None) -> str:
    return f"{short_minutes(leg.duration_s)}\n{kilometres(leg.distance_m)}" if leg else ""


def _sun(day: Day) -> str:
    if day.sunrise is None or day.sunset is None:
        return ""
    return f"\nsun {clock(day.sunrise)}-{clock(day.sunset)}"


def _sources(citations: tuple[Citation, ...], delivery: Delivery) -> str:
    found = [delivery.evidence[c.evidence] for c in citations if c.evidence in delivery.evidence]
    return ", ".join(dict.fromkeys(one_line(evidence.locator.removeprefix("osm:")) for evidence in found))


def _report(verdict: Verdict) -> RenderableType:
    table = Table(title="Verification", title_justify="left", title_style="bold")
    table.add_column("check")
    for outcome in Outcome:
        table.add_column(outcome.value, justify="right")
    counts = Counter((finding.rule, finding.outcome) for finding in verdict.findings)
    for rule in dict.fromkeys(finding.rule for finding in verdict.findings):
        table.add_row(rule, *[str(counts[rule, outcome] or "") for outcome in Outcome])
    open_points = [Text(f"- {one_line(finding.sentence())}") for finding in (*verdict.violated, *verdict.unknown)]
    return Group(table, Text(summary_of(verdict)), *open_points)


def _lists(itinerary: Itinerary) -> Iterator[RenderableType]:
    others = tuple(f"{other.title}: {'; '.join(other.differs)}" for other in itinerary.alternatives)
    for title, lines in (
        ("To know", points_to_mind(itinerary)),
        ("Assumed", itinerary.assumptions),
        ("Other plans", others),
    ):
        if lines:
            yield Text(title, style="bold")
            yield from (Text(f"- {one_line(line)}") for line in lines)
