"""The streets of a town: a grid bent a little, with its main axes and the gates where country roads come in."""

import itertools
import math
from dataclasses import dataclass

from metier.world import Chance, Spot, Town
from metier_maps.world.ground.sketch import Sketch

SPACING_KM = {"capital": 0.13, "city": 0.12, "town": 0.11, "village": 0.1, "hamlet": 0.09}
HALF_BLOCKS = {"capital": 7, "city": 4, "town": 3, "village": 1, "hamlet": 1}
AXIS = {"capital": "primary", "city": "primary", "town": "secondary", "village": "tertiary", "hamlet": "unclassified"}
STREET_WORDS = ("Strata", "Gasa", "Rinda", "Alea")
WITH_ONE_WAYS = ("capital", "city")


@dataclass(frozen=True, slots=True)
class Kerb:
    """A stretch of street where something can stand: its two ends and the street's name."""

    a: Spot
    b: Spot
    street: str


@dataclass(frozen=True, slots=True)
class TownPlan:
    """A town on the map: gates are node ids at the ends of its axes, `reach_km` its radius."""

    town: Town
    gates: tuple[int, ...]
    kerbs: tuple[Kerb, ...]
    reach_km: float


def reach_of(town: Town) -> float:
    """Returns the radius of a town's streets in kilometres."""
    return SPACING_KM[town.rank] * (HALF_BLOCKS[town.rank] + 0.6)


def lay_streets(sketch: Sketch, town: Town, names: list[str], chance: Chance) -> TownPlan:
    """Returns the plan of a town after drawing its streets; `names` are proper names to call them by."""
    half = HALF_BLOCKS[town.rank]
    crossings = _place_crossings(sketch, town, half, chance)
    kerbs: list[Kerb] = []
    for line in range(-half, half + 1):
        for lengthwise in (True, False):
            keys = [(i, line) if lengthwise else (line, i) for i in range(-half, half + 1)]
            run = [key for key in keys if key in crossings]
            if len(run) < 2:
                continue
            street = "" if town.rank == "hamlet" else f"{chance.pick(names)} {chance.pick(STREET_WORDS)}"
            sketch.add_way([crossings[key] for key in run], _street_tags(town, line, lengthwise, street, chance))
            spots = [sketch.spot_of(crossings[key]) for key in run]
            kerbs += [Kerb(a, b, street) for a, b in itertools.pairwise(spots)]
    gates = tuple(crossings[key] for key in ((half, 0), (0, half), (-half, 0), (0, -half)))
    return TownPlan(town, gates, tuple(kerbs), reach_of(town))


def _place_crossings(sketch: Sketch, town: Town, half: int, chance: Chance) -> dict[tuple[int, int], int]:
    spacing = SPACING_KM[town.rank]
    turn = chance.between(0.0, math.pi / 2)
    bend = chance.between(-0.025, 0.025)
    crossings = {}
    for i in range(-half, half + 1):
        for j in range(-half, half + 1):
            if math.hypot(i, j) > half + 0.45 and half > 1:
                continue
            u = spacing * i + bend * spacing * j * j + chance.between(-0.012, 0.012)
            v = spacing * j + bend * spacing * i * i + chance.between(-0.012, 0.012)
            x = town.spot.x + u * math.cos(turn) - v * math.sin(turn)
            y = town.spot.y + u * math.sin(turn) + v * math.cos(turn)
            crossings[i, j] = sketch.add_node(Spot(x, y))
    return crossings


def _street_tags(town: Town, line: int, lengthwise: bool, street: str, chance: Chance) -> dict[str, str]:
    axis = line == 0
    tags = {"highway": AXIS[town.rank] if axis else "residential", "maxspeed": "50" if axis else "30"}
    if street:
        tags["name"] = street
    if not axis and town.rank in WITH_ONE_WAYS and abs(line) % 3 == 1:
        tags["oneway"] = "yes" if (line > 0) == lengthwise else "-1"
    elif not axis and chance.happens(0.15):
        tags["highway"] = "living_street"
        tags["maxspeed"] = "20"
    tags["surface"] = "asphalt" if axis or chance.happens(0.7) else "paving_stones"
    return tags
