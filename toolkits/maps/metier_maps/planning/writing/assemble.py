"""From a trip in numbers to an itinerary: leg by leg from the router, moment by moment from the schedule."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from metier.evidence import Citation, Evidence
from metier_maps.facts import Fact, Money
from metier_maps.hours.calendar import holiday_name
from metier_maps.hours.sun import sun_times
from metier_maps.itinerary import Day, Hours, Itinerary, Leg, Night, Stop
from metier_maps.place import Place
from metier_maps.planning.search.mending import settle_trip
from metier_maps.planning.search.schedule import DayPlan, Meal, Visit
from metier_maps.planning.search.trip import Trip
from metier_maps.planning.survey.collect import Sources
from metier_maps.planning.survey.problem import NEVER, Problem, make_table
from metier_maps.planning.writing.notes import list_assumptions, list_warnings, sum_cost_fact, title_trip
from metier_maps.records import Way, record_leg, record_place, record_region
from metier_maps.request import PlaceRef
from metier_maps.routing.router import Point, Route

CORRECTIONS = 4  # rounds in which a table may turn out to differ from the routes


@dataclass(slots=True)
class Ledger:
    """The routes asked for and the evidence of all that was used, each once."""

    sources: Sources
    evidence: dict[str, Evidence] = field(default_factory=dict)
    routes: dict[tuple[str, str, date], Route] = field(default_factory=dict)

    def cite_place(self, place: Place) -> Citation:
        """Returns a citation of the place."""
        return self.keep(record_place(self.sources.gazetteer.region, place))

    def cite_leg(self, way: Way, route: Route) -> Citation:
        """Returns a citation of the leg."""
        return self.keep(record_leg(self.sources.router, way, route))

    def route(self, problem: Problem, day: int, origin: Place, destination: Place) -> Route:
        """Returns the router's route on that day; raises what the router raises."""
        on = problem.frames[day].on
        key = (origin.id, destination.id, on)
        if key not in self.routes:
            a, b = Point(origin.lat, origin.lon), Point(destination.lat, destination.lon)
            self.routes[key] = self.sources.router.route(a, b, mode=problem.request.mode, on=on)
        return self.routes[key]

    def keep(self, evidence: Evidence) -> Citation:
        """Returns a citation of the evidence, which is kept."""
        self.evidence[evidence.id] = evidence
        return Citation(evidence=evidence.id)


def correct_trip(problem: Problem, trip: Trip, ledger: Ledger) -> tuple[Problem, Trip] | None:
    """Returns the trip on the routes' own times; where a table differs from them, it is corrected and re-scheduled."""
    for _ in range(CORRECTIONS):
        wrong = list(_differences(problem, trip, ledger))
        if not wrong:
            return problem, trip
        problem = _with_times(problem, wrong)
        again = settle_trip(problem, trip.nights, trip.orders)
        if again is None:
            return None
        trip = again
    return None


def assemble_itinerary(problem: Problem, trip: Trip, ledger: Ledger) -> Itinerary:
    """Returns the itinerary of a trip, every leg and place of it cited; without alternatives."""
    days = tuple(_write_day(problem, trip, day, ledger) for day in range(len(trip.days)))
    region = ledger.sources.gazetteer.region
    ledger.keep(record_region(region))
    for ref in (problem.request.start, problem.request.end):
        ledger.cite_place(ledger.sources.gazetteer.get(ref.id))
    return Itinerary(
        title=title_trip(problem.request, region),
        request=problem.request,
        region=region,
        timezone=region.timezone,
        router=ledger.sources.router.label,
        days=days,
        drive_s=sum(day.drive_s for day in days),
        distance_m=sum(day.distance_m for day in days),
        cost=sum_cost_fact(problem, trip),
        assumptions=list_assumptions(problem, trip, days, ledger.sources.router.label),
        warnings=list_warnings(problem, trip, days),
    )


def places_of(problem: Problem, trip: Trip, day: int, ledger: Ledger) -> list[Place]:
    """Returns the places of a day in order, from where it starts over its sights to where it ends."""
    get = ledger.sources.gazetteer.get
    first = get(problem.request.start.id) if day == 0 else problem.beds[trip.nights[day - 1]].place
    is_last = day == len(trip.days) - 1
    last = get(problem.request.end.id) if is_last else problem.beds[trip.nights[day]].place
    return [first, *(problem.sights[i].place for i in trip.days[day].order), last]


def _differences(problem: Problem, trip: Trip, ledger: Ledger) -> Iterator[tuple[int, int, int, int]]:
    for day, plan in enumerate(trip.days):
        nodes = [plan.ends[0], *(problem.sights[i].node for i in plan.order), plan.ends[1]]
        places = places_of(problem, trip, day, ledger)
        for (a, b), (origin, destination) in zip(pairwise(nodes), pairwise(places), strict=True):
            seconds = ledger.route(problem, day, origin, destination).duration_s
            if seconds != problem.tables[day].rows[a][b]:
                yield day, a, b, seconds


