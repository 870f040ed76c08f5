"""Limits read from the command line, and where an answer may be written."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier.cli.running.folder import MARK, choose_folder, hold_folder
from metier.cli.running.options import environment_secrets, read_limits, split_names
from metier.errors import InputError
from metier.limits import Limits


def test_limits_are_read_by_name() -> None:
    limits = read_limits(["wall_s=60", " model_calls = 5", "tool:route=3", "tool:matrix=1", "money_usd=0.5"])
    assert (limits.wall_s, limits.model_calls, limits.money_usd) == (60.0, 5, 0.5)
    assert limits.per_tool == {"route": 3, "matrix": 1}
    assert limits.tool_calls == Limits().tool_calls


def test_every_limit_can_be_set() -> None:
    names = [field.name for field in fields(Limits) if field.name not in ("per_tool", "conclude_at")]
    assert read_limits([f"{name}=1" for name in names]) != Limits()


@given(st.lists(st.text(max_size=30), max_size=4))
def test_any_text_is_a_limit_or_an_error_of_the_caller(settings: Sequence[str]) -> None:
    with suppress(InputError):
        assert isinstance(read_limits(settings), Limits)


@pytest.mark.parametrize(
    "setting", ["wall_s=nan", "wall_s=inf", "wall_s=-1", "model_calls=1.5", "tool:=1", "=1", "x=1"]
)
def test_what_is_no_limit(setting: str) -> None:
    with pytest.raises(InputError, match="is no limit"):
        read_limits([setting])


def test_the_values_of_keys_in_the_environment_are_secrets() -> None:
    environment = {
        "AMAP_MAPS_API_KEY": "abcd",
        "HOME": "/home",
        "GITHUB_TOKEN": "efgh",
        "EMPTY_KEY": "",
        "KEYBOARD": "us",
    }
    assert environment_secrets(environment) == ("abcd", "efgh")


def test_toolkits_are_named_once_each() -> None:
    assert split_names("maps, legal,maps") == ("maps", "legal")


def keep(path: Path, task: str) -> None:
    path.mkdir()
    (path / MARK).write_text(f'{{"task": "{task}"}}')


def never(path: Path) -> bool:
    return False


def test_a_folder_of_the_same_task_is_taken_again(tmp_path: Path) -> None:
    keep(tmp_path / "a", "t1")
    assert choose_folder(tmp_path / "a", "t1", named=True, replaces=never) == tmp_path / "a"


def test_a_folder_of_another_task_is_left_alone_unless_it_may_be_replaced(tmp_path: Path) -> None:
    keep(tmp_path / "a", "t1")
    keep(tmp_path / "a-2", "t2")
    assert choose_folder(tmp_path / "a", "t3", named=True, replaces=never) == tmp_path / "a-3"
    assert choose_folder(tmp_path / "a", "t2", named=True, replaces=never) == tmp_path / "a-2"
    assert choose_folder(tmp_path / "a", "t3", named=True, replaces=lambda path: True) == tmp_path / "a"


@pytest.mark.parametrize("mark", ["", "[]", "{", '{"task": 1}', "\xff"])
def test_a_folder_with_a_damaged_mark_is_somebody_elses(tmp_path: Path, mark: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / MARK).write_bytes(mark.encode("latin-1"))
    assert hold_folder(tmp_path / "a").kind == "foreign"


def test_a_link_that_leads_nowhere_is_somebody_elses(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "gone")
    assert hold_folder(tmp_path / "a").kind == "foreign"
    with pytest.raises(InputError, match="did not write"):
        choose_folder(tmp_path / "a", "t", named=True, replaces=never)
