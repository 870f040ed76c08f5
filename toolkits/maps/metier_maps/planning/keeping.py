"""An edited trip that stays as it was wherever it can: the same lodgings, the same sights on their days, in order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from metier.errors import MissingError
from metier_maps.itinerary import Itinerary
from metier_maps.place import Place
from metier_maps.places.categories import find_category
from metier_maps.planning.alternatives import bind_alternatives, find_alternatives
from metier_maps.planning.plan import Plan
from metier_maps.planning.search.best import Effort, search_trips
from metier_maps.planning.search.mending import fill_trip, insert_sight, settle_trip
from metier_maps.planning.search.schedule import schedule_day
from metier_maps.planning.search.sequences import Nights
from metier_maps.planning.search.trip import Trip, is_complete, value_trip
from metier_maps.planning.survey.collect import LODGINGS, Scope, Sources, allow_lodging, collect_problem, scope_plan
from metier_maps.planning.survey.problem import Problem
from metier_maps.planning.survey.sights import is_barred
from metier_maps.planning.writing.assemble import Ledger
from metier_maps.planning.writing.validate import write_valid
from metier_maps.request import TripRequest

OTHERS = Effort(scanned=8, changed=0, polished=0)  # for the alternatives of an edited trip


@dataclass(frozen=True, slots=True)
class Wish:
    """What an edit asks beside its new request.

    `days` says on which day a place should be; `night` is to be spent in `lodging` (any other where it is empty), not
    in `not_lodging`; with `refill`, time that became free may be used for further sights.
    """

    days: Mapping[str, int] = field(default_factory=dict)
    night: int | None = None
    lodging: str = ""
    not_lodging: str = ""
    refill: bool = False


def keep_trip(itinerary: Itinerary, request: TripRequest, wish: Wish, sources: Sources) -> Plan | None:
    """Returns the trip under the new request with as little changed as can be, or None when it must be planned anew."""
    beds = _old_beds(itinerary, request, wish, sources)
    sights = _old_sights(itinerary, request, sources)
    wide = scope_plan(request)
    also = tuple({bed.id: bed for bed in beds if bed is not None}.values())
    scope = Scope(wide.sights if wish.refill else 0, LODGINGS, also, tuple(place for day in sights for place in day))
    problem = collect_problem(request, sources, scope)
    trip = _rebuild(problem, beds, sights, wish)
    if trip is None or not is_complete(problem, trip):
        return None
    ledger = Ledger(sources)
    written = write_valid(problem, trip, ledger)
    if written is None:
        return None
    pool = search_trips(written.problem, OTHERS, lambda: True, (written.trip,))
    others = find_alternatives(written, pool, ledger)
    bound = bind_alternatives(written.itinerary, others, ledger)
    return Plan(bound, tuple(other.itinerary for other in others), None, tuple(ledger.evidence.values()))


def _old_beds(itinerary: Itinerary, request: TripRequest, wish: Wish, sources: Sources) -> list[Place | None]:
    """Returns the lodging of each night of the new trip, None where another one must be found."""
    held: list[Place | None] = [
        _find(sources, day.night.place.id) if day.night is not None else None
        for day in itinerary.days[: request.nights]
    ]
    held += [None] * (request.nights - len(held))
    if wish.night is not None and wish.night < len(held):
        held[wish.night] = _find(sources, wish.lodging) if wish.lodging else None
    fitting = [bed if bed is not None and _is_fitting(bed, request) else None for bed in held]
    if request.lodging.policy != "change":
        return fitting
    return [bed if bed is None or bed not in fitting[:number] else None for number, bed in enumerate(fitting)]


def _is_fitting(place: Place, request: TripRequest) -> bool:
    kinds = {find_category(kind) or kind for kind in request.lodging.categories}
    return allow_lodging(place, request) and (not kinds or not kinds.isdisjoint(place.categories))


def _old_sights(itinerary: Itinerary, request: TripRequest, sources: Sources) -> list[list[Place]]:
    """Returns the sights of each day of the new trip that may stay; those of days that are gone come last."""
    barred = {ref.id for ref in (*request.avoid, *request.dropped)}
    days: list[list[Place]] = [[] for _ in range(request.days)]
    for number, day in enumerate(itinerary.days):
        for stop in day.stops:
            place = _find(sources, stop.place.id) if stop.kind == "sight" and stop.place.id not in barred else None
            if place is not None and not is_barred(place, request):
                days[min(number, request.days - 1)].append(place)
    return days


def _find(sources: Sources, key: str) -> Place | None:
    try:
        return sources.gazetteer.get(key)
    except MissingError:
        return None


def _rebuild(
    problem: Problem, beds: Sequence[Place | None], sights: Sequence[Sequence[Place]], wish: Wish
) -> Trip | None:
    number = {sight.place.id: i for i, sight in enumerate(problem.sights)}
    moved = set(wish.days)
    orders = [[number[p.id] for p in day if p.id in number and p.id not in moved] for day in sights]
    kept = [i for order in orders for i in order]
    best: Trip | None = None
    for nights in _complete_nights(problem, beds, wish):
        trip = settle_trip(problem, nights, _loosen(problem, nights, orders))
        trip = None if trip is None else _place_musts(problem, trip, wish)
        if trip is None:
            continue
        trip = fill_trip(problem, trip, among=kept)
        if best is None or value_trip(problem, trip) > value_trip(problem, best):
            best = trip
    if best is None or not wish.refill:
        return best
    return fill_trip(problem, best)


def _loosen(problem: Problem, nights: Nights, orders: Sequence[Sequence[int]]) -> list[list[int]]:
    """Returns the orders without must-sees on days that can no longer hold them; they are placed elsewhere later."""
    loose = []
    for day, order in enumerate(orders):
        ends = problem.ends(day, nights)
        kept = [i for i in order if problem.sights[i].openings[day] or not problem.sights[i].must]
        musts = [i for i in kept if problem.sights[i].must]
        while musts and schedule_day(problem, day, ends, musts) is None:
            kept.remove(musts.pop())
        loose.append(kept)
    return loose


def _complete_nights(problem: Problem, beds: Sequence[Place | None], wish: Wish) -> Iterator[Nights]:
    """Yields the beds of the nights: those held, and every choice for the first night without one, copied on."""
    index = {bed.place.id: i for i, bed in enumerate(problem.beds)}
    held = [None if bed is None else index.get(bed.id) for bed in beds]
    policy = problem.request.lodging.policy
    if policy == "stay":
        yield from ((bed,) * len(held) for bed in _stays(problem, held, wish))
        return
    if None not in held:
        yield tuple(bed for bed in held if bed is not None)
        return
    gap = held.index(None)
    for bed, one in enumerate(problem.beds):
        is_taken = policy == "change" and bed in held
        if is_taken or (gap == wish.night and one.place.id == wish.not_lodging):
            continue
        filled = [*held[:gap], bed, *held[gap + 1 :]]
        yield tuple(_fill_rest(problem, filled))


def _stays(problem: Problem, held: Sequence[int | None], wish: Wish) -> list[int]:
    """Returns the beds for a whole stay, those held first, without the one to be left."""
    beds = [i for i, bed in enumerate(problem.beds) if bed.place.id != wish.not_lodging]
    if wish.night is not None and wish.lodging:
        return [i for i in beds if problem.beds[i].place.id == wish.lodging]
    known = [i for i in dict.fromkeys(held) if i is not None and i in beds]
    return known[:1] if known and wish.night is None else beds


def _fill_rest(problem: Problem, held: Sequence[int | None]) -> Iterator[int]:
    """Yields the beds with every further gap filled by the one before it, or by the nearest that is free."""
    taken = {bed for bed in held if bed is not None}
    last = 0
    for bed in held:
        if bed is None:
            bed = last
            if problem.request.lodging.policy == "change":
                row = problem.tables[0].rows[problem.beds[last].node]
                free = [i for i in range(len(problem.beds)) if i not in taken]
                bed = min(free or [last], key=lambda i: (row[problem.beds[i].node], i))
            taken.add(bed)
        last = bed
        yield bed


def _place_musts(problem: Problem, trip: Trip, wish: Wish) -> Trip | None:
    """Returns the trip with every must-see that it lacks, on the day wished for if that can be."""
    wished = {i: wish.days[s.place.id] for i, s in enumerate(problem.sights) if s.place.id in wish.days}
    missing = [i for i in (*problem.musts, *wished) if i not in trip.seen]
    for sight in dict.fromkeys(missing):
        days = [wished[sight]] if sight in wished and 0 <= wished[sight] < len(trip.days) else []
        placed = _place(problem, trip, sight, days) if days else None
        placed = placed or _place(problem, trip, sight, range(len(trip.days)))
        if placed is None:
            return None
        trip = placed
    return trip


def _place(problem: Problem, trip: Trip, sight: int, days: Sequence[int]) -> Trip | None:
    """Returns the trip with the sight on one of the days, at the price of as few other sights as possible."""
    placed = insert_sight(problem, trip, sight, least=None, days=days)
    if placed is not None:
        return placed
    best: Trip | None = None
    for day in days:
        order = trip.days[day].order
        for position in range(len(order) + 1):
            for out in order:
                rest = [i for i in (*order[:position], sight, *order[position:]) if i != out]
                if problem.sights[out].must:
                    continue
                found = settle_trip(problem, trip.nights, [*trip.orders[:day], rest, *trip.orders[day + 1 :]])
                if found is None or sight not in found.seen:
                    continue
                if best is None or (len(found.seen), -found.drive) > (len(best.seen), -best.drive):
                    best = found
    return best
