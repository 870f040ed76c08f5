"""An itinerary: the one source of everything that is shown of a trip. Made of claims that cite evidence."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Literal, Self

from pydantic import AwareDatetime, Field

from metier.answer import Answer, Claim, Value
from metier.canonical import JSON
from metier.evidence import Citation
from metier_maps.facts import Fact, Money, Tri
from metier_maps.place import Region
from metier_maps.request import PlaceRef, TripRequest
from metier_maps.routing.router import Mode


class Hours(Value):
    """The opening hours that a stop relies on. `assumed` says that the data has none and an assumption stands in.

    `opens` and `closes` bound the interval that holds the whole stay; `text` is the opening_hours value or the
    assumption.
    """

    text: str
    opens: AwareDatetime
    closes: AwareDatetime
    assumed: bool = False


class Leg(Value):
    """A drive (or ride, or walk): whole seconds and metres, as the router gave them. `line` is the path, lat/lon."""

    origin: PlaceRef
    destination: PlaceRef
    mode: Mode
    depart: AwareDatetime
    arrive: AwareDatetime
    duration_s: int
    distance_m: int
    router: str
    line: tuple[tuple[float, float], ...] = ()
    citations: tuple[Citation, ...]


class Stop(Value):
    """A stay at a place. Waiting for it to open is part of the time between arrival and `begin`."""

    place: PlaceRef
    kind: Literal["sight", "meal"]
    lat: float
    lon: float
    categories: tuple[str, ...] = ()
    arrive: AwareDatetime
    begin: AwareDatetime
    leave: AwareDatetime
    hours: Hours | None = None
    cost: Fact[Money] | None = None
    must_see: bool = False
    citations: tuple[Citation, ...] = ()


class Night(Value):
    """Where the day ends, and what is known of it."""

    place: PlaceRef
    lat: float
    lon: float
    arrive: AwareDatetime
    dogs: Fact[Tri]
    price: Fact[Money]
    stars: Fact[float]
    phone: Fact[str]
    website: Fact[str]
    citations: tuple[Citation, ...]


class Weather(Value):
    """A forecast for a day, or that it is unknown and why."""

    known: bool
    text: str
    citations: tuple[Citation, ...] = ()


class Day(Value):
    """A day. `legs` run from where it starts over every stop to where it ends: one more than there are sights.

    A meal without a place of its own is a stop at the place before it and has no leg. `sunrise` and `sunset` are at
    the place where the day starts; `holiday` is the public holiday's name or empty.
    """

    date: date
    start: PlaceRef
    end: PlaceRef
    depart: AwareDatetime
    arrive: AwareDatetime
    legs: tuple[Leg, ...]
    stops: tuple[Stop, ...]
    night: Night | None
    drive_s: int
    distance_m: int
    sunrise: AwareDatetime | None = None
    sunset: AwareDatetime | None = None
    holiday: str = ""
    weather: Weather | None = None


class Alternative(Value):
    """Another plan for the same request: what differs, and the evidence that holds it whole."""

    title: str
    differs: tuple[str, ...]
    drive_s: int
    distance_m: int
    sights: int
    citations: tuple[Citation, ...]


class Itinerary(Answer):
    """A trip, day by day, with what it rests on."""

    title: str
    request: TripRequest
    region: Region
    timezone: str
    router: str
    days: tuple[Day, ...]
    drive_s: int
    distance_m: int
    cost: Fact[Money]
    assumptions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()

    def claims(self) -> Iterable[Claim]:
        """Returns a claim for each leg, stop, night, known forecast and alternative, with its citations."""
        for d, day in enumerate(self.days):
            for i, leg in enumerate(day.legs):
                text = f"{leg.origin.name} to {leg.destination.name}: {leg.duration_s} s, {leg.distance_m} m"
                yield Claim(subject=f"/days/{d}/legs/{i}", text=text, citations=leg.citations)
            for i, stop in enumerate(day.stops):
                if stop.kind == "sight":
                    text = f"{stop.place.name} on {day.date}"
                    yield Claim(subject=f"/days/{d}/stops/{i}", text=text, citations=stop.citations)
            if day.night is not None:
                text = f"night of {day.date} at {day.night.place.name}"
                yield Claim(subject=f"/days/{d}/night", text=text, citations=day.night.citations)
            if day.weather is not None and day.weather.known:
                yield Claim(subject=f"/days/{d}/weather", text=day.weather.text, citations=day.weather.citations)
        for i, other in enumerate(self.alternatives):
            yield Claim(subject=f"/alternatives/{i}", text=other.title, citations=other.citations)

    def without(self, subjects: Collection[str]) -> Self | None:
        """Returns the itinerary without the forecasts and alternatives named; None when anything else is named."""
        days = tuple(
            day.model_copy(update={"weather": None}) if f"/days/{d}/weather" in subjects else day
            for d, day in enumerate(self.days)
        )
        kept = tuple(a for i, a in enumerate(self.alternatives) if f"/alternatives/{i}" not in subjects)
        removable = {f"/days/{d}/weather" for d in range(len(self.days))}
        removable |= {f"/alternatives/{i}" for i in range(len(self.alternatives))}
        if not set(subjects) <= removable:
            return None
        return self.model_copy(update={"days": days, "alternatives": kept})


class Relaxation(Value):
    """A small change that makes the request possible, and what it costs.

    `patch` is merged into the request (RFC 7396).
    """

    requirements: tuple[str, ...]
    change: str
    cost: str
    patch: dict[str, JSON] = Field(default_factory=dict)


class Conflict(Value):
    """A minimal set of requirements that cannot hold together.

    `requirements` are ids: dates, must_see:<place id>, avoid:<place id>, pets, drive_limit, budget, lodging, stars,
    pace, reach:<place id>. `proof` says how sure it is: "certain" follows from the data alone, "proved" from a complete
    search, "searched" means that no plan was found.
    """

    requirements: tuple[str, ...]
    texts: tuple[str, ...]
    proof: Literal["certain", "proved", "searched"]
    explanation: str
    relaxations: tuple[Relaxation, ...] = ()
    citations: tuple[Citation, ...] = ()


def local(moment: datetime) -> str:
    """Returns the clock time, "HH:MM", as it is at the place."""
    return moment.strftime("%H:%M")
