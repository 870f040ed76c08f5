"""The nearest position on the roads of a mode: a projection on the road itself, not on its nearest junction.

A car park behind a gate or a stretch of service road that nothing leads to is a trap: a trip that snaps there goes
nowhere. So the largest part of the network in which everything can be reached from everything comes first; any other
road counts only where that part is out of the limit.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from metier_maps.routing.roads.network import Floats, Ints, Network
from metier_maps.routing.router import Point
from metier_maps.routing.search.graph import Graph
from metier_maps.routing.sphere import EARTH_M

_SPACING_M: Final = 80.0  # between two samples of a road in the search tree
_AT_END_DM: Final = 15  # this near to a junction is at the junction


@dataclass(frozen=True, slots=True)
class Foothold:
    """A position on an edge: how far from its tail (dm), where that is, and how far from the point asked for."""

    edge: int
    offset_dm: int
    point: Point
    distance_m: float


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """Straight pieces of road in a search tree of samples."""

    shape: Ints  # S, shape point at which the piece begins; it ends at the next
    edge: Ints  # S
    tree: cKDTree
    sample_piece: Ints  # samples -> S

    def find(self, network: Network, point: Point, limit_m: float) -> Foothold | None:
        """Returns the nearest position within the limit; of two equally near ones, the one of the earlier road."""
        centre = _to_space(np.array([point.lat]), np.array([point.lon]))[0]
        nearest, _ = self.tree.query(centre, distance_upper_bound=limit_m + _SPACING_M)
        if not np.isfinite(nearest):
            return None
        samples = self.tree.query_ball_point(centre, nearest + _SPACING_M, return_sorted=True)
        pieces = np.unique(self.sample_piece[samples])
        first = self.shape[pieces]
        share, distance = _project(network, first, point)
        best = int(np.argmin(distance))
        if distance[best] > limit_m:
            return None
        return _stand(
            network, int(self.edge[pieces[best]]), int(first[best]), float(share[best]), float(distance[best])
        )


def index_segments(network: Network, chosen: NDArray[np.bool_]) -> Segments | None:
    """Returns the search tree of the chosen edges, None where none is chosen."""
    if not chosen.any():
        return None
    points = np.diff(network.shape_first)
    edge_of_point = np.repeat(np.arange(len(points)), points)
    last = np.zeros(len(edge_of_point), dtype=np.bool_)
    last[network.shape_first[1:] - 1] = True
    shape = np.flatnonzero(~last & chosen[edge_of_point])
    start = _to_space(network.shape_lat[shape], network.shape_lon[shape])
    end = _to_space(network.shape_lat[shape + 1], network.shape_lon[shape + 1])
    counts = np.ceil(np.linalg.norm(end - start, axis=1) / _SPACING_M).astype(np.int64) + 1
    piece = np.repeat(np.arange(len(shape)), counts)
    rank = np.arange(len(piece)) - np.repeat(np.cumsum(counts) - counts, counts)
    share = (rank / np.maximum(counts - 1, 1)[piece])[:, None]
    tree = cKDTree(start[piece] + (end - start)[piece] * share)
    return Segments(shape=shape, edge=edge_of_point[shape], tree=tree, sample_piece=piece)


def find_edges(graph: Graph) -> NDArray[np.bool_]:
    """Returns which edges the mode may use in at least one direction."""
    return np.asarray((graph.arc_ds.reshape(-1, 2) > 0).any(axis=1), dtype=np.bool_)


def find_main_edges(network: Network, graph: Graph) -> NDArray[np.bool_]:
    """Returns which edges of the graph have both ends in its largest strongly connected part."""
    _, part = connected_components(graph.matrix, directed=True, connection="strong")
    # A junction and its copies for turn restrictions are one place: count junctions, and take the best of each arc.
    largest = np.bincount(part).argmax()
    inside = part == largest
    for node, copies in graph.twins.items():
        inside[node] |= inside[list(copies)].any()
    starts = inside[graph.arc_start.reshape(-1, 2)]
    return find_edges(graph) & np.asarray(starts.all(axis=1), dtype=np.bool_)


def _to_space(lat: Floats, lon: Floats) -> Floats:
    north, east = np.radians(lat), np.radians(lon)
    level = np.cos(north)
    return EARTH_M * np.stack((level * np.cos(east), level * np.sin(east), np.sin(north)), axis=1)


def _project(network: Network, first: Ints, point: Point) -> tuple[Floats, Floats]:
    """Returns for each piece the share at which the point falls on it, and the distance to there in metres."""
    metre = np.radians(1.0) * EARTH_M
    level = metre * np.cos(np.radians(point.lat))
    x0, y0 = (network.shape_lon[first] - point.lon) * level, (network.shape_lat[first] - point.lat) * metre
    dx = (network.shape_lon[first + 1] - point.lon) * level - x0
    dy = (network.shape_lat[first + 1] - point.lat) * metre - y0
    square = np.maximum(dx * dx + dy * dy, 1e-9)
    share = np.clip(-(x0 * dx + y0 * dy) / square, 0.0, 1.0)
    return share, np.hypot(x0 + share * dx, y0 + share * dy)


def _stand(network: Network, edge: int, shape: int, share: float, distance_m: float) -> Foothold:
    begin, stop = int(network.shape_first[edge]), int(network.shape_first[edge + 1])
    line = _to_space(network.shape_lat[begin:stop], network.shape_lon[begin:stop])
    steps = np.linalg.norm(np.diff(line, axis=0), axis=1)
    index = shape - begin
    travelled = steps[:index].sum() + share * steps[index]
    length = int(network.length_dm[edge])
    offset = round(length * float(travelled / max(steps.sum(), 1e-9)))
    lat = network.shape_lat[shape] + share * (network.shape_lat[shape + 1] - network.shape_lat[shape])
    lon = network.shape_lon[shape] + share * (network.shape_lon[shape + 1] - network.shape_lon[shape])
    if offset <= _AT_END_DM:
        offset = 0
    elif offset >= length - _AT_END_DM:
        offset = length
    return Foothold(edge, offset, Point(round(float(lat), 7), round(float(lon), 7)), distance_m)
