"""A forecast that is no forecast is unknown, whatever the server sends or the cache on disk holds."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from metier.toolkit import Settings
from metier_maps.routing.router import Point
from metier_maps.weather import Forecaster

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
DAY = date(2026, 12, 4)
GOOD = '{"daily": {"time": ["2026-12-04"], "weather_code": [CODE], "temperature_2m_min": [1], '
GOOD += '"temperature_2m_max": [5], "precipitation_sum": [0]}}'


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Any]:
    """Gives a server on loopback whose next answer is in `.answer`, and settings that use it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = server.answer.encode()  # type: ignore[attr-defined]
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    options = {"weather": "open-meteo", "weather_url": f"http://127.0.0.1:{server.server_address[1]}"}
    server.settings = Settings(tmp_path, options)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("code", ["1e999", "-1e999", "null", '"x"', "[]", "1" + "0" * 400])
def test_a_number_that_is_none_leaves_the_weather_unknown(service: Any, code: str) -> None:
    service.answer = GOOD.replace("CODE", code)
    sky = Forecaster(service.settings).forecast(Point(42.5, 1.5), DAY, now=NOW)
    assert (sky.known, sky.text.split(":")[0]) == (False, "unknown")


@pytest.mark.parametrize("asked", ["", "yesterday", "2026-12-01T11:00:00"])
def test_a_damaged_cache_is_asked_again(service: Any, asked: str) -> None:
    service.answer = GOOD.replace("CODE", "3")
    forecaster = Forecaster(service.settings)
    known = forecaster.forecast(Point(42.5, 1.5), DAY, now=NOW)
    assert known.known
    (kept,) = (service.settings.data / "weather").iterdir()
    kept.write_text(json.dumps(json.loads(kept.read_text()) | {"asked": asked}))
    assert forecaster.forecast(Point(42.5, 1.5), DAY, now=NOW) == known
