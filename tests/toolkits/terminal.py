"""The command line in this process: what a program of its own would spend on starting is spared."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from metier.cli.main import app

Metier = Callable[..., Result]


def commands_in(folder: Path, home: Path, patch: pytest.MonkeyPatch) -> Metier:
    """Returns what runs commands in the folder, on this home or another; `patch` undoes what they change."""
    patch.chdir(folder)
    patch.setenv("COLUMNS", "200")

    def run(*arguments: str, home: Path = home) -> Result:
        patch.setenv("METIER_HOME", str(home))
        return CliRunner().invoke(app, list(arguments))

    return run
