"""Distances on the Earth taken as a sphere, and boxes. Pure; metres and WGS-84 degrees."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from metier_maps.routing.router import Point

EARTH_M: Final = 6_371_008.8  # mean radius


def measure(first: Point, second: Point) -> float:
    """Returns the great-circle distance in metres."""
    north, other = math.radians(first.lat), math.radians(second.lat)
    rise = math.sin((other - north) / 2)
    turn = math.sin(math.radians(second.lon - first.lon) / 2)
    inner = rise * rise + math.cos(north) * math.cos(other) * turn * turn
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(inner)))


def line_length(line: Sequence[Point]) -> float:
    """Returns the length of a line in metres."""
    return sum(measure(first, second) for first, second in pairwise(line))
