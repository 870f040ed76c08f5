"""Toolkits are found without importing them, and a broken one is reported and breaks nothing else."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier.discovery import check_toolkits, fault_of_name, find_toolkits, load_toolkit
from metier.errors import MissingError

Install = Callable[..., None]


def test_a_toolkit_is_found_with_its_version_and_place(install: Install, tmp_path: Path) -> None:
    install("bees", module="strangers_bees")
    (bees,) = [found for found in find_toolkits() if found.name == "bees"]
    assert (bees.distribution, bees.version, bees.error) == ("strangers_bees", "1.5", "")
    assert Path(bees.location) == tmp_path / "strangers_bees"


def test_an_editable_install_is_shown_where_its_source_is(install: Install, tmp_path: Path) -> None:
    install("bees", module="strangers_edited")
    record = tmp_path / "strangers_edited" / "strangers_edited-1.5.dist-info" / "direct_url.json"
    record.write_text('{"url": "file:///somewhere/my%20bees", "dir_info": {"editable": true}}')
    assert [found.location for found in find_toolkits() if found.name == "bees"] == ["/somewhere/my bees"]


@pytest.mark.parametrize("record", ["", "[]", "{", '{"dir_info": []}', '{"dir_info": {"editable": true}}'])
def test_a_damaged_record_of_an_install_hides_nothing(install: Install, tmp_path: Path, record: str) -> None:
    install("bees", module="strangers_damaged")
    (tmp_path / "strangers_damaged" / "strangers_damaged-1.5.dist-info" / "direct_url.json").write_text(record)
    assert [found.name for found in find_toolkits() if found.name == "bees"] == ["bees"]


def test_a_toolkit_that_is_sound_is_loaded(install: Install) -> None:
    install("bees", module="strangers_loaded")
    assert load_toolkit("bees").summary == "A trade."


def test_finding_toolkits_imports_none_of_them(install: Install, tmp_path: Path) -> None:
    install("bees", module="strangers_unseen", code="raise SystemExit('imported')")
    code = "import sys; from metier.discovery import find_toolkits; print([f.name for f in find_toolkits()]); "
    code += "print(sorted({'mcp', 'pydantic_ai', 'metier_maps', 'strangers_unseen', 'typer'} & set(sys.modules)))"
    path = str(tmp_path / "strangers_unseen")
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": path}
    ).stdout.splitlines()
    assert "'bees'" in said[0]
    assert said[1] == "[]"


@pytest.mark.parametrize(
    ("module", "code", "fault"),
    [
        ("broken_syntax", "def (", "SyntaxError"),
        ("broken_import", "import no_such_module_of_anyone", "no_such_module_of_anyone"),
        ("broken_raise", "raise ZeroDivisionError", "ZeroDivisionError: no message"),
        ("broken_exit", "raise SystemExit(3)", "SystemExit: 3"),
        ("broken_absent", "", "AttributeError"),
        ("broken_kind", "toolkit = 'maps'", "names a str"),
    ],
)
def test_a_broken_toolkit_is_an_entry_with_an_error_and_the_rest_still_loads(
    install: Install, module: str, code: str, fault: str
) -> None:
    install("broken", module=module, code=code)
    install("bees", module=f"beside_{module}")
    checked = {found.name: (found, toolkit) for found, toolkit in check_toolkits()}
    assert fault in checked["broken"][0].error
    assert checked["broken"][1] is None
    assert checked["bees"][1] is not None
    with pytest.raises(MissingError, match=rf"(?s)broken.*pip uninstall {module}"):
        load_toolkit("broken")


def test_a_toolkit_of_another_version_of_the_contract_says_so(install: Install) -> None:
    install("bees", module="strangers_old", more="api_version=99")
    with pytest.raises(MissingError, match="speaks version 99 of the toolkit contract"):
        load_toolkit("bees")


def test_a_toolkit_under_another_name_than_its_own_is_refused(install: Install) -> None:
    install("wasps", module="strangers_wasps", code=None, more="sample='x'")
    install("bees", module="strangers_masked", code="from strangers_wasps import toolkit")
    with pytest.raises(MissingError, match="calls itself 'wasps'"):
        load_toolkit("bees")


def test_two_packages_with_one_name_are_both_refused(install: Install) -> None:
    install("bees", module="strangers_one")
    install("bees", module="strangers_two")
    with pytest.raises(MissingError, match="Two installed packages"):
        load_toolkit("bees")


@pytest.mark.parametrize("name", ["run", "doctor", "Bees", "../bees", "-bees", "b" * 41])
def test_a_toolkit_may_not_be_called_so(name: str) -> None:
    assert fault_of_name(name)


@given(st.text(max_size=50))
def test_a_name_is_either_safe_or_said_to_be_at_fault(name: str) -> None:
    assert fault_of_name(name) or (name.isascii() and name.islower() and "/" not in name and "." not in name)


def test_a_name_that_is_nearly_right_is_corrected(install: Install) -> None:
    install("beekeeping", module="strangers_near")
    with pytest.raises(MissingError, match="Installed: beekeeping"):
        load_toolkit("beekeping")


def test_only_the_toolkits_that_are_allowed_are_there(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    install("bees", module="strangers_allowed")
    install("wasps", module="strangers_kept_out")
    monkeypatch.setenv("METIER_TOOLKITS", " bees , ants")
    assert [found.name for found in find_toolkits()] == ["bees"]
    monkeypatch.setenv("METIER_TOOLKITS", "ants")
    with pytest.raises(MissingError, match="METIER_TOOLKITS leaves none"):
        load_toolkit("bees")
