"""The law of the fictional country, installed once; and a client of the real server over it."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest

from metier.toolkit import Settings
from metier_legal.server import make_server
from metier_legal.world.sample import install_sample
from tests.toolkits.desk import Desk, desks_of

TODAY = "2026-11-26"


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a home whose corpus is the fictional country's: `data` is <home>/legal."""
    settings = Settings(tmp_path_factory.mktemp("home") / "legal", {"today": TODAY})
    install_sample(settings)
    return settings


Open = Callable[[Settings], AbstractAsyncContextManager[Desk]]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def desk() -> Open:
    """Opens the server over settings, and gives a client of it."""
    return desks_of(make_server)
