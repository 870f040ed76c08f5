"""Timing two things in turn, so that a drift of the machine's speed meets both alike."""

import statistics
import time
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.table import Table


def time_in_turn(work: Sequence[Callable[[], object]], *, rounds: int) -> list[float]:
    """Returns the median seconds of each piece of work, run in turn: A B C A B C ...; a first round is not counted."""
    taken: list[list[float]] = [[] for _ in work]
    for number in range(rounds + 1):
        for durations, piece in zip(taken, work, strict=True):
            begin = time.perf_counter()
            piece()
            if number:
                durations.append(time.perf_counter() - begin)
    return [statistics.median(durations) for durations in taken]


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Prints a table, the first column to the left and the numbers to the right."""
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    for row in rows:
        table.add_row(*row)
    Console().print(table)
