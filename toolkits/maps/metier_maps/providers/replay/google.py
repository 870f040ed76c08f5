"""Google's MCP servers, replayed: the archived reference server, and its successor (@cablate/mcp-google-map 0.0.63)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Literal

import polyline

from metier.clock import Clock, SystemClock
from metier_maps.providers.replay.ground import Ground, Landmark, travel
from metier_maps.providers.replay.mischief import Script
from metier_maps.providers.replay.server import Answer, ReplayServer, StumbleError
from metier_maps.routing.router import Mode, Point

KEY: Final = "google-canary-0123456789abcdef"
_MOST: Final = 20
_MODES: Final[Mapping[str, Mode]] = {"driving": "car", "bicycling": "bicycle", "walking": "foot"}
_TYPES: Final[Mapping[str, str]] = {"hotel": "hotel", "museum": "museum", "gallery": "art_gallery", "cafe": "cafe"}
_WEEK: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SCRIPT: Final = Script(
    address=f"https://maps.example/maps/api/place/textsearch/json?query=x&key={KEY}",
    rate="Place search failed: OVER_QUERY_LIMIT",
    quota="Quota exceeded for quota metric 'Queries' and limit 'Queries per day' of service 'places.example'",
    bad_key="Place search failed: The provided API key is invalid.",
    error_body='{"error": {"code": 429, "message": "Resource has been exhausted", "status": "RESOURCE_EXHAUSTED"}}',
    foreign="Fehler: Zu viele Anfragen. Bitte versuchen Sie es später erneut.",
)


def make_google_replay(
    ground: Ground, *, listing: Literal["google", "cablate"] = "google", clock: Clock | None = None
) -> ReplayServer:
    """Returns the reference server, or with listing "cablate" its successor. `clock` tells the first day of weather."""
    if listing == "google":
        return ReplayServer("mcp-server/google-maps", listing, _Reference(ground).answers(), _SCRIPT)
    return ReplayServer("MCP-Server", listing, _Successor(ground, clock or SystemClock()).answers(), _SCRIPT)


def google_id(landmark: Landmark) -> str:
    """Returns the id by which the replay knows a place."""
    return f"ChIJsyn-{landmark.number:05d}"


@dataclass(frozen=True, slots=True)
class _Reference:
    ground: Ground

    def answers(self) -> dict[str, Answer]:
        return {
            "maps_search_places": self.search,
            "maps_place_details": self.details,
            "maps_directions": self.directions,
            "maps_distance_matrix": self.matrix,
        }

    def search(self, given: Mapping[str, Any]) -> object:
        found = list(self.ground.named(given["query"]))[:_MOST]
        if not found:
            raise StumbleError("Place search failed: ZERO_RESULTS")
        return {"places": [_legacy(one) for one in found]}

    def details(self, given: Mapping[str, Any]) -> object:
        one = _known(self.ground, given["place_id"], "Place details request failed: NOT_FOUND")
        period = {"open": {"day": 1, "time": "0900"}, "close": {"day": 1, "time": "1700"}}
        shown = {**_legacy(one), "opening_hours": {"open_now": True, "periods": [period]}, "reviews": []}
        return {**shown, "formatted_phone_number": one.phone} if one.phone else shown

    def directions(self, given: Mapping[str, Any]) -> object:
        seconds, metres = travel(_at(given["origin"]), _at(given["destination"]), _MODES[given.get("mode", "driving")])
        return {"routes": [{"summary": "synthetic", "distance": _km(metres), "duration": _min(seconds), "steps": []}]}

    def matrix(self, given: Mapping[str, Any]) -> object:
        if len(given["origins"]) * len(given["destinations"]) > 100:
            raise StumbleError("Distance matrix request failed: MAX_ELEMENTS_EXCEEDED")
        mode = _MODES[given.get("mode", "driving")]
        rows = []
        for origin in given["origins"]:
            ways = [travel(_at(origin), _at(other), mode) for other in given["destinations"]]
            rows.append({"elements": [{"status": "OK", "duration": _min(s), "distance": _km(m)} for s, m in ways]})
        named = {"origin_addresses": given["origins"], "destination_addresses": given["destinations"]}
        return {**named, "results": rows}


@dataclass(frozen=True, slots=True)
class _Successor:
    ground: Ground
    clock: Clock

    def answers(self) -> dict[str, Answer]:
        return {
            "maps_search_places": self.search,
            "maps_search_nearby": self.nearby,
            "maps_place_details": self.details,
            "maps_directions": self.directions,
            "maps_distance_matrix": self.matrix,
            "maps_weather": self.weather,
        }

    def search(self, given: Mapping[str, Any]) -> object:
        return [_modern(one) for one in list(self.ground.named(given["query"]))[:_MOST]]

    def nearby(self, given: Mapping[str, Any]) -> object:
        centre = _at(given["center"]["value"])
        found = [_modern(one) for one in self.ground.around(centre, given.get("radius", 1000))[:_MOST]]
        return f"location: {json.dumps({'lat': centre.lat, 'lng': centre.lon})}\n{json.dumps(found)}"

    def details(self, given: Mapping[str, Any]) -> object:
        one = _known(self.ground, given["placeId"], "Failed to get place details: 5 NOT_FOUND: no such place")
        hours = {"open_now": True, "weekday_text": [f"{day}: 9:00\u202fAM\u2009–\u20095:00\u202fPM" for day in _WEEK]}
        dogs = {"atmosphere": {"allows_dogs": True}} if one.takes_dogs else {}
        found = {**_modern(one), "types": [_TYPES.get(one.word, "point_of_interest"), "establishment"], **dogs}
        return {**found, "phone": one.phone, "website": "", "opening_hours": hours, "reviews": []}

    def directions(self, given: Mapping[str, Any]) -> object:
        origin, destination = _at(given["origin"]), _at(given["destination"])
        seconds, metres = travel(origin, destination, _MODES[given.get("mode", "driving")])
        line = polyline.encode([(origin.lat, origin.lon), (destination.lat, destination.lon)], 5)
        route = {"distanceMeters": metres, "duration": f"{seconds}s", "polyline": {"encodedPolyline": line}}
        totals = {"total_distance": _km(metres), "total_duration": _min(seconds)}
        return {"routes": [route], "summary": "synthetic", **totals, "arrival_time": "", "departure_time": ""}

    def matrix(self, given: Mapping[str, Any]) -> object:
        if len(given["origins"]) * len(given["destinations"]) > 625:
            raise StumbleError("Request contains too many elements: INVALID_ARGUMENT")
        mode = _MODES[given.get("mode", "driving")]
        ways = [[travel(_at(a), _at(b), mode) for b in given["destinations"]] for a in given["origins"]]
        grids = {"distances": [[_km(m) for _, m in row] for row in ways]}
        grids |= {"durations": [[_min(s) for s, _ in row] for row in ways]}
        return {**grids, "origin_addresses": given["origins"], "destination_addresses": given["destinations"]}

    def weather(self, given: Mapping[str, Any]) -> object:
        first = self.clock.now().date()
        count = min(int(given.get("forecastDays", 5)), 5)  # a page holds five, and the server asks for one page
        return {"forecastDays": [_forecast(first + timedelta(days=ahead)) for ahead in range(count)]}


def _known(ground: Ground, place_id: str, otherwise: str) -> Landmark:
    one = next((one for one in ground.landmarks if google_id(one) == place_id), None)
    if one is None:
        raise StumbleError(otherwise)
    return one


def _legacy(one: Landmark) -> dict[str, object]:
    where = {"formatted_address": one.address, "location": {"lat": one.at.lat, "lng": one.at.lon}}
    return {"name": one.name, **where, "place_id": google_id(one), "types": [_TYPES.get(one.word, "point_of_interest")]}


def _modern(one: Landmark) -> dict[str, object]:
    where = {"address": one.address, "location": {"lat": one.at.lat, "lng": one.at.lon}}
    told = {"rating": 0, "total_ratings": 0, "open_now": None, "price_level": None}
    return {"name": one.name, "place_id": google_id(one), **where, "primary_type": _TYPES.get(one.word), **told}


def _forecast(day: Any) -> dict[str, object]:
    half = {
        "weatherCondition": {"description": {"text": "Partly cloudy", "languageCode": "en"}, "type": "PARTLY_CLOUDY"},
        "precipitation": {"qpf": {"quantity": 0.4, "unit": "MILLIMETERS"}},
    }
    warm = {
        name: {"degrees": value, "unit": "CELSIUS"}
        for name, value in (("maxTemperature", 21.4), ("minTemperature", 9.6))
    }
    shown = {"displayDate": {"year": day.year, "month": day.month, "day": day.day}}
    return {**shown, "daytimeForecast": half, "nighttimeForecast": half, **warm}


def _at(text: str) -> Point:
    lat, lon = (float(part) for part in text.split(","))
    return Point(lat, lon)


def _km(metres: int) -> dict[str, object]:
    return {"value": metres, "text": f"{metres / 1000:.1f} km"}


def _min(seconds: int) -> dict[str, object]:
    return {"value": seconds, "text": f"{round(seconds / 60)} mins"}
