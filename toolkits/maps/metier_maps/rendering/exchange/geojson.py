"""GeoJSON (RFC 7946): legs as lines; sights and lodgings as points."""

import json
from collections.abc import Iterator

from metier.canonical import JSON
from metier.toolkit import Delivery, Settings
from metier_maps.itinerary import Day
from metier_maps.rendering.document import itinerary_of, notice_of
from metier_maps.rendering.wording import one_line


def render_geojson(delivery: Delivery, settings: Settings) -> bytes:
    """Returns the trip as a FeatureCollection; coordinates are longitude, latitude (RFC 7946, section 3.1.1)."""
    itinerary = itinerary_of(delivery)
    collection = {
        "type": "FeatureCollection",
        "name": one_line(itinerary.title),
        "attribution": notice_of(itinerary),
        "features": [feature for n, day in enumerate(itinerary.days, start=1) for feature in _features(n, day)],
    }
    return (json.dumps(collection, ensure_ascii=False, indent=1) + "\n").encode()


def _features(number: int, day: Day) -> Iterator[dict[str, JSON]]:
    for leg in day.legs:
        line: list[JSON] = [[lon, lat] for lat, lon in leg.line]
        if len(line) >= 2:  # a leg between neighbours on the same spot has no line (RFC 7946, section 3.1.4)
            yield _feature(
                {"type": "LineString", "coordinates": line},
                {
                    "day": number,
                    "kind": "leg",
                    "from": one_line(leg.origin.name),
                    "to": one_line(leg.destination.name),
                    "depart": leg.depart.isoformat(),
                    "arrive": leg.arrive.isoformat(),
                    "duration_s": leg.duration_s,
                    "distance_m": leg.distance_m,
                    "router": leg.router,
                },
            )
    for stop in day.stops:
        if stop.kind == "sight":
            times: dict[str, JSON] = {"arrive": stop.arrive.isoformat(), "leave": stop.leave.isoformat()}
            common: dict[str, JSON] = {
                "day": number,
                "kind": "sight",
                "name": one_line(stop.place.name),
                "id": stop.place.id,
            }
            yield _feature({"type": "Point", "coordinates": [stop.lon, stop.lat]}, common | times)
    if day.night is not None:
        night = day.night
        yield _feature(
            {"type": "Point", "coordinates": [night.lon, night.lat]},
            {
                "day": number,
                "kind": "night",
                "name": one_line(night.place.name),
                "id": night.place.id,
                "dogs": night.dogs.value,
            },
        )


def _feature(geometry: dict[str, JSON], properties: dict[str, JSON]) -> dict[str, JSON]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}
