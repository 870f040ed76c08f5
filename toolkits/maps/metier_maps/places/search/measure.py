"""Distances on the Earth: from a point, and from a line, for many places at once."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from metier_maps.places.gazetteer import Box
from metier_maps.routing.router import Point
from metier_maps.routing.sphere import EARTH_M, measure

DEGREE_M: Final = EARTH_M * math.pi / 180
_POINTS_AT_ONCE: Final = 256


@dataclass(frozen=True, slots=True)
class Alongside:
    """For each place: how far it is from the line (m), and how far along the line that is (m from its start)."""

    distance_m: NDArray[np.float64]
    at_m: NDArray[np.float64]


def box_around(points: Sequence[Point], margin_m: float) -> Box:
    """Returns the box that holds the points and everything within `margin_m` of them."""
    north, south = max(p.lat for p in points), min(p.lat for p in points)
    up = margin_m / DEGREE_M * 1.001
    widest = max(0.01, math.cos(math.radians(min(89.0, max(abs(north), abs(south)) + up))))
    side = up / widest
    return Box(south - up, min(p.lon for p in points) - side, north + up, max(p.lon for p in points) + side)


def measure_alongside(line: Sequence[Point], lats: NDArray[np.float64], lons: NDArray[np.float64]) -> Alongside:
    """Returns distance from and position along the line of each place.

    Projects to the plane at each place's own latitude: exact to 0.1 % within 50 km of the line's segment.
    """
    ys, xs = np.array([p.lat for p in line]) * DEGREE_M, np.array([p.lon for p in line]) * DEGREE_M
    steps = [measure(a, b) for a, b in pairwise(line)]
    starts = np.concatenate(([0.0], np.cumsum(steps)))
    best, where = np.empty(len(lats)), np.empty(len(lats))
    for first in range(0, len(lats), _POINTS_AT_ONCE):
        part = slice(first, first + _POINTS_AT_ONCE)
        best[part], where[part] = _project(ys, xs, starts, (lats[part], lons[part]))
    return Alongside(best, where)


def _project(
    ys: NDArray[np.float64],
    xs: NDArray[np.float64],
    starts: NDArray[np.float64],
    places: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    lats, lons = places
    squeeze = np.cos(np.radians(lats))[:, None]
    # positions of the line's points relative to each place, in metres: (places, points)
    dy = ys[None, :] - (lats * DEGREE_M)[:, None]
    dx = (xs[None, :] - (lons * DEGREE_M)[:, None]) * squeeze
    if dy.shape[1] == 1:
        return np.hypot(dy[:, 0], dx[:, 0]), np.zeros(len(lats))
    sy, sx = np.diff(dy, axis=1), np.diff(dx, axis=1)
    length = sy * sy + sx * sx
    share = -(dy[:, :-1] * sy + dx[:, :-1] * sx) / np.where(length > 0, length, 1.0)
    share = np.clip(share, 0.0, 1.0)
    away = np.hypot(dy[:, :-1] + share * sy, dx[:, :-1] + share * sx)
    nearest = np.argmin(away, axis=1)
    rows = np.arange(len(lats))
    on_line = starts[nearest] + share[rows, nearest] * np.diff(starts)[nearest]
    return away[rows, nearest], on_line
