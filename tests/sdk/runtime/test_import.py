"""`import metier` is light: it loads neither pydantic-ai nor mcp nor a toolkit."""

import json
import subprocess
import sys

import metier

HEAVY = ("pydantic", "pydantic_ai", "mcp", "numpy", "rich", "typer", "sqlite3", "metier_maps", "metier.runtime")


def test_importing_metier_loads_nothing_heavy() -> None:
    code = "import json, sys, metier; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert [name for name in json.loads(done.stdout) if name in HEAVY] == []


def test_every_public_name_is_there_and_they_are_few() -> None:
    assert len(metier.__all__) <= 25
    assert [name for name in metier.__all__ if getattr(metier, name, None) is None] == []
    assert set(metier.__all__) <= set(dir(metier))


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    assert not hasattr(metier, "nonsense")
