"""Every async test of these folders runs on asyncio, with a gateway of its own that is closed after it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from metier.gateway.gateway import Gateway
from tests.sdk.gateway.envelope.serving import Time


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def gateway(tmp_path: Path, time: Time) -> Iterator[Gateway]:
    made = Gateway(tmp_path / "gateway", clock=time.clock, sleep=time.sleep, chance=lambda: 0.5)
    yield made
    made.close()
