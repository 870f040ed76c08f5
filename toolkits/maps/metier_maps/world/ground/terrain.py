"""The land as a raster, and the cheapest ways over it: what makes a road bend."""

import itertools
import math
from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from metier.world import Chance, Landscape, Spot
from metier.world.landscape import BARRIER_M, LOWLAND_M

CELL_KM = 0.5
BLOCKED = 1e9
PASS_REACH_KM = 5.0
TRODDEN = 0.55
STEEPNESS = 14.0
STEPS = ((1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1))

Grid = npt.NDArray[np.float64]


class Terrain:
    """Cells of half a kilometre, numbered row by row from the south-west."""

    def __init__(self, landscape: Landscape, chance: Chance) -> None:
        self.landscape = landscape
        self.columns = int(landscape.width_km / CELL_KM)
        self.rows = int(landscape.height_km / CELL_KM)
        x = (np.arange(self.columns) + 0.5) * CELL_KM
        y = (np.arange(self.rows) + 0.5) * CELL_KM
        self._x, self._y = (axis.ravel() for axis in np.meshgrid(x, y))
        self.heights = measure_heights(landscape, self._x, self._y)
        self.barrier = self.heights > BARRIER_M
        self.water = measure_water(landscape, self._x, self._y)
        self._rough = _roughen(self._x, self._y, chance)
        self._neighbours, self._costs = self._survey()
        self._trodden = np.ones_like(self._costs)
        self._crowded = np.zeros(self.heights.shape, dtype=np.bool_)

    def cell_of(self, spot: Spot) -> int:
        """Returns the cell that holds a spot."""
        column = min(self.columns - 1, max(0, int(spot.x / CELL_KM)))
        row = min(self.rows - 1, max(0, int(spot.y / CELL_KM)))
        return row * self.columns + column

    def spot_of(self, cell: int) -> Spot:
        """Returns the middle of a cell."""
        return Spot(float(self._x[cell]), float(self._y[cell]))

    def measure_costs(self, cells: Sequence[int]) -> Grid:
        """Returns the cost of the cheapest way between each two cells with the passes shut; BLOCKED: none."""
        found: Grid = dijkstra(self._graph(self._closed(())), directed=True, indices=list(cells))
        return found[:, list(cells)]

    def find_path(self, start: int, end: int, *, passes: Collection[str] = (), shy: bool = False) -> list[int]:
        """Returns the cells of the cheapest way. `passes` are open to it; a `shy` one keeps off roads and towns."""
        costs = self._closed(passes)
        crowded = (self._trodden < 1.0) | self._crowded[self._neighbours]
        costs = costs * np.where(crowded, 5.0, 1.0) if shy else costs * self._trodden
        _, back = dijkstra(self._graph(costs), directed=True, indices=start, return_predecessors=True)
        path = [end]
        while path[-1] != start:
            path.append(int(back[path[-1]]))
        return path[::-1]

    def tread(self, path: Sequence[int]) -> None:
        """Makes a path cheaper for those that come later, so that roads share their ground."""
        for a, b in itertools.pairwise(path):
            for one, other in ((a, b), (b, a)):
                self._trodden[one, self._neighbours[one].tolist().index(other)] = TRODDEN

    def crowd(self, spot: Spot, reach_km: float) -> None:
        """Marks the cells near a spot as built up."""
        self._crowded |= np.hypot(self._x - spot.x, self._y - spot.y) < reach_km

    def _survey(self) -> tuple[npt.NDArray[np.int64], Grid]:
        count = self.columns * self.rows
        cells = np.arange(count)
        column, row = cells % self.columns, cells // self.columns
        neighbours = np.zeros((count, len(STEPS)), dtype=np.int64)
        costs = np.full((count, len(STEPS)), BLOCKED)
        for k, (dx, dy) in enumerate(STEPS):
            inside = (
                (column + dx >= 1) & (column + dx < self.columns - 1) & (row + dy >= 1) & (row + dy < self.rows - 1)
            )
            target = np.where(inside, cells + dx + dy * self.columns, (cells + 1 + k) % count)
            neighbours[:, k] = target
            length = CELL_KM * math.hypot(dx, dy)
            slope = np.abs(self.heights[target] - self.heights) / (1000.0 * length)
            wet = self.water[target] | self.water
            costs[:, k] = np.where(inside & ~wet, length * (self._rough[target] + STEEPNESS * slope), BLOCKED)
        return neighbours, costs

    def _closed(self, passes: Collection[str]) -> Grid:
        shut = self.barrier.copy()
        for notch in self.landscape.passes:
            if notch.key in passes:
                shut &= np.hypot(self._x - notch.at.x, self._y - notch.at.y) > PASS_REACH_KM
        blocked = shut[:, None] | shut[self._neighbours]
        return np.where(blocked, BLOCKED, self._costs)

    def _graph(self, costs: Grid) -> csr_matrix:
        count = self.columns * self.rows
        starts = np.arange(0, count * len(STEPS) + 1, len(STEPS))
        return csr_matrix((costs.ravel(), self._neighbours.ravel(), starts), shape=(count, count))


def measure_heights(landscape: Landscape, x: Grid, y: Grid) -> Grid:
    """Returns `Landscape.height_at` for many positions at once, in metres."""
    crest = np.zeros_like(x)
    for ridge in landscape.ridges:
        away = np.min([_away(x, y, a, b) for a, b in zip(ridge.line, ridge.line[1:], strict=False)], axis=0)
        crest = np.maximum(crest, ridge.height_m * np.exp(-((away / ridge.width_km) ** 2)))
    for notch in landscape.passes:
        crest *= 1.0 - 0.45 * np.exp(-((np.hypot(x - notch.at.x, y - notch.at.y) / 2.0) ** 2))
    swell = sum((np.sin(a * x + b * y + c) for a, b, c in landscape.waves), start=np.zeros_like(x))
    heights: Grid = LOWLAND_M + crest + 28.0 * swell
    return heights


def _roughen(x: Grid, y: Grid, chance: Chance) -> Grid:
    """Returns what each cell costs beside its slope: woods, marsh and fields that a road goes round."""
    rough = np.zeros_like(x)
    for _ in range(16):
        turn, wave, shift = chance.between(0.0, 6.28), chance.between(0.8, 2.6), chance.between(0.0, 6.28)
        rough += np.sin(wave * (x * math.cos(turn) + y * math.sin(turn)) + shift)
    return np.asarray(1.0 + 0.55 * np.clip(rough / 2.0 + 0.7, 0.0, 3.0), dtype=np.float64)


def _away(x: Grid, y: Grid, a: Spot, b: Spot) -> Grid:
    dx, dy = b.x - a.x, b.y - a.y
    along = np.clip(((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy), 0.0, 1.0)
    away: Grid = np.hypot(x - a.x - along * dx, y - a.y - along * dy)
    return away


def measure_water(landscape: Landscape, x: Grid, y: Grid) -> npt.NDArray[np.bool_]:
    """Returns `Landscape.is_water` for many positions at once."""
    wet = np.zeros(x.shape, dtype=np.bool_)
    for lake in landscape.lakes:
        inside = np.zeros(x.shape, dtype=np.bool_)
        for a, b in zip(lake.shore, (*lake.shore[1:], lake.shore[0]), strict=True):
            if a.y != b.y:
                crosses = (a.y > y) != (b.y > y)
                inside ^= crosses & (x < a.x + (y - a.y) * (b.x - a.x) / (b.y - a.y))
        wet |= inside
    return wet
