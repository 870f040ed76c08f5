"""What a step of a tool loop costs the client's processor, side by side: our models, and what others put around one.

Every loop makes the same tool calls with the same kilobyte of result to one scripted server, which is in another
process; every measurement has a process of its own. "raw httpx" sends the whole history as JSON each time and does
nothing else. `--agent-framework PYTHON` adds Microsoft's, from an environment that has it. Targets: our models alone at
most 1.5 times raw httpx, and flat; a step of metier's run under half of the best framework's.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.loops.plain import see
from benchmarks.loops.running import LOOPS, Cost, measure
from benchmarks.loops.serving import write_folder
from benchmarks.timing import print_table

STEPS = (50, 400)
ROUNDS = 1
BASE = "raw httpx"


def main() -> None:
    """Prints a table for each number of steps."""
    run([])


def run(arguments: Sequence[str] | None) -> None:
    """Prints the tables that the arguments ask for; None are those of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, nargs="+", default=STEPS)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="the least of them counts")
    parser.add_argument("--only", nargs="+", default=[*LOOPS], choices=[*LOOPS], metavar="LOOP")
    parser.add_argument("--agent-framework", metavar="PYTHON")
    asked = parser.parse_args(arguments)
    names = [*dict.fromkeys([BASE, *asked.only])]
    pythons = {"agent-framework": asked.agent_framework} if asked.agent_framework else {}
    with TemporaryDirectory() as folder:
        write_folder(Path(folder), [see(at) for at in range(50)])
        for steps in asked.steps:
            costs: dict[str, list[Cost]] = {name: [] for name in (*names, *pythons)}
            for _ in range(asked.rounds):
                for name, taken in costs.items():
                    python = {"python": pythons[name]} if name in pythons else {}
                    taken.append(measure(name, steps, Path(folder), **python))
            _print(steps, {name: min(taken, key=lambda cost: cost.median_ms) for name, taken in costs.items()})


def _print(steps: int, costs: dict[str, Cost]) -> None:
    base = costs[BASE].median_ms
    rows = [
        [name, f"{cost.median_ms:.2f}", f"{cost.first_ms:.2f} -> {cost.last_ms:.2f}", f"{cost.median_ms / base:.2f}"]
        for name, cost in costs.items()
    ]
    columns = ["loop", "CPU ms/step", "first -> last 8 steps", "to raw httpx"]
    print_table(f"A loop of {steps} steps with results of 1 kB", columns, rows)


if __name__ == "__main__":
    run(None)
