"""The line of a path, and the outline of what was reached."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from metier_maps.routing.roads.network import Floats, Network
from metier_maps.routing.router import Point
from metier_maps.routing.search.paths import Piece

_BEARINGS: Final = 72
_DIGITS: Final = 7


def draw_pieces(network: Network, pieces: Sequence[Piece], start: Point, end: Point) -> tuple[Point, ...]:
    """Returns the line of stretches of road, from the start to the end; at least these two points."""
    line = [start]
    for piece in pieces:
        for point in _draw_piece(network, piece):
            if point != line[-1]:
                line.append(point)
    if line[-1] != end or len(line) == 1:
        line.append(end)
    return tuple(line)


def _draw_piece(network: Network, piece: Piece) -> list[Point]:
    """Returns the shape points strictly inside a stretch, and its ends where they are ends of the edge."""
    first, stop = int(network.shape_first[piece.edge]), int(network.shape_first[piece.edge + 1])
    lat, lon = network.shape_lat[first:stop], network.shape_lon[first:stop]
    length = int(network.length_dm[piece.edge])
    if abs(piece.end_dm - piece.begin_dm) == length:
        points = [Point(*pair) for pair in zip(lat.tolist(), lon.tolist(), strict=True)]
        return points if piece.begin_dm == 0 else points[::-1]
    level = math.cos(math.radians(float(lat[0])))
    steps = np.hypot(np.diff(lat), np.diff(lon) * level)
    along = np.concatenate(([0.0], np.cumsum(steps)))
    along *= length / max(float(along[-1]), 1e-12)
    along[-1] = length
    low, high = sorted((piece.begin_dm, piece.end_dm))
    chosen = np.flatnonzero((along >= low) & (along <= high))
    points = [Point(float(lat[index]), float(lon[index])) for index in chosen]
    return points if piece.begin_dm <= piece.end_dm else points[::-1]


def draw_outline(centre: Point, lat: Floats, lon: Floats) -> tuple[Point, ...]:
    """Returns a closed ring round what was reached, seen from the centre: the farthest position by bearing.

    One corner for every five degrees; a bearing in which nothing was reached draws in to a few metres. So the ring
    follows valleys, and holds ground without a road only where a road lies behind it.
    """
    level = math.cos(math.radians(centre.lat))
    east, north = (lon - centre.lon) * level, lat - centre.lat
    bearing = np.floor((np.degrees(np.arctan2(east, north)) % 360.0) * _BEARINGS / 360.0).astype(np.int64) % _BEARINGS
    radius = np.full(_BEARINGS, 1e-4)  # degrees: about eleven metres
    np.maximum.at(radius, bearing, np.hypot(east, north))
    angle = np.radians((np.arange(_BEARINGS) + 0.5) * 360.0 / _BEARINGS)
    ring = [
        Point(round(centre.lat + float(y), _DIGITS), round(centre.lon + float(x) / level, _DIGITS))
        for x, y in zip(radius * np.sin(angle), radius * np.cos(angle), strict=True)
    ]
    return (*ring, ring[0])
