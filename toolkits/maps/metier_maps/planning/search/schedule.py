"""The exact times of one day: pure arithmetic on whole seconds."""

from collections.abc import Sequence
from dataclasses import dataclass

from metier_maps.planning.dwell import LUNCH_S
from metier_maps.planning.survey.problem import NEVER, Opening, Problem


@dataclass(frozen=True, slots=True)
class Visit:
    """A stay: when one arrives, when it begins (waiting for the opening lies between) and when one leaves."""

    sight: int
    arrive: int
    begin: int
    leave: int
    opening: Opening


@dataclass(frozen=True, slots=True)
class Meal:
    """A meal after visit number `after`."""

    after: int
    arrive: int
    begin: int
    leave: int


@dataclass(frozen=True, slots=True)
class DayPlan:
    """A day with its times. `drive` is in seconds."""

    ends: tuple[int, int]
    depart: int
    arrive: int
    visits: tuple[Visit, ...]
    meal: Meal | None
    drive: int

    @property
    def order(self) -> tuple[int, ...]:
        """Returns the sights in the order of the day."""
        return tuple(visit.sight for visit in self.visits)


def schedule_day(problem: Problem, day: int, ends: tuple[int, int], order: Sequence[int]) -> DayPlan | None:
    """Returns the day that visits `order` between the nodes `ends` and arrives earliest, or None when none can be.

    With lunch asked for, a day has a meal after one of its visits unless it ends early enough or starts late enough
    to eat elsewhere, or has no visit.
    """
    drive = sum_drive(problem, day, ends, order)
    if drive >= NEVER or (problem.limit is not None and drive > problem.limit):
        return None
    frame = problem.frames[day]
    plans = _candidates(problem, day, ends, order)
    good = [plan for plan in plans if plan is not None and plan.arrive <= frame.close]
    return min(good, key=lambda plan: plan.arrive) if good else None


def sum_drive(problem: Problem, day: int, ends: tuple[int, int], order: Sequence[int]) -> int:
    """Returns the seconds of driving of a day, at least NEVER where a part of it has no way."""
    rows = problem.tables[day].rows
    here, total = ends[0], 0
    for sight in order:
        node = problem.sights[sight].node
        total += rows[here][node]
        here = node
    return total + rows[here][ends[1]]


def _candidates(problem: Problem, day: int, ends: tuple[int, int], order: Sequence[int]) -> list[DayPlan | None]:
    frame = problem.frames[day]
    early = _walk(problem, day, ends, order, frame.open, None)
    if frame.lunch is None or not order:
        return [early]
    last = frame.lunch[1]
    if early is not None and early.arrive <= last:
        return [early]
    late = _walk(problem, day, ends, order, max(frame.open, last), None)
    return [late, *(_walk(problem, day, ends, order, frame.open, after) for after in range(len(order)))]


def _walk(
    problem: Problem, day: int, ends: tuple[int, int], order: Sequence[int], depart: int, meal_after: int | None
) -> DayPlan | None:
    rows, frame = problem.tables[day].rows, problem.frames[day]
    here, now, drive = ends[0], depart, 0
    visits: list[Visit] = []
    meal: Meal | None = None
    for position, index in enumerate(order):
        sight = problem.sights[index]
        leg = rows[here][sight.node]
        arrive = now + leg
        opening = _enter(sight.openings[day], arrive)
        if opening is None:
            return None
        begin = max(arrive, opening.begin)
        visits.append(Visit(index, arrive, begin, begin + sight.dwell, opening))
        here, now, drive = sight.node, begin + sight.dwell, drive + leg
        if position == meal_after and frame.lunch is not None:
            sit = max(now, frame.lunch[0])
            if sit > frame.lunch[1]:
                return None
            meal = Meal(position, now, sit, sit + LUNCH_S)
            now = meal.leave
    leg = rows[here][ends[1]]
    return _leave_later(DayPlan(ends, depart, now + leg, tuple(visits), meal, drive + leg))


def _enter(openings: Sequence[Opening], arrive: int) -> Opening | None:
    return next((opening for opening in openings if arrive <= opening.last), None)


def _leave_later(plan: DayPlan) -> DayPlan:
    if not plan.visits:
        return plan
    first = plan.visits[0]
    wait = first.begin - first.arrive
    if wait <= 0:
        return plan
    moved = Visit(first.sight, first.begin, first.begin, first.leave, first.opening)
    return DayPlan(plan.ends, plan.depart + wait, plan.arrive, (moved, *plan.visits[1:]), plan.meal, plan.drive)
