"""The maps that the tools work on: regions opened when first asked for, and kept open."""

import re
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final

from metier.errors import InputError, MissingError
from metier.toolkit import Settings
from metier_maps.itinerary import Itinerary
from metier_maps.place import Place, Region
from metier_maps.places.gazetteer import Gazetteer
from metier_maps.places.regions import Installed, find_region
from metier_maps.places.store import open_gazetteer
from metier_maps.request import PlaceRef
from metier_maps.routing.router import Point, Router
from metier_maps.server.engine import open_engine

_POSITION: Final = re.compile(r"\s*(-?\d{1,3}(?:\.\d{1,12})?)\s*,\s*(-?\d{1,3}(?:\.\d{1,12})?)\s*")
_TRIPS_KEPT: Final = 32
_MAPS_KEPT: Final = 8


@dataclass(frozen=True, slots=True)
class OpenMap:
    """A region with its places and its router."""

    region: Region
    gazetteer: Gazetteer
    router: Router


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something is: a place of the map, or a bare position whose id is its coordinates."""

    ref: PlaceRef
    point: Point
    place: Place | None = None


class Atlas:
    """Opens regions and routers when they are first needed. Safe to use from several threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._maps: OrderedDict[str, OpenMap] = OrderedDict()
        self._trips: OrderedDict[str, Itinerary] = OrderedDict()
        self._lock = Lock()

    def open(self, name: str) -> OpenMap:
        """Returns the region of that name or id ("" for the only one), opened.

        Raises MissingError with near names, InputError where "" could mean several, StorageError for damaged data.
        """
        installed = find_region(self.settings, name)
        with self._lock:
            opened = self._maps.pop(installed.region.id, None) or self._load(installed)
            self._maps[installed.region.id] = opened
            while len(self._maps) > _MAPS_KEPT:
                self._maps.popitem(last=False)
            return opened

    def _load(self, installed: Installed) -> OpenMap:
        option = self.settings.options.get("router", "offline")
        router = open_engine(option, installed.folder, installed.region)
        return OpenMap(installed.region, open_gazetteer(installed), router)

    def keep(self, trip_id: str, itinerary: Itinerary) -> None:
        """Remembers a trip by its evidence id, so that a later call may name it instead of sending it back."""
        with self._lock:
            self._trips[trip_id] = itinerary
            while len(self._trips) > _TRIPS_KEPT:
                self._trips.popitem(last=False)

    def recall(self, trip_id: str, itinerary: Itinerary | None) -> Itinerary:
        """Returns the itinerary that was sent or, by its evidence id, the one that this server made.

        Raises InputError for neither or both, MissingError for an id that this server does not (or no longer) know.
        """
        if (itinerary is None) == (not trip_id):
            raise InputError(
                "Give either `trip` or `itinerary`.", hint="`trip` is the evidence id that plan_trip gave."
            )
        if itinerary is not None:
            return itinerary
        with self._lock:
            kept = self._trips.get(trip_id)
        if kept is None:
            raise MissingError(f"There is no trip {trip_id[:40]!r} here.", hint="Send the whole itinerary instead.")
        return kept


def find_spot(opened: OpenMap, text: str) -> Spot:
    """Returns the place of an id, or the position of "lat,lon"; raises InputError or MissingError with what to do."""
    spot = read_position(text)
    if spot is not None:
        return spot
    if not text.startswith("osm:") and ":" not in text:
        raise InputError(
            f"{text[:80]!r} is neither a place id nor a position.",
            hint="Call search_places first and use the id it gives, or write latitude,longitude.",
        )
    place = find_place(opened, text)
    return Spot(PlaceRef(id=place.id, name=place.name), Point(place.lat, place.lon), place)


def find_place(opened: OpenMap, place_id: str) -> Place:
    """Returns the place of an id.

    Raises MissingError where the map has none of that id, and says so where the id is of another source: that one may
    well know it, though it did not answer.
    """
    own = place_id.strip()
    source, colon, _ = own.partition(":")
    if colon and source != "osm":
        raise MissingError(
            f"The place {own[:60]!r} is known to {source[:20]!r} alone, not to this map.",
            hint="Ask again when that source answers, or search this map by name.",
        )
    return opened.gazetteer.get(own)


def read_position(text: str) -> Spot | None:
    """Returns the position that "lat,lon" writes, None for any other text; raises InputError for one off the Earth."""
    match = _POSITION.fullmatch(text)
    if match is None:
        return None
    lat, lon = float(match.group(1)), float(match.group(2))
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise InputError(f"{text.strip()!r} is nowhere on Earth.", hint="Write latitude,longitude in degrees.")
    name = f"{lat:.5f}, {lon:.5f}"
    return Spot(PlaceRef(id=f"point:{lat:.6f},{lon:.6f}", name=name), Point(lat, lon))
