"""GCJ-02, the shifted coordinates of Chinese maps, to and from WGS-84. Pure; degrees.

Used at the edge of a source that speaks GCJ-02 and nowhere else: the source decides, never a box round China. The
shift is 20 to 700 m. There is no exact inverse; it is found by a fixed point, to far below a centimetre.
"""

import math
from typing import Final

from metier_maps.routing.router import Point

_AXIS_M: Final = 6378245.0  # Krasovsky 1940, semi-major axis
_ECCENTRICITY2: Final = 0.00669342162296594323
_STEPS: Final = 8  # each divides the error by about 200: the first leaves metres, the third less than a millimetre
_CLOSE_DEG: Final = 1e-11


def to_gcj02(point: Point) -> Point:
    """Returns a WGS-84 position in GCJ-02."""
    north, east = _shift(point.lat, point.lon)
    return Point(point.lat + north, point.lon + east)


def from_gcj02(point: Point) -> Point:
    """Returns a GCJ-02 position in WGS-84."""
    lat, lon = point.lat, point.lon
    for _ in range(_STEPS):
        north, east = _shift(lat, lon)
        off = max(abs(point.lat - north - lat), abs(point.lon - east - lon))
        lat, lon = point.lat - north, point.lon - east
        if off < _CLOSE_DEG:
            break
    return Point(lat, lon)


def _shift(lat: float, lon: float) -> tuple[float, float]:
    """Returns how far GCJ-02 is shifted to the north and to the east at a position."""
    x, y = lon - 105.0, lat - 35.0
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north_m += _waves(x, (6.0, 20.0), (2.0, 20.0)) + _waves(y, (1.0, 20.0), (1 / 3, 40.0))
    north_m += _waves(y, (1 / 12, 160.0), (1 / 30, 320.0))
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east_m += _waves(x, (6.0, 20.0), (2.0, 20.0)) + _waves(x, (1.0, 20.0), (1 / 3, 40.0))
    east_m += _waves(x, (1 / 12, 150.0), (1 / 30, 300.0))
    phi = math.radians(lat)
    flat = 1 - _ECCENTRICITY2 * math.sin(phi) ** 2
    north = north_m * 180.0 / (math.pi * _AXIS_M * (1 - _ECCENTRICITY2) / (flat * math.sqrt(flat)))
    east = east_m * 180.0 / (math.pi * _AXIS_M / math.sqrt(flat) * math.cos(phi))
    return north, east


def _waves(at: float, *waves: tuple[float, float]) -> float:
    """Returns two thirds of the sum of sine waves of (turns, metres)."""
    return sum(metres * math.sin(turns * at * math.pi) for turns, metres in waves) * 2 / 3
