"""The planner's search core on the TOPTW instances: profit after five seconds against the best known, per instance.

Run with `python benchmarks/toptw.py [folder] [seconds]`. Every answer is judged by a checker of its own, which knows
nothing of the solver.
"""

import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from time import perf_counter

import numpy as np
from rich.console import Console
from rich.table import Table

from metier_maps.planning.search.days import Shift, Stay
from metier_maps.planning.search.restarts import solve_again

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "maps" / "toptw"
SECONDS = 5.0
BEST_KNOWN = {
    1: {"c101": 320, "c104": 420, "r101": 198, "r104": 303, "rc101": 219, "pr01": 308, "pr03": 394, "pr05": 595},
    2: {"c101": 590, "c104": 760, "r101": 349, "rc101": 427, "pr01": 502},
    4: {"c101": 1020, "r101": 611, "rc101": 811, "pr01": 657},
}  # from the literature, as written beside the instances


@dataclass(frozen=True, slots=True)
class Vertex:
    """A line of an instance: position, length of stay, profit, and when a stay may begin."""

    x: float
    y: float
    stay: float
    profit: int
    opens: float
    closes: float


@dataclass(frozen=True, slots=True)
class Score:
    """What came out: profit, faults found by the checker, and seconds spent."""

    profit: int
    faults: tuple[str, ...]
    seconds: float


def read_instance(path: Path) -> tuple[Vertex, ...]:
    """Returns the vertices; the first is where every path starts and ends."""
    vertices = []
    for line in path.read_text().splitlines()[2:]:
        words = line.split()
        if len(words) >= 7:
            x, y, stay, profit = (float(word) for word in words[1:5])
            vertices.append(Vertex(x, y, stay, int(profit), float(words[-2]), float(words[-1])))
    return tuple(vertices)


def measure(name: str, a: Vertex, b: Vertex) -> float:
    """Returns the distance, rounded down as the instances ask: to one decimal, to two in the pr set."""
    scale = scale_of(name)
    return math.floor(math.hypot(a.x - b.x, a.y - b.y) * scale + 1e-9) / scale


def scale_of(name: str) -> int:
    """Returns how many units of time the solver counts to one of the instance."""
    return 100 if name.startswith("pr") else 10


def solve(name: str, vertices: Sequence[Vertex], paths: int, seconds: float) -> tuple[tuple[int, ...], ...]:
    """Returns the paths found in that time."""
    scale = scale_of(name)
    grid = np.array([[round(measure(name, a, b) * scale) for b in vertices] for a in vertices], dtype=np.int64)
    stays = [
        Stay(i, i, round(v.stay * scale), ((math.ceil(v.opens * scale), math.floor(v.closes * scale)),), v.profit)
        for i, v in enumerate(vertices)
        if i and v.profit > 0
    ]
    shifts = [Shift(0, 0, round(vertices[0].opens * scale), math.floor(vertices[0].closes * scale))] * paths
    until = perf_counter() + seconds
    return solve_again(stays, shifts, [grid], seed=1, keep_on=lambda: perf_counter() < until)


def find_faults(name: str, vertices: Sequence[Vertex], paths: Sequence[Sequence[int]]) -> Iterator[str]:
    """Yields what is wrong with the paths, by the rules of the instances alone."""
    seen = [i for path in paths for i in path]
    if len(seen) != len(set(seen)) or 0 in seen:
        yield "a vertex is visited twice"
    for path in paths:
        now, here = vertices[0].opens, vertices[0]
        for i in path:
            there = vertices[i]
            now = max(now + measure(name, here, there), there.opens)
            if now > there.closes + 1e-6:
                yield f"vertex {i} is closed at {now:.2f}"
            now, here = now + there.stay, there
        if now + measure(name, here, vertices[0]) > vertices[0].closes + 1e-6:
            yield "a path comes home too late"


def score(path: Path, paths: int, seconds: float) -> Score:
    """Returns the judged result on one instance."""
    name, vertices = path.stem, read_instance(path)
    began = perf_counter()
    found = solve(name, vertices, paths, seconds)
    spent = perf_counter() - began
    profit = sum(vertices[i].profit for order in found for i in order)
    return Score(profit, tuple(find_faults(name, vertices, found)), spent)


def main() -> None:
    """Prints the table; exits with 1 if any answer is infeasible. Arguments: the folder, and seconds per instance."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else SECONDS
    console = Console()
    if not folder.is_dir():
        console.print(f"skipped: no folder {folder.name} beside the repository")
        return
    table = Table("instance", "paths", "profit", "best known", "gap %", "seconds", "feasible", title="TOPTW")
    gaps: dict[str, list[float]] = {"c, r, rc; 1 or 2 paths": [], "all": []}
    faults = 0
    for paths, known in BEST_KNOWN.items():
        for name, best in known.items():
            result = score(folder / f"{name}.txt", paths, seconds)
            gap = 100 * (best - result.profit) / best
            gaps["all"].append(gap)
            if paths <= 2 and not name.startswith("pr"):
                gaps["c, r, rc; 1 or 2 paths"].append(gap)
            faults += len(result.faults)
            row = (name, str(paths), str(result.profit), str(best), f"{gap:.1f}", f"{result.seconds:.1f}")
            table.add_row(*row, "; ".join(result.faults) or "yes")
    console.print(table)
    for label, values in gaps.items():
        console.print(f"mean gap, {label}: {fmean(values):.2f} %, largest {max(values):.2f} %")
    if faults:
        sys.exit(1)


if __name__ == "__main__":
    main()
