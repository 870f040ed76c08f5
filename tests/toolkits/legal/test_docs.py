"""Each command of the page "Bring your own law" does what the page says, on the files that it shows."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "bring-your-own-law.md").read_text(encoding="utf-8")
ABOUT = (ROOT / "toolkits" / "legal" / "README.md").read_text(encoding="utf-8")
METIER = (sys.executable, "-m", "metier")


def blocks(kind: str, page: str = PAGE) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", page, re.DOTALL)


def run(command: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["sh", "-c", command.replace("metier", f"{METIER[0]} -m metier", 1)],
        cwd=folder,
        env={**os.environ, "METIER_HOME": str(folder / "home"), "COLUMNS": "160"},
        capture_output=True,
        text=True,
        timeout=100,
    )


@pytest.mark.timeout(240)
def test_every_command_of_the_page_does_what_it_says(tmp_path: Path) -> None:
    law, questions = blocks("json")
    (tmp_path / "my-law.jsonl").write_text(law, encoding="utf-8")
    (tmp_path / "questions.jsonl").write_text(questions, encoding="utf-8")
    (tmp_path / "brief.md").write_text(blocks("markdown")[0], encoding="utf-8")
    commands = [line for block in blocks("console") for line in block.splitlines() if line]
    said = {}
    for command in commands:
        done = run(command, tmp_path)
        expected = 1 if " check " in command else 0
        assert done.returncode == expected, f"$ {command}\n{done.stdout}\n{done.stderr}"
        said[command.split('"')[0].strip()] = done.stdout
    memo = next(text for command, text in said.items() if " run " in f" {command} ")
    assert "while it is stored in the harbour" in memo
    assert "amended since (1 January 2022)" in memo
    checked = said["metier legal check brief.md --on 2020-05-05"]
    assert checked.count("QUOTE_MISMATCH") == 1  # the first quote is right, as the page says
    assert "NO_SUCH_PIN" in checked
    assert "carried" in checked


@pytest.mark.timeout(240)
def test_every_command_of_the_toolkits_page_runs(tmp_path: Path) -> None:
    commands = [line for block in blocks("console", ABOUT) for line in block.splitlines() if line]
    assert len(commands) >= 5
    for command in commands:
        done = run(command, tmp_path)
        assert done.returncode == 0, f"$ {command}\n{done.stdout}\n{done.stderr}"
