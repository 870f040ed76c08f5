"""More from the solver: solve again on varied inputs, and keep what is truly better."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from metier_maps.planning.search.days import HIGHEST, DaySolver, Shift, Stay
from metier_maps.planning.survey.problem import Grid

Orders: TypeAlias = tuple[tuple[int, ...], ...]
SHARES = (0.25, 0.5, 0.75, 1.0)  # of the stays left out that a round may look at
NOISE = (0.0, 0.1, 0.25, 0.5)  # by which a round varies priorities
MOST_ADDED = 60  # stays that a round may add: the solver's time grows faster than their number
LEVELS = (0, 1, 2, 3)


def solve_again(
    stays: Sequence[Stay],
    shifts: Sequence[Shift],
    tables: Sequence[Grid],
    *,
    seed: int,
    keep_on: Callable[[], bool],
) -> Orders:
    """Returns the best orders of many rounds; the first is the plain problem, the others are drawn from `seed`.

    A round keeps the stays of the best orders, adds a share of the others, and varies the priorities, so that the
    solver starts elsewhere. What counts is always the sum of the true priorities. `keep_on` is asked after each round.
    """
    worth = {stay.id: stay.priority for stay in stays}
    best = DaySolver(stays, tables).solve(shifts, level=LEVELS[0])
    draw = random.Random(seed)
    while keep_on():
        varied = _vary(stays, best, draw)
        found = DaySolver(varied, tables).solve(shifts, level=draw.choice(LEVELS))
        if sum_worth(found, worth) >= sum_worth(best, worth):
            best = found
    return best


def sum_worth(orders: Orders, worth: dict[int, int]) -> int:
    """Returns the sum of the stays' priorities."""
    return sum(worth[stay] for order in orders for stay in order)


def _vary(stays: Sequence[Stay], best: Orders, draw: random.Random) -> list[Stay]:
    held = {stay for order in best for stay in order}
    left = max(1, len(stays) - len(held))
    share, noise = min(draw.choice(SHARES), MOST_ADDED / left), draw.choice(NOISE)
    kept = [stay for stay in stays if stay.id in held or draw.random() < share]
    return [replace(stay, priority=_shake(stay.priority, noise, draw)) for stay in kept]


def _shake(priority: int, noise: float, draw: random.Random) -> int:
    factor = 1 + draw.uniform(-noise, noise)
    return max(1, min(HIGHEST, round(priority * factor)))
