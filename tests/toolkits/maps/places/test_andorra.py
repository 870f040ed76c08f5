from collections.abc import Callable
from pathlib import Path

import pytest

from metier.toolkit import Settings
from metier_maps.facts import Tri
from metier_maps.places.regions import Installed, add_region, list_regions
from metier_maps.places.store import StoredGazetteer
from metier_maps.routing.router import Point


def test_the_region_says_what_it_is(andorra: Installed) -> None:
    region = andorra.region
    assert (region.name, region.country, region.timezone) == ("andorra", "AD", "Europe/Andorra")
    assert region.osm_date == "2025-01-19"
    assert region.attribution == "© OpenStreetMap contributors"
    assert not region.fictional
    assert region.road_arcs > 10_000


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Sant Joan de Caselles", "Sant Joan de Caselles"),
        ("Sant Joan de Casselles", "Sant Joan de Caselles"),
        ("sant joan caselles", "Sant Joan de Caselles"),
        ("Caselles", "Sant Joan de Caselles"),
        ("Mirador Roc del Quer", "Mirador Roc del Quer"),
        ("Mirador Roc de Quer", "Mirador Roc del Quer"),
        ("Andorra la Vella", "Andorra la Vella"),
        ("andora la vela", "Andorra la Vella"),
        ("安道尔城", "Andorra la Vella"),
        ("Ordino", "Ordino"),
        ("Sant Julia de Loria", "Sant Julià de Lòria"),
    ],
)
def test_what_people_type_finds_the_place_first(andorran: StoredGazetteer, typed: str, found: str) -> None:
    assert andorran.search(typed)[0].place.name == found


def test_there_are_as_many_lodgings_as_were_counted_by_hand(andorra: Installed, andorran: StoredGazetteer) -> None:
    assert andorra.region.lodgings >= 192
    assert len(andorran.search(category="lodging", limit=500)) == andorra.region.lodgings
    assert len(andorran.search(category="museum", limit=500)) >= 17
    assert len(andorran.search(category="viewpoint", limit=500)) >= 50
    assert len(andorran.search(category="charging station", limit=500)) >= 10


def test_only_hotels_that_say_so_take_dogs(andorran: StoredGazetteer) -> None:
    friendly = andorran.search(category="pet-friendly lodging", limit=500)
    assert [hit.place.dogs.value for hit in friendly] == [Tri.YES] * len(friendly)
    assert len(friendly) <= 2


def test_what_lies_along_the_main_road_comes_in_order(andorran: StoredGazetteer) -> None:
    towns = [andorran.search(name)[0].place for name in ("Sant Julià de Lòria", "Andorra la Vella", "Canillo")]
    line = [Point(town.lat, town.lon) for town in towns]
    hits = andorran.along(line, category="fuel", buffer_m=500, limit=100)
    assert len(hits) >= 10
    assert all((hit.distance_m or 0) <= 500 for hit in hits)
    assert [hit.place.lat for hit in andorran.along(line, category="town", buffer_m=10)] == [town.lat for town in towns]


@pytest.mark.parametrize(
    ("file", "name", "country", "zone", "lodgings"),
    [
        ("monaco-2023.osm.pbf", "monaco", "MC", "Europe/Monaco", 15),
        ("heidelberg.osm.pbf", "heidelberg", "DE", "Europe/Berlin", 5),
    ],
)
def test_other_extracts_import_alike(
    real_settings: Settings,
    extract: Callable[[str], Path],
    file: str,
    name: str,
    country: str,
    zone: str,
    lodgings: int,
) -> None:
    region = add_region(real_settings, extract(file))
    assert (region.name, region.country, region.timezone) == (name, country, zone)
    assert region.lodgings >= lodgings
    south, west, north, east = region.bbox
    assert north - south < 1
    assert east - west < 2
    assert list_regions(real_settings)
