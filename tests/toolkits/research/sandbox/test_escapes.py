"""The known ways out of a sandbox, each tried in each real strength that this machine has."""

import json
import sys
from pathlib import Path

import pytest

from metier_research.sandbox.isolation import available
from tests.toolkits.research.sandbox.conftest import Run, run_in
from tests.toolkits.research.sandbox.escapes import ATTEMPTS, HARMLESS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="isolation needs Linux")

_SOURCE = Path(__file__).with_name("escapes.py")
THROUGH = "got through"


def _program(outside: dict[str, object], attempts: str) -> str:
    source = _SOURCE.read_text().replace("TARGETS: dict[str, object] = {}", f"TARGETS = {outside!r}")
    return f"{source}\nattempt_all({attempts})\n"


def _results(stdout: str) -> dict[str, str]:
    return dict(json.loads(line) for line in stdout.splitlines())


@pytest.fixture(scope="session")
def tried(run: Run, outside: dict[str, object]) -> dict[str, str]:
    return _results(run(_program(outside, "ATTEMPTS")).stdout)


@pytest.fixture(scope="session")
def free(outside: dict[str, object]) -> dict[str, str]:
    return _results(run_in("none", _program(outside, "HARMLESS")).stdout)


def test_this_machine_has_a_real_isolation() -> None:
    assert available().strongest


@pytest.mark.parametrize("name", [attempt.__name__ for attempt in ATTEMPTS])
def test_an_escape_fails(tried: dict[str, str], name: str) -> None:
    assert tried[name] != THROUGH


def test_what_lies_outside_is_as_it_was(tried: dict[str, str], outside: dict[str, object]) -> None:
    folder = Path(str(outside["folder"]))
    assert tried
    assert (folder / "secret").read_text() == "the secret"


@pytest.mark.parametrize("name", [attempt.__name__ for attempt in HARMLESS])
def test_an_attempt_gets_through_without_isolation(free: dict[str, str], name: str) -> None:
    assert free[name] == THROUGH
