"""The planner's own last look, with the same arithmetic the checks use: what it returns keeps every requirement."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from metier_maps.itinerary import Day, Itinerary, Stop
from metier_maps.place import Place
from metier_maps.places.categories import find_category
from metier_maps.planning.search.trip import Trip, is_complete
from metier_maps.planning.survey.collect import Sources, allow_lodging
from metier_maps.planning.survey.problem import Problem
from metier_maps.planning.survey.sights import is_barred
from metier_maps.planning.writing.assemble import Ledger, assemble_itinerary, correct_trip


def find_faults(problem: Problem, trip: Trip, itinerary: Itinerary, sources: Sources) -> tuple[str, ...]:
    """Returns what the itinerary breaks, as sentences; empty when it may be shown."""
    found = [] if is_complete(problem, trip) else ["a must-see is missing or the budget is exceeded"]
    found += [fault for day in itinerary.days for fault in _judge_day(day, problem)]
    found += list(_judge_nights(itinerary, problem, sources))
    found += list(_judge_avoided(itinerary, problem))
    return tuple(found)


def _judge_day(day: Day, problem: Problem) -> Iterator[str]:
    limit = problem.request.drive_limit_s
    if limit is not None and day.drive_s > limit:
        yield f"{day.date}: more driving than allowed"
    if [leg.arrive for leg in day.legs][-1:] != [day.arrive] or day.legs[0].depart != day.depart:
        yield f"{day.date}: the legs do not span the day"
    sights = [stop for stop in day.stops if stop.kind == "sight"]
    if len(sights) > problem.most:
        yield f"{day.date}: more sights than the pace allows"
    if [leg.arrive for leg in day.legs[:-1]] != [stop.arrive for stop in sights]:
        yield f"{day.date}: legs and stops do not meet"
    yield from _judge_stops(day, sights)


def _judge_stops(day: Day, sights: Sequence[Stop]) -> Iterator[str]:
    for stop, following in pairwise(day.stops):
        if following.kind == "meal" and following.arrive != stop.leave:
            yield f"{day.date}: the meal does not follow its stop"
    for stop in sights:
        if stop.hours is None or not stop.hours.opens <= stop.begin <= stop.leave <= stop.hours.closes:
            yield f"{day.date}: {stop.place.name} is not open during the whole stay"


def _judge_nights(itinerary: Itinerary, problem: Problem, sources: Sources) -> Iterator[str]:
    nights = [day.night for day in itinerary.days]
    if any(night is None for night in nights[:-1]) or nights[-1] is not None:
        yield "a night has no lodging"
    places = [night.place.id for night in nights if night is not None]
    policy = problem.request.lodging.policy
    if policy == "change" and len(set(places)) != len(places):
        yield "a lodging is used for more than one night"
    if policy == "stay" and len(set(places)) > 1:
        yield "the lodging changes"
    for key in dict.fromkeys(places):
        place = sources.gazetteer.get(key)
        if not allow_lodging(place, problem.request) or not _is_kind(place, problem):
            yield f"{place.name} is not a lodging that was asked for"


def _is_kind(place: Place, problem: Problem) -> bool:
    kinds = {find_category(kind) or kind for kind in problem.request.lodging.categories}
    return not kinds or not kinds.isdisjoint(place.categories)


def _judge_avoided(itinerary: Itinerary, problem: Problem) -> Iterator[str]:
    barred = {ref.id for ref in (*problem.request.avoid, *problem.request.dropped)}
    categories = {sight.place.id for sight in problem.sights if is_barred(sight.place, problem.request)}
    for day in itinerary.days:
        for stop in day.stops:
            if stop.kind == "sight" and stop.place.id in barred | categories:
                yield f"{stop.place.name} is to be avoided"


@dataclass(frozen=True, slots=True)
class Written:
    """A trip on the routes' own times, its problem, and its itinerary."""

    problem: Problem
    trip: Trip
    itinerary: Itinerary


def write_valid(problem: Problem, trip: Trip, ledger: Ledger) -> Written | None:
    """Returns the trip written out, or None when on the routes' own times it breaks a requirement."""
    corrected = correct_trip(problem, trip, ledger)
    if corrected is None:
        return None
    itinerary = assemble_itinerary(*corrected, ledger)
    if find_faults(*corrected, itinerary, ledger.sources):
        return None
    return Written(*corrected, itinerary)
