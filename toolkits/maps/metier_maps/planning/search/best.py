"""The search over lodging sequences, with the solver inside each. Its work is bounded by counts, so it repeats."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from metier_maps.planning.dwell import LUNCH_S
from metier_maps.planning.search.days import DaySolver, Pause, Shift, Stay
from metier_maps.planning.search.mending import fill_trip, settle_trip, trim_trip
from metier_maps.planning.search.restarts import solve_again
from metier_maps.planning.search.sequences import Nights, is_affordable, is_allowed, rank_sequences
from metier_maps.planning.search.trip import Trip, is_complete, value_trip
from metier_maps.planning.survey.problem import NEVER, Problem, Sight

SEED = 1  # of the variations
QUICK, THOROUGH = 0, 4  # the solver's levels for scanning and for polishing
MUST_PRIORITY = 100
TOP_PRIORITY = 30  # of a sight that may be left out

Keep: TypeAlias = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much to try: sequences scanned, changes of single nights tried, trips polished, and rounds of polish."""

    scanned: int = 48
    changed: int = 80
    polished: int = 4
    rounds: int = 2


@dataclass(slots=True)
class Pool:
    """The complete trips found so far, best first on request; one for each sequence of beds."""

    problem: Problem
    solver: "NightSolver"
    trips: dict[Nights, Trip] = field(default_factory=dict)
    tried: set[Nights] = field(default_factory=set)

    def offer(self, trip: Trip | None) -> None:
        """Keeps a complete trip if it is the best of its sequence."""
        if trip is None or not is_complete(self.problem, trip):
            return
        held = self.trips.get(trip.nights)
        if held is None or value_trip(self.problem, trip) > value_trip(self.problem, held):
            self.trips[trip.nights] = trip

    def ranked(self) -> list[Trip]:
        """Returns the trips, best first."""
        return sorted(self.trips.values(), key=lambda trip: (-value_trip(self.problem, trip), trip.nights))


def search_trips(problem: Problem, effort: Effort, keep_on: Keep, seeds: Sequence[Trip] = ()) -> Pool:
    """Returns the trips found; empty when there is none that is complete.

    `keep_on` is asked before every solve; once it says no, what was found so far is returned. `seeds` are complete
    trips known beforehand.
    """
    pool = Pool(problem, NightSolver(problem))
    for seed in seeds:
        pool.offer(fill_trip(problem, seed))
    for nights in rank_sequences(problem, most=effort.scanned):
        if pool.trips and not keep_on():
            break
        _try(pool, nights, QUICK)
    _change_nights(pool, effort.changed, keep_on)
    for trip in pool.ranked()[: effort.polished]:
        if not keep_on():
            break
        _try(pool, trip.nights, THOROUGH)
        pool.offer(pool.solver.solve_again(trip.nights, effort.rounds))
        better = pool.trips[trip.nights]
        pool.offer(trim_trip(problem, fill_trip(problem, trim_trip(problem, better))))
    return pool


class NightSolver:
    """Solves a problem for any sequence of beds."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        grids = {id(table): table.grid for table in problem.tables}
        self._numbers = {key: number for number, key in enumerate(grids)}
        self._grids = tuple(grids.values())
        self._stays = [_stay(number, sight) for number, sight in enumerate(problem.sights)]
        self._days = DaySolver(self._stays, self._grids)

    def solve(self, nights: Nights, level: int) -> Trip | None:
        """Returns a trip that sleeps in `nights`, or None when the solver's days cannot be kept."""
        return settle_trip(self._problem, nights, self._days.solve(self._shifts(nights), level=level))

    def solve_again(self, nights: Nights, rounds: int) -> Trip | None:
        """Returns the best trip of several rounds of the solver on varied inputs."""
        left = iter(range(rounds))
        orders = solve_again(
            self._stays, self._shifts(nights), self._grids, seed=SEED, keep_on=lambda: next(left, None) is not None
        )
        return settle_trip(self._problem, nights, orders)

    def _shifts(self, nights: Nights) -> list[Shift]:
        problem = self._problem
        return [
            _shift(problem, day, problem.ends(day, nights), self._numbers[id(problem.tables[day])])
            for day in range(len(problem.frames))
        ]


def _try(pool: Pool, nights: Nights, level: int) -> None:
    if level == QUICK and nights in pool.tried:
        return
    pool.tried.add(nights)
    pool.offer(pool.solver.solve(nights, level))


def _change_nights(pool: Pool, most: int, keep_on: Keep) -> None:
    """Tries other beds for single nights of the best trip, and starts again from each better one."""
    left = most
    while left > 0 and pool.trips:
        best = pool.ranked()[0]
        for nights in _neighbours(pool.problem, best.nights):
            if nights in pool.tried:
                continue
            if left <= 0 or not keep_on():
                return
            left -= 1
            _try(pool, nights, QUICK)
        if pool.ranked()[0].nights == best.nights:
            return


def _neighbours(problem: Problem, nights: Nights) -> Iterator[Nights]:
    if problem.request.lodging.policy == "stay":
        return
    for night in range(len(nights)):
        for bed in _by_nearness(problem, nights[night]):
            others = nights[:night] + nights[night + 1 :]
            changed = (*nights[:night], bed, *nights[night + 1 :])
            if is_allowed(problem, others, bed) and is_affordable(problem, changed) and _is_driveable(problem, changed):
                yield changed


def _by_nearness(problem: Problem, bed: int) -> list[int]:
    row = problem.tables[0].rows[problem.beds[bed].node]
    others = [i for i in range(len(problem.beds)) if i != bed]
    return sorted(others, key=lambda i: (row[problem.beds[i].node], i))


def _is_driveable(problem: Problem, nights: Nights) -> bool:
    limit = NEVER - 1 if problem.limit is None else problem.limit
    for day in range(len(problem.frames)):
        first, last = problem.ends(day, nights)
        if problem.tables[day].rows[first][last] > limit:
            return False
    return True


def _shift(problem: Problem, day: int, ends: tuple[int, int], table: int) -> Shift:
    frame = problem.frames[day]
    pause = None if frame.lunch is None else Pause(frame.lunch[0], frame.lunch[1], LUNCH_S)
    return Shift(
        start=ends[0],
        end=ends[1],
        open=frame.open,
        close=frame.close,
        table=table,
        drive=problem.limit,
        most=problem.most,
        pause=pause,
    )


def _stay(number: int, sight: Sight) -> Stay:
    priority = MUST_PRIORITY if sight.must else min(TOP_PRIORITY, sight.score)
    return Stay(number, sight.node, sight.dwell, merge_windows(sight), priority)


def merge_windows(sight: Sight) -> tuple[tuple[int, int], ...]:
    """Returns when a stay may begin on any day: sorted, without overlap."""
    merged: list[tuple[int, int]] = []
    for begin, last in sorted((o.begin, o.last) for openings in sight.openings for o in openings):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((begin, last))
    return tuple(merged)
