"""Where a thing stands: beside a street, or at the end of a lane off a country road."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from metier.world import Chance, Country, Spot
from metier_maps.world.ground.roads import Road
from metier_maps.world.ground.sketch import Sketch
from metier_maps.world.ground.streets import TownPlan

BESIDE_KM = 0.016
APART_KM = 0.014
REMOTE_KM = 1.1
TRIES = 60


@dataclass(slots=True)
class Site:
    """The map as far as it is drawn, and the spots that are taken."""

    sketch: Sketch
    country: Country
    plans: Mapping[str, TownPlan]
    roads: Sequence[Road]
    taken: dict[tuple[int, int], list[Spot]] = field(default_factory=dict)

    def is_free(self, spot: Spot) -> bool:
        """Returns whether nothing stands within a few metres."""
        column, row = int(spot.x * 20), int(spot.y * 20)
        near = [other for i in (-1, 0, 1) for j in (-1, 0, 1) for other in self.taken.get((column + i, row + j), ())]
        return all(spot.distance(other) >= APART_KM for other in near)

    def take(self, spot: Spot) -> Spot:
        """Returns the spot and marks it as taken."""
        self.taken.setdefault((int(spot.x * 20), int(spot.y * 20)), []).append(spot)
        return spot


def find_kerb(site: Site, plan: TownPlan, chance: Chance, beside_km: float = BESIDE_KM) -> tuple[Spot, str]:
    """Returns a free spot beside a street of the town, and the street's name."""
    for _ in range(TRIES):
        kerb = chance.pick(plan.kerbs)
        t, side = chance.between(0.15, 0.85), chance.pick((-1.0, 1.0))
        length = kerb.a.distance(kerb.b)
        x = kerb.a.x + t * (kerb.b.x - kerb.a.x) - side * beside_km * (kerb.b.y - kerb.a.y) / length
        y = kerb.a.y + t * (kerb.b.y - kerb.a.y) + side * beside_km * (kerb.b.x - kerb.a.x) / length
        if site.is_free(Spot(x, y)):
            break
    return site.take(Spot(x, y)), kerb.street


def list_lanes(site: Site, wanted: Callable[[Spot], bool]) -> list[int]:
    """Returns the nodes of country roads, away from towns, at spots that are wanted: a lane can start at each."""
    nodes = []
    for road in site.roads:
        if road.notch is not None:
            continue
        for node in road.nodes[2:-2]:
            spot = site.sketch.spot_of(node)
            lonely = all(spot.distance(plan.town.spot) > plan.reach_km + REMOTE_KM for plan in site.plans.values())
            if lonely and wanted(spot):
                nodes.append(node)
    return nodes


def build_lane(site: Site, lanes: Sequence[int], chance: Chance, highway: str = "unclassified") -> Spot:
    """Returns a spot a few steps past the end of a new lane that leaves one of the nodes given."""
    for _ in range(TRIES):
        start = chance.pick(lanes)
        origin = site.sketch.spot_of(start)
        angle, length = chance.between(0.0, 2.0 * math.pi), chance.between(0.15, 0.9)
        line = [_step(origin, angle + 0.25 * math.sin(2.5 * k), length * k / 4) for k in range(1, 5)]
        dry = not any(site.country.landscape.is_water(spot) for spot in line)
        if dry and site.is_free(line[-1]) and _clear_of_border(site.country, line[-1]):
            break
    nodes = [start, *(site.sketch.add_node(spot) for spot in line)]
    site.sketch.add_way(nodes, {"highway": highway, "surface": "gravel" if highway == "track" else "asphalt"})
    return site.take(_step(line[-1], angle, 0.012))


def _step(origin: Spot, angle: float, length: float) -> Spot:
    return Spot(origin.x + length * math.cos(angle), origin.y + length * math.sin(angle))


def _clear_of_border(country: Country, spot: Spot) -> bool:
    return 0.3 < spot.x < country.landscape.width_km - 0.3 and 0.3 < spot.y < country.landscape.height_km - 0.3
