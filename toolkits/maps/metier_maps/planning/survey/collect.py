"""From a request to its numbers: asks the gazetteer and the router, decides nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from metier.errors import InputError
from metier_maps.facts import Tri
from metier_maps.hours.opening import Window, windows_on
from metier_maps.places.gazetteer import Gazetteer
from metier_maps.places.place import Place
from metier_maps.planning.dwell import LUNCH_S, SIGHTS_PER_DAY, estimate_dwell
from metier_maps.planning.survey.lodgings import (
    allow_pets,
    allow_stars,
    choose_lodgings,
    find_lodgings,
    is_rough,
    must_ask,
    price_night,
)
from metier_maps.planning.survey.problem import Bed, Frame, Opening, Problem, Sight, Table, make_table
from metier_maps.planning.survey.sights import choose_sights, is_barred
from metier_maps.request import TripRequest
from metier_maps.routing.router import Point, Router

LUNCH_FROM, LUNCH_TO = time(12, 0), time(14, 0)
SIGHTS, LODGINGS = 40, 12  # for trips of up to five days; longer ones get more
PROOF_LODGINGS = 80
MUST_SCORE = 30


@dataclass(frozen=True, slots=True)
class Sources:
    """Where facts come from."""

    gazetteer: Gazetteer
    router: Router


@dataclass(frozen=True, slots=True)
class Scope:
    """What to consider: sights that may be left out, lodgings, and places that must be among them.

    `allow` says which lodgings count; by default those that keep the request's pets and stars.
    """

    sights: int
    lodgings: int
    also: tuple[Place, ...] = ()
    allow: Callable[[Place, TripRequest], bool] = field(default=lambda place, request: allow_lodging(place, request))


def scope_plan(request: TripRequest, also: Sequence[Place] = ()) -> Scope:
    """Returns the scope of a plan: about 40 sights and 12 lodgings, more for trips of more than five days."""
    return Scope(max(SIGHTS, 7 * request.days), max(LODGINGS, min(24, 2 * request.nights)), tuple(also))


def allow_lodging(place: Place, request: TripRequest) -> bool:
    """Returns whether a lodging keeps the request's pets, stars and places to avoid."""
    barred = {ref.id for ref in (*request.avoid, *request.dropped)}
    if place.id in barred or is_barred(place, request):
        return False
    return allow_pets(place, request) and allow_stars(place, request)


def collect_problem(request: TripRequest, sources: Sources, scope: Scope) -> Problem:
    """Returns the trip as numbers.

    Raises MissingError for a place that is not in the region, InputError for one that no road is near.
    """
    gazetteer, router = sources.gazetteer, sources.router
    zone = ZoneInfo(gazetteer.region.timezone)
    origin = datetime.combine(request.start_date, time(0), zone).astimezone(UTC)
    start, end = gazetteer.get(request.start.id), gazetteer.get(request.end.id)
    musts = [gazetteer.get(ref.id) for ref in request.must_see]
    fixed = [start, end, *musts]
    optional = choose_sights(request, gazetteer, fixed, scope.sights) if scope.sights else ()
    optional = tuple(entry for entry in optional if is_near_road(router, entry[0], request))
    beds = _choose_beds(request, sources, scope, (*((p, MUST_SCORE) for p in fixed), *optional))
    nodes = [start, end, *musts, *(place for place, _ in optional), *beds]
    frames = tuple(_frame(request, zone, origin, day) for day in range(request.days))
    sights = [(place, MUST_SCORE, True) for place in musts] + [(p, score, False) for p, score in optional]
    return Problem(
        request=request,
        zone=zone,
        origin=origin,
        frames=frames,
        sights=tuple(
            Sight(
                place=place,
                node=2 + i,
                dwell=(dwell := estimate_dwell(place.categories, request.pace)),
                must=must,
                score=score,
                openings=tuple(
                    _openings(place, frame, dwell, gazetteer.region.country, origin, zone) for frame in frames
                ),
                fee=price_entrance(place, request),
            )
            for i, (place, score, must) in enumerate(sights)
        ),
        beds=tuple(
            Bed(
                place,
                2 + len(sights) + i,
                price_night(place, request),
                must_ask(place, request),
                is_rough(place, request),
            )
            for i, place in enumerate(beds)
        ),
        tables=_tables(request, router, nodes),
        limit=request.drive_limit_s,
        most=SIGHTS_PER_DAY[request.pace],
        budget=None if request.budget is None else request.budget.cents,
    )


def is_near_road(router: Router, place: Place, request: TripRequest) -> bool:
    """Returns whether the router can reach the place's position at all."""
    try:
        router.snap(Point(place.lat, place.lon), request.mode)
    except InputError:
        return False
    return True


def price_entrance(place: Place, request: TripRequest) -> int | None:
    """Returns the cents of the entrance for the whole party; 0 where it is free, None where it is unknown."""
    price = place.price.value
    if price is not None:
        return price.cents * request.party.people
    return 0 if place.fee.value is Tri.NO else None


def _choose_beds(
    request: TripRequest, sources: Sources, scope: Scope, weighed: Sequence[tuple[Place, int]]
) -> list[Place]:
    if request.nights == 0:
        return []
    fixed = [place for place, weight in weighed if weight == MUST_SCORE]
    found = find_lodgings(request, sources.gazetteer, fixed)
    known = {place.id for place in scope.also}
    allowed = [place for place in found if place.id not in known and scope.allow(place, request)]
    chosen = choose_lodgings(allowed, request, weighed, scope.lodgings)
    return [place for place in (*scope.also, *chosen) if is_near_road(sources.router, place, request)]


def _frame(request: TripRequest, zone: ZoneInfo, origin: datetime, day: int) -> Frame:
    on = request.date_of(day)
    lunch = None
    if request.lunch:
        lunch = (_seconds(_at(on, LUNCH_FROM, zone), origin), _seconds(_at(on, LUNCH_TO, zone), origin) - LUNCH_S)
    opens, closes = (_seconds(_at(on, clock, zone), origin) for clock in (request.day_start, request.day_end))
    if lunch is not None and not opens <= lunch[1] <= closes - LUNCH_S:
        lunch = None
    return Frame(on, opens, closes, lunch)


def _at(on: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(on, clock, zone)


def _seconds(moment: datetime, origin: datetime) -> int:
    return (moment.astimezone(UTC) - origin) // timedelta(seconds=1)


def _openings(
    place: Place, frame: Frame, dwell: int, country: str, origin: datetime, zone: ZoneInfo
) -> tuple[Opening, ...]:
    found = []
    for window in windows_on(place, frame.on, zone, country):
        begin = _ceil(window, origin)
        last = min(_seconds(window.last_entry, origin), _seconds(window.closes, origin) - dwell)
        if begin <= last and last >= frame.open and begin <= frame.close:
            found.append(Opening(begin, last, window))
    return tuple(found)


def _ceil(window: Window, origin: datetime) -> int:
    whole = _seconds(window.opens, origin)
    return whole if window.opens.microsecond == 0 else whole + 1


def _tables(request: TripRequest, router: Router, nodes: Sequence[Place]) -> tuple[Table, ...]:
    """Returns a table per day; days on which the router says the same share one."""
    points = [Point(place.lat, place.lon) for place in nodes]
    distinct: list[tuple[object, Table]] = []
    tables = []
    for day in range(request.days):
        rows = router.matrix(points, points, mode=request.mode, on=request.date_of(day)).durations_s
        same = next((table for seen, table in distinct if seen == rows), None)
        if same is None:
            same = make_table(rows)
            distinct.append((rows, same))
        tables.append(same)
    return tuple(tables)
