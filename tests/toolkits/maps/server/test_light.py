"""A command that needs little loads little."""

import subprocess
import sys

import pytest
from typer.main import get_group

from metier_maps.commands import Commands, commands

HEAVY = ("pydantic_ai", "vroom", "pandas", "scipy", "PIL")


def modules_after(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


@pytest.mark.parametrize("statement", ["import metier_maps", "import metier_maps.commands"])
def test_the_plug_in_is_found_without_what_plans_or_talks_to_models(statement: str) -> None:
    assert modules_after(statement).isdisjoint(HEAVY)


def test_every_command_that_is_listed_is_there_with_the_help_that_is_shown() -> None:
    listed = get_group(commands).list_commands(None)  # type: ignore[arg-type]
    assert listed == [*Commands.entries]
    for name in listed:
        words = Commands.entries[name].help.rstrip(".")
        assert (Commands.load(name).help or "").startswith(words), name
