"""The built-in engine: Dijkstra over the imported roads. No server, no network; its numbers are an estimate.

Not modelled: traffic, the time a turn or a crossing takes (it is in the speeds), and the walk between a point and the
road it snaps to, which adds neither time nor distance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Final

import numpy as np

from metier.errors import InputError, ToolError
from metier_maps.routing.coverage import SNAP_LIMIT_M, Area, Coverage, name_point
from metier_maps.routing.roads.access import MODES
from metier_maps.routing.roads.closures import is_closed
from metier_maps.routing.roads.network import Floats, Ints, Network, load_network
from metier_maps.routing.router import Contour, Matrix, Mode, Point, Route, Router, Snap
from metier_maps.routing.search.graph import Graph, build_graph
from metier_maps.routing.search.lines import draw_outline, draw_pieces
from metier_maps.routing.search.paths import find_path, find_reach, find_times
from metier_maps.routing.search.snapping import Foothold, Segments, find_edges, find_main_edges, index_segments

_GRAPHS_KEPT: Final = 12  # three modes in a few states of closure
_FAR_AWAY_M: Final = 50_000.0  # how far the nearest road is looked for, only to name the distance
_NOTHING: Final[frozenset[int]] = frozenset()


def open_router(folder: Path, region: Area, *, snap_limit_m: float = SNAP_LIMIT_M) -> Router:
    """Returns the offline router of an imported region. Raises MissingError, StorageError (no or damaged road file)."""
    return OfflineRouter(load_network(folder), region, snap_limit_m)


@dataclass(frozen=True, slots=True)
class _Index:
    """Where a mode can be: the well connected roads, and all of its roads."""

    main: Segments | None
    every: Segments | None


class OfflineRouter:
    """Dijkstra over a network. Safe to call from several threads: what it builds, it builds once, under a lock."""

    def __init__(self, network: Network, region: Area, snap_limit_m: float) -> None:
        self._network = network
        self._source = f"offline-dijkstra/1 {region.id}"
        self._coverage = Coverage(region.bbox, snap_limit_m)
        self._lock = Lock()
        self._indexes: dict[Mode, _Index] = {}
        self._graphs: dict[tuple[Mode, frozenset[int]], Graph] = {}
        self._stand = lru_cache(maxsize=8192)(self._find_foothold)

    @property
    def label(self) -> str:
        """Returns what to print beside its numbers."""
        return "offline estimate"

    @property
    def source(self) -> str:
        """Returns the source of its evidence."""
        return self._source

    def snap(self, point: Point, mode: Mode) -> Snap:
        """Returns the nearest position on the roads of the mode."""
        foothold = self._stand(point, mode)
        return Snap(foothold.point, round(foothold.distance_m, 1))

    def route(self, origin: Point, destination: Point, *, mode: Mode, on: date | None) -> Route:
        """Returns the fastest route; its line runs from snap to snap."""
        start, end = self._stand(origin, mode), self._stand(destination, mode)
        path = find_path(self._network, self._graph(mode, on), start, end)
        if path is None:
            raise ToolError(
                f"There is no way by {mode} from {name_point(origin)} to {name_point(destination)}{_say_day(on)}.",
                hint="Choose another point, day or way of travelling.",
            )
        line = draw_pieces(self._network, path.pieces, start.point, end.point)
        return Route(duration_s=_round(path.time_ds), distance_m=_round(path.length_dm), geometry=line)

    def matrix(self, origins: Sequence[Point], destinations: Sequence[Point], *, mode: Mode, on: date | None) -> Matrix:
        """Returns durations and distances; None where there is no way."""
        starts = [self._stand(point, mode) for point in origins]
        ends = [self._stand(point, mode) for point in destinations]
        if not starts or not ends:
            return Matrix(tuple(() for _ in starts), tuple(() for _ in starts))
        times, lengths = find_times(self._network, self._graph(mode, on), starts, ends)
        return Matrix(_round_cells(times), _round_cells(lengths))

    def isochrone(self, origin: Point, seconds: Sequence[int], *, mode: Mode, on: date | None) -> tuple[Contour, ...]:
        """Returns one star-shaped outline per bound, drawn round the road positions reached in that time."""
        if any(bound <= 0 for bound in seconds):
            raise InputError("The time of a reachable area must be more than 0 seconds.")
        start = self._stand(origin, mode)
        graph = self._graph(mode, on)
        reach = find_reach(self._network, graph, start)
        contours = []
        for bound in seconds:
            lat, lon = _reached_positions(self._network, graph, reach, bound * 10)
            contours.append(Contour(bound, draw_outline(start.point, lat, lon)))
        return tuple(contours)

    def _find_foothold(self, point: Point, mode: Mode) -> Foothold:
        self._coverage.require(point)
        index = self._index(mode)
        limit = self._coverage.snap_limit_m
        for segments, bound in ((index.main, limit), (index.every, limit), (index.every, _FAR_AWAY_M)):
            found = segments.find(self._network, point, bound) if segments is not None else None
            if found is not None:
                self._coverage.require_near(point, Snap(found.point, found.distance_m), mode)
                return found
        raise InputError(f"There is no road for {mode} near {name_point(point)}.")

    def _index(self, mode: Mode) -> _Index:
        graph = self._graph(mode, None)
        with self._lock:
            if mode not in self._indexes:
                main = find_main_edges(self._network, graph)
                every = find_edges(graph)
                self._indexes[mode] = _Index(
                    main=index_segments(self._network, main), every=index_segments(self._network, every)
                )
            return self._indexes[mode]

    def _graph(self, mode: Mode, on: date | None) -> Graph:
        closed = _NOTHING if on is None else self._closed_on(on)
        with self._lock:
            key = (mode, closed)
            if key not in self._graphs:
                while len(self._graphs) >= _GRAPHS_KEPT:
                    self._graphs.pop(next(iter(self._graphs)))
                self._graphs[key] = build_graph(self._network, MODES.index(mode), closed)
            return self._graphs[key]

    def _closed_on(self, on: date) -> frozenset[int]:
        texts = self._network.closures.tolist()
        return frozenset(index for index, text in enumerate(texts) if is_closed(text, on))


def _reached_positions(network: Network, graph: Graph, reach: Floats, bound_ds: int) -> tuple[Floats, Floats]:
    """Returns shape points of roads reached within the bound, time along an edge taken as even over its points."""
    arcs = np.flatnonzero((graph.arc_ds > 0) & (reach[graph.arc_start] <= bound_ds))
    edges = arcs // 2
    first, stop = network.shape_first[edges], network.shape_first[edges + 1]
    share = np.minimum(1.0, (bound_ds - reach[graph.arc_start[arcs]]) / graph.arc_ds[arcs])
    inner = np.floor(share * (stop - first - 1)).astype(np.int64)
    lows = np.where(arcs % 2 == 0, first, stop - 1 - inner)
    counts = inner + 1
    rank = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    points = np.repeat(lows, counts) + rank
    return network.shape_lat[points], network.shape_lon[points]


def _round(tenths: int) -> int:
    return (tenths + 5) // 10


def _round_cells(tenths: Ints) -> tuple[tuple[int | None, ...], ...]:
    return tuple(tuple(None if cell < 0 else _round(cell) for cell in row) for row in tenths.tolist())


def _say_day(on: date | None) -> str:
    return f" on {on.isoformat()}" if on else ""
