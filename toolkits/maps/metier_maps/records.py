"""Evidence of this trade: how a place, a leg and a trip are written down, so that equal facts have equal ids."""

from dataclasses import dataclass
from datetime import date

from metier.evidence import Evidence, record_evidence
from metier_maps.itinerary import Itinerary
from metier_maps.place import Place, Region
from metier_maps.request import PlaceRef
from metier_maps.routing.router import Mode, Route, Router


def record_region(region: Region) -> Evidence:
    """Returns the evidence of a region: its zone, country, date, licence and attribution."""
    return record_evidence(
        source=f"map:{region.id}",
        locator="region",
        text=f"{region.name}: {region.attribution}, {region.licence}",
        value=region.model_dump(mode="json"),
        recorded=region.osm_date,
    )


def record_place(region: Region, place: Place) -> Evidence:
    """Returns the evidence of a place: its value is the whole Place."""
    where = f"{place.name} ({', '.join(place.categories) or 'place'}) at {place.lat:.5f}, {place.lon:.5f}"
    return record_evidence(
        source=f"map:{region.id}",
        locator=place.id,
        text=where,
        value=place.model_dump(mode="json"),
        recorded=region.osm_date,
    )


PLANNER = "planner"
GIVEN = "itinerary as given"


@dataclass(frozen=True, slots=True)
class Way:
    """What is asked of a router: from where to where, how, and on which day (None: no seasonal closure applies)."""

    origin: PlaceRef
    destination: PlaceRef
    mode: Mode
    on: date | None


def record_leg(router: Router, way: Way, route: Route) -> Evidence:
    """Returns the evidence of a leg: its value names both ends, mode, day, seconds, metres and the router's label."""
    origin, destination, mode, on = way.origin, way.destination, way.mode, way.on
    label = router.label
    day = on.isoformat() if on else "any day"
    return record_evidence(
        source=f"router:{router.source}",
        locator=f"route/{mode}/{origin.id}/{destination.id}/{day}",
        text=f"{origin.name} to {destination.name} by {mode}: {route.duration_s} s, {route.distance_m} m ({label})",
        value={
            "origin": origin.id,
            "destination": destination.id,
            "mode": mode,
            "on": on.isoformat() if on else None,
            "duration_s": route.duration_s,
            "distance_m": route.distance_m,
            "router": label,
        },
    )


def record_trip(itinerary: Itinerary, *, source: str = PLANNER) -> Evidence:
    """Returns the evidence of a whole trip: its value is the Itinerary.

    `source` says who made it: the planner, or a caller who sent it whole (GIVEN), whose words prove nothing.
    """
    return record_evidence(
        source=source,
        locator=f"trip/{itinerary.region.id}/{itinerary.request.start_date}",
        text=itinerary.title,
        value=itinerary.model_dump(mode="json"),
    )
