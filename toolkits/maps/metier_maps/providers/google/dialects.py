"""The two MCP servers of Google Maps: the archived reference server and its maintained successor. Pure.

They are told apart by their tools' arguments. What they answer is read by its shape; only what they are asked differs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from metier.canonical import JSON
from metier.errors import ServerError
from metier_maps.providers.plan import Inquiry, Specs, inquire
from metier_maps.routing.router import Mode, Point

SEARCH: Final = "maps_search_places"
DETAILS: Final = "maps_place_details"
DIRECTIONS: Final = "maps_directions"
MATRIX: Final = "maps_distance_matrix"
WEATHER: Final = "maps_weather"
MODES: Final[dict[Mode, JSON]] = {"car": "driving", "bicycle": "bicycling", "foot": "walking"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a server is asked.

    `place_id` and `centre` are the names of its arguments, `block` how many origins and destinations a matrix may
    have, `has_traffic` whether its driving times are those of the traffic at the time of asking.
    """

    place_id: str
    centre: str
    block: int
    has_traffic: bool
    has_weather: bool

    def search(self, query: str, centre: Point | None, radius_m: float) -> Inquiry:
        """Returns the call that finds places; `radius_m` is where they are preferred, not where they must be."""
        at: dict[str, JSON] = {} if centre is None else {"latitude": centre.lat, "longitude": centre.lon}
        if not at:
            return inquire(SEARCH, query=query)
        if self.centre == "location":
            return inquire(SEARCH, query=query, location=at, radius=radius_m)
        return inquire(SEARCH, query=query, locationBias={**at, "radius": radius_m})

    def details(self, place_id: str) -> Inquiry:
        """Returns the call that tells of one place."""
        return inquire(DETAILS, **{self.place_id: place_id})

    def directions(self, origin: Point, destination: Point, mode: Mode) -> Inquiry:
        """Returns the call that finds a way."""
        return inquire(DIRECTIONS, origin=write(origin), destination=write(destination), mode=MODES[mode])

    def matrix(self, origins: Sequence[Point], destinations: Sequence[Point], mode: Mode) -> Inquiry:
        """Returns the call that finds a matrix of at most `block` by `block`."""
        rows: list[JSON] = [write(point) for point in origins]
        columns: list[JSON] = [write(point) for point in destinations]
        return inquire(MATRIX, origins=rows, destinations=columns, mode=MODES[mode])

    def label(self, mode: Mode) -> str:
        """Returns what is printed beside its times and distances."""
        return "Google Maps, traffic when asked" if self.has_traffic and mode == "car" else "Google Maps"


# Distance Matrix API: 100 elements a request. Routes API: 625.
REFERENCE: Final = Dialect("place_id", "location", block=10, has_traffic=False, has_weather=False)
SUCCESSOR: Final = Dialect("placeId", "locationBias", block=25, has_traffic=True, has_weather=True)


def dialect_of(specs: Specs) -> Dialect:
    """Returns the dialect of the server with these tools; raises ServerError for one of neither kind."""
    spec = specs.get(DETAILS)
    named = {} if spec is None else spec.input_schema.get("properties", {})
    found = next((dialect for dialect in (SUCCESSOR, REFERENCE) if dialect.place_id in named), None)
    if found is None:
        raise ServerError(
            "This is no server of Google Maps that metier knows.",
            hint="Use @cablate/mcp-google-map or @modelcontextprotocol/server-google-maps.",
            sent=False,
        )
    return found


def write(point: Point) -> str:
    """Returns a position as both servers take it."""
    return f"{point.lat:.6f},{point.lon:.6f}"
