"""`metier new toolkit` writes a package that works as it is: found, run, served, and green."""

import os
import subprocess
import sys
from collections.abc import Callable
from keyword import iskeyword
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from typer.testing import Result

from metier.cli.scaffold.package import fill_templates
from metier.discovery import fault_of_name

Metier = Callable[..., Result]

pytestmark = pytest.mark.timeout(180)


def run(*command: str, path: Path, here: Path) -> str:
    """What the command printed; the test fails with its words when it fails."""
    done = subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        text=True,
        check=False,
        cwd=here,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(path), "METIER_TOOLKITS": "", "METIER_HOME": str(here / "home")},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_new_toolkit_is_found_run_and_tested_after_it_is_installed(metier: Metier, surroundings: Path) -> None:
    said = metier("new", "toolkit", "bee-keeping")
    assert said.exit_code == 0, said.stderr
    package, site = surroundings / "metier-bee-keeping", surroundings / "site"
    install = (
        "-m",
        "pip",
        "install",
        "-q",
        "--no-compile",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "--target",
        str(site),
    )
    run(*install, str(package), path=site, here=surroundings)
    program = ("-c", "from metier.cli.main import main; main()")
    listed = run(*program, "toolkits", path=site, here=surroundings)
    assert "bee-keeping" in listed
    answer = run(*program, "run", "bee-keeping", "Measure twice, cut once", path=site, here=surroundings)
    assert "4 words" in answer
    assert "0 violated, 0 unknown" in answer
    assert (surroundings / "bee-keeping" / "answer.json").exists()
    assert "2 passed" in run("-m", "pytest", "-q", "-p", "no:cacheprovider", str(package), path=site, here=surroundings)


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("../evil", "is no name"),
        ("Bees", "is no name"),
        ("bees; rm -rf", "is no name"),
        ("", "is no name"),
        ("-x", "No such option"),
        ("run", "is a command of metier"),
        ("class", "is a word of Python"),
        ("match", "is a word of Python"),
        ("parrot", "is installed already"),
    ],
)
def test_a_name_that_may_not_be_is_refused_and_nothing_written(
    metier: Metier, surroundings: Path, name: str, fault: str
) -> None:
    said = metier("new", "toolkit", name)
    assert said.exit_code == 2
    assert fault in said.stderr
    assert not list(surroundings.iterdir())


def test_a_folder_that_exists_is_left_as_it_is(metier: Metier, surroundings: Path) -> None:
    (surroundings / "metier-bees").mkdir()
    said = metier("new", "toolkit", "bees")
    assert said.exit_code == 2
    assert "exists already" in said.stderr
    assert [path.name for path in surroundings.rglob("*")] == ["metier-bees"]


def test_a_place_that_cannot_be_written_is_one_line(metier: Metier, surroundings: Path) -> None:
    (surroundings / "file").write_text("")
    said = metier("new", "toolkit", "bees", "--path", "file/below")
    assert said.exit_code == 2
    assert said.stderr.startswith("metier: Cannot write to file/below")


@given(st.from_regex(r"[a-z][a-z0-9_-]{0,39}", fullmatch=True))
@settings(deadline=None)
def test_every_name_that_may_be_gives_code_that_compiles(name: str) -> None:
    assume(not fault_of_name(name) and not iskeyword(name))
    for path, text in fill_templates(name).items():
        assert "$" not in path
        if path.endswith(".py"):
            compile(text, path, "exec")
