"""Fastest paths between footholds: exact integers, so that a route and a matrix cell of the same pair are equal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from metier_maps.routing.roads.network import Floats, Ints, Network
from metier_maps.routing.search.graph import LIMIT, Graph, join_cost, split_cost
from metier_maps.routing.search.snapping import Foothold

_BATCH: Final = 32  # origins that are searched at once: bounds the memory of a large matrix
_LEAD: Final = 1  # added to every way into the graph, because a zero is no link in a sparse matrix; taken off again


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an edge: from one distance from its tail to another (dm); backwards where the first is larger."""

    edge: int
    begin_dm: int
    end_dm: int


@dataclass(frozen=True, slots=True)
class Path:
    """A fastest path: tenths of a second, decimetres, and the stretches of road in order."""

    time_ds: int
    length_dm: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class _Gate:
    """A way between a foothold and a graph node; no piece where the foothold is at that node."""

    node: int
    cost: int
    piece: Piece | None


def find_times(
    network: Network, graph: Graph, origins: Sequence[Foothold], destinations: Sequence[Foothold]
) -> tuple[Ints, Ints]:
    """Returns times (ds) and lengths (dm) from each origin to each destination; -1 where there is no way."""
    costs = np.full((len(origins), len(destinations)), np.inf)
    ends = [_list_ends(network, graph, foothold) for foothold in destinations]
    nodes = np.array([gate.node for gates in ends for gate in gates], dtype=np.int64)
    extra = np.array([gate.cost for gates in ends for gate in gates], dtype=np.float64)
    column = np.repeat(np.arange(len(ends)), [len(gates) for gates in ends])
    for first in range(0, len(origins), _BATCH):
        batch = origins[first : first + _BATCH]
        found = _search(graph, [_list_starts(network, graph, foothold) for foothold in batch])
        for row, reached in enumerate(found[:, nodes] + extra, start=first):
            np.minimum.at(costs[row], column, reached)
    for row, origin in enumerate(origins):
        for other, destination in enumerate(destinations):
            along = _go_along(network, graph, origin, destination)
            if along is not None:
                costs[row, other] = min(costs[row, other], along.cost)
    known = np.isfinite(costs)
    times, lengths = split_cost(np.where(known, costs, 0.0))
    return np.where(known, times, -1), np.where(known, lengths, -1)


def find_path(network: Network, graph: Graph, origin: Foothold, destination: Foothold) -> Path | None:
    """Returns the fastest path, None where there is no way; its numbers are those of `find_times`."""
    starts = _list_starts(network, graph, origin)
    matrix = _append_starts(graph, [starts])
    found, before = dijkstra(matrix, indices=graph.nodes, return_predecessors=True, limit=LIMIT)
    best = float(np.inf)
    pieces: tuple[Piece | None, ...] = ()
    for gate in _list_ends(network, graph, destination):
        total = found[gate.node] - _LEAD + gate.cost
        if total < best:
            best, pieces = float(total), (*_trace(network, graph, before, gate.node, starts), gate.piece)
    along = _go_along(network, graph, origin, destination)
    if along is not None and along.cost <= best:
        best, pieces = float(along.cost), (along.piece,)
    if not np.isfinite(best):
        return None
    time, length = split_cost(np.array([best]))
    return Path(int(time[0]), int(length[0]), tuple(part for part in pieces if part is not None))


def find_reach(network: Network, graph: Graph, origin: Foothold) -> Floats:
    """Returns the time (ds) from the origin to each graph node; infinite where there is no way."""
    cost = _search(graph, [_list_starts(network, graph, origin)])[0]
    known = np.isfinite(cost)
    return np.where(known, split_cost(np.where(known, cost, 0.0))[0], np.inf)


