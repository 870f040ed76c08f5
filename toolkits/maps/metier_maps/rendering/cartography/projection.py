"""From degrees to pixels. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, radians

import numpy as np
from numpy.typing import NDArray

METRES_PER_DEGREE = 111_195.0  # of latitude, on a sphere of 6,371 km


@dataclass(frozen=True, slots=True)
class Projection:
    """A plate carree at the middle latitude: true to scale there, good enough for a region.

    `scale` is pixels per degree of latitude; `squeeze` the cosine of the middle latitude; north is up.
    """

    north: float
    west: float
    scale: float
    squeeze: float
    width: int
    height: int

    def pixels(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Returns x, y in pixels for an (n, 2) array of lat, lon."""
        x = (points[:, 1] - self.west) * self.squeeze * self.scale
        y = (self.north - points[:, 0]) * self.scale
        return np.column_stack((x, y))

    def pixel(self, lat: float, lon: float) -> tuple[float, float]:
        """Returns x, y in pixels."""
        return (lon - self.west) * self.squeeze * self.scale, (self.north - lat) * self.scale

    @property
    def metres_per_pixel(self) -> float:
        """Returns how many metres on the ground a pixel is."""
        return METRES_PER_DEGREE / self.scale


def fit(points: Iterable[tuple[float, float]], *, width: int, height: int, margin: float = 0.1) -> Projection:
    """Returns the projection that shows all points (lat, lon) in width x height pixels with `margin` on each side.

    A single point is shown with about 2 km around it.
    """
    lats, lons = zip(*points, strict=True)
    middle = (min(lats) + max(lats)) / 2
    squeeze = max(cos(radians(middle)), 0.01)
    tall = max(max(lats) - min(lats), 0.02)
    wide = max((max(lons) - min(lons)) * squeeze, 0.02)
    usable = 1 - 2 * margin
    scale = min(height * usable / tall, width * usable / wide)
    north = middle + height / scale / 2
    west = (min(lons) + max(lons)) / 2 - width / scale / squeeze / 2
    return Projection(north, west, scale, squeeze, width, height)


def round_length(metres: float) -> int:
    """Returns the largest of 1, 2, 5 times a power of ten that is not above `metres` (at least 1)."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if step * factor * (2 if factor != 2 else 2.5) > metres:
                return step * factor
        step *= 10
