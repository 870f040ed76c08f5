"""A data folder with a small wiki, and a client of the real server over it."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from metier.toolkit import Settings
from metier_research.server import make_server
from metier_research.world.sample import install_sample
from tests.toolkits.desk import Desk, desks_of
from tests.toolkits.research.server.library import install

Open = Callable[[Settings], AbstractAsyncContextManager[Desk]]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a home with the wiki of the harbour: `data` is <home>/research."""
    settings = Settings(tmp_path_factory.mktemp("home") / "research")
    install(settings.data)
    return settings


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the sample wiki."""
    home = tmp_path_factory.mktemp("sample")
    install_sample(Settings(home / "research"))
    return home


@pytest.fixture
def desk() -> Open:
    """Opens the server over settings, and gives a client of it."""
    return desks_of(make_server)
