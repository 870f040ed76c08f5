"""Moving marks apart, so that none hides another. Pure."""

from collections.abc import Sequence
from math import cos, hypot, pi, sin

Spot = tuple[float, float]
TURNS = 16
RINGS = 8


def spread_spots(spots: Sequence[Spot], distance: float) -> list[Spot]:
    """Returns a spot near each given one, at least `distance` from those before it where there is room.

    The first keep their place; a later one moves to the nearest free spot on rings around its own.
    """
    placed: list[Spot] = []
    for spot in spots:
        free = (candidate for candidate in _around(spot, distance) if _is_free(candidate, placed, distance))
        placed.append(next(free, spot))
    return placed


def _is_free(spot: Spot, placed: Sequence[Spot], distance: float) -> bool:
    return all(hypot(spot[0] - x, spot[1] - y) >= distance for x, y in placed)


def _around(spot: Spot, distance: float) -> list[Spot]:
    x, y = spot
    rings = [
        (x + ring * distance / 2 * cos(2 * pi * turn / TURNS), y + ring * distance / 2 * sin(2 * pi * turn / TURNS))
        for ring in range(1, RINGS + 1)
        for turn in range(TURNS)
    ]
    return [spot, *rings]
