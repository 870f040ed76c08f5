"""Andorra as it is, for the planner's tests."""

from pathlib import Path

import pytest

from metier.toolkit import Settings
from metier_maps.places.regions import add_region, find_region
from metier_maps.places.store import open_gazetteer
from metier_maps.routing.offline import open_router
from tests.toolkits.maps.planning.land import Land

OSM = Path(__file__).resolve().parents[5] / "shared" / "data" / "maps" / "osm"


@pytest.fixture(scope="session")
def andorra(tmp_path_factory: pytest.TempPathFactory) -> Land:
    pbf = OSM / "andorra-2025.osm.pbf"
    if not pbf.exists():
        pytest.skip(f"no {pbf.name} beside the repository")
    settings = Settings(data=tmp_path_factory.mktemp("andorra"))
    installed = find_region(settings, add_region(settings, pbf, name="andorra").id)
    return Land(open_gazetteer(installed), open_router(installed.folder, installed.region))
