"""Every command of the page on modes is run, in its order, and every mode, option and limit that it names is there."""

import re

import pytest

from metier.cli.running.options import read_limits
from metier.limits import Limits
from metier.modes.registry import MODES, find_mode
from metier.profiles.registry import find_profile
from tests.test_docs import ROOT, User, blocks, commands, user

__all__ = ["user"]  # the fixture
PAGE = (ROOT / "docs" / "choose-a-mode.md").read_text(encoding="utf-8")
ABOUT = dict(re.findall(r"^- \*\*(\w+)\*\*(.*?)(?=^- |^## )", PAGE, re.DOTALL | re.MULTILINE))


def test_every_command_of_the_page_on_modes_does_what_it_says(user: User) -> None:
    found = commands(PAGE)
    assert len(found) >= 3
    for command in found:
        done = user.run(command)
        assert done.exit_code == 0, f"$ {command}\n{done.output}"
        assert "run research" not in command or "Rodeskum" in done.stdout
    assert (user.folder / "one" / "report.json").exists()
    assert (user.folder / "two" / "report.json").exists()


def test_the_page_names_every_mode_and_no_other() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == set(MODES)
    named = re.findall(r'(?:mode=|--mode )"?([a-z]+(?:\?[\w=&]+)?)', "\n".join((*blocks("python", PAGE), PAGE)))
    assert len(named) >= 5
    for spelling in named:
        find_mode(spelling)


@pytest.mark.parametrize("name", sorted(ABOUT))
def test_the_defaults_that_the_page_tells_are_those_of_the_mode(name: str) -> None:
    for option, value in re.findall(r"`(\w+)=([\w.]+)`", ABOUT[name]):
        assert str(getattr(find_mode(name), option)) == value


def test_patience_limits_and_profiles_are_as_the_page_says() -> None:
    (patience,) = set(re.findall(r"`patience=([1-9]\d*)`", PAGE))
    assert {str(getattr(find_mode(name), "patience", patience)) for name in MODES} == {patience}
    (limits,) = re.findall(r"^`--limit model_calls=200`(.*?)\.", PAGE, re.DOTALL | re.MULTILINE)
    for limit in re.findall(r"`(\w+)`", limits):
        assert read_limits([f"{limit}=1"]) != Limits()
    for profile in re.findall(r"`--profile (\w+)`", PAGE):
        find_profile("any", profile)
