"""Roads drawn: chains of cells become curved ways with tags, roundabouts and a motorway."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from metier.world import Chance, Pass, Spot, Town
from metier_maps.world.ground.network import PRIMARY, SECONDARY, TERTIARY, Chain, Network
from metier_maps.world.ground.sketch import Sketch
from metier_maps.world.ground.streets import TownPlan
from metier_maps.world.ground.terrain import Terrain

HIGHWAY = {1: "unclassified", 2: "tertiary", 3: "secondary", 4: "primary"}
MAXSPEED = {1: "60", 2: "70", 3: "80", 4: "100"}
LETTER = {2: "L", 3: "R", 4: "H"}
MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
RING_NODES = 12
RING_KM = 0.022
ROUNDABOUT_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Road:
    """A drawn road: its node ids, from joint to joint."""

    nodes: tuple[int, ...]
    highway: str
    notch: Pass | None


@dataclass(slots=True)
class Roadworks:
    """What drawing the roads needs and leaves behind."""

    sketch: Sketch
    terrain: Terrain
    network: Network
    plans: dict[str, TownPlan]
    chance: Chance
    corners: dict[int, tuple[int, ...]] = field(default_factory=dict)
    drawn: list[Road] = field(default_factory=list)


def draw_roads(works: Roadworks, chains: Sequence[Chain]) -> list[Road]:
    """Returns the roads after drawing every chain."""
    degree: dict[int, list[int]] = {}
    for chain in chains:
        for end in (chain.cells[0], chain.cells[-1]):
            degree.setdefault(end, []).append(chain.grade)
    for cell in sorted(degree):
        if cell not in works.network.home:
            works.corners[cell] = _place_joint(works, cell, degree[cell])
    for number, chain in enumerate(chains):
        works.drawn.append(_draw_chain(works, chain, number))
    return works.drawn


def _place_joint(works: Roadworks, cell: int, grades: Sequence[int]) -> tuple[int, ...]:
    middle = _bent_spot(works, cell)
    busy = len(grades) >= 3 and sorted(grades)[-2] >= SECONDARY
    if not busy or not works.chance.stream("roundabout", str(cell)).happens(ROUNDABOUT_SHARE):
        tags = {}
        for notch in works.terrain.landscape.passes:
            if works.terrain.cell_of(notch.at) == cell:
                ele = str(round(float(works.terrain.heights[cell])))
                tags = {
                    "mountain_pass": "yes",
                    "name": f"Sella {notch.name}",
                    "name:en": f"{notch.name} Pass",
                    "ele": ele,
                }
        return (works.sketch.add_node(middle, tags),)
    ring = []
    for step in range(RING_NODES):
        angle = 2.0 * math.pi * step / RING_NODES
        ring.append(
            works.sketch.add_node(Spot(middle.x + RING_KM * math.cos(angle), middle.y + RING_KM * math.sin(angle)))
        )
    highway = HIGHWAY[max(grades)]
    works.sketch.add_way([*ring, ring[0]], {"highway": highway, "junction": "roundabout", "maxspeed": "40"})
    return tuple(ring)


def _bent_spot(works: Roadworks, cell: int, sway: float = 0.19) -> Spot:
    draw = works.chance.stream("bend", str(cell))
    spot = works.terrain.spot_of(cell)
    return Spot(spot.x + draw.between(-sway, sway), spot.y + draw.between(-sway, sway))


def _draw_chain(works: Roadworks, chain: Chain, number: int) -> Road:
    sway = 0.24 if chain.notch else 0.19
    inner = [_bent_spot(works, cell, sway) for cell in chain.cells[1:-1] if cell not in works.network.home]
    first = _anchor(works, chain.cells[0], inner[0] if inner else works.terrain.spot_of(chain.cells[-1]))
    last = _anchor(works, chain.cells[-1], inner[-1] if inner else works.sketch.spot_of(first))
    line = round_corners([works.sketch.spot_of(first), *inner, works.sketch.spot_of(last)])
    nodes = [first, *(works.sketch.add_node(spot) for spot in line[1:-1]), last]
    works.sketch.add_way(nodes, _road_tags(chain, number, works.chance.stream("tags", str(number))))
    return Road(tuple(nodes), HIGHWAY[chain.grade], chain.notch)


def _anchor(works: Roadworks, cell: int, towards: Spot) -> int:
    town: Town | None = works.network.home.get(cell)
    choices = works.plans[town.id].gates if town else works.corners[cell]
    return min(choices, key=lambda node: (works.sketch.spot_of(node).distance(towards), node))


def round_corners(line: Sequence[Spot], rounds: int = 2) -> list[Spot]:
    """Returns the line with its corners cut `rounds` times; its ends stay."""
    for _ in range(rounds):
        if len(line) < 3:
            break
        cut = [line[0]]
        for a, b in itertools.pairwise(line):
            cut.append(Spot(0.75 * a.x + 0.25 * b.x, 0.75 * a.y + 0.25 * b.y))
            cut.append(Spot(0.25 * a.x + 0.75 * b.x, 0.25 * a.y + 0.75 * b.y))
        line = [*cut, line[-1]]
    return list(line)


def _road_tags(chain: Chain, number: int, chance: Chance) -> dict[str, str]:
    tags = {"highway": HIGHWAY[chain.grade]}
    if chain.grade >= TERTIARY:
        tags["ref"] = f"{LETTER[chain.grade]} {number % 90 + 1}"
    if chain.grade >= SECONDARY or chance.happens(0.6):
        tags["maxspeed"] = MAXSPEED[chain.grade]
    if chain.grade == PRIMARY:
        tags["lanes"] = "2"
    tags["surface"] = "asphalt" if chain.grade >= TERTIARY or chance.happens(0.7) else "compacted"
    if chain.notch is not None:
        tags["maxspeed"] = "50"
        tags["motor_vehicle:conditional"] = f"no @ ({format_closure(chain.notch)})"
        tags["name"] = f"Sella {chain.notch.name}"
    return tags


def format_closure(notch: Pass) -> str:
    """Returns the closed season of a pass in opening_hours syntax, such as "Nov 1-Apr 30"."""
    (month, day), (last_month, last_day) = notch.closed_from, notch.closed_to
    return f"{MONTHS[month]} {day}-{MONTHS[last_month]} {last_day}"


def draw_motorway(works: Roadworks, towns: Sequence[Town]) -> None:
    """Draws a motorway past the towns in their order: two one-way carriageways between junctions of main roads."""
    exits = [_find_exit(works, town, towns) for town in towns]
    for number, (start, end) in enumerate(itertools.pairwise(exits)):
        a, b = works.sketch.spot_of(start), works.sketch.spot_of(end)
        cells = works.terrain.find_path(works.terrain.cell_of(a), works.terrain.cell_of(b), shy=True)
        spine = round_corners([a, *(works.terrain.spot_of(cell) for cell in cells[2:-2:3]), b], rounds=3)
        for side, ends in ((1.0, (start, end)), (-1.0, (end, start))):
            middle = [_beside(p, q, 0.014 * side) for p, q in itertools.pairwise(spine)][1:-1]
            run = [works.sketch.add_node(spot) for spot in (middle if side > 0 else middle[::-1])]
            _draw_carriageway(works, [ends[0], *run, ends[1]], f"A {number + 1}")


def _draw_carriageway(works: Roadworks, nodes: Sequence[int], ref: str) -> None:
    ramp = {"highway": "motorway_link", "oneway": "yes", "maxspeed": "60"}
    works.sketch.add_way(nodes[:4], ramp)
    works.sketch.add_way(
        nodes[3:-3], {"highway": "motorway", "oneway": "yes", "maxspeed": "130", "ref": ref, "lanes": "2"}
    )
    works.sketch.add_way(nodes[-4:], ramp)


def _beside(a: Spot, b: Spot, right_km: float) -> Spot:
    length = a.distance(b) or 1.0
    return Spot((a.x + b.x) / 2 + right_km * (b.y - a.y) / length, (a.y + b.y) / 2 - right_km * (b.x - a.x) / length)


def _find_exit(works: Roadworks, town: Town, towns: Sequence[Town]) -> int:
    others = [other for other in towns if other.id != town.id]
    spots = [
        (node, works.sketch.spot_of(node))
        for road in works.drawn
        if road.highway in ("primary", "secondary") and road.notch is None
        for node in road.nodes[1:-1]
    ]
    near = [(node, spot) for node, spot in spots if 1.6 < spot.distance(town.spot) < 5.0] or spots
    return min(
        near, key=lambda item: (sum(item[1].distance(o.spot) for o in others) + item[1].distance(town.spot), item[0])
    )[0]
