from pathlib import Path

import pytest

from metier_sglang.text.rendering import Renderer
from metier_sglang.tiny.checkpoint import write_random


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("random")
    write_random(folder)
    return folder


@pytest.fixture(scope="session")
def renderer(checkpoint: Path) -> Renderer:
    return Renderer.read(checkpoint)
