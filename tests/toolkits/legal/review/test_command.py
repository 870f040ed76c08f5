import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from metier.errors import InputError, MissingError
from metier.toolkit import Settings
from metier_legal.commands.review import app

WRONG = "Tenancy Act § 12(1): “A tenant may end the lease by notice in writing of six months.”"
RIGHT = "Tenancy Act § 12(1): “A tenant may end the lease by notice in writing of three months.”"
UNKNOWN = "See Harbour Act § 77."


@pytest.fixture
def invoke(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Gives what runs `metier legal check` on a text, with the corpus of these tests as the user's."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "legal").symlink_to(settings.data, target_is_directory=True)
    monkeypatch.setenv("METIER_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "200")

    def run(text: str, *options: str, name: str = "brief.md") -> Result:
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return CliRunner().invoke(app, [str(file), *options])

    return run


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [(RIGHT, (), 0), (WRONG, (), 1), (UNKNOWN, (), 0), (UNKNOWN, ("--strict",), 1), ("No law in it.", (), 0)],
)
def test_the_exit_code_says_whether_something_is_wrong(invoke, text, options, code) -> None:
    assert invoke(text, "--on", "2024-06-01", *options).exit_code == code


def test_the_table_says_where_what_and_what_instead(invoke) -> None:
    out = invoke(f"First.\n\n{WRONG}\n\n{UNKNOWN}", "--on", "2024-06-01").output
    assert "¶ 2" in out
    assert "QUOTE_MISMATCH" in out
    assert "“three”, not “six”" in out
    assert "NOT_IN_CORPUS" in out
    assert "brief.md: 2 citations and 1 quotes held against the law of 2024-06-01." in out
    assert "1 ok, 1 wrong, 1 not known to the corpus." in out


def test_json_is_stable(invoke) -> None:
    report = json.loads(invoke(WRONG, "--json", "--on", "2024-06-01").output)
    assert [*report] == ["version", "file", "on", "snapshot", "jurisdiction", "items", "warnings"]
    assert report["version"] == 1
    citation, quote = report["items"]
    fields = "kind status code written citation page block offset says corpus display target"
    assert [*quote] == fields.split()
    assert (citation["status"], citation["code"], citation["target"]) == ("ok", "OK", "xx/tenancy#12")
    assert (quote["status"], quote["code"], quote["citation"]) == ("wrong", "QUOTE_MISMATCH", "Tenancy Act § 12(1)")


def test_the_day_can_be_another(invoke) -> None:
    old = "Tenancy Act § 12(1): “A tenant may end the lease by notice in writing of four weeks.”"
    assert invoke(old, "--on", "2015-01-01").exit_code == 0
    assert invoke(old, "--on", "2024-01-01").exit_code == 1


def test_bad_input_is_an_error_of_the_caller(invoke, tmp_path) -> None:
    with pytest.raises(InputError, match="is no day"):
        raise invoke(RIGHT, "--on", "June").exception
    with pytest.raises(InputError, match="is empty"):
        raise invoke("", name="empty.md").exception
    with pytest.raises(MissingError):
        raise CliRunner().invoke(app, [str(tmp_path / "none.docx")]).exception


def test_control_characters_of_a_document_steer_no_terminal(invoke) -> None:
    out = invoke("Tenancy Act § 12(1): “A tenant [red]may[/red] end :smile: the lease by notice of six months.”").output
    assert "\x1b" not in out
    assert "[red]may[/red]" in out
