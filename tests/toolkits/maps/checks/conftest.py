"""A valid trip of three days with a dog, built by hand, and what it takes to plant a fault in it."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from metier.evidence import Citation, Evidence, resolve_pointer
from metier.task import Task
from metier.verdict import Finding
from metier_maps.checks import CHECKS
from metier_maps.checks.rules.money import entrance_to, price_of_night
from metier_maps.facts import Fact, Money, Tri
from metier_maps.hours.calendar import holiday_name
from metier_maps.hours.opening import windows_on
from metier_maps.hours.sun import sun_times
from metier_maps.itinerary import Alternative, Day, Hours, Itinerary, Leg, Night, Stop
from metier_maps.place import Place
from metier_maps.planning.writing.notes import title_trip
from metier_maps.records import Way, record_leg, record_place, record_region, record_trip
from metier_maps.request import Lodging, Party, Pets, PlaceRef, TripRequest
from metier_maps.routing.router import Point
from metier_maps.testing import InMemoryGazetteer, Known, StraightLineRouter, make_place, make_region

REGION = make_region()
ROUTER = StraightLineRouter()
TOWN = make_place("osm:node/town", "town", (42.50, 1.52))
MUSEUM = make_place(
    "osm:node/museum", "museum", (42.52, 1.55), Known(hours="Mo-Sa 10:00-18:00; PH off", price_cents=500)
)
LOOKOUT = make_place("osm:node/lookout", "viewpoint", (42.55, 1.60), Known(fee=Tri.NO))
CASTLE = make_place("osm:node/castle", "castle", (42.56, 1.50), Known(hours="24/7", fee=Tri.NO))
INN = make_place("osm:node/inn", "hotel", (42.54, 1.58), Known(dogs=Tri.YES, price_cents=9000, stars=3, phone="+376 1"))
LODGE = make_place(
    "osm:node/lodge", "hotel", (42.57, 1.52), Known(dogs=Tri.YES, price_cents=8000, stars=4, phone="+376 2")
)
SILENT = make_place("osm:node/silent", "hotel", (42.545, 1.58), Known(price_cents=7000, stars=3, phone="+376 3"))
STRICT = make_place("osm:node/strict", "hotel", (42.545, 1.59), Known(dogs=Tri.NO, price_cents=7000, stars=3))
PLAIN = make_place("osm:node/plain", "hotel", (42.545, 1.57), Known(dogs=Tri.YES, stars=3))
PLACES = {p.id: p for p in (TOWN, MUSEUM, LOOKOUT, CASTLE, INN, LODGE, SILENT, STRICT, PLAIN)}
MUSEUM_TAGGED = MUSEUM.model_copy(update={"tags": {"last_entry": "16:30"}})


def ref(place: Place) -> PlaceRef:
    return PlaceRef(id=place.id, name=place.name)


def later(moment: datetime, seconds: int) -> datetime:
    """Returns the local time so many seconds after, whatever the clocks do in between."""
    return (moment.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(moment.tzinfo)


def ask(**changes: object) -> TripRequest:
    """Returns the request of the sample trip, changed. 4 December 2026 is a Friday, the 8th a public holiday."""
    request = TripRequest(
        region=REGION.name,
        start_date=date(2026, 12, 4),
        end_date=date(2026, 12, 6),
        start=ref(TOWN),
        end=ref(TOWN),
        party=Party(adults=2),
        must_see=(ref(LOOKOUT),),
        pets=Pets(),
        drive_limit_s=2 * 3600,
        budget=Money(cents=30000),
        lodging=Lodging(policy="change", categories=("hotel",), min_stars=3),
    )
    return request.model_copy(update=changes)


@dataclass(frozen=True)
class Visit:
    place: Place
    begin: str
    minutes: int = 60


@dataclass(frozen=True)
class Sketch:
    """What a trip is made of: a request, the visits of each day, and the nights between them."""

    request: TripRequest = field(default_factory=ask)
    days: Sequence[Sequence[Visit]] = (
        (Visit(MUSEUM, "10:30", 90),),
        (Visit(LOOKOUT, "11:00"),),
        (Visit(CASTLE, "10:00"),),
    )
    nights: Sequence[Place] = (INN, LODGE)


@dataclass
class Trip:
    """An itinerary with its evidence; `plant` changes one value and judges."""

    itinerary: Itinerary
    evidence: dict[str, Evidence]
    task: Task

    def findings(self) -> list[Finding]:
        return [f for check in CHECKS for f in check(self.task, self.itinerary, self.evidence).findings]

    def violated(self) -> list[Finding]:
        return [f for f in self.findings() if f.outcome == "violated"]

    def rules(self) -> set[str]:
        return {f.rule for f in self.violated()}

    def planted(self, pointer: str, value: object) -> "Trip":
        """Returns the trip with the value at a JSON pointer of the itinerary replaced."""
        raw = json.loads(self.itinerary.model_dump_json())
        parent, _, key = pointer.rpartition("/")
        holder: Any = resolve_pointer(raw, parent)
        holder[int(key) if isinstance(holder, list) else key] = value
        return replace(self, itinerary=Itinerary.model_validate(raw))

    def without_evidence(self, *ids: str) -> "Trip":
        return replace(self, evidence={k: v for k, v in self.evidence.items() if k not in ids})


class Writer:
    """Writes itineraries of sketches, with every claim cited."""

    def __init__(self) -> None:
        self.evidence: dict[str, Evidence] = {}
        self.zone = ZoneInfo(REGION.timezone)
        self._cite(record_region(REGION))
        for place in (TOWN,):
            self._cite(record_place(REGION, place))

    def _cite(self, item: Evidence) -> tuple[Citation, ...]:
        self.evidence[item.id] = item
        return (Citation(item.id),)

    def leg(self, origin: Place, destination: Place, on: date, arrive: datetime | None, depart: datetime | None) -> Leg:
        ends = (Point(origin.lat, origin.lon), Point(destination.lat, destination.lon))
        route = ROUTER.route(*ends, mode="car", on=on)
        start = depart or later(arrive or self.at(on, "09:00"), -route.duration_s)
        evidence = record_leg(ROUTER, Way(ref(origin), ref(destination), "car", on), route)
        return Leg(
            origin=ref(origin),
            destination=ref(destination),
            mode="car",
            depart=start,
            arrive=later(start, route.duration_s),
            duration_s=route.duration_s,
            distance_m=route.distance_m,
            router=ROUTER.label,
            citations=self._cite(evidence),
        )

    def stop(self, visit: Visit, request: TripRequest, on: date, arrive: datetime) -> Stop:
        place, begin = visit.place, self.at(on, visit.begin)
        window = next(iter(windows_on(place, on, self.zone, REGION.country)), None)
        due = entrance_to(place, request)
        hours = window and Hours(text=window.text, opens=window.opens, closes=window.closes, assumed=window.assumed)
        return Stop(
            place=ref(place),
            kind="sight",
            lat=place.lat,
            lon=place.lon,
            categories=place.categories,
            arrive=arrive,
            begin=begin,
            leave=later(begin, 60 * visit.minutes),
            hours=hours or None,
            cost=Fact[Money](value=due, source="test data"),
            must_see=place.id in {wanted.id for wanted in request.must_see},
            citations=self._cite(record_place(REGION, place)),
        )

    def at(self, on: date, clock: str) -> datetime:
        return datetime.combine(on, time.fromisoformat(clock), self.zone)

    def day(self, sketch: Sketch, n: int) -> Day:
        request, on, here = sketch.request, sketch.request.date_of(n), TOWN if n == 0 else sketch.nights[n - 1]
        start = here
        legs, stops = [], []
        for visit in sketch.days[n]:
            begin = self.at(on, visit.begin)
            leg = self.leg(here, visit.place, on, begin if not legs else None, stops[-1].leave if legs else None)
            legs.append(leg)
            stops.append(self.stop(visit, request, on, leg.arrive))
            here = visit.place
        end = sketch.nights[n] if n < len(sketch.nights) else TOWN
        legs.append(self.leg(here, end, on, None, stops[-1].leave if stops else self.at(on, "09:00")))
        sun = sun_times(start.lat, start.lon, on, self.zone)
        return Day(
            date=on,
            start=ref(start),
            end=ref(end),
            depart=legs[0].depart,
            arrive=legs[-1].arrive,
            legs=tuple(legs),
            stops=tuple(stops),
            night=self.night(end, request, legs[-1].arrive) if n < len(sketch.nights) else None,
            drive_s=sum(leg.duration_s for leg in legs),
            distance_m=sum(leg.distance_m for leg in legs),
            sunrise=sun and sun[0],
            sunset=sun and sun[1],
            holiday=holiday_name(on, REGION.country),
        )

    def night(self, place: Place, request: TripRequest, arrive: datetime) -> Night:
        return Night(
            place=ref(place),
            lat=place.lat,
            lon=place.lon,
            arrive=arrive,
            dogs=place.dogs,
            price=price_of_night(place, request),
            stars=place.stars,
            phone=place.phone,
            website=place.website,
            citations=self._cite(record_place(REGION, place)),
        )

    def record(self, trip: Itinerary) -> Evidence:
        """Returns the evidence of the trip, as if the planner had made it in this run."""
        item = record_trip(trip)
        self.evidence[item.id] = item
        return item

    def write(self, sketch: Sketch, alternatives: Iterable[Alternative] = ()) -> Itinerary:
        days = tuple(self.day(sketch, n) for n in range(sketch.request.days))
        stops = [stop for day in days for stop in day.stops]
        prices = [price_of_night(place, sketch.request).value for place in sketch.nights]
        dues = [stop.cost.value.cents for stop in stops if stop.cost and stop.cost.value]
        beds = [price.cents * sketch.request.party.rooms for price in prices if price]
        total = Money(cents=sum(beds) + sum(dues)) if len(beds) == len(prices) else None
        return Itinerary(
            title=title_trip(sketch.request, REGION),
            request=sketch.request,
            region=REGION,
            timezone=REGION.timezone,
            router=ROUTER.label,
            days=days,
            drive_s=sum(day.drive_s for day in days),
            distance_m=sum(day.distance_m for day in days),
            cost=Fact[Money](value=total, source="sum of known prices"),
            assumptions=tuple(f"{s.place.name}: {s.hours.text}" for s in stops if s.hours and s.hours.assumed),
            alternatives=tuple(alternatives),
        )


def write_trip(sketch: Sketch | None = None, constraints: Mapping[str, Any] | None = None) -> Trip:
    """Returns the trip of a sketch, whose task asked for exactly its request unless told otherwise."""
    sketch = sketch or Sketch()
    writer = Writer()
    trip = writer.write(sketch)
    writer.record(trip)
    asked = sketch.request.model_dump(mode="json") if constraints is None else constraints
    return Trip(trip, writer.evidence, Task("Three days", ("maps",), asked))


def write_with_alternative(other: Sketch) -> Trip:
    """Returns the sample trip with one alternative, whose plan is in the evidence."""
    writer = Writer()
    plan = writer.write(other)
    item = writer.record(plan)
    sights = sum(stop.kind == "sight" for day in plan.days for stop in day.stops)
    offered = Alternative(
        title="Another way",
        differs=("the castle on another day",),
        drive_s=plan.drive_s,
        distance_m=plan.distance_m,
        sights=sights,
        citations=(Citation(item.id),),
    )
    sketch = Sketch()
    trip = writer.write(sketch, (offered,))
    writer.record(trip)
    return Trip(trip, writer.evidence, Task("Three days", ("maps",), sketch.request.model_dump(mode="json")))


@dataclass(frozen=True)
class Workshop:
    """Everything a test needs to make trips."""

    places: Mapping[str, Place]
    gazetteer: InMemoryGazetteer
    router: StraightLineRouter
    ask: Callable[..., TripRequest] = ask
    sketch: type[Sketch] = Sketch
    visit: type[Visit] = Visit
    write: Callable[..., Trip] = write_trip
    write_with_alternative: Callable[[Sketch], Trip] = write_with_alternative


@pytest.fixture(scope="session")
def workshop() -> Workshop:
    names = {place.name: place for place in PLACES.values()} | {"tagged museum": MUSEUM_TAGGED}
    return Workshop(names, InMemoryGazetteer(REGION, PLACES.values()), ROUTER)
