import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def place() -> Iterator[Path]:
    """An empty folder with a short path: a browser makes a socket below it."""
    with tempfile.TemporaryDirectory(prefix="mb-") as folder:
        yield Path(folder)
