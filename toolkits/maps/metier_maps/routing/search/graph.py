"""The graph that one mode may use on one day: closures taken out, turn restrictions and barriers split into nodes.

Where a turn from arc a is forbidden, a does not end at its junction but at a copy of it, from which every arc leaves
but the forbidden ones. Where a barrier stands, each road ends in a node of its own.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from scipy.sparse import csr_array

from metier_maps.routing.roads.network import Floats, Ints, Network

_LENGTH_BITS: Final = 29  # 53,000 km of decimetres; 24 bits of tenths of a second are left: 19 days
LIMIT: Final = float(2**53)  # whole numbers below this are exact in a float


_Whole = TypeVar("_Whole", int, Ints)


def join_cost(time_ds: _Whole, length_dm: _Whole) -> _Whole:
    """Returns one number for both: the faster way costs less, and of two equally fast ones the shorter."""
    return (time_ds << _LENGTH_BITS) + length_dm


def split_cost(cost: Floats) -> tuple[Ints, Ints]:
    """Returns the times (tenths of a second) and lengths (decimetres) of finite costs."""
    whole = cost.astype(np.int64)
    return whole >> _LENGTH_BITS, whole & ((1 << _LENGTH_BITS) - 1)


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """A mode's graph. Links join graph nodes by the faster of their arcs, sorted by (start, end)."""

    matrix: csr_array  # cost from node to node, see `join_cost`
    keys: Ints  # start * nodes + end of each link, ascending
    link_arc: Ints
    arc_ds: Ints  # by arc, tenths of a second; 0: not allowed or closed
    arc_start: Ints  # by arc, the graph node it leaves from; copies of that node are in `twins`
    arc_end: Ints  # by arc, the graph node it leads to (a copy where a turn is forbidden)
    twins: Mapping[int, tuple[int, ...]]
    refused: Mapping[int, frozenset[int]]  # copy -> arcs that may not be taken from it

    @property
    def nodes(self) -> int:
        """Returns the number of graph nodes."""
        return int(self.matrix.shape[0])

    def exits(self, arc: int) -> tuple[int, ...]:
        """Returns the graph nodes from which the arc may be entered."""
        start = int(self.arc_start[arc])
        return (start, *(twin for twin in self.twins.get(start, ()) if arc not in self.refused[twin]))

    def nodes_at(self, arc: int) -> tuple[int, ...]:
        """Returns the graph nodes at the start of the arc."""
        start = int(self.arc_start[arc])
        return (start, *self.twins.get(start, ()))


def build_graph(network: Network, mode_index: int, closed: frozenset[int]) -> Graph:
    """Returns the graph of a mode (its place in MODES) with the closures of these indices in force."""
    arc_ds = network.time_ds[:, mode_index, :].reshape(-1).copy()
    if closed:
        shut = np.isin(network.closure[:, mode_index], np.array(sorted(closed)))
        arc_ds[np.repeat(shut, 2)] = 0
    arc_start, arc_end, count = _arc_ends(network, mode_index)
    twins, refused, count = _split_turns(network, mode_index, arc_start, arc_end, count)
    open_arcs = np.flatnonzero(arc_ds > 0)
    starts, arcs = [arc_start[open_arcs]], [open_arcs]
    leaving = _group_by_start(open_arcs, arc_start, twins)
    for node, copies in twins.items():
        for copy in copies:
            kept = np.array([arc for arc in leaving[node] if arc not in refused[copy]], dtype=np.int64)
            starts.append(np.full(len(kept), copy, dtype=np.int64))
            arcs.append(kept)
    link_start, link_arc = np.concatenate(starts), np.concatenate(arcs)
    keys = link_start * count + arc_end[link_arc]
    cost = join_cost(arc_ds, np.repeat(network.length_dm, 2))
    order = np.lexsort((link_arc, cost[link_arc], keys))
    keys, firsts = np.unique(keys[order], return_index=True)
    link_arc = link_arc[order][firsts]
    pointers = np.searchsorted(keys, np.arange(count + 1, dtype=np.int64) * count)
    matrix = csr_array((cost[link_arc].astype(np.float64), keys % count, pointers), shape=(count, count))
    return Graph(matrix, keys, link_arc, arc_ds, arc_start, arc_end, twins, refused)


def _arc_ends(network: Network, mode_index: int) -> tuple[Ints, Ints, int]:
    """Returns start and end of each arc and the number of nodes, every road having its own end at a barrier."""
    ends = np.stack((network.tail, network.head), axis=1)
    stopped = network.blocked[ends, mode_index]
    count = len(network.node_lat)
    fresh = int(stopped.sum())
    ends[stopped] = np.arange(count, count + fresh)
    return ends.reshape(-1), ends[:, ::-1].reshape(-1), count + fresh


def _split_turns(
    network: Network, mode_index: int, arc_start: Ints, arc_end: Ints, count: int
) -> tuple[dict[int, tuple[int, ...]], dict[int, frozenset[int]], int]:
    """Returns the copies of nodes and what is refused at each; leads each restricted arc to its copy."""
    banned: dict[int, set[int]] = defaultdict(set)
    if mode_index < 2:  # turn restrictions bind cars and bicycles, never people on foot
        for arc, following, *modes in network.turns.tolist():
            if modes[mode_index] and arc_start[following] == arc_end[arc]:
                banned[arc].add(following)
    twins: dict[int, tuple[int, ...]] = {}
    refused: dict[int, frozenset[int]] = {}
    for arc in sorted(banned):
        node = int(arc_end[arc])
        twins[node] = (*twins.get(node, ()), count)
        refused[count] = frozenset(banned[arc])
        arc_end[arc] = count
        count += 1
    return twins, refused, count


def _group_by_start(arcs: Ints, arc_start: Ints, wanted: Mapping[int, tuple[int, ...]]) -> dict[int, list[int]]:
    groups: dict[int, list[int]] = {node: [] for node in wanted}
    for arc in arcs[np.isin(arc_start[arcs], np.array(list(wanted), dtype=np.int64))].tolist():
        groups[int(arc_start[arc])].append(arc)
    return groups
