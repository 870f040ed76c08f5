"""A place, as it was read from the map."""

from collections.abc import Mapping

from metier.answer import Value
from metier_maps.facts import Fact, Money, Tri


class Place(Value):
    """A named thing on the map. `id` is "osm:node/123", "osm:way/123" or "osm:relation/123".

    `names` maps OSM name keys ("name", "name:en", "alt_name") to names; `categories` are the words people use
    ("museum", "viewpoint", "hotel"; see `places.categories`), most specific first. Coordinates are WGS-84 degrees.
    """

    id: str
    name: str
    names: Mapping[str, str]
    lat: float
    lon: float
    categories: tuple[str, ...]
    opening_hours: Fact[str]
    dogs: Fact[Tri]
    price: Fact[Money]
    fee: Fact[Tri]
    stars: Fact[float]
    phone: Fact[str]
    website: Fact[str]
    wheelchair: Fact[Tri]
    tags: Mapping[str, str] = {}


class Region(Value):
    """An imported data set. `id` is "<name>-<first 12 digits of the file's SHA-256>".

    `bbox` is (south, west, north, east) of the roads and places that are in the file; `osm_date` the newest date that
    the file states (may be empty); `fictional` marks a made-up country.
    """

    id: str
    name: str
    sha256: str
    osm_date: str
    attribution: str
    licence: str
    bbox: tuple[float, float, float, float]
    timezone: str
    country: str
    places: int
    lodgings: int
    road_nodes: int
    road_arcs: int
    fictional: bool = False
