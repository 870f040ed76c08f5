"""What of a trip is drawn on a map: lines by day, numbered sights, nights, start and end. Pure."""

from dataclasses import dataclass

from metier_maps.itinerary import Itinerary
from metier_maps.rendering.wording import numbered, one_line


@dataclass(frozen=True, slots=True)
class Mark:
    """A point to draw: its label on the map ("3", "H"), its name, its day (from 0) and its kind."""

    label: str
    name: str
    lat: float
    lon: float
    day: int
    kind: str


@dataclass(frozen=True, slots=True)
class Line:
    """What is driven on a day: points as lat, lon."""

    day: int
    points: tuple[tuple[float, float], ...]


def lines_of(itinerary: Itinerary) -> tuple[Line, ...]:
    """Returns a line for every leg that has one."""
    return tuple(Line(d, leg.line) for d, day in enumerate(itinerary.days) for leg in day.legs if len(leg.line) >= 2)


def marks_of(itinerary: Itinerary) -> tuple[Mark, ...]:
    """Returns the start, the sights in the order of their numbers, the nights, and the end where it is elsewhere."""
    numbers = numbered(itinerary.days)
    sights = [
        Mark(str(n), one_line(stop.place.name), stop.lat, stop.lon, d, "sight")
        for (d, i), n in numbers.items()
        for stop in [itinerary.days[d].stops[i]]
    ]
    nights = [
        Mark("N", one_line(day.night.place.name), day.night.lat, day.night.lon, d, "night")
        for d, day in enumerate(itinerary.days)
        if day.night is not None
    ]
    return (*_ends(itinerary), *nights, *sights)


def extent_of(itinerary: Itinerary) -> tuple[tuple[float, float], ...]:
    """Returns every point (lat, lon) that the map must show; the region's corners when the trip has none."""
    points = [point for line in lines_of(itinerary) for point in line.points]
    points += [(mark.lat, mark.lon) for mark in marks_of(itinerary)]
    south, west, north, east = itinerary.region.bbox
    return tuple(points) or ((south, west), (north, east))


def _ends(itinerary: Itinerary) -> list[Mark]:
    lines = lines_of(itinerary)
    if not lines:
        return []
    first, last = itinerary.days[0], itinerary.days[-1]
    start = Mark("S", one_line(first.start.name), *lines[0].points[0], 0, "start")
    if last.end.id == first.start.id:
        return [start]
    return [start, Mark("E", one_line(last.end.name), *lines[-1].points[-1], len(itinerary.days) - 1, "end")]
