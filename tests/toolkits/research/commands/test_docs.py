"""Each command of the page on deep research, and of the toolkit's page, does what the page says, in its order."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from metier_research import toolkit
from metier_research.server.tools.scholarship import CATALOGUES
from tests.toolkits.terminal import Metier

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs" / "deep-research.md").read_text(encoding="utf-8")
ABOUT = (ROOT / "toolkits" / "research" / "README.md").read_text(encoding="utf-8")
FILES = {renderer.filename for renderer in toolkit.renderers}


def blocks(kind: str, page: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", page, re.DOTALL)


def commands(page: str) -> list[str]:
    return [line for block in blocks("console", page) for line in block.splitlines() if line]


def run_all(page: str, metier: Metier) -> dict[str, str]:
    """Returns what each command of the page said; every one of them must work."""
    said = {}
    for command in commands(page):
        done = metier(*shlex.split(command)[1:])
        allowed = (0, 1) if command.endswith("sandbox") else (0,)  # 1: this machine isolates nothing, and says so
        assert done.exit_code in allowed, f"$ {command}\n{done.stdout}\n{done.stderr}"
        said[command] = done.stdout
    return said


def test_every_command_of_both_pages_does_what_they_say(metier: Metier, tmp_path: Path) -> None:
    (tmp_path / "harbour.jsonl").write_text(blocks("json", PAGE)[0], encoding="utf-8")
    said = run_all(PAGE, metier)
    assert len(said) >= 12
    (report,) = (text for command, text in said.items() if command.startswith("metier run"))
    assert "1,681" in report
    assert {path.name for path in (tmp_path / "report").iterdir()} >= FILES
    for name in FILES:
        assert f"`{name}`" in PAGE
    (found,) = (text for command, text in said.items() if command.endswith('Skerry Lighthouse"'))
    assert found.startswith("1. Skerry Lighthouse")
    assert len(run_all(ABOUT, metier)) >= 5  # on the same home: the sample is not made again


@pytest.mark.parametrize("page", [PAGE, ABOUT], ids=["page", "about"])
def test_the_orders_that_the_pages_show_name_providers_that_there_are(page: str) -> None:
    there = {provider.name for provider in toolkit.providers}
    (block,) = blocks("toml", page)
    named = set(tomllib.loads(block)["toolkits"]["research"]["providers"])
    assert named <= {"local", *there}
    assert page is not ABOUT or named == {"local", *there}
    assert set(CATALOGUES) <= there


def test_every_tool_and_option_of_the_toolkit_is_on_its_page() -> None:
    for word in ("search", "visit", "scholar", "python", "read_file", "explore", "google_scholar", "parse_file"):
        assert f"`{word}`" in ABOUT, word
    for option in ("web=on", "names=seed", "files=", "isolation=", "extractor=", "hits=", "agent=", "private="):
        assert f"--set {option}" in ABOUT, option