def _list_starts(network: Network, graph: Graph, foothold: Foothold) -> tuple[_Gate, ...]:
    """Returns the ways from a foothold into the graph, the best for each node."""
    gates: list[_Gate] = []
    length = int(network.length_dm[foothold.edge])
    for arc, goal in ((2 * foothold.edge, length), (2 * foothold.edge + 1, 0)):
        piece = Piece(foothold.edge, foothold.offset_dm, goal)
        if graph.arc_ds[arc]:
            gates.append(_Gate(int(graph.arc_end[arc]), _cost(network, graph, piece, arc), piece))
        if foothold.offset_dm == length - goal:
            gates.append(_Gate(int(graph.arc_start[arc]), 0, None))
    best: dict[int, _Gate] = {}
    for gate in gates:
        if gate.node not in best or gate.cost < best[gate.node].cost:
            best[gate.node] = gate
    return tuple(best[node] for node in sorted(best))


def _list_ends(network: Network, graph: Graph, foothold: Foothold) -> tuple[_Gate, ...]:
    """Returns the ways from the graph to a foothold."""
    gates: list[_Gate] = []
    length = int(network.length_dm[foothold.edge])
    for arc, begin in ((2 * foothold.edge, 0), (2 * foothold.edge + 1, length)):
        piece = Piece(foothold.edge, begin, foothold.offset_dm)
        if graph.arc_ds[arc]:
            cost = _cost(network, graph, piece, arc)
            gates.extend(_Gate(node, cost, piece) for node in graph.exits(arc))
        if foothold.offset_dm == begin:
            gates.extend(_Gate(node, 0, None) for node in graph.nodes_at(arc))
    return tuple(gates)


def _go_along(network: Network, graph: Graph, origin: Foothold, destination: Foothold) -> _Gate | None:
    """Returns the way that never leaves the edge of both footholds, None where there is none."""
    if origin.edge != destination.edge:
        return None
    piece = Piece(origin.edge, origin.offset_dm, destination.offset_dm)
    if piece.begin_dm == piece.end_dm:
        return _Gate(-1, 0, piece)
    arc = 2 * origin.edge + (piece.begin_dm > piece.end_dm)
    return _Gate(-1, _cost(network, graph, piece, arc), piece) if graph.arc_ds[arc] else None


def _cost(network: Network, graph: Graph, piece: Piece, arc: int) -> int:
    """Returns the cost of a stretch; the parts of an edge add up to the whole."""
    whole, length = int(graph.arc_ds[arc]), int(network.length_dm[piece.edge])
    time = abs(whole * piece.end_dm // length - whole * piece.begin_dm // length)
    return join_cost(time, abs(piece.end_dm - piece.begin_dm))


def _append_starts(graph: Graph, starts: Sequence[Sequence[_Gate]]) -> csr_array:
    """Returns the graph with one more node per origin, from which its gates lead."""
    links = graph.matrix
    gates = [gate for group in starts for gate in group]
    size = graph.nodes + len(starts)
    pointers = links.nnz + np.cumsum([len(group) for group in starts])
    return csr_array(
        (
            np.concatenate((links.data, [float(gate.cost + _LEAD) for gate in gates])),
            np.concatenate((links.indices, np.array([gate.node for gate in gates], dtype=links.indices.dtype))),
            np.concatenate((links.indptr, pointers.astype(links.indptr.dtype))),
        ),
        shape=(size, size),
    )


def _search(graph: Graph, starts: Sequence[Sequence[_Gate]]) -> Floats:
    matrix = _append_starts(graph, starts)
    origins = np.arange(graph.nodes, graph.nodes + len(starts))
    found = dijkstra(matrix, indices=origins, limit=LIMIT)
    return np.asarray(found[:, : graph.nodes] - _LEAD)


def _trace(network: Network, graph: Graph, before: Ints, node: int, starts: Sequence[_Gate]) -> Iterator[Piece | None]:
    """Yields the pieces from the origin to a node."""
    nodes = [node]
    while (previous := int(before[nodes[-1]])) < graph.nodes:
        nodes.append(previous)
    nodes.reverse()
    yield next(gate.piece for gate in starts if gate.node == nodes[0])
    for start, end in pairwise(nodes):
        arc = int(graph.link_arc[np.searchsorted(graph.keys, start * graph.nodes + end)])
        ends = (0, int(network.length_dm[arc // 2]))
        yield Piece(arc // 2, ends[arc % 2], ends[1 - arc % 2])
