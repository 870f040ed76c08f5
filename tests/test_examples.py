"""Every example runs offline, as a script, and prints what it promises."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHOWN = {
    "custom_toolkit/tides.py": "high_water='06:40'",
    "deep_research/research_question.py": "0 violated",
    "legal_research/research_tenancy.py": "0 violated",
    "register_mcp_server/ask_before_writing.py": "It is dark. (lamp/put_out",
    "register_mcp_server/borrow_a_clock.py": "It is a quarter past nine. (clock/read_clock",
    "sglang_copilot/count_tokens.py": "It is a quarter past nine.",
    "travel_planning/plan_trip.py": "0 violated",
}


def test_every_example_is_run() -> None:
    assert {str(path.relative_to(ROOT / "examples")) for path in (ROOT / "examples").rglob("*.py")} == set(SHOWN)


@pytest.mark.parametrize("name", sorted(SHOWN))
def test_an_example_runs_and_shows_its_result(name: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / name)],
        cwd=tmp_path,
        env={**os.environ, "METIER_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert SHOWN[name] in done.stdout
