"""Which towns a road joins, and along which cells: the road network before it has a shape."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from metier.world import Country, Pass, Town
from metier_maps.world.ground.streets import reach_of
from metier_maps.world.ground.terrain import BLOCKED, CELL_KM, Terrain

UNCLASSIFIED, TERTIARY, SECONDARY, PRIMARY = 1, 2, 3, 4
TIERS = (
    (PRIMARY, ("capital", "city")),
    (SECONDARY, ("capital", "city", "town")),
    (TERTIARY, ("capital", "city", "town", "village")),
    (UNCLASSIFIED, ("capital", "city", "town", "village", "hamlet")),
)


@dataclass(frozen=True, slots=True)
class Chain:
    """A road from one joint to the next. `cells` include both; `notch` is the pass whose winter closes it, if any."""

    cells: tuple[int, ...]
    grade: int
    notch: Pass | None


@dataclass(slots=True)
class Network:
    """Edges between cells with their grade. A cell in a town stands for the town: `home` maps it to the town's cell."""

    edges: dict[tuple[int, int], int] = field(default_factory=dict)
    seasonal: dict[tuple[int, int], Pass] = field(default_factory=dict)
    home: dict[int, Town] = field(default_factory=dict)
    joints: set[int] = field(default_factory=set)


def plan_network(country: Country, terrain: Terrain) -> Network:
    """Returns the network: the towns of each tier joined with their relative neighbours, then the passes."""
    network = Network(home=_claim_cells(country, terrain))
    cells = [terrain.cell_of(town.spot) for town in country.towns]
    costs = terrain.measure_costs(cells)
    for grade, ranks in TIERS:
        members = [i for i, town in enumerate(country.towns) if town.rank in ranks]
        for i, j in _relative_neighbours(members, costs.tolist()):
            _build(network, terrain, terrain.find_path(cells[i], cells[j]), grade)
    for notch in country.landscape.passes:
        _build_pass(network, terrain, country, notch)
    return network


def _claim_cells(country: Country, terrain: Terrain) -> dict[int, Town]:
    home: dict[int, Town] = {}
    for town in country.towns:
        middle = terrain.cell_of(town.spot)
        span = int(reach_of(town) / CELL_KM) + 1
        for dy in range(-span, span + 1):
            for dx in range(-span, span + 1):
                cell = middle + dx + dy * terrain.columns
                if terrain.spot_of(cell).distance(town.spot) < reach_of(town) + 0.2:
                    home[cell] = town
        home[middle] = town
    return home


def _relative_neighbours(members: Sequence[int], costs: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    joined = []
    for position, i in enumerate(members):
        for j in members[position + 1 :]:
            cost = costs[i][j]
            if cost < BLOCKED and not any(
                max(costs[i][k], costs[j][k]) < 0.93 * cost for k in members if k not in (i, j)
            ):
                joined.append((i, j))
    return sorted(joined, key=lambda pair: (costs[pair[0]][pair[1]], pair))


def _build(network: Network, terrain: Terrain, path: Sequence[int], grade: int) -> None:
    terrain.tread(path)
    for a, b in itertools.pairwise(path):
        edge = (min(a, b), max(a, b))
        network.edges[edge] = max(grade, network.edges.get(edge, 0))


def _build_pass(network: Network, terrain: Terrain, country: Country, notch: Pass) -> None:
    zones = {"main": ("north", "south"), "basin": ("north", "basin")}[notch.key]
    feet = [
        min((t for t in country.towns if t.zone == zone), key=lambda t: t.spot.distance(notch.at)) for zone in zones
    ]
    top = terrain.cell_of(notch.at)
    ends = [terrain.cell_of(town.spot) for town in feet]
    path = terrain.find_path(ends[0], top, passes=(notch.key,))
    path += terrain.find_path(top, ends[1], passes=(notch.key,))[1:]
    _build(network, terrain, path, SECONDARY if notch.key == "main" else TERTIARY)
    network.joints.add(top)
    for a, b in itertools.pairwise(path):
        if terrain.barrier[a] or terrain.barrier[b]:
            network.seasonal[min(a, b), max(a, b)] = notch


def split_chains(network: Network) -> list[Chain]:
    """Returns the network cut at its joints: towns, crossings, and wherever a road changes its kind."""
    around: dict[int, list[int]] = {}
    for a, b in sorted(network.edges):
        around.setdefault(a, []).append(b)
        around.setdefault(b, []).append(a)
    ends = {cell for cell in around if _is_joint(network, around, cell)}
    network.joints |= ends
    chains, seen = [], set()
    for start in sorted(ends):
        for following in around[start]:
            if (start, following) not in seen:
                cells = _walk(around, ends, start, following)
                seen |= {(cells[0], cells[1]), (cells[-1], cells[-2])}
                chains.append(_to_chain(network, cells))
    return [chain for chain in chains if not _within_one_town(network, chain)]


def _is_joint(network: Network, around: dict[int, list[int]], cell: int) -> bool:
    if cell in network.home or cell in network.joints or len(around[cell]) != 2:
        return True
    kinds = {_kind(network, cell, other) for other in around[cell]}
    return len(kinds) > 1


def _kind(network: Network, a: int, b: int) -> tuple[int, str]:
    edge = (min(a, b), max(a, b))
    notch = network.seasonal.get(edge)
    return network.edges[edge], notch.key if notch else ""


def _walk(around: dict[int, list[int]], ends: set[int], start: int, following: int) -> list[int]:
    cells = [start, following]
    while cells[-1] not in ends:
        one, other = around[cells[-1]]
        cells.append(other if one == cells[-2] else one)
    return cells


def _to_chain(network: Network, cells: Sequence[int]) -> Chain:
    edge = (min(cells[0], cells[1]), max(cells[0], cells[1]))
    return Chain(tuple(cells), network.edges[edge], network.seasonal.get(edge))


def _within_one_town(network: Network, chain: Chain) -> bool:
    towns = {network.home[cell].id if cell in network.home else "" for cell in chain.cells}
    return len(towns) == 1 and "" not in towns
