"""Where people settled: towns with rank, population and position."""

from dataclasses import dataclass

from metier.errors import InputError
from metier.world.chance import Chance
from metier.world.country import Rank, Town
from metier.world.landscape import Landscape, Spot
from metier.world.names import TOWN, Register, to_cyrillic, to_hanzi

POPULATION: dict[Rank, tuple[int, int]] = {
    "capital": (140_000, 210_000),
    "city": (28_000, 75_000),
    "town": (4_500, 17_000),
    "village": (600, 3_200),
    "hamlet": (60, 420),
}
HIGHEST_M = 780.0
TRIES = 6000


@dataclass(frozen=True, slots=True)
class _Zone:
    """A box of land: west, south, east, north for a country that is not mirrored; how many of each rank it holds."""

    name: str
    box: tuple[float, float, float, float]
    ranks: tuple[tuple[Rank, int, float], ...]


ZONES = (
    _Zone("north", (40, 53, 50, 58), (("capital", 1, 10.0),)),
    _Zone("north", (72, 50, 88, 56), (("city", 1, 10.0),)),
    _Zone("south", (76, 10, 92, 24), (("city", 1, 10.0),)),
    _Zone("south", (34, 8, 54, 16), (("city", 1, 10.0),)),
    _Zone("basin", (4, 43, 13, 52), (("village", 3, 3.2),)),
    _Zone("valley", (59, 40, 68, 50), (("village", 3, 3.0),)),
    _Zone("north", (29, 39, 39, 42), (("village", 1, 3.0),)),
    _Zone("south", (29, 25, 39, 27.5), (("village", 1, 3.0),)),
    _Zone("north", (24, 44, 30, 50), (("village", 1, 3.0),)),
    _Zone("gap", (86, 30, 97, 44), (("town", 1, 7.0), ("village", 2, 4.0))),
    _Zone("north", (25, 40, 97, 66), (("town", 6, 7.0), ("village", 9, 4.2), ("hamlet", 6, 3.2))),
    _Zone("south", (3, 7, 97, 30), (("town", 5, 7.0), ("village", 9, 4.2), ("hamlet", 6, 3.2))),
)


def settle(landscape: Landscape, chance: Chance, register: Register) -> tuple[Town, ...]:
    """Returns the towns, the capital first. Raises InputError where a landscape has no room for them."""
    mirrored = landscape.basin.x > landscape.width_km / 2
    towns: list[Town] = []
    for number, zone in enumerate(ZONES):
        for rank, count, spacing in zone.ranks:
            for index in range(count):
                draw = chance.stream("town", str(number), rank, str(index))
                spot = _find_spot(landscape, _mirror(zone.box, landscape.width_km) if mirrored else zone.box, draw, [
                    (town.spot, max(spacing, 6.0 if town.rank == "capital" else 3.2)) for town in towns
                ])  # fmt: skip
                towns.append(_found(f"town/{len(towns) + 1}", rank, zone.name, spot, draw, register))
    return tuple(towns)


def _mirror(box: tuple[float, float, float, float], width: float) -> tuple[float, float, float, float]:
    west, south, east, north = box
    return (width - east, south, width - west, north)


def _find_spot(
    landscape: Landscape, box: tuple[float, float, float, float], draw: Chance, taken: list[tuple[Spot, float]]
) -> Spot:
    west, south, east, north = box
    for attempt in range(TRIES):
        slack = 1.0 - 0.5 * attempt / TRIES
        spot = Spot(round(draw.between(west, east), 3), round(draw.between(south, north), 3))
        near = any(spot.distance(other) < spacing * slack for other, spacing in taken)
        if not near and _is_buildable(landscape, spot):
            return spot
    raise InputError(f"No room for a town in {box}.", hint="Widen the zone or lower its spacing.")


def _is_buildable(landscape: Landscape, spot: Spot) -> bool:
    reach = 1.6
    around = [spot, *(Spot(spot.x + dx, spot.y + dy) for dx, dy in ((reach, 0), (-reach, 0), (0, reach), (0, -reach)))]
    return landscape.height_at(spot) < HIGHEST_M and not any(landscape.is_water(place) for place in around)


def _found(key: str, rank: Rank, zone: str, spot: Spot, draw: Chance, register: Register) -> Town:
    name = register.coin(TOWN, draw)
    names = {"": name}
    if draw.happens(0.6) or rank in ("capital", "city"):
        names["qaa"] = to_cyrillic(name)
    short = to_hanzi(name, longest=2)
    if rank != "hamlet":
        names["zh"] = register.take(short if register.is_free(short) else to_hanzi(name))
    low, high = POPULATION[rank]
    return Town(key, names, rank, round(draw.between(low, high)), spot, zone, draw.whole(870, 1790))
