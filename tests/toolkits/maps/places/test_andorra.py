import pytest

from metier_maps.places.regions import Installed
from metier_maps.places.store import StoredGazetteer


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
