"""Roads of a region that are closed on a day, for engines that keep no calendar of their own."""

from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np

from metier_maps.routing.roads.access import MODES
from metier_maps.routing.roads.closures import is_closed
from metier_maps.routing.roads.network import Network, load_network
from metier_maps.routing.router import Mode, Point


class ClosedRoads:
    """Where the imported roads of a region are closed. Reads the road file when first asked."""

    def __init__(self, folder: Path) -> None:
        self._list = lru_cache(maxsize=len(MODES))(lambda mode: _list_seasonal(folder, mode))

    def find(self, mode: Mode, on: date | None) -> tuple[Point, ...]:
        """Returns a position on each stretch of road that is closed to the mode on the day; none without a day."""
        if on is None:
            return ()
        return tuple(point for closure, point in self._list(mode) if is_closed(closure, on))


def _list_seasonal(folder: Path, mode: Mode) -> tuple[tuple[str, Point], ...]:
    network = load_network(folder)
    index = MODES.index(mode)
    edges = np.flatnonzero((network.closure[:, index] >= 0) & (network.time_ds[:, index] > 0).any(axis=1))
    return tuple((str(network.closures[network.closure[edge, index]]), _middle(network, int(edge))) for edge in edges)


def _middle(network: Network, edge: int) -> Point:
    """Returns the middle of the middle piece of the line: a position well inside the edge, and exactly on it."""
    first, stop = int(network.shape_first[edge]), int(network.shape_first[edge + 1])
    begin = first + (stop - first - 2) // 2
    lat, lon = network.shape_lat[begin : begin + 2].mean(), network.shape_lon[begin : begin + 2].mean()
    return Point(round(float(lat), 7), round(float(lon), 7))
