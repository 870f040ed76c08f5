"""Other people's servers are installed by `make third-party`; where CI runs, they have to be."""

import os

import pytest

from tests.third_party.installing import HOW, is_installed


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def installed() -> None:
    if is_installed():
        return
    if os.environ.get("CI"):
        pytest.fail(f"The third-party servers are not installed. Run: {HOW}")
    pytest.skip(f"the third-party servers are not installed; run: {HOW}")