def _with_times(problem: Problem, cells: Sequence[tuple[int, int, int, int]]) -> Problem:
    tables = list(problem.tables)
    for day, a, b, seconds in cells:
        rows = [list(row) for row in tables[day].rows]
        rows[a][b] = min(seconds, NEVER)
        tables[day] = make_table(rows)
    return replace(problem, tables=tuple(tables))


def _write_day(problem: Problem, trip: Trip, day: int, ledger: Ledger) -> Day:
    plan, places = trip.days[day], places_of(problem, trip, day, ledger)
    on = problem.frames[day].on
    stops = tuple(_write_stops(problem, day, plan, ledger))
    legs = tuple(_write_legs(problem, day, plan, places, ledger))
    light = sun_times(places[0].lat, places[0].lon, on, problem.zone)
    return Day(
        date=on,
        start=refer(places[0]),
        end=refer(places[-1]),
        depart=problem.moment(plan.depart),
        arrive=problem.moment(plan.arrive),
        legs=legs,
        stops=stops,
        night=None if day == len(trip.days) - 1 else _write_night(problem, trip, day, ledger),
        drive_s=sum(leg.duration_s for leg in legs),
        distance_m=sum(leg.distance_m for leg in legs),
        sunrise=light[0] if light else None,
        sunset=light[1] if light else None,
        holiday=holiday_name(on, ledger.sources.gazetteer.region.country),
    )


def refer(place: Place) -> PlaceRef:
    """Returns the place's id and name."""
    return PlaceRef(id=place.id, name=place.name)


def _write_legs(problem: Problem, day: int, plan: DayPlan, places: Sequence[Place], ledger: Ledger) -> Iterator[Leg]:
    departs = [plan.depart, *(_depart(plan, number, visit) for number, visit in enumerate(plan.visits))]
    for (origin, destination), depart in zip(pairwise(places), departs, strict=True):
        route = ledger.route(problem, day, origin, destination)
        mode = problem.request.mode
        way = Way(refer(origin), refer(destination), mode, problem.frames[day].on)
        yield Leg(
            origin=way.origin,
            destination=way.destination,
            mode=mode,
            depart=problem.moment(depart),
            arrive=problem.moment(depart + route.duration_s),
            duration_s=route.duration_s,
            distance_m=route.distance_m,
            router=ledger.sources.router.label,
            line=tuple((point.lat, point.lon) for point in route.geometry),
            citations=(ledger.cite_leg(way, route),),
        )


def _depart(plan: DayPlan, number: int, visit: Visit) -> int:
    return plan.meal.leave if plan.meal is not None and plan.meal.after == number else visit.leave


def _write_stops(problem: Problem, day: int, plan: DayPlan, ledger: Ledger) -> Iterator[Stop]:
    for number, visit in enumerate(plan.visits):
        yield _write_sight(problem, visit, ledger)
        if plan.meal is not None and plan.meal.after == number:
            yield _write_meal(problem, problem.sights[visit.sight].place, plan.meal)


def _write_sight(problem: Problem, visit: Visit, ledger: Ledger) -> Stop:
    sight, window = problem.sights[visit.sight], visit.opening.window
    place = sight.place
    return Stop(
        place=refer(place),
        kind="sight",
        lat=place.lat,
        lon=place.lon,
        categories=place.categories,
        arrive=problem.moment(visit.arrive),
        begin=problem.moment(visit.begin),
        leave=problem.moment(visit.leave),
        hours=Hours(text=window.text, opens=window.opens, closes=window.closes, assumed=window.assumed),
        cost=_entrance(place, sight.fee, problem),
        must_see=sight.must,
        citations=(ledger.cite_place(place),),
    )


def _entrance(place: Place, fee: int | None, problem: Problem) -> Fact[Money]:
    """Returns the entrance of the whole party."""
    if fee is None:
        return Fact[Money](value=None, source=place.price.source, date=place.price.date)
    if place.price.value is None:
        free = Money(cents=0, currency=currency_of(problem))
        return Fact[Money](value=free, source=place.fee.source, date=place.fee.date)
    value = Money(cents=fee, currency=place.price.value.currency)
    return Fact[Money](value=value, source=place.price.source, date=place.price.date)


def currency_of(problem: Problem) -> str:
    """Returns the budget's currency, or EUR."""
    return "EUR" if problem.request.budget is None else problem.request.budget.currency


def _write_meal(problem: Problem, place: Place, meal: Meal) -> Stop:
    return Stop(
        place=refer(place),
        kind="meal",
        lat=place.lat,
        lon=place.lon,
        arrive=problem.moment(meal.arrive),
        begin=problem.moment(meal.begin),
        leave=problem.moment(meal.leave),
    )


def _write_night(problem: Problem, trip: Trip, day: int, ledger: Ledger) -> Night:
    place = problem.beds[trip.nights[day]].place
    estimate = problem.request.lodging_price
    price = place.price
    if price.value is None and estimate is not None:
        price = Fact[Money](value=estimate, source="user")
    return Night(
        place=refer(place),
        lat=place.lat,
        lon=place.lon,
        arrive=problem.moment(trip.days[day].arrive),
        dogs=place.dogs,
        price=price,
        stars=place.stars,
        phone=place.phone,
        website=place.website,
        citations=(ledger.cite_place(place),),
    )
