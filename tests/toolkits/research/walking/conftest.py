"""Async tests run on asyncio, as metier does."""

import pytest


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
