"""The command line, in a folder of the test, on homes that the tests fill."""

from pathlib import Path

import pytest

from tests.toolkits.terminal import Metier, commands_in


@pytest.fixture
def metier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Metier:
    """Runs the command line on a home of the test."""
    return commands_in(tmp_path, tmp_path / "home", monkeypatch)
