"""The lie of the land: ranges, passes, valleys and water, in kilometres east and north of the south-west corner."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from metier.world.chance import Chance

WIDTH_KM = 100.0
HEIGHT_KM = 68.0
LOWLAND_M = 320.0
BARRIER_M = 1500.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A position in kilometres east (x) and north (y)."""

    x: float
    y: float

    def distance(self, other: "Spot") -> float:
        """Returns the distance in kilometres."""
        return math.hypot(self.x - other.x, self.y - other.y)


@dataclass(frozen=True, slots=True)
class Ridge:
    """A chain of mountains: crest line, height of the crest above the lowland in metres, half-width in kilometres."""

    line: tuple[Spot, ...]
    height_m: float
    width_km: float


@dataclass(frozen=True, slots=True)
class Pass:
    """A way over a ridge, closed in winter from one (month, day) to another, both included."""

    key: Literal["main", "basin"]
    name: str
    at: Spot
    closed_from: tuple[int, int]
    closed_to: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Lake:
    """A lake by its shore, a closed ring without the repeated last point."""

    name: str
    shore: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class River:
    """A river from its spring to its mouth."""

    name: str
    line: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Landscape:
    """All of it. `valley` is the axis of the dead-end valley, `basin` the middle of the one behind the second pass."""

    width_km: float
    height_km: float
    ridges: tuple[Ridge, ...]
    passes: tuple[Pass, ...]
    lakes: tuple[Lake, ...]
    rivers: tuple[River, ...]
    valley: tuple[Spot, ...]
    basin: Spot
    waves: tuple[tuple[float, float, float], ...]

    def height_at(self, spot: Spot) -> float:
        """Returns the height above the sea in metres."""
        crest = max(r.height_m * math.exp(-((_distance_to(spot, r.line) / r.width_km) ** 2)) for r in self.ridges)
        for notch in self.passes:
            crest *= 1.0 - 0.45 * math.exp(-((spot.distance(notch.at) / 2.0) ** 2))
        swell = sum(math.sin(a * spot.x + b * spot.y + c) for a, b, c in self.waves)
        return LOWLAND_M + crest + 28.0 * swell

    def is_water(self, spot: Spot) -> bool:
        """Returns whether a lake covers the spot."""
        return any(_inside(spot, lake.shore) for lake in self.lakes)


def _distance_to(spot: Spot, line: Sequence[Spot]) -> float:
    return min(_segment_distance(spot, a, b) for a, b in itertools.pairwise(line))


def _segment_distance(spot: Spot, a: Spot, b: Spot) -> float:
    dx, dy = b.x - a.x, b.y - a.y
    along = ((spot.x - a.x) * dx + (spot.y - a.y) * dy) / (dx * dx + dy * dy)
    along = min(1.0, max(0.0, along))
    return math.hypot(spot.x - a.x - along * dx, spot.y - a.y - along * dy)


def _inside(spot: Spot, ring: Sequence[Spot]) -> bool:
    inside = False
    for a, b in zip(ring, (*ring[1:], ring[0]), strict=True):
        if (a.y > spot.y) != (b.y > spot.y) and spot.x < a.x + (spot.y - a.y) * (b.x - a.x) / (b.y - a.y):
            inside = not inside
    return inside


