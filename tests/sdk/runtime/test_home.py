"""Folders: where they are, and errors that name them."""

from pathlib import Path

import pytest

from metier.errors import InputError, StorageError
from metier.home import home_folder, make_folder, run_folder, toolkit_folder, write_atomically


def test_the_home_is_what_the_environment_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METIER_HOME", str(tmp_path))
    assert home_folder() == tmp_path
    monkeypatch.delenv("METIER_HOME")
    assert "metier" in str(home_folder())


def test_a_home_of_nobody_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METIER_HOME", "~no-such-user/metier")
    with pytest.raises(InputError, match="METIER_HOME='~no-such-user/metier'"):
        home_folder()


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", ".hidden", "a\\b", "x" * 101, "a\n"])
def test_a_name_that_could_lead_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError):
        run_folder(tmp_path, name)
    with pytest.raises(InputError):
        toolkit_folder(tmp_path, name)


def test_no_toolkit_takes_the_folder_of_the_runs(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="runs"):
        toolkit_folder(tmp_path, "runs")


def test_a_folder_that_cannot_be_made_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="METIER_HOME") as caught:
        make_folder(tmp_path / "file" / "below")
    assert str(tmp_path / "file" / "below") in caught.value.message


def test_a_file_is_replaced_whole_and_leaves_no_half_behind(tmp_path: Path) -> None:
    write_atomically(tmp_path / "trace.json", b"one")
    write_atomically(tmp_path / "trace.json", b"two")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("trace.json", b"two")]
    with pytest.raises(StorageError):
        write_atomically(tmp_path / "absent" / "trace.json", b"x")
