"""The tools about regions and places."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from mcp.types import CallToolResult
from pydantic import Field

from metier.evidence import Evidence
from metier.servers.result import tool_result
from metier_maps.hours.calendar import holiday_name
from metier_maps.hours.opening import windows_on
from metier_maps.itinerary import local
from metier_maps.places.gazetteer import Hit
from metier_maps.places.regions import list_regions
from metier_maps.records import record_place
from metier_maps.routing.router import Mode, Point
from metier_maps.server.atlas import Atlas, OpenMap, find_place, find_spot
from metier_maps.server.shapes import Found, OpenInterval, PlaceDetails, Regions, SearchResult

RegionName = Annotated[str, Field(description='Name of the region, as list_regions gives it; "" for the only one.')]
SpotText = Annotated[str, Field(description='A place id such as "osm:node/123", or "latitude,longitude" in degrees.')]
Category = Annotated[
    str,
    Field(description='What kind of place: "museum", "castle", "viewpoint", "pet-friendly hotel", "charging station".'),
]
Limit = Annotated[int, Field(ge=1, le=50)]


class PlaceTools:
    """The tools that look things up on the map."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas

    def list_regions(self) -> Annotated[CallToolResult, Regions]:
        """Returns the regions whose maps are on this machine, and today's date. Call it first."""
        regions = tuple(installed.region for installed in list_regions(self._atlas.settings))
        found = Regions(today=datetime.now(UTC).astimezone().date(), regions=regions)
        lines = [
            f"{r.name}: {r.places} places, {r.lodgings} lodgings, data of {r.osm_date or 'no date'}, {r.attribution}"
            for r in regions
        ]
        text = (
            "\n".join(lines)
            or "There is no map data yet. Add some: metier maps add FILE.osm.pbf, or metier maps sample."
        )
        return tool_result(found, f"Today is {found.today}.\n{text}")

    def search_places(
        self,
        query: Annotated[str, Field(description="A name, in any language; typos are tolerated. May be empty.")] = "",
        category: Category = "",
        region: RegionName = "",
        near: Annotated[str, Field(description="A place id or latitude,longitude: nearest first.")] = "",
        radius_m: Annotated[float | None, Field(gt=0, le=500_000, description="Metres around `near`.")] = None,
        limit: Limit = 10,
    ) -> Annotated[CallToolResult, SearchResult]:
        """Returns places by name, by category, or both, best first, with their ids.

        Give a name to resolve what a person wrote; give a category with `near` to find what is around. Unknown facts
        are null or "unknown"; unknown never means yes.
        """
        opened = self._atlas.open(region)
        centre = find_spot(opened, near).point if near else None
        hits = opened.gazetteer.search(query, category=category, near=centre, radius_m=radius_m, limit=limit)
        found = SearchResult(region=opened.region.name, places=tuple(show_hit(hit) for hit in hits))
        return tool_result(found, _list_places(found.places), evidence=record_hits(opened, hits))

    def place_details(
        self,
        place_id: Annotated[str, Field(description='The id of a place, such as "osm:node/123".')],
        region: RegionName = "",
        on: Annotated[date | None, Field(description="A date: its opening intervals are added.")] = None,
    ) -> Annotated[CallToolResult, PlaceDetails]:
        """Returns everything the map knows of one place, and when it is open on a date, public holidays considered."""
        opened = self._atlas.open(region)
        place = find_place(opened, place_id)
        details = PlaceDetails(place=place)
        if on is not None:
            zone = ZoneInfo(opened.region.timezone)
            windows = windows_on(place, on, zone, opened.region.country)
            details = PlaceDetails(
                place=place,
                on=on,
                open=tuple(
                    OpenInterval(
                        opens=w.opens, closes=w.closes, last_entry=w.last_entry, text=w.text, assumed=w.assumed
                    )
                    for w in windows
                ),
                holiday=holiday_name(on, opened.region.country),
            )
        return tool_result(details, _tell_place(details), evidence=[record_place(opened.region, place)])

    def search_along_route(
        self,
        origin: SpotText,
        destination: SpotText,
        category: Category,
        region: RegionName = "",
        mode: Mode = "car",
        buffer_m: Annotated[float, Field(gt=0, le=50_000, description="How far from the line, in metres.")] = 2000,
    ) -> Annotated[CallToolResult, SearchResult]:
        """Returns up to ten places of a category along the way from origin to destination, in the order of the drive.

        Each has the detour that stopping there costs (detour_s, detour_m), by the router.
        """
        opened = self._atlas.open(region)
        ends = (find_spot(opened, origin).point, find_spot(opened, destination).point)
        way = opened.router.route(*ends, mode=mode, on=None)
        hits = opened.gazetteer.along(way.geometry, category=category, buffer_m=buffer_m, limit=10)
        detours = _measure_detours(opened, ends, hits, mode)
        places = tuple(
            show_hit(hit).model_copy(update={"detour_s": extra_s, "detour_m": extra_m})
            for hit, (extra_s, extra_m) in zip(hits, detours, strict=True)
        )
        found = SearchResult(region=opened.region.name, places=places)
        return tool_result(found, _list_places(places), evidence=record_hits(opened, hits))


