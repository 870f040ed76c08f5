"""What covers the land: woods on the slopes and in the plain, and the peaks above them."""

import math
from collections.abc import Iterable, Mapping

from metier.world import Chance, Country, Spot
from metier.world.names import NATURE, Register
from metier_maps.world.ground.sketch import Sketch
from metier_maps.world.ground.streets import TownPlan
from metier_maps.world.ground.terrain import Terrain

SLOPE_M = (650.0, 1500.0)
ON_SLOPES, IN_PLAIN, PEAKS = 170, 45, 14
PEAK_APART_KM = 5.0
PEAK_M = 1900.0


def draw_cover(sketch: Sketch, terrain: Terrain, plans: Mapping[str, TownPlan], chance: Chance) -> None:
    """Draws woods, thick on the slopes and thin in the plain, where no town and no lake is."""
    cells = range(0, terrain.columns * terrain.rows)
    low, high = SLOPE_M
    slopes = [cell for cell in cells if low < terrain.heights[cell] < high]
    plain = [cell for cell in cells if terrain.heights[cell] <= low and not terrain.water[cell]]
    for places, count, sizes in ((slopes, ON_SLOPES, (0.8, 1.9)), (plain, IN_PLAIN, (0.3, 0.8))):
        for cell in chance.sample(places, count):
            size = chance.between(*sizes)
            middle = terrain.spot_of(cell)
            if _is_wild(terrain, plans.values(), middle, size):
                sketch.add_ring(_blob(middle, size, chance), {"natural": "wood"})


def _is_wild(terrain: Terrain, plans: Iterable[TownPlan], middle: Spot, size: float) -> bool:
    rim = [_step(middle, 2.0 * math.pi * k / 8, size) for k in range(8)]
    land = terrain.landscape
    inside = all(0 < spot.x < land.width_km and 0 < spot.y < land.height_km for spot in rim)
    if not inside or any(terrain.water[terrain.cell_of(spot)] for spot in rim):
        return False
    return all(middle.distance(plan.town.spot) > size * 1.2 + plan.reach_km for plan in plans)


def _blob(middle: Spot, size: float, chance: Chance) -> list[Spot]:
    first, second = chance.between(0.0, 6.28), chance.between(0.0, 6.28)
    ring = []
    for step in range(14):
        angle = 2.0 * math.pi * step / 14
        swing = 1.0 + 0.22 * math.sin(2.0 * angle + first) + 0.12 * math.sin(3.0 * angle + second)
        ring.append(_step(middle, angle, size * swing * chance.between(0.85, 1.0)))
    return ring


def _step(origin: Spot, angle: float, length: float) -> Spot:
    return Spot(origin.x + length * math.cos(angle), origin.y + length * math.sin(angle))


def draw_peaks(sketch: Sketch, country: Country, register: Register, chance: Chance) -> None:
    """Draws named peaks along the crests, apart from each other and from the passes."""
    land = country.landscape
    taken = [notch.at for notch in land.passes]
    crests = chance.shuffled([spot for ridge in land.ridges for spot in ridge.line])
    for spot in crests:
        inside = 0 < spot.x < land.width_km and 0 < spot.y < land.height_km
        height = land.height_at(spot)
        if inside and height > PEAK_M and all(spot.distance(other) > PEAK_APART_KM for other in taken):
            taken.append(spot)
            name = register.coin(NATURE, chance.stream("peak", str(len(taken))))
            tags = {"natural": "peak", "name": f"Monta {name}", "name:en": f"Mount {name}", "ele": str(round(height))}
            sketch.add_node(spot, tags)
        if len(taken) >= PEAKS:
            break
