"""Asynchronous tests here run on asyncio, which is what the runtime uses."""

import pytest


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
