"""Whether a point may be asked about at all. Checked before any engine, because engines snap silently."""

import math
from dataclasses import dataclass
from typing import Final, Protocol

from metier.errors import InputError
from metier_maps.routing.router import Mode, Point, Snap

SNAP_LIMIT_M: Final = 400.0
_METRES_PER_DEGREE: Final = 111_195.0


class Area(Protocol):
    """What routing needs to know of a region: its id, and (south, west, north, east) of its roads in degrees."""

    @property
    def id(self) -> str:
        """Returns the id."""
        ...

    @property
    def bbox(self) -> tuple[float, float, float, float]:
        """Returns the box."""
        ...


@dataclass(frozen=True, slots=True)
class Coverage:
    """What an engine covers: (south, west, north, east) in degrees, and how far from a road a point may be."""

    bbox: tuple[float, float, float, float]
    snap_limit_m: float = SNAP_LIMIT_M

    def require(self, point: Point) -> None:
        """Raises InputError for a point that is no position or lies outside, naming a likely swap of lat and lon."""
        if not (math.isfinite(point.lat) and math.isfinite(point.lon)):
            raise InputError(f"{name_point(point)} is not a position.")
        if self._holds(point):
            return
        south, west, north, east = self.bbox
        hint = f"The map reaches from {south:.3f}, {west:.3f} to {north:.3f}, {east:.3f} (latitude, longitude)."
        if self._holds(Point(point.lon, point.lat)):
            hint = "Latitude and longitude look swapped: give latitude first."
        raise InputError(f"{name_point(point)} is out of coverage.", hint=hint)

    def require_near(self, point: Point, snap: Snap, mode: Mode) -> None:
        """Raises InputError for a snap beyond the limit."""
        if snap.distance_m > self.snap_limit_m:
            raise InputError(
                f"The nearest road for {mode} is {snap.distance_m:.0f} m away from {name_point(point)};"
                f" the limit is {self.snap_limit_m:.0f} m.",
                hint="Choose a point nearer to a road, or another way of travelling.",
            )

    def _holds(self, point: Point) -> bool:
        south, west, north, east = self.bbox
        rise = self.snap_limit_m / _METRES_PER_DEGREE
        turn = rise / max(0.01, math.cos(math.radians(max(abs(south), abs(north)))))
        return south - rise <= point.lat <= north + rise and west - turn <= point.lon <= east + turn


def name_point(point: Point) -> str:
    """Returns the point as text, latitude first."""
    return f"{point.lat:.5f}, {point.lon:.5f}"
