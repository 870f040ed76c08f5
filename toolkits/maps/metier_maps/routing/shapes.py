"""Numbers and positions in the answers of engines: checked, because a server may say anything."""

import math
from typing import Final

import polyline

from metier_maps.routing.router import Point

_DIGITS: Final = 6


def read_line(encoded: object) -> tuple[Point, ...]:
    """Returns the positions of an encoded polyline of six digits, at least two; raises TypeError for what is none."""
    if not isinstance(encoded, str) or not encoded:
        raise TypeError("not an encoded line")
    try:
        pairs = polyline.decode(encoded, _DIGITS)
    except (IndexError, ValueError, OverflowError) as error:
        raise TypeError("not an encoded line") from error
    points = tuple(read_point(lat, lon) for lat, lon in pairs)
    if not points:
        raise TypeError("an empty line")
    return points if len(points) > 1 else points * 2


def read_number(value: object) -> float:
    """Returns a finite number; raises TypeError for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError("not a finite number")
    return float(value)


def read_amount(value: object) -> int:
    """Returns a duration or distance as a whole number, at least 0; raises TypeError for what is none."""
    number = read_number(value)
    if number <= -1:
        raise TypeError("negative")
    return max(0, round(number))  # OSRM says -0.1 m for two points that are nearly one


def read_point(lat: object, lon: object) -> Point:
    """Returns a position; raises TypeError for what is none."""
    north, east = read_number(lat), read_number(lon)
    if abs(north) > 90 or abs(east) > 180:
        raise TypeError("not a position")
    return Point(north, east)