def _measure_detours(
    opened: OpenMap, ends: tuple[Point, Point], hits: Sequence[Hit], mode: Mode
) -> list[tuple[int | None, int | None]]:
    """Returns the extra seconds and metres of a stop at each hit; None where the router has no way there."""
    stops = [Point(hit.place.lat, hit.place.lon) for hit in hits]
    there = opened.router.matrix([ends[0]], [ends[1], *stops], mode=mode, on=None)
    back = opened.router.matrix(stops, [ends[1]], mode=mode, on=None) if stops else None
    extras: list[tuple[int | None, int | None]] = []
    for at in range(len(stops)):
        pairs = []
        for to, home in (
            (there.durations_s[0], back.durations_s[at] if back else ()),
            (there.distances_m[0], back.distances_m[at] if back else ()),
        ):
            direct, out, rest = to[0], to[at + 1], home[0] if home else None
            pairs.append(None if direct is None or out is None or rest is None else max(0, out + rest - direct))
        extras.append((pairs[0], pairs[1]))
    return extras


def show_hit(hit: Hit) -> Found:
    """Returns a hit as tools show it."""
    place = hit.place
    return Found(
        id=place.id,
        name=place.name,
        lat=place.lat,
        lon=place.lon,
        categories=place.categories,
        score=round(hit.score, 4),
        matched=hit.matched,
        distance_m=None if hit.distance_m is None else round(hit.distance_m),
        opening_hours=place.opening_hours.value,
        dogs=place.dogs.value or Found.model_fields["dogs"].default,
        stars=place.stars.value,
        price=None if place.price.value is None else str(place.price.value),
        phone=place.phone.value,
        website=place.website.value,
    )


def record_hits(opened: OpenMap, hits: Sequence[Hit]) -> list[Evidence]:
    """Returns the evidence of the places found."""
    return [record_place(opened.region, hit.place) for hit in hits]


def _list_places(places: Sequence[Found]) -> str:
    lines = []
    for place in places:
        detour = "" if place.detour_s is None else f", detour {place.detour_s // 60} min"
        kind = place.categories[0] if place.categories else "place"
        lines.append(
            f"{place.id} {place.name} ({kind}) at {place.lat:.5f},{place.lon:.5f}, score {place.score}{detour}"
        )
    return "\n".join(lines) or "Nothing was found."


def _tell_place(details: PlaceDetails) -> str:
    place = details.place
    lines = [f"{place.name} ({', '.join(place.categories)}), {place.id}"]
    lines.append(f"opening hours: {place.opening_hours.value or 'unknown'}; dogs: {place.dogs.value or 'unknown'}")
    if details.open is not None:
        spans = [f"{local(w.opens)} to {local(w.closes)}{' (assumed)' if w.assumed else ''}" for w in details.open]
        lines.append(f"on {details.on}: {', '.join(spans) or 'closed'} {details.holiday}".rstrip())
    return "\n".join(lines)
