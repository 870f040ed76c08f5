"""What a live source told is never taken for what the map or the router on this machine told."""

from dataclasses import replace
from datetime import date

import pytest

from metier.evidence import Citation, Evidence
from metier_maps.itinerary import Weather
from metier_maps.providers.amap.wire import AMAP
from metier_maps.providers.google.wire import GOOGLE
from metier_maps.providers.records import (
    Distance,
    Sighting,
    Sky,
    Source,
    make_place,
    record_sighting,
    record_sky,
    record_way,
)
from metier_maps.records import Way
from metier_maps.routing.router import Point
from tests.toolkits.maps.checks.conftest import Trip, write_trip

SOURCES = pytest.mark.parametrize("source", [AMAP, GOOGLE])
HEARD = "2026-12-01T09:00:00.000Z"


def with_evidence(trip: Trip, item: Evidence) -> Trip:
    return replace(trip, evidence={**trip.evidence, item.id: item})


@SOURCES
def test_a_live_drive_never_proves_a_leg_not_even_with_its_own_label(source: Source) -> None:
    trip = write_trip()
    day = trip.itinerary.days[0]
    leg = day.legs[0]
    assert trip.rules() == set()
    for label in ("Amap", leg.router):
        found = Distance(leg.duration_s, leg.distance_m, label)
        record = record_way(source, "maps_directions", Way(leg.origin, leg.destination, leg.mode, None), found, HEARD)
        cited = leg.model_copy(update={"citations": (Citation(record.id),), "router": label})
        days = (day.model_copy(update={"legs": (cited, *day.legs[1:])}), *trip.itinerary.days[1:])
        mixed = replace(trip, itinerary=trip.itinerary.model_copy(update={"days": days}))
        assert "leg_matches_router" in with_evidence(mixed, record).rules()


@SOURCES
def test_a_live_place_is_no_place_of_the_map(source: Source) -> None:
    trip = write_trip()
    night = trip.itinerary.days[0].night
    assert night is not None
    seen = Sighting(id="B0FAKE", name=night.place.name, at=Point(night.lat, night.lon), words=("hotel",))
    record = record_sighting(source, "details", make_place(source, seen, HEARD), HEARD)
    cited = night.model_copy(update={"citations": (Citation(record.id),)})
    days = (trip.itinerary.days[0].model_copy(update={"night": cited}), *trip.itinerary.days[1:])
    mixed = replace(trip, itinerary=trip.itinerary.model_copy(update={"days": days}))
    assert "lodging" in with_evidence(mixed, record).rules()


@SOURCES
def test_a_live_forecast_is_not_that_of_the_weather_service(source: Source) -> None:
    trip = write_trip()
    day = trip.itinerary.days[0]
    sky = Sky("clear sky (by a live source)", min_c=1.0, max_c=2.0)
    record = record_sky(source, "maps_weather", (Point(42.5, 1.5), date(2026, 12, 4)), sky, HEARD)
    told = day.model_copy(update={"weather": Weather(known=True, text=sky.text, citations=(Citation(record.id),))})
    mixed = replace(trip, itinerary=trip.itinerary.model_copy(update={"days": (told, *trip.itinerary.days[1:])}))
    assert "weather" in with_evidence(mixed, record).rules()
