"""Real, small implementations of this toolkit's two seams, in memory: for tests, and for authors who build on it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from metier.errors import InputError, MissingError, ToolError
from metier_maps.facts import Fact, Money, Tri
from metier_maps.place import Place, Region
from metier_maps.places.categories import ancestors_of, find_category, kinds_of
from metier_maps.places.gazetteer import Box, Hit
from metier_maps.routing.router import Contour, Matrix, Mode, Point, Route, Snap
from metier_maps.routing.sphere import measure

SOURCE = "test data"


def make_region(name: str = "testland", *, timezone: str = "Europe/Andorra", country: str = "AD") -> Region:
    """Returns a small region around 42.5 N, 1.5 E."""
    return Region(
        id=f"{name}-000000000000",
        name=name,
        sha256="0" * 64,
        osm_date="2026-01-01",
        attribution="© OpenStreetMap contributors",
        licence="ODbL 1.0",
        bbox=(41.5, 0.5, 43.5, 2.5),
        timezone=timezone,
        country=country,
        places=0,
        lodgings=0,
        road_nodes=0,
        road_arcs=0,
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a place that `make_place` makes; None and UNKNOWN mean that nothing is."""

    hours: str | None = None
    dogs: Tri = Tri.UNKNOWN
    price_cents: int | None = None
    fee: Tri = Tri.UNKNOWN
    stars: float | None = None
    phone: str | None = None


def make_place(place_id: str, category: str, at: tuple[float, float], known: Known | None = None) -> Place:
    """Returns a place whose name is its id without the prefix; `at` is (lat, lon) in degrees."""
    known = known or Known()
    name = place_id.rsplit("/", 1)[-1]
    price = None if known.price_cents is None else Money(cents=known.price_cents)
    return Place(
        id=place_id,
        name=name,
        names={"name": name},
        lat=at[0],
        lon=at[1],
        categories=(category, *ancestors_of(category)),
        opening_hours=Fact(value=known.hours, source=SOURCE),
        dogs=Fact(value=known.dogs, source=SOURCE),
        price=Fact(value=price, source=SOURCE),
        fee=Fact(value=known.fee, source=SOURCE),
        stars=Fact(value=known.stars, source=SOURCE),
        phone=Fact(value=known.phone, source=SOURCE),
        website=Fact(value=None, source=SOURCE),
        wheelchair=Fact(value=Tri.UNKNOWN, source=SOURCE),
    )


class InMemoryGazetteer:
    """The places of one region, in a list."""

    def __init__(self, region: Region, places: Iterable[Place]) -> None:
        self._region = region
        self._places = {place.id: place for place in places}

    @property
    def region(self) -> Region:
        """Returns the region whose places these are."""
        return self._region

    def get(self, place_id: str) -> Place:
        """Returns the place; raises MissingError when there is none of that id."""
        if place_id not in self._places:
            raise MissingError(f"No place {place_id!r}.", hint="Search for it by name.")
        return self._places[place_id]

    def search(
        self,
        text: str = "",
        *,
        category: str = "",
        near: Point | None = None,
        radius_m: float | None = None,
        box: Box | None = None,
        limit: int = 20,
    ) -> tuple[Hit, ...]:
        """Returns the hits whose name holds `text`, nearest first where `near` is given."""
        hits = [_hit(place, near) for place in self._places.values() if _is_kind(place, category)]
        hits = [hit for hit in hits if text.casefold() in hit.place.name.casefold() and _is_inside(hit.place, box)]
        if radius_m is not None:
            hits = [hit for hit in hits if hit.distance_m is None or hit.distance_m <= radius_m]
        return tuple(sorted(hits, key=lambda hit: (hit.distance_m or 0.0, hit.place.id))[:limit])

    def along(self, line: Sequence[Point], *, category: str, buffer_m: float, limit: int = 20) -> tuple[Hit, ...]:
        """Returns the places within `buffer_m` of a point of the line, in the line's order."""
        found = []
        for place in self._places.values():
            at = Point(place.lat, place.lon)
            away, where = min((measure(at, point), i) for i, point in enumerate(line))
            if away <= buffer_m and _is_kind(place, category):
                found.append((where, place.id, Hit(place, 1.0, place.name, away)))
        return tuple(hit for _, _, hit in sorted(found, key=lambda entry: entry[:2])[:limit])


