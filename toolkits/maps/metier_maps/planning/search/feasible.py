"""Whether any trip can keep the request: a complete search over the sights that must be seen and all beds.

Every order of every subset of the musts is tried on every day between every pair of ends at once, with the arithmetic
of `schedule`; then the beds of the nights are chosen by dynamic programming on cost. Other sights play no part: a trip
that sees the musts and nothing else is a trip.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from metier_maps.planning.dwell import LUNCH_S
from metier_maps.planning.search.schedule import sum_drive
from metier_maps.planning.search.sequences import Nights
from metier_maps.planning.search.trip import Trip, schedule_trip
from metier_maps.planning.survey.problem import END, NEVER, START, Frame, Opening, Problem

MOST_MUSTS = 5  # every order of so many is still tried
MOST_STEPS = 100_000  # of the search for different beds every night
LATE = 10**12  # seconds: after everything
Vector: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
Costs: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Feasibility:
    """The cheapest trip that sees all musts, or None; `complete` says that None is a proof."""

    trip: Trip | None
    complete: bool


@dataclass(slots=True)
class _DayWays:
    """What a day can see: per set of musts, from which end to which, and by which order with the least driving."""

    can: dict[int, Flags] = field(default_factory=dict)
    orders: dict[int, list[tuple[tuple[int, ...], Flags]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Clock:
    """For every end at which the day may have started: driving so far, and the time without, with and after lunch."""

    drive: Vector
    plain: Vector
    fed: Vector
    late: Vector


def find_feasible(problem: Problem) -> Feasibility:
    """Returns the cheapest trip that sees every must and keeps every requirement, if there is one."""
    musts = problem.musts
    if len(musts) > MOST_MUSTS:
        return Feasibility(None, complete=False)
    ways = [_explore(problem, day, musts) for day in range(len(problem.frames))]
    prices = np.array([_price(problem, bed) for bed in range(len(problem.beds))], dtype=np.float64)
    rest = _rest_costs(problem, ways, prices, (1 << len(musts)) - 1)
    walker = _Walker(problem, ways, prices, rest)
    found = walker.walk()
    if found is None:
        return Feasibility(None, complete=walker.steps < MOST_STEPS)
    return Feasibility(schedule_trip(problem, *found), complete=True)


def _price(problem: Problem, bed: int) -> float:
    price = problem.beds[bed].price
    if problem.budget is None:
        return 0.0
    return float("inf") if price is None else float(price)


def _ends(problem: Problem) -> list[int]:
    return [START, END, *(bed.node for bed in problem.beds)]


def _explore(problem: Problem, day: int, musts: Sequence[int]) -> _DayWays:
    """Returns the ways of a day: a walk over all orders, for all starts at once."""
    frame, ends = problem.frames[day], _ends(problem)
    begin = np.zeros(len(ends), dtype=np.int64)
    latest = frame.lunch[1] if frame.lunch else frame.open
    clock = _Clock(begin, begin + frame.open, begin + LATE, begin + max(frame.open, latest))
    ways = _DayWays()
    _extend(problem, day, musts, (), clock, ways)
    return ways


def _extend(
    problem: Problem, day: int, musts: Sequence[int], order: tuple[int, ...], clock: _Clock, ways: _DayWays
) -> None:
    _record(problem, day, musts, order, clock, ways)
    if len(order) >= problem.most:
        return
    for must in musts:
        if must in order or not problem.sights[must].openings[day]:
            continue
        ahead = _visit(problem, day, order, must, clock)
        if bool((ahead.plain < LATE).any() or (ahead.fed < LATE).any() or (ahead.late < LATE).any()):
            _extend(problem, day, musts, (*order, must), ahead, ways)


def _visit(problem: Problem, day: int, order: tuple[int, ...], must: int, clock: _Clock) -> _Clock:
    sight, grid, frame = problem.sights[must], problem.tables[day].grid, problem.frames[day]
    leg = grid[_ends(problem), sight.node] if not order else grid[problem.sights[order[-1]].node, sight.node]
    drive = clock.drive + leg
    far = drive >= NEVER if problem.limit is None else drive > problem.limit
    plain, fed, late = (
        np.where(far, LATE, _leave(t + leg, sight.openings[day], sight.dwell))
        for t in (clock.plain, clock.fed, clock.late)
    )
    if frame.lunch is not None:
        sit = np.maximum(plain, frame.lunch[0])
        fed = np.minimum(fed, np.where(sit <= frame.lunch[1], sit + LUNCH_S, LATE))
    return _Clock(drive, plain, fed, late)


def _leave(arrive: Vector, openings: Sequence[Opening], dwell: int) -> Vector:
    leave = np.full_like(arrive, LATE)
    for opening in reversed(openings):
        leave = np.where(arrive <= opening.last, np.maximum(arrive, opening.begin) + dwell, leave)
    return leave


def _record(
    problem: Problem, day: int, musts: Sequence[int], order: tuple[int, ...], clock: _Clock, ways: _DayWays
) -> None:
    frame, ends, grid = problem.frames[day], _ends(problem), problem.tables[day].grid
    leg = grid[np.ix_(ends, ends)] if not order else grid[problem.sights[order[-1]].node, ends][None, :]
    drive = clock.drive[:, None] + leg
    fits = drive < NEVER if problem.limit is None else drive <= min(problem.limit, NEVER - 1)
    can = fits & _is_home(clock, leg, frame, bool(order))
    mask = sum(1 << musts.index(must) for must in order)
    if not can.any():
        return
    ways.can[mask] = ways.can[mask] | can if mask in ways.can else can
    ways.orders.setdefault(mask, []).append((order, can))


def _is_home(clock: _Clock, leg: Vector, frame: Frame, has_visits: bool) -> Flags:
    early: Flags = clock.plain[:, None] + leg <= frame.close
    if frame.lunch is None or not has_visits:
        return early
    early &= clock.plain[:, None] + leg <= frame.lunch[1]
    return early | (clock.fed[:, None] + leg <= frame.close) | (clock.late[:, None] + leg <= frame.close)


def _subsets(mask: int) -> Iterator[int]:
    part = mask
    while True:
        yield part
        if part == 0:
            return
        part = (part - 1) & mask


def _rest_costs(problem: Problem, ways: Sequence[_DayWays], prices: Costs, full: int) -> list[dict[int, Costs]]:
    """Returns, per day and per set of musts still to see, the least cost from each end on (any beds)."""
    last = len(ways) - 1
    rest: list[dict[int, Costs]] = [{} for _ in ways]
    for day in range(last, -1, -1):
        for mask in range(full + 1):
            rest[day][mask] = _rest_cost(problem, ways[day], prices, mask, rest[day + 1] if day < last else None)
    return rest


def _rest_cost(problem: Problem, ways: _DayWays, prices: Costs, mask: int, after: dict[int, Costs] | None) -> Costs:
    best = np.full(len(problem.beds) + 2, np.inf)
    for part in _subsets(mask):
        can = ways.can.get(part)
        if can is None:
            continue
        if after is None:
            cost = np.where(can[:, END], 0.0, np.inf) if part == mask else np.inf
        else:
            onward = prices + after[mask ^ part][2:]
            cost = np.where(can[:, 2:], onward[None, :], np.inf).min(axis=1, initial=np.inf)
        best = np.minimum(best, cost)
    return best


@dataclass(slots=True)
class _Walker:
    """Chooses beds night by night, cheapest first, under the lodging policy; `rest` bounds what can still come."""

    problem: Problem
    ways: Sequence[_DayWays]
    prices: Costs
    rest: list[dict[int, Costs]]
    steps: int = 0

    def walk(self) -> tuple[Nights, tuple[tuple[int, ...], ...]] | None:
        """Returns the beds and the orders of the days, or None."""
        problem = self.problem
        money = np.inf
        if problem.budget is not None:
            money = problem.budget - sum(problem.sights[i].fee or 0 for i in problem.musts)
        return self._step(0, START, (1 << len(problem.musts)) - 1, (), money)

    def _step(
        self, day: int, here: int, mask: int, nights: Nights, money: float
    ) -> tuple[Nights, tuple[tuple[int, ...], ...]] | None:
        self.steps += 1
        least = self.rest[day][mask][here]
        if self.steps >= MOST_STEPS or least > money or not np.isfinite(least):
            return None
        if day == len(self.ways) - 1:
            return nights, (self._order(day, mask, here, END),)
        for part, bed in self._choices(day, here, mask, nights, money):
            found = self._step(day + 1, bed + 2, mask ^ part, (*nights, bed), money - self.prices[bed])
            if found is not None:
                return found[0], (self._order(day, part, here, bed + 2), *found[1])
        return None

    def _choices(self, day: int, here: int, mask: int, nights: Nights, money: float) -> list[tuple[int, int]]:
        found = []
        for part in _subsets(mask):
            can = self.ways[day].can.get(part)
            if can is None:
                continue
            cost = np.where(can[here, 2:], self.prices + self.rest[day + 1][mask ^ part][2:], np.inf)
            for bed in np.flatnonzero(cost <= money).tolist():
                if np.isfinite(cost[bed]) and self._is_allowed(nights, bed):
                    found.append((float(cost[bed]), -part.bit_count(), part, bed))
        return [(part, bed) for _, _, part, bed in sorted(found)]

    def _is_allowed(self, nights: Nights, bed: int) -> bool:
        policy = self.problem.request.lodging.policy
        if policy == "change":
            return bed not in nights
        return policy != "stay" or not nights or nights[-1] == bed

    def _order(self, day: int, mask: int, here: int, there: int) -> tuple[int, ...]:
        ends = self.problem
        nodes = _ends(ends)
        orders = [order for order, can in self.ways[day].orders[mask] if can[here, there]]
        return min(orders, key=lambda order: sum_drive(ends, day, (nodes[here], nodes[there]), order))
