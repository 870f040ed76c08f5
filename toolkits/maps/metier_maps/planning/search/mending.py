"""Small repairs on exact times: leave out what does not fit, put in what still does, drop what is not worth the way."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from metier_maps.planning.search.schedule import DayPlan, schedule_day
from metier_maps.planning.search.sequences import SCORE_S, Nights
from metier_maps.planning.search.trip import Trip, sum_cost
from metier_maps.planning.survey.problem import Problem


def settle_trip(problem: Problem, nights: Nights, orders: Sequence[Sequence[int]]) -> Trip | None:
    """Returns the trip without the least sights that keep a day from being; None when even that does not help."""
    days = []
    for day, order in enumerate(orders):
        plan = _settle_day(problem, day, problem.ends(day, nights), order)
        if plan is None:
            return None
        days.append(plan)
    return _fit_budget(problem, Trip(nights, tuple(days)))


def fill_trip(problem: Problem, trip: Trip, *, among: Iterable[int] | None = None) -> Trip:
    """Returns the trip with every further sight that fits and is worth its detour, the best first."""
    pool = range(len(problem.sights)) if among is None else among
    rest = sorted((i for i in pool if i not in trip.seen), key=lambda i: (-problem.sights[i].score, i))
    for sight in rest:
        trip = insert_sight(problem, trip, sight, least=0) or trip
    return trip


def insert_sight(
    problem: Problem, trip: Trip, sight: int, *, least: int | None, days: Iterable[int] | None = None
) -> Trip | None:
    """Returns the trip with `sight` where it costs least driving, or None where it fits nowhere.

    `least` is the least gain (seconds) it must bring, None for any.
    """
    fee = problem.sights[sight].fee or 0
    if problem.budget is not None and sum_cost(problem, trip) + fee > problem.budget:
        return None
    best: tuple[int, int, DayPlan] | None = None
    for day in range(len(trip.days)) if days is None else days:
        for plan in _insertions(problem, day, trip.days[day], sight):
            added = plan.drive - trip.days[day].drive
            if best is None or added < best[0]:
                best = (added, day, plan)
    if best is None or (least is not None and problem.sights[sight].score * SCORE_S - best[0] < least):
        return None
    return _with_day(trip, best[1], best[2])


def trim_trip(problem: Problem, trip: Trip) -> Trip:
    """Returns the trip without sights nobody must see whose detour costs more than they are worth."""
    for day, plan in enumerate(trip.days):
        for sight in plan.order:
            if problem.sights[sight].must:
                continue
            kept = [i for i in trip.days[day].order if i != sight]
            shorter = schedule_day(problem, day, plan.ends, kept)
            if shorter and trip.days[day].drive - shorter.drive > problem.sights[sight].score * SCORE_S:
                trip = _with_day(trip, day, shorter)
    return trip


def _settle_day(problem: Problem, day: int, ends: tuple[int, int], order: Sequence[int]) -> DayPlan | None:
    kept = list(order)
    while True:
        plan = schedule_day(problem, day, ends, kept) if len(kept) <= problem.most else None
        optional = [i for i in kept if not problem.sights[i].must]
        if plan is not None or not optional:
            return plan
        kept.remove(min(optional, key=lambda i: (problem.sights[i].score, i)))


def _fit_budget(problem: Problem, trip: Trip) -> Trip | None:
    while problem.budget is not None and sum_cost(problem, trip) > problem.budget:
        paid = [i for i in sorted(trip.seen) if problem.sights[i].fee and not problem.sights[i].must]
        if not paid:
            return None
        worst = max(paid, key=lambda i: ((problem.sights[i].fee or 0) / (1 + problem.sights[i].score), i))
        day = next(d for d, plan in enumerate(trip.days) if worst in plan.order)
        plan = trip.days[day]
        shorter = _settle_day(problem, day, plan.ends, [i for i in plan.order if i != worst])
        if shorter is None:
            return None
        trip = _with_day(trip, day, shorter)
    return trip


def _insertions(problem: Problem, day: int, plan: DayPlan, sight: int) -> Iterable[DayPlan]:
    one = problem.sights[sight]
    if not one.openings[day] or len(plan.order) >= problem.most:
        return
    for position in range(len(plan.order) + 1):
        order = (*plan.order[:position], sight, *plan.order[position:])
        found = schedule_day(problem, day, plan.ends, order)
        if found is not None:
            yield found


def _with_day(trip: Trip, day: int, plan: DayPlan) -> Trip:
    return replace(trip, days=(*trip.days[:day], plan, *trip.days[day + 1 :]))
