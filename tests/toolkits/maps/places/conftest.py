from collections.abc import Callable
from pathlib import Path

import pytest

from metier.toolkit import Settings
from metier_maps.places.regions import Installed, find_region
from metier_maps.places.store import StoredGazetteer, open_gazetteer

EXTRACTS = Path(__file__).resolve().parents[5] / "shared/data/maps/osm"


@pytest.fixture(scope="session")
def extract() -> Callable[[str], Path]:
    if not EXTRACTS.is_dir():
        pytest.skip("the folder of real extracts, ../shared/data/maps/osm, is not beside this checkout")
    return lambda name: EXTRACTS / name


@pytest.fixture(scope="session")
def real_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def andorra(real_andorra: Settings) -> Installed:
    return find_region(real_andorra, "andorra")


@pytest.fixture(scope="session")
def andorran(andorra: Installed) -> StoredGazetteer:
    return open_gazetteer(andorra)
