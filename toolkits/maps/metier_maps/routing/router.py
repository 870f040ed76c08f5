"""The one protocol of every routing engine, and the values it speaks in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol, TypeAlias

Mode: TypeAlias = Literal["car", "bicycle", "foot"]


@dataclass(frozen=True, slots=True)
class Point:
    """A WGS-84 position in degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Snap:
    """A position on the network: where it is, and how far (metres) from the point that was asked for."""

    point: Point
    distance_m: float


@dataclass(frozen=True, slots=True)
class Route:
    """A way from one point to another: whole seconds, whole metres, and the line driven (at least two points)."""

    duration_s: int
    distance_m: int
    geometry: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Durations (s) and distances (m) from each origin (row) to each destination (column). None is: no way there."""

    durations_s: tuple[tuple[int | None, ...], ...]
    distances_m: tuple[tuple[int | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Contour:
    """What can be reached within `seconds`: a closed ring of points."""

    seconds: int
    ring: tuple[Point, ...]


class Router(Protocol):
    """A routing engine. Calls block; callers that must not block use a thread.

    Every method raises InputError for a point out of coverage or further than `snap_limit_m` from any road that the
    mode may use (never a silent snap), ToolError where no way exists, ServerError where the engine does not answer.
    `on` is the day of travel, for closures by season; None means: no seasonal closure applies.
    """

    @property
    def label(self) -> str:
        """Returns what to print beside its numbers, for example "offline estimate"."""
        ...

    @property
    def source(self) -> str:
        """Returns the source of its evidence: engine, version and data set."""
        ...

    def snap(self, point: Point, mode: Mode) -> Snap:
        """Returns the nearest position on the network."""
        ...

    def route(self, origin: Point, destination: Point, *, mode: Mode, on: date | None) -> Route:
        """Returns the fastest route; equal points give 0 s and 0 m."""
        ...

    def matrix(self, origins: Sequence[Point], destinations: Sequence[Point], *, mode: Mode, on: date | None) -> Matrix:
        """Returns durations and distances; its cells equal what `route` says of the same pair."""
        ...

    def isochrone(self, origin: Point, seconds: Sequence[int], *, mode: Mode, on: date | None) -> tuple[Contour, ...]:
        """Returns one contour per bound, in the order asked."""
        ...
