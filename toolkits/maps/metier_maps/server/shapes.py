"""What the tools return: the shapes of their structured content."""

from datetime import date, datetime

from pydantic import Field

from metier.answer import Value
from metier_maps.facts import Tri
from metier_maps.itinerary import Conflict, Itinerary
from metier_maps.place import Place, Region
from metier_maps.request import PlaceRef


class Regions(Value):
    """The regions on this machine, and today's date here."""

    today: date
    regions: tuple[Region, ...]


class Found(Value):
    """A place that was found. `dogs` is yes, no or unknown; None elsewhere means that the map does not say."""

    id: str
    name: str
    lat: float
    lon: float
    categories: tuple[str, ...]
    score: float = Field(description="1 is the exact name; without a name, how much the place matters")
    matched: str = Field(description="the name that matched")
    distance_m: float | None = None
    opening_hours: str | None = None
    dogs: Tri = Tri.UNKNOWN
    stars: float | None = None
    price: str | None = None
    phone: str | None = None
    website: str | None = None
    detour_s: int | None = None
    detour_m: int | None = None


class SearchResult(Value):
    """Places found, best first."""

    region: str
    places: tuple[Found, ...]


class OpenInterval(Value):
    """When a place is open. `assumed` says that the map has no hours and an assumption stands in."""

    opens: datetime
    closes: datetime
    last_entry: datetime
    text: str
    assumed: bool


class PlaceDetails(Value):
    """Everything known of a place, and its opening intervals that begin on the date asked for."""

    place: Place
    on: date | None = None
    open: tuple[OpenInterval, ...] | None = None
    holiday: str = ""


class RouteLeg(Value):
    """One leg of a route, in whole seconds and metres; `line` is latitude/longitude pairs."""

    origin: PlaceRef
    destination: PlaceRef
    duration_s: int
    distance_m: int
    line: tuple[tuple[float, float], ...] = ()
    evidence: str


class RouteResult(Value):
    """A route over all stops."""

    router: str
    legs: tuple[RouteLeg, ...]
    duration_s: int
    distance_m: int


class MatrixResult(Value):
    """Durations and distances from each origin (row) to each destination (column); null where there is no way."""

    router: str
    origins: tuple[PlaceRef, ...]
    destinations: tuple[PlaceRef, ...]
    durations_s: tuple[tuple[int | None, ...], ...]
    distances_m: tuple[tuple[int | None, ...], ...]


class Area(Value):
    """What can be reached within so many minutes: a closed ring of latitude/longitude pairs."""

    minutes: int
    ring: tuple[tuple[float, float], ...]


class AreaResult(Value):
    """Reachable areas, one per bound."""

    router: str
    origin: PlaceRef
    areas: tuple[Area, ...]


class PlanResult(Value):
    """A trip, or the conflict that keeps it from being planned.

    `trip` is the evidence id of the whole itinerary: adopt it as the answer. `changes` say what an edit changed.
    """

    trip: str = ""
    itinerary: Itinerary | None = None
    alternatives: tuple[str, ...] = ()
    conflict: Conflict | None = None
    changes: tuple[str, ...] = ()


class FindingResult(Value):
    """One rule held against one claim: holds, violated or unknown."""

    rule: str
    subject: str
    outcome: str
    sentence: str


class VerifyResult(Value):
    """The verification report of an itinerary, made from evidence gathered afresh."""

    holds: bool
    score: float
    violated: tuple[FindingResult, ...]
    unknown: tuple[FindingResult, ...]
    checked: int


class ConflictResult(Value):
    """Why a request cannot be kept, or null when it can."""

    conflict: Conflict | None


class ExportResult(Value):
    """The files that were written, in the folder of that name below the toolkit's data folder."""

    folder: str
    files: tuple[str, ...]


class Forecast(Value):
    """The weather of one day at one position, or that it is unknown and why."""

    on: date
    lat: float
    lon: float
    known: bool
    text: str
    min_c: float | None = None
    max_c: float | None = None
    rain_mm: float | None = None
    evidence: str = ""


class WeatherResult(Value):
    """Forecasts; where a trip was given, also the trip with its days' forecasts, and its evidence id."""

    forecasts: tuple[Forecast, ...]
    trip: str = ""
    itinerary: Itinerary | None = None
