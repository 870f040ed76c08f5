"""GPX 1.1: a route per day, and a waypoint for each sight and lodging."""

import gpxpy.gpx

from metier.toolkit import Delivery, Settings
from metier_maps.itinerary import Day, Itinerary
from metier_maps.rendering.document import itinerary_of, notice_of
from metier_maps.rendering.wording import clock, day_name, dogs, one_line, opening


def render_gpx(delivery: Delivery, settings: Settings) -> bytes:
    """Returns the trip as GPX 1.1 (topografix.com/GPX/1/1)."""
    itinerary = itinerary_of(delivery)
    gpx = gpxpy.gpx.GPX()
    gpx.creator = "metier"
    gpx.name = one_line(itinerary.title)
    gpx.description = notice_of(itinerary)
    gpx.copyright_author = one_line(itinerary.region.attribution)
    gpx.waypoints.extend(_waypoints(itinerary))
    gpx.routes.extend(_route(number, day) for number, day in enumerate(itinerary.days, start=1))
    return (gpx.to_xml(version="1.1", prettyprint=True) + "\n").encode()


def _waypoints(itinerary: Itinerary) -> list[gpxpy.gpx.GPXWaypoint]:
    points = []
    for day in itinerary.days:
        for stop in day.stops:
            if stop.kind == "sight":
                comment = f"{day_name(day)}, {clock(stop.begin)}-{clock(stop.leave)}: {opening(stop.hours)}"
                points.append(_waypoint(stop.place.name, stop.lat, stop.lon, "Scenic Area", comment))
        if day.night is not None:
            night = day.night
            points.append(
                _waypoint(night.place.name, night.lat, night.lon, "Lodging", f"{day_name(day)}: {dogs(night)}")
            )
    return points


def _waypoint(name: str, lat: float, lon: float, symbol: str, comment: str) -> gpxpy.gpx.GPXWaypoint:
    return gpxpy.gpx.GPXWaypoint(lat, lon, name=one_line(name), symbol=symbol, comment=one_line(comment))


def _route(number: int, day: Day) -> gpxpy.gpx.GPXRoute:
    route = gpxpy.gpx.GPXRoute(name=f"Day {number}, {day_name(day)}", number=number)
    for leg in day.legs:
        for lat, lon in leg.line:
            last = route.points[-1] if route.points else None
            if last is None or (last.latitude, last.longitude) != (lat, lon):
                route.points.append(gpxpy.gpx.GPXRoutePoint(lat, lon))
    return route
