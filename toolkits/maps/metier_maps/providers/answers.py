"""What a live source told, in the shapes of the toolkit's own tools. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from metier.evidence import Evidence, record_evidence
from metier_maps.place import Place
from metier_maps.places.gazetteer import Hit
from metier_maps.places.search.names import fold
from metier_maps.places.search.ranking import score_name, weigh
from metier_maps.providers.asking import Wish
from metier_maps.providers.plan import Outcome
from metier_maps.providers.records import Distance, Sky, Source, record_sky, record_way
from metier_maps.records import Way
from metier_maps.routing.router import Mode, Point
from metier_maps.routing.sphere import measure
from metier_maps.server.atlas import Spot
from metier_maps.server.places import show_hit
from metier_maps.server.shapes import (
    Forecast,
    MatrixResult,
    PlaceDetails,
    RouteLeg,
    RouteResult,
    SearchResult,
    WeatherResult,
)

Cell = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Known:
    """A place and its evidence."""

    place: Place
    evidence: Evidence


def is_wanted(place: Place, wish: Wish, centre: Point | None) -> bool:
    """Returns whether a place is of the kind asked for, as far as the source tells its kind, and near enough."""
    if wish.word and place.categories and wish.word not in place.categories:
        return False
    near_enough = centre is None or wish.radius_m is None
    return near_enough or measure(centre or _NOWHERE, Point(place.lat, place.lon)) <= (wish.radius_m or 0.0)


_NOWHERE = Point(0.0, 0.0)


def tell_found(source: Source, known: Sequence[Known], wish: Wish, *, centre: Point | None, note: str = "") -> Outcome:
    """Returns the places that fit the wish: in the source's order, or the nearest first where only a kind is asked."""
    kept = [each for each in known if is_wanted(each.place, wish, centre)]
    hits = [(_hit(each.place, wish, centre), each.evidence) for each in kept]
    if centre is not None and not wish.query:
        hits.sort(key=lambda pair: pair[0].distance_m or 0.0)
    hits = hits[: wish.limit]
    places = tuple(show_hit(hit) for hit, _ in hits)
    lines = [f"{p.id} {p.name} ({(p.categories or ('place',))[0]}) at {p.lat:.5f},{p.lon:.5f}" for p in places]
    text = "\n".join([*(lines or ["Nothing was found."]), *([note] if note else []), source.attribution])
    return Outcome(SearchResult(region="", places=places), text, tuple(evidence for _, evidence in hits))


def _hit(place: Place, wish: Wish, centre: Point | None) -> Hit:
    away = None if centre is None else measure(centre, Point(place.lat, place.lon))
    score = score_name(fold(wish.query), fold(place.name)) if wish.query else weigh(place.categories, {})
    return Hit(place, score, place.name, away)


def tell_details(source: Source, known: Known) -> Outcome:
    """Returns everything that the source tells of a place."""
    place = known.place
    lines = [f"{place.name} ({', '.join(place.categories) or 'place'}), {place.id}"]
    lines.append(f"opening hours: {place.opening_hours.value or 'unknown'}; dogs: {place.dogs.value or 'unknown'}")
    text = "\n".join([*lines, source.attribution])
    return Outcome(PlaceDetails(place=place), text, (known.evidence,))


@dataclass(frozen=True, slots=True)
class Leg:
    """What a source gave for one leg: its numbers, the tool that gave them, and when."""

    found: Distance
    tool: str
    retrieved: str


def tell_route(source: Source, spots: Sequence[Spot], legs: Sequence[Leg], mode: Mode, *, with_line: bool) -> Outcome:
    """Returns the route over all stops, a leg for each two that follow one another."""
    shown, evidence = [], []
    for (origin, destination), leg in zip(pairwise(spots), legs, strict=True):
        way = Way(origin.ref, destination.ref, mode, None)
        record = record_way(source, leg.tool, way, leg.found, leg.retrieved)
        evidence.append(record)
        shown.append(
            RouteLeg(
                origin=origin.ref,
                destination=destination.ref,
                duration_s=leg.found.duration_s,
                distance_m=leg.found.distance_m,
                line=tuple((p.lat, p.lon) for p in leg.found.line) if with_line else (),
                evidence=record.id,
            )
        )
    whole = RouteResult(
        router=legs[0].found.label,
        legs=tuple(shown),
        duration_s=sum(leg.duration_s for leg in shown),
        distance_m=sum(leg.distance_m for leg in shown),
    )
    lines = [f"{g.origin.name} to {g.destination.name}: {g.duration_s} s, {g.distance_m} m" for g in shown]
    total = f"in all {whole.duration_s} s, {whole.distance_m} m by {mode}, by {whole.router}"
    return Outcome(whole, "\n".join([*lines, total, source.attribution]), tuple(evidence))


@dataclass(frozen=True, slots=True)
class Table:
    """A matrix as a source gave it: its rows of (seconds, metres), its label, the tool that gave it, and when."""

    cells: Sequence[Sequence[Cell]]
    label: str
    tool: str
    retrieved: str


def tell_matrix(source: Source, ends: tuple[Sequence[Spot], Sequence[Spot]], table: Table, mode: Mode) -> Outcome:
    """Returns travel times and distances from each origin to each destination."""
    rows, columns = ends
    result = MatrixResult(
        router=table.label,
        origins=tuple(spot.ref for spot in rows),
        destinations=tuple(spot.ref for spot in columns),
        durations_s=tuple(tuple(cell[0] for cell in line) for line in table.cells),
        distances_m=tuple(tuple(cell[1] for cell in line) for line in table.cells),
    )
    lines = [
        f"{spot.ref.name}: " + ", ".join("no way" if s is None else f"{s // 60} min" for s in seconds)
        for spot, seconds in zip(rows, result.durations_s, strict=True)
    ]
    text = "\n".join([*lines, f"by {mode}, by {table.label}. {source.attribution}"])
    record = record_evidence(
        source=f"{source.name}/{table.tool}",
        locator=f"matrix/{mode}",
        text=text,
        value=result.model_dump(mode="json"),
        recorded=table.retrieved,
    )
    return Outcome(result, text, (record,))


@dataclass(frozen=True, slots=True)
class Almanac:
    """The forecasts of a position, by date, as a source gave them: the tool that gave them, and when."""

    at: Point
    days: dict[date, Sky]
    tool: str
    retrieved: str


def tell_weather(source: Source, almanac: Almanac, on: Sequence[date]) -> Outcome:
    """Returns the forecast of each date; unknown, with the reason, for a date that the source does not reach."""
    forecasts, evidence = [], []
    for day in on:
        sky = almanac.days.get(day)
        record = sky and record_sky(source, almanac.tool, (almanac.at, day), sky, almanac.retrieved)
        evidence += [record] if record else []
        shown = sky or Sky(f"unknown: {source.title} has no forecast for {day}")
        forecasts.append(
            Forecast(
                on=day,
                lat=almanac.at.lat,
                lon=almanac.at.lon,
                known=sky is not None,
                text=shown.text,
                min_c=shown.min_c,
                max_c=shown.max_c,
                rain_mm=shown.rain_mm,
                evidence=record.id if record else "",
            )
        )
    text = "\n".join([*(f"{each.on}: {each.text}" for each in forecasts), source.attribution])
    return Outcome(WeatherResult(forecasts=tuple(forecasts)), text, tuple(evidence))