def _hit(place: Place, near: Point | None) -> Hit:
    away = None if near is None else measure(near, Point(place.lat, place.lon))
    return Hit(place, 1.0, place.name, away)


def _is_kind(place: Place, category: str) -> bool:
    if not category:
        return True
    word = find_category(category)
    if word is None:
        raise InputError(f"No category {category!r}.", hint="Use a word of places.categories.")
    return not set(kinds_of(word)).isdisjoint(place.categories)


def _is_inside(place: Place, box: Box | None) -> bool:
    return box is None or (box.south <= place.lat <= box.north and box.west <= place.lon <= box.east)


@dataclass(frozen=True, slots=True)
class StraightLineRouter:
    """A router that drives straight at one speed per mode, and knows nothing but closures and cut-off places.

    `cut_off` are points that no road reaches; `closed` maps a date to the points that cannot be reached on it;
    `nowhere` are points too far from any road.
    """

    metres_per_second: Mapping[Mode, float] = field(default_factory=lambda: {"car": 12.0, "bicycle": 4.0, "foot": 1.2})
    cut_off: frozenset[Point] = frozenset()
    closed: Mapping[date, frozenset[Point]] = field(default_factory=dict)
    nowhere: frozenset[Point] = frozenset()

    @property
    def label(self) -> str:
        """Returns what to print beside its numbers."""
        return "straight line"

    @property
    def source(self) -> str:
        """Returns the source of its evidence."""
        return "straight-line/1"

    def snap(self, point: Point, mode: Mode) -> Snap:
        """Returns the point itself; raises InputError for one that is nowhere near a road."""
        if point in self.nowhere:
            raise InputError(f"No road for {mode} near {point.lat}, {point.lon}.", hint="Choose a place near a road.")
        return Snap(point, 0.0)

    def route(self, origin: Point, destination: Point, *, mode: Mode, on: date | None) -> Route:
        """Returns the straight line; raises ToolError where no way exists on that day."""
        self.snap(origin, mode)
        self.snap(destination, mode)
        cell = self._cell(origin, destination, mode, on)
        if cell is None:
            raise ToolError("There is no way between these points.", hint="Choose another place or day.")
        return Route(cell[0], cell[1], (origin, destination))

    def matrix(self, origins: Sequence[Point], destinations: Sequence[Point], *, mode: Mode, on: date | None) -> Matrix:
        """Returns durations and distances; None where there is no way."""
        for point in (*origins, *destinations):
            self.snap(point, mode)
        cells = [[self._cell(a, b, mode, on) for b in destinations] for a in origins]
        return Matrix(
            tuple(tuple(None if c is None else c[0] for c in row) for row in cells),
            tuple(tuple(None if c is None else c[1] for c in row) for row in cells),
        )

    def isochrone(self, origin: Point, seconds: Sequence[int], *, mode: Mode, on: date | None) -> tuple[Contour, ...]:
        """Returns a square ring per bound."""
        self.snap(origin, mode)
        return tuple(Contour(s, _ring(origin, s * self.metres_per_second[mode])) for s in seconds)

    def _cell(self, a: Point, b: Point, mode: Mode, on: date | None) -> tuple[int, int] | None:
        if a == b:
            return 0, 0
        shut = self.cut_off | (self.closed.get(on, frozenset()) if on is not None else frozenset())
        if a in shut or b in shut:
            return None
        metres = measure(a, b)
        return max(1, round(metres / self.metres_per_second[mode])), max(1, round(metres))


def _ring(origin: Point, metres: float) -> tuple[Point, ...]:
    north = metres / 111_000
    east = north / max(0.01, math.cos(math.radians(origin.lat)))
    corners = ((north, east), (north, -east), (-north, -east), (-north, east), (north, east))
    return tuple(Point(origin.lat + dy, origin.lon + dx) for dy, dx in corners)
