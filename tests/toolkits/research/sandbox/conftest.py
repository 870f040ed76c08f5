"""The strengths of isolation that this machine has."""

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from metier_research.sandbox.isolation import REAL, probe
from metier_research.sandbox.output import Output
from metier_research.sandbox.running import run_python

Run = Callable[..., Output]


@pytest.fixture(scope="session", params=REAL)
def strength(request: pytest.FixtureRequest) -> str:
    standing = probe(request.param)
    if standing.missing:
        pytest.skip(f"{request.param}: {standing.missing}")
    return standing.strength


@pytest.fixture(scope="session")
def run(strength: str) -> Run:
    def run_here(code: str, **options: Any) -> Output:
        return run_in(strength, code, **options)

    return run_here


def run_in(isolation: str, code: str, **options: Any) -> Output:
    """Returns what came of a program; it has 20 seconds and 256 MiB unless told otherwise."""
    wanted = {"timeout_s": 20.0, "memory_mb": 256, **options}

    async def go() -> Output:
        return await run_python(code, isolation=isolation, **wanted)

    return anyio.run(go)


@pytest.fixture(scope="session")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, object]]:
    """What there is to reach: a server, a socket, a secret, a parent."""
    folder = Path(os.path.realpath(tmp_path_factory.mktemp("o")))
    (folder / "secret").write_text("the secret")
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as unix:
        unix.bind(str(folder / "socket"))
        unix.listen()
        unix.set_inheritable(True)
        with socket.socket(socket.AF_UNIX) as abstract:
            abstract.bind("\0metier-" + str(os.getpid()))
            abstract.listen()
            yield {
                "folder": str(folder),
                "port": tcp.getsockname()[1],
                "parent": os.getpid(),
                "home": str(Path.home()),
                "project": str(Path(__file__).parents[4]),
            }
