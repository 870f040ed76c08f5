"""From a request to its numbers: asks the gazetteer and the router, decides nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from metier.errors import InputError
from metier_maps.facts import Tri
from metier_maps.hours.opening import windows_on
from metier_maps.place import Place
from metier_maps.places.gazetteer import Gazetteer
from metier_maps.planning.dwell import LUNCH_S, SIGHTS_PER_DAY, estimate_dwell
from metier_maps.planning.survey.lodgings import (
    allow_pets,
    allow_stars,
    choose_lodgings,
    find_lodgings,
    price_night,
    rate_bother,
)
from metier_maps.planning.survey.problem import Bed, Frame, Opening, Problem, Sight, Table, make_table
from metier_maps.planning.survey.sights import choose_sights, is_barred
from metier_maps.request import TripRequest
from metier_maps.routing.router import Point, Router

LUNCH_FROM, LUNCH_TO = time(12, 0), time(14, 0)
SIGHTS, LODGINGS = 40, 12  # for trips of three to five days
PROOF_LODGINGS = 200
AROUND = 40  # lodgings looked at round each fixed place
MUST_SCORE = 30
KEPT_SCORE = 30


@dataclass(frozen=True, slots=True)
class Sources:
    """Where facts come from."""

    gazetteer: Gazetteer
    router: Router


@dataclass(frozen=True, slots=True)
class Scope:
    """What to consider: sights that may be left out, lodgings, and places that must be among them.

    `also` are lodgings, `kept` sights that may be left out but should not be. `allow` says which lodgings count; by
    default those that keep the request's pets and stars.
    """

    sights: int
    lodgings: int
    also: tuple[Place, ...] = ()
    kept: tuple[Place, ...] = ()
    allow: Callable[[Place, TripRequest], bool] = field(default=lambda place, request: allow_lodging(place, request))


def scope_plan(request: TripRequest, also: Sequence[Place] = ()) -> Scope:
    """Returns the scope of a plan: 40 sights and 12 lodgings; fewer for short trips, more for long ones."""
    sights = max(min(SIGHTS, 16 + 8 * request.days), 7 * request.days)
    return Scope(sights, max(LODGINGS, min(24, 2 * request.nights)), tuple(also))


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
    ends = [gazetteer.get(request.start.id), gazetteer.get(request.end.id)]
    musts = [gazetteer.get(ref.id) for ref in {ref.id: ref for ref in request.must_see}.values()]
    fixed = (*ends, *musts, *scope.kept)
    found = choose_sights(request, gazetteer, fixed, scope.sights) if scope.sights else ()
    optional = [(place, KEPT_SCORE) for place in scope.kept if place not in musts]
    optional += [entry for entry in found if is_near_road(router, entry[0], request)]
    weighed = (*((place, MUST_SCORE) for place in (*ends, *musts)), *optional)
    beds = _choose_beds(request, sources, scope, weighed)
    calendar = Calendar(zone, origin, gazetteer.region.country)
    frames = tuple(_frame(request, calendar, day) for day in range(request.days))
    sights = tuple(
        _sight(place, request, (2 + number, score, number < len(musts)), (calendar, frames))
        for number, (place, score) in enumerate(weighed[2:])
    )
    return Problem(
        request=request,
        zone=zone,
        origin=origin,
        frames=frames,
        sights=sights,
        beds=tuple(make_bed(place, request, 2 + len(sights) + number) for number, place in enumerate(beds)),
        tables=_tables(request, router, [place for place, _ in weighed] + beds),
        limit=request.drive_limit_s,
        most=SIGHTS_PER_DAY[request.pace],
        budget=None if request.budget is None else request.budget.cents,
    )


@dataclass(frozen=True, slots=True)
class Calendar:
    """What turns clock times into seconds: the zone, the origin of time (UTC), and whose holidays count."""

    zone: ZoneInfo
    origin: datetime
    country: str

    def seconds(self, moment: datetime) -> int:
        """Returns the whole seconds since the origin, rounded down."""
        return (moment.astimezone(UTC) - self.origin) // timedelta(seconds=1)

    def at(self, on: date, clock: time) -> int:
        """Returns the seconds of a clock time on a date."""
        return self.seconds(datetime.combine(on, clock, self.zone))


def make_bed(place: Place, request: TripRequest, node: int) -> Bed:
    """Returns the lodging as the request sees it."""
    return Bed(place, node, price_night(place, request), rate_bother(place, request))


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
    found = find_lodgings(request, sources.gazetteer, fixed, around=AROUND if scope.sights else PROOF_LODGINGS)
    known = {place.id for place in scope.also}
    allowed = [place for place in found if place.id not in known and scope.allow(place, request)]
    chosen = choose_lodgings(allowed, request, weighed, scope.lodgings)
    return [place for place in (*scope.also, *chosen) if is_near_road(sources.router, place, request)]


def _frame(request: TripRequest, calendar: Calendar, day: int) -> Frame:
    on = request.date_of(day)
    opens, closes = calendar.at(on, request.day_start), calendar.at(on, request.day_end)
    first, last = calendar.at(on, LUNCH_FROM), calendar.at(on, LUNCH_TO) - LUNCH_S
    has_lunch = request.lunch and opens <= last <= closes - LUNCH_S
    return Frame(on, opens, closes, (first, last) if has_lunch else None)


def _sight(
    place: Place, request: TripRequest, ranked: tuple[int, int, bool], when: tuple[Calendar, Sequence[Frame]]
) -> Sight:
    node, score, must = ranked
    dwell = estimate_dwell(place.categories, request.pace)
    return Sight(
        place=place,
        node=node,
        dwell=dwell,
        must=must,
        score=score,
        openings=tuple(_openings(place, frame, dwell, when[0]) for frame in when[1]),
        fee=price_entrance(place, request),
    )


def _openings(place: Place, frame: Frame, dwell: int, calendar: Calendar) -> tuple[Opening, ...]:
    found = []
    for window in windows_on(place, frame.on, calendar.zone, calendar.country):
        begin = calendar.seconds(window.opens) + (1 if window.opens.microsecond else 0)
        last = min(calendar.seconds(window.last_entry), calendar.seconds(window.closes) - dwell)
        if begin <= last and last >= frame.open and begin <= frame.close:
            found.append(Opening(begin, last, window))
    return tuple(found)


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
