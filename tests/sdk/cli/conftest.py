"""A stranger's toolkit is installed, and everything is written below a folder of the test."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from metier.cli.main import app
from tests.sdk.cli.environment import Environment

METIER = (sys.executable, "-c", "from metier.cli.main import main; main()")
PARROT = Path(__file__).parent / "parrot" / "metier_parrot.py"

Metier = Callable[..., Result]
Program = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def plugins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the toolkit, as if installed from a wheel."""
    folder = tmp_path_factory.mktemp("plugins")
    shutil.copy(PARROT, folder)
    record = folder / "metier_parrot-1.0.dist-info"
    record.mkdir()
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: metier-parrot\nVersion: 1.0\n")
    (record / "entry_points.txt").write_text("[metier.toolkits]\nparrot = metier_parrot:toolkit\n")
    return folder


@pytest.fixture
def surroundings(plugins: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder of the test; only the parrot is installed."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.syspath_prepend(str(plugins))
    for name in ("METIER_MODEL", "METIER_LOG", "PARROT_HURRY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("METIER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("METIER_TOOLKITS", "parrot")
    monkeypatch.setenv("PYTHONPATH", str(plugins), prepend=os.pathsep)
    return here


@pytest.fixture
def metier(surroundings: Path) -> Metier:
    """Runs the command line in this process."""

    def run(*arguments: str, stdin: str = "") -> Result:
        return CliRunner().invoke(app, list(arguments), input=stdin)

    return run


@pytest.fixture
def program(surroundings: Path) -> Program:
    """Runs the command line as a program of its own."""

    def run(*arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*METIER, *arguments], capture_output=True, text=True, check=False, timeout=60, env={**os.environ, **more}
        )

    return run


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Environment:
    return Environment(monkeypatch)
