"""One contract, three ways: the fake server, a real SGLang server on the CPU, and the OpenAI-compatible route of both.

The tests of the real server carry the marker `real_server`; `make sglang-test` runs them in one process, and prints
what was proved.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from metier_sglang.fake.flags import Flags
from metier_sglang.fake.server import FakeServer
from metier_sglang.tiny.checkpoint import write_random
from metier_sglang.tiny.fitting import build
from metier_sglang.tiny.scripts import reply_for
from tests.adapters.sglang.contract.target import PLAIN, Target
from tests.adapters.sglang.cpu.installing import FOLDER, PYTHON
from tests.adapters.sglang.cpu.starting import require_server, serve
from tests.adapters.sglang.tiny.travel import make_home, record

CONTEXT = 32_768  # tokens: the trip of test_travel.py has to fit
# The first of them fits the weights, for minutes, and starts the server.
REAL = pytest.param("real", marks=[pytest.mark.real_server, pytest.mark.timeout(900)])


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["fake", REAL])
def target(request: pytest.FixtureRequest) -> Target:
    found: Target = request.getfixturevalue(f"{request.param}_target")
    found.empty(within_s=30)
    return found


@pytest.fixture(params=["native", "compatible"])
def route(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def fake_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    write_random(folder)
    return folder


@pytest.fixture(scope="session")
def fake_target(fake_folder: Path) -> Iterator[Target]:
    with FakeServer(fake_folder, reply_for) as server:
        yield Target(server.url, fake_folder, Flags().context, server)


@pytest.fixture(scope="session")
def fitted(fake_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns the folder of weights that say the scripts and the trip by heart; made once, in minutes."""
    require_server()
    trip = record(make_home(tmp_path_factory.mktemp("home")), fake_folder)
    return build(FOLDER / "weights", python=PYTHON, exchanges=trip, report=tell)


@pytest.fixture(scope="session")
def real_target(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """Gives the real server: of this machine, or the one of the tiny model that METIER_SGLANG_URL names."""
    if url := os.environ.get("METIER_SGLANG_URL"):
        told = httpx.get(f"{url}/model_info", **PLAIN).json()
        context = httpx.get(f"{url}/v1/models", **PLAIN).json()["data"][0]["max_model_len"]
        yield Target(url, Path(told["tokenizer_path"]), context)
        return
    folder: Path = request.getfixturevalue("fitted")
    room = ["--context-length", str(CONTEXT), "--max-total-tokens", str(2 * CONTEXT)]
    with serve(folder, tmp_path_factory.mktemp("real"), *room) as server:
        yield Target(server.url, folder, CONTEXT)


def tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "real_server: needs the SGLang server of `make sglang-cpu`")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    proved = [report.nodeid for report in terminalreporter.getreports("passed") if _is_real(report)]
    for nodeid in proved:
        terminalreporter.write_line(f"PROVED ON THE REAL SERVER: {_sentence(nodeid)}")


def _is_real(report: Any) -> bool:
    return "contract/" in report.nodeid and "real_server" in report.keywords


def _sentence(nodeid: str) -> str:
    name, _, case = nodeid.rpartition("::")[2].removeprefix("test_").partition("[")
    details = [part for part in case.removesuffix("]").split("-") if part not in {"real", ""}]
    return name.replace("_", " ") + (f" ({', '.join(details)})" if details else "")
