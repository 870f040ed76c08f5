"""From OSM ways to a network of junctions: chains of nodes between junctions become one edge that keeps its line."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from metier_maps.routing.roads.access import MODES
from metier_maps.routing.roads.network import Floats, Ints, Network
from metier_maps.routing.roads.reading import Reading, Turn, Way
from metier_maps.routing.sphere import EARTH_M

_LONGEST_DS: Final = 14 * 24 * 3600 * 10


@dataclass(slots=True)
class _Draft:
    """Edges while they are gathered; `touching` maps a junction to the edges at it."""

    junctions: dict[int, int] = field(default_factory=dict)
    tail: list[int] = field(default_factory=list)
    head: list[int] = field(default_factory=list)
    ways: list[int] = field(default_factory=list)
    shape_first: list[int] = field(default_factory=lambda: [0])
    lat: list[float] = field(default_factory=list)
    lon: list[float] = field(default_factory=list)
    speeds: list[tuple[tuple[float, float], ...]] = field(default_factory=list)
    closure: list[tuple[int, ...]] = field(default_factory=list)
    closures: dict[str, int] = field(default_factory=dict)


def compact(reading: Reading) -> Network:
    """Returns the network of what was read; it has no edges when no mode may use any way."""
    joints = _find_junctions(reading)
    draft = _Draft()
    for way in reading.ways:
        _add_way(draft, way, joints)
    lat, lon = np.array(draft.lat, dtype=np.float64), np.array(draft.lon, dtype=np.float64)
    first = np.array(draft.shape_first, dtype=np.int64)
    length = _edge_lengths(lat, lon, first)
    time = _edge_times(length, draft)
    node_lat, node_lon = _node_positions(draft, lat, lon, first)
    tail, head = np.array(draft.tail, dtype=np.int64), np.array(draft.head, dtype=np.int64)
    return Network(
        node_lat=node_lat,
        node_lon=node_lon,
        tail=tail,
        head=head,
        shape_first=first,
        shape_lat=lat,
        shape_lon=lon,
        length_dm=np.maximum(np.rint(length * 10), 1).astype(np.int64),
        time_ds=time,
        closure=np.array(draft.closure, dtype=np.int64).reshape(-1, len(MODES)),
        blocked=_blocked_nodes(draft, reading),
        turns=_forbidden_turns(draft, reading.turns, time),
        closures=np.array(list(draft.closures), dtype=np.str_),
    )


def _find_junctions(reading: Reading) -> set[int]:
    """Returns the nodes where an edge must end: ends of ways, crossings, barriers, and nodes with a restriction."""
    seen: set[int] = set()
    joints: set[int] = set(reading.barriers) | {turn.via for turn in reading.turns}
    for way in reading.ways:
        joints.update((way.refs[0], way.refs[-1]))
        for ref in way.refs:
            if ref in seen:
                joints.add(ref)
            seen.add(ref)
    return joints


def _add_way(draft: _Draft, way: Way, joints: set[int]) -> None:
    closure = tuple(draft.closures.setdefault(text, len(draft.closures)) if text else -1 for text in way.closures)
    start = 0
    for index in range(1, len(way.refs)):
        if way.refs[index] not in joints:
            continue
        for ref, ends in ((way.refs[start], draft.tail), (way.refs[index], draft.head)):
            ends.append(draft.junctions.setdefault(ref, len(draft.junctions)))
        draft.ways.append(way.id)
        draft.speeds.append(way.speeds)
        draft.closure.append(closure)
        for point in way.points[start : index + 1]:
            draft.lat.append(point.lat)
            draft.lon.append(point.lon)
        draft.shape_first.append(len(draft.lat))
        start = index


def _edge_lengths(lat: Floats, lon: Floats, first: Ints) -> Floats:
    """Returns the length of each edge in metres."""
    if len(first) == 1:
        return np.zeros(0)
    north, east = np.radians(lat), np.radians(lon)
    rise = np.sin(np.diff(north) / 2)
    turn = np.sin(np.diff(east) / 2)
    inner = rise**2 + np.cos(north[:-1]) * np.cos(north[1:]) * turn**2
    steps = np.append(2 * EARTH_M * np.arcsin(np.sqrt(np.minimum(inner, 1.0))), 0.0)
    steps[first[1:] - 1] = 0.0  # from the last point of an edge to the first of the next there is no road
    return np.asarray(np.add.reduceat(steps, first[:-1]))


def _edge_times(length_m: Floats, draft: _Draft) -> Ints:
    speeds = np.array(draft.speeds, dtype=np.float64).reshape(-1, len(MODES), 2)
    with np.errstate(divide="ignore"):
        exact = length_m[:, None, None] * 36.0 / speeds  # m / (km/h) in tenths of a second
    times = np.clip(np.rint(np.where(speeds > 0, exact, 1)), 1, _LONGEST_DS).astype(np.int64)
    return np.where(speeds > 0, times, 0)


def _node_positions(draft: _Draft, lat: Floats, lon: Floats, first: Ints) -> tuple[Floats, Floats]:
    node_lat, node_lon = np.zeros(len(draft.junctions)), np.zeros(len(draft.junctions))
    for ends, at in ((draft.tail, first[:-1]), (draft.head, first[1:] - 1)):
        node_lat[ends] = lat[at]
        node_lon[ends] = lon[at]
    return node_lat, node_lon


def _blocked_nodes(draft: _Draft, reading: Reading) -> NDArray[np.bool_]:
    blocked = np.zeros((len(draft.junctions), len(MODES)), dtype=np.bool_)
    for ref, modes in reading.barriers.items():
        if ref in draft.junctions:
            blocked[draft.junctions[ref]] = modes
    return blocked


def _forbidden_turns(draft: _Draft, turns: Iterable[Turn], time_ds: Ints) -> Ints:
    arriving: dict[tuple[int, int], list[int]] = defaultdict(list)
    leaving: dict[int, list[int]] = defaultdict(list)
    for edge, way in enumerate(draft.ways):
        ends = (draft.tail[edge], draft.head[edge])
        for direction in (0, 1):
            if time_ds[edge, :2, direction].any():
                arriving[ends[1 - direction], way].append(2 * edge + direction)
                leaving[ends[direction]].append(2 * edge + direction)
    rows: set[tuple[int, int, int, int]] = set()
    for turn in turns:
        node = draft.junctions.get(turn.via, -1)
        rows.update(_banned_pairs(turn, node, draft, arriving, leaving))
    return np.array(sorted(rows), dtype=np.int64).reshape(-1, 4)


def _banned_pairs(
    turn: Turn, node: int, draft: _Draft, arriving: dict[tuple[int, int], list[int]], leaving: dict[int, list[int]]
) -> Iterator[tuple[int, int, int, int]]:
    """Yields the pairs of arcs that a restriction forbids; nothing where it does not say which arm it means."""
    exits = leaving.get(node, [])
    for origin in turn.origins:
        entries = arriving.get((node, origin), [])
        if len(entries) != 1:
            continue
        named = [arc for arc in exits if draft.ways[arc // 2] in turn.targets]
        if not named or len(named) > len(turn.targets):
            continue
        banned = [arc for arc in exits if arc not in named] if turn.only else named
        for arc in banned:
            yield (entries[0], arc, int(turn.car), int(turn.bicycle))
