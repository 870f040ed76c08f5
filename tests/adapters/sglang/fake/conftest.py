from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from metier_sglang.fake.server import FakeServer
from metier_sglang.text.dialogue import Dialogue, Message
from metier_sglang.text.rendering import Renderer
from metier_sglang.tiny.checkpoint import write_random
from metier_sglang.tiny.scripts import reply_for

ASKED = Dialogue((Message("user", "Say hello."),), thinking=False)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a checkpoint of the tiny model; its weights are of no use to a fake."""
    made = tmp_path_factory.mktemp("tiny")
    write_random(made)
    return made


@pytest.fixture
def server(folder: Path) -> Iterator[FakeServer]:
    with FakeServer(folder, reply_for) as running:
        yield running


@pytest.fixture
def client(server: FakeServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, trust_env=False, verify=False, timeout=20) as opened:
        yield opened


@pytest.fixture(scope="module")
def renderer(folder: Path) -> Renderer:
    return Renderer.read(folder)


@pytest.fixture
def prompt(renderer: Renderer) -> list[int]:
    return renderer.begin(ASKED)
