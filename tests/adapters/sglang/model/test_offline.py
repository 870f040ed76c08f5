"""A hub that can not be reached: in a process of its own, since the hub's client reads its switches once."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import copy

import pytest

OPEN = """
import asyncio
from metier_sglang.model.turns.opening import open_weights
from metier_sglang.protocol.info import read_info
asyncio.run(open_weights(read_info({}, {}), tokenizer="some/weights"))
"""
FILES = ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "generation_config.json")


@pytest.mark.parametrize("is_whole", [True, False], ids=["whole", "partly"])
def test_weights_that_are_partly_here_are_not_opened_offline(folder: Path, tmp_path: Path, is_whole: bool) -> None:
    """Without generation_config.json a turn may end at other tokens than it does online."""
    repository = tmp_path / "hub" / "models--some--weights"
    snapshot = repository / "snapshots" / ("0" * 40)
    snapshot.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("0" * 40)
    for name in FILES if is_whole else FILES[:-1]:
        if (folder / name).exists():
            copy(folder / name, snapshot)
        else:
            (snapshot / name).write_text("{}")
    switches = {"HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1"}
    opened = subprocess.run(
        [sys.executable, "-c", OPEN], env={**os.environ, **switches}, capture_output=True, text=True, check=False
    )
    assert (opened.returncode == 0) is is_whole, opened.stderr
    assert is_whole or "MissingError" in opened.stderr
