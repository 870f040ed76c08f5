"""Numbers and positions in the answers of engines: checked, because a server may say anything."""

import math

from metier_maps.routing.router import Point


def read_number(value: object) -> float:
    """Returns a finite number; raises TypeError for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError("not a finite number")
    return float(value)


def read_amount(value: object) -> int:
    """Returns a duration or distance as a whole number, at least 0; raises TypeError for what is none."""
    number = read_number(value)
    if number < 0:
        raise TypeError("negative")
    return round(number)


def read_point(lat: object, lon: object) -> Point:
    """Returns a position; raises TypeError for what is none."""
    north, east = read_number(lat), read_number(lon)
    if abs(north) > 90 or abs(east) > 180:
        raise TypeError("not a position")
    return Point(north, east)
