"""The sample region, imported once; and a client of the real server over them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from metier.toolkit import Settings
from metier_maps.server import make_server
from metier_maps.world.sample import install_sample
from tests.toolkits.desk import Desk, desks_of

Ask = Callable[..., Any]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a home whose maps hold the sample region: `data` is <home>/maps."""
    settings = Settings(tmp_path_factory.mktemp("home") / "maps")
    install_sample(settings)
    return settings


@pytest.fixture
def open_desk() -> Callable[[Settings], AbstractAsyncContextManager[Desk]]:
    return desks_of(make_server)


class Meteo(ThreadingHTTPServer):
    """A server on loopback that answers as Open-Meteo does, or with `reply`; `asked` are the paths it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.status = 200
        self.reply = b""
        super().__init__(("127.0.0.1", 0), _Answer)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Answer(BaseHTTPRequestHandler):
    server: Meteo

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.server.reply)))
        self.end_headers()
        self.wfile.write(self.server.reply)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def meteo() -> Iterator[Meteo]:
    with Meteo() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join(timeout=10)
