"""Which lodging for which night: a beam over the nights, judged by what lies beside the road."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from metier_maps.planning.survey.problem import END, NEVER, START, Grid, Problem

Nights: TypeAlias = tuple[int, ...]
FIRST_BED = 2  # after start and end, in the table of worths
WIDTH = 48  # of the beam
SCORE_S = 180  # seconds of driving that one point of a sight's score is worth
MUST_SCORE = 200  # points of a sight that must be seen
MOVE_S = 600  # what another change of lodging costs, where nobody asked for one
CENTS_PER_S = 20  # of lodging prices


@dataclass(frozen=True, slots=True)
class _Partial:
    nights: Nights
    spent: int
    cost: float
    seen: NDArray[np.float64]

    @property
    def worth(self) -> float:
        """Returns the estimate that ranks it."""
        return float(self.seen.sum()) - self.cost


def rank_sequences(problem: Problem, *, most: int) -> tuple[Nights, ...]:
    """Returns at most `most` sequences of beds (indices), best first, that keep policy, budget and drive limit."""
    if problem.nights == 0:
        return ((),)
    worth = [_worth(problem, day) for day in range(len(problem.frames))]
    beam = [_Partial((), 0, 0.0, np.zeros(len(problem.sights)))]
    for night in range(problem.nights):
        grown = [step for partial in beam for step in _grow(problem, partial, night, worth[night])]
        grown.sort(key=lambda partial: (-partial.worth, partial.nights))
        beam = _keep_varied(grown)
    done = [last for partial in beam for last in _finish(problem, partial, worth[-1])]
    done.sort(key=lambda partial: (-partial.worth, partial.nights))
    return tuple(partial.nights for partial in done[:most])


def charge(problem: Problem, nights: Sequence[int]) -> float:
    """Returns what a sequence costs in seconds of driving: moves nobody asked for, prices, and having to ask."""
    total = 0.0
    for night, bed in enumerate(nights):
        moved = night > 0 and nights[night - 1] != bed and problem.request.lodging.policy == "any"
        total += (MOVE_S if moved else 0) + _charge_bed(problem, bed)
    return total


def is_allowed(problem: Problem, nights: Sequence[int], bed: int) -> bool:
    """Returns whether `bed` may follow `nights` under the lodging policy."""
    policy = problem.request.lodging.policy
    if policy == "change":
        return bed not in nights
    return policy != "stay" or not nights or nights[-1] == bed


def is_affordable(problem: Problem, nights: Sequence[int]) -> bool:
    """Returns whether the known prices of the nights fit into the budget; an unknown price never does."""
    if problem.budget is None:
        return True
    prices = [problem.beds[bed].price for bed in nights]
    return all(p is not None for p in prices) and sum(p or 0 for p in prices) <= problem.budget


def _charge_bed(problem: Problem, bed: int) -> float:
    one = problem.beds[bed]
    return one.bother + (one.price or 0) / CENTS_PER_S


def _worth(problem: Problem, day: int) -> NDArray[np.float64]:
    """Returns, for every pair of ends (start, end, beds) and every sight, what seeing it on the way is worth."""
    grid: Grid = problem.tables[day].grid
    nodes = [sight.node for sight in problem.sights]
    ends = [START, END, *(bed.node for bed in problem.beds)]
    direct = grid[np.ix_(ends, ends)][:, :, None]
    scores = np.array([MUST_SCORE if s.must else s.score for s in problem.sights], dtype=np.float64) * SCORE_S
    is_open = np.array([bool(s.openings[day]) for s in problem.sights], dtype=bool)
    detour = grid[np.ix_(ends, nodes)][:, None, :] + grid[np.ix_(nodes, ends)].T[None, :, :] - direct
    gain = np.where(is_open[None, None, :], scores[None, None, :] - detour, 0.0)
    if problem.limit is not None:
        gain = np.where(detour + direct <= problem.limit, gain, 0.0)
    return np.maximum(gain, 0.0)


def _grow(problem: Problem, partial: _Partial, night: int, worth: NDArray[np.float64]) -> list[_Partial]:
    here = problem.beds[partial.nights[-1]].node if partial.nights else START
    row = worth[FIRST_BED + partial.nights[-1]] if partial.nights else worth[START]
    found = []
    for bed, one in enumerate(problem.beds):
        if not is_allowed(problem, partial.nights, bed):
            continue
        drive = problem.tables[night].rows[here][one.node]
        spent = partial.spent + (one.price or 0)
        if not _is_possible(problem, night, drive) or not is_affordable(problem, (*partial.nights, bed)):
            continue
        nights = (*partial.nights, bed)
        cost = partial.cost + drive + charge(problem, nights[-2:]) - (charge(problem, nights[-2:-1]))
        found.append(_Partial(nights, spent, cost, np.maximum(partial.seen, row[FIRST_BED + bed])))
    return found


def _finish(problem: Problem, partial: _Partial, worth: NDArray[np.float64]) -> list[_Partial]:
    drive = problem.tables[-1].rows[problem.beds[partial.nights[-1]].node][END]
    if not _is_possible(problem, problem.nights, drive):
        return []
    seen = np.maximum(partial.seen, worth[FIRST_BED + partial.nights[-1], END])
    return [_Partial(partial.nights, partial.spent, partial.cost + drive, seen)]


def _is_possible(problem: Problem, day: int, drive: int) -> bool:
    frame = problem.frames[day]
    if drive >= NEVER or drive > frame.close - frame.open:
        return False
    return problem.limit is None or drive <= problem.limit


def _keep_varied(grown: Sequence[_Partial]) -> list[_Partial]:
    """Returns the best of each last bed first, then the best of all: the beam must not narrow to one valley."""
    first: dict[int, int] = {}
    for place, partial in enumerate(grown):
        first.setdefault(partial.nights[-1], place)
    ahead = sorted(first.values())
    rest = [i for i in range(len(grown)) if i not in set(ahead)]
    return [grown[i] for i in (ahead + rest)[: max(WIDTH, len(ahead))]]