class _Surveyor:
    """Draws lines with a seeded wobble, mirrored east to west for every second seed."""

    def __init__(self, chance: Chance) -> None:
        self.chance = chance
        self.mirrored = chance.happens(0.5)

    def spot(self, x: float, y: float, wobble: float = 0.8) -> Spot:
        """Returns the spot near (x, y)."""
        x += self.chance.between(-wobble, wobble)
        y += self.chance.between(-wobble, wobble)
        return Spot(round(WIDTH_KM - x if self.mirrored else x, 4), round(y, 4))

    def line(self, *spots: tuple[float, float], meander: float = 0.0) -> tuple[Spot, ...]:
        """Returns the line through spots near those given, refined and bent between them."""
        knots = [self.spot(x, y) for x, y in spots]
        line = [knots[0]]
        for a, b in itertools.pairwise(knots):
            steps = max(2, round(a.distance(b) / 1.5))
            bend = self.chance.between(-0.5, 0.5)
            for step in range(1, steps + 1):
                t = step / steps
                side = bend * math.sin(math.pi * t) + 0.25 * math.sin(3.0 * math.pi * t) * bend
                sway = self.chance.between(-meander, meander) if step < steps else 0.0
                x, y = a.x + (b.x - a.x) * t - side + sway, a.y + (b.y - a.y) * t + side - sway
                line.append(Spot(round(x, 4), round(y, 4)))
        return tuple(line)

    def ring(self, x: float, y: float, across: float, tall: float) -> tuple[Spot, ...]:
        """Returns the shore of a lake around (x, y) with the half-axes given, in kilometres."""
        middle = self.spot(x, y)
        first, second = self.chance.between(0.0, 6.28), self.chance.between(0.0, 6.28)
        shore = []
        for step in range(48):
            angle = 2.0 * math.pi * step / 48
            swing = 1.0 + 0.2 * math.sin(2.0 * angle + first) + 0.1 * math.sin(5.0 * angle + second)
            swing += self.chance.between(-0.05, 0.05)
            px = middle.x + across * swing * math.cos(angle)
            shore.append(Spot(round(px, 4), round(middle.y + tall * swing * math.sin(angle), 4)))
        return tuple(shore)

    def coast(self) -> tuple[Spot, ...]:
        """Returns the ring of the great lake that is the southern border."""
        first, second = self.chance.between(0.0, 6.28), self.chance.between(0.0, 6.28)
        north = []
        for step in range(101):
            x = WIDTH_KM * step / 100
            y = 4.6 + 1.1 * math.sin(x / 9.0 + first) + 0.5 * math.sin(x / 3.1 + second)
            north.append(Spot(round(x, 4), round(y + self.chance.between(-0.15, 0.15), 4)))
        return (*north, Spot(WIDTH_KM, -2.0), Spot(0.0, -2.0))


def survey_landscape(chance: Chance, names: Sequence[str]) -> Landscape:
    """Returns the landscape of a stream; `names` are eight proper names for passes, lakes and rivers.

    A range runs from the west border to a gap in the east and cuts the country in two. One pass crosses it; the long
    way round is through the gap. A second pass is the only way into the basin in the west. A valley runs into the
    range from the north and ends there.
    """
    draw = _Surveyor(chance)
    main = draw.line((-8, 34), (18, 36), (34, 33), (52, 36), (70, 34), (80, 37))
    west = draw.line((18, 36), (21, 46), (14, 57), (-8, 61))
    ridges = (
        Ridge(main, 2300.0, 4.2),
        Ridge(west, 2000.0, 3.4),
        Ridge(draw.line((52, 36), (57, 46)), 1900.0, 3.0),
        Ridge(draw.line((70, 34), (71, 46)), 1900.0, 3.0),
    )
    passes = (
        Pass("main", names[0], _nearest(main, draw.spot(34, 33)), (11, 1), (4, 30)),
        Pass("basin", names[1], _nearest(west, draw.spot(21, 46)), (12, 1), (3, 31)),
    )
    lakes = (
        Lake(names[2], draw.coast()),
        Lake(names[3], draw.ring(22, 19, 3.4, 1.9)),
        Lake(names[4], draw.ring(78, 60, 3.8, 1.6)),
    )
    rivers = (
        River(names[5], draw.line((44, 40), (46, 46), (43, 54), (47, 61), (49, 69), meander=0.9)),
        River(names[6], draw.line((49, 31), (51, 24), (45, 16), (46, 5), meander=0.9)),
        River(names[7], draw.line((63, 40), (65, 50), (72, 57), (77, 60), meander=0.9)),
    )
    valley = draw.line((64, 52), (63, 46), (62, 40))
    waves = tuple((chance.between(0.1, 0.5), chance.between(0.1, 0.5), chance.between(0.0, 6.28)) for _ in range(5))
    basin = draw.spot(8, 47)
    return Landscape(WIDTH_KM, HEIGHT_KM, ridges, passes, lakes, rivers, valley, basin, waves)


def _nearest(line: Sequence[Spot], spot: Spot) -> Spot:
    return min(line, key=spot.distance)
