"""Andorra as it is, for the planner's tests."""

import pytest

from metier.toolkit import Settings
from metier_maps.places.regions import find_region
from metier_maps.places.store import open_gazetteer
from metier_maps.routing.offline import open_router
from tests.toolkits.maps.planning.land import Land


@pytest.fixture(scope="session")
def andorra(real_andorra: Settings) -> Land:
    installed = find_region(real_andorra, "andorra")
    return Land(open_gazetteer(installed), open_router(installed.folder, installed.region))
