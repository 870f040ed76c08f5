"""A whole trip as the search sees it, and what it is worth."""

from collections.abc import Sequence
from dataclasses import dataclass

from metier_maps.planning.search.schedule import DayPlan, schedule_day
from metier_maps.planning.search.sequences import SCORE_S, Nights, charge
from metier_maps.planning.survey.problem import Problem


@dataclass(frozen=True, slots=True)
class Trip:
    """The beds of the nights and the plans of the days."""

    nights: Nights
    days: tuple[DayPlan, ...]

    @property
    def seen(self) -> frozenset[int]:
        """Returns the sights that are visited."""
        return frozenset(visit.sight for day in self.days for visit in day.visits)

    @property
    def drive(self) -> int:
        """Returns the seconds of driving."""
        return sum(day.drive for day in self.days)

    @property
    def orders(self) -> tuple[tuple[int, ...], ...]:
        """Returns the sights of each day in order."""
        return tuple(day.order for day in self.days)


def schedule_trip(problem: Problem, nights: Nights, orders: Sequence[Sequence[int]]) -> Trip | None:
    """Returns the trip with exact times, or None where one of its days cannot be."""
    days = []
    for day, order in enumerate(orders):
        plan = schedule_day(problem, day, problem.ends(day, nights), order)
        if plan is None:
            return None
        days.append(plan)
    return Trip(nights, tuple(days))


def value_trip(problem: Problem, trip: Trip) -> float:
    """Returns the worth of a trip in seconds of driving: its sights' scores less driving and lodging charges."""
    scores = sum(problem.sights[i].score for i in trip.seen)
    return scores * SCORE_S - trip.drive - charge(problem, trip.nights)


def sum_cost(problem: Problem, trip: Trip) -> int:
    """Returns the known cost in cents: lodgings and entrance fees."""
    beds = sum(problem.beds[bed].price or 0 for bed in trip.nights)
    return beds + sum(problem.sights[i].fee or 0 for i in trip.seen)


def is_complete(problem: Problem, trip: Trip) -> bool:
    """Returns whether every sight that must be seen is, and the known cost fits into the budget."""
    if not trip.seen.issuperset(problem.musts):
        return False
    return problem.budget is None or sum_cost(problem, trip) <= problem.budget
