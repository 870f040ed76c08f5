"""The map of the page as values for an SVG: paths by kind, lines by day, marks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metier.toolkit import Settings
from metier_maps.itinerary import Itinerary
from metier_maps.osm.basemap import AREAS, KINDS, Basemap
from metier_maps.rendering.cartography.palette import day_colour, web_colour
from metier_maps.rendering.cartography.picture import background_of
from metier_maps.rendering.cartography.projection import Projection, fit
from metier_maps.rendering.cartography.spread import spread_spots
from metier_maps.rendering.cartography.trip import Mark, extent_of, lines_of, marks_of
from metier_maps.rendering.wording import one_line

SIDE = 1000
SPACING = 28.0  # pixels between the middles of two marks
COARSEST = 0.7  # pixels: a point nearer than this to the one before it is left out
MOST_POINTS = 60_000  # keeps the page under about 1 MB


@dataclass(frozen=True, slots=True)
class Pin:
    """A mark at x, y, drawn dx, dy from there so that none hides another."""

    mark: Mark
    x: float
    y: float
    dx: float
    dy: float
    colour: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the page's SVG holds: background paths by kind, a path per leg with its colour, pins."""

    side: int
    background: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, str, int], ...]
    marks: tuple[Pin, ...]
    towns: tuple[tuple[str, float, float, int], ...]


def draw_map(itinerary: Itinerary, settings: Settings) -> Drawing:
    """Returns the map of the trip on its region's background."""
    view = fit(extent_of(itinerary), width=SIDE, height=SIDE)
    basemap = background_of(itinerary, settings)
    lines = [
        (_path(view.pixels(np.asarray(line.points))), web_colour(day_colour(line.day)), line.day + 1)
        for line in lines_of(itinerary)
    ]
    return Drawing(SIDE, _background(view, basemap), tuple(lines), _marks(view, itinerary), _towns(view, basemap))


def _marks(view: Projection, itinerary: Itinerary) -> tuple[Pin, ...]:
    marks = marks_of(itinerary)
    true = [view.pixel(mark.lat, mark.lon) for mark in marks]
    placed = spread_spots(true, SPACING)
    return tuple(
        Pin(mark, real[0], real[1], at[0] - real[0], at[1] - real[1], web_colour(day_colour(mark.day)))
        for mark, real, at in zip(marks, true, placed, strict=True)
    )


def _background(view: Projection, basemap: Basemap) -> tuple[tuple[str, str], ...]:
    """Returns one path per kind; the smallest roads go first when there are too many points."""
    visible: dict[str, list[NDArray[np.float64]]] = {kind: [] for kind in KINDS}
    for shape in basemap.shapes:
        pixels = view.pixels(shape.points)
        low, high = pixels.min(axis=0), pixels.max(axis=0)
        if high.min() >= 0 and low.max() <= SIDE:
            visible[shape.kind].append(_thinned(pixels))
    left = MOST_POINTS
    paths = {}
    for kind in (*AREAS, "border", "river", "road0", "road1", "road2", "road3"):
        left -= sum(len(points) for points in visible[kind])
        if left >= 0 or kind in ("border", "road0"):
            paths[kind] = "".join(_path(points) + ("Z" if kind in AREAS else "") for points in visible[kind])
    return tuple((kind, paths[kind]) for kind in KINDS if paths.get(kind))


def _thinned(pixels: NDArray[np.float64]) -> NDArray[np.float64]:
    kept = [0]
    for i in range(1, len(pixels) - 1):
        if np.abs(pixels[i] - pixels[kept[-1]]).max() >= COARSEST:
            kept.append(i)
    kept.append(len(pixels) - 1)
    return pixels[kept]


def _path(pixels: NDArray[np.float64]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in pixels.tolist())


def _towns(view: Projection, basemap: Basemap) -> tuple[tuple[str, float, float, int], ...]:
    """Returns the names that fit, larger towns first, none over another."""
    taken: list[tuple[float, float]] = []
    names = []
    for town in sorted(basemap.towns, key=lambda town: (town.rank, town.name)):
        x, y = view.pixel(town.lat, town.lon)
        near = any(abs(x - a) < 110 and abs(y - b) < 22 for a, b in taken)
        if 0 <= x <= SIDE and 0 <= y <= SIDE and not near:
            taken.append((x, y))
            names.append((one_line(town.name), x, y, town.rank))
    return tuple(names)
