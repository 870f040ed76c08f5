"""`metier legal search` and `metier legal learn`, as they are typed."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from metier.cli.context import toolkit_settings
from metier.errors import InputError, MissingError, ServerError
from metier_legal.commands.learning import app
from metier_legal.corpus.importing import add_source

LAW = (
    {"type": "work", "id": "xx/tenancy", "jurisdiction": "xx", "title": "Tenancy Act", "fictional": True},
    {
        "type": "provision",
        "work": "xx/tenancy",
        "number": "12",
        "heading": "Heating",
        "text": "The landlord must heat.",
        "valid_from": "2001-01-01",
        "valid_to": "2015-01-01",
    },
    {
        "type": "provision",
        "work": "xx/tenancy",
        "number": "12",
        "heading": "Heating and light",
        "text": "The landlord must heat and light.",
        "valid_from": "2015-01-01",
    },
    {"type": "provision", "work": "xx/tenancy", "number": "13", "text": "Rent is due.\u001b[31m"},
    {
        "type": "case",
        "id": "xx/rc-1",
        "jurisdiction": "xx",
        "name": "Borak v. Stane",
        "court": "Regional Court",
        "decided": "2019-03-14",
        "docket": "RC 123/2018",
        "fictional": True,
        "paragraphs": [{"number": 1, "text": "The boiler failed for six weeks."}],
    },
)


@pytest.fixture(autouse=True)
def law(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METIER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.delenv("METIER_OPTIONS", raising=False)
    path = tmp_path / "law.jsonl"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in LAW))
    add_source(toolkit_settings("legal"), path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_statutes_are_found_in_the_version_of_the_day() -> None:
    today, then = run("search", "heating"), run("search", "heating", "--on", "2010-05-01", "--jurisdiction", "xx")
    assert today.exit_code == then.exit_code == 0
    assert "Tenancy Act § 12" in today.output
    assert "Heating and light" in today.output
    assert "from 2015-01-01, in force" in today.output
    assert "from 2001-01-01 to 2015-01-01, in force" in then.output


def test_cases_are_found_with_their_paragraph_and_citation() -> None:
    found = run("search", "boiler", "--cases")
    assert "Borak v. Stane" in found.output
    assert "¶ 1: The boiler failed" in found.output
    assert run("search", "boiler", "--cases", "--on", "2018-01-01").exit_code == 1


def test_a_search_without_a_match_says_so_and_exits_with_1() -> None:
    found = run("search", "carburettor")
    assert found.exit_code == 1
    assert "Nothing was found." in found.output


def test_a_text_cannot_steer_the_terminal() -> None:
    found = run("search", "rent")
    assert found.exit_code == 0
    assert "\u001b" not in found.output


@pytest.mark.parametrize(
    ("arguments", "kind"), [(("--on", "yesterday"), InputError), (("--jurisdiction", "fr"), MissingError)]
)
def test_what_cannot_be_asked_is_told(arguments: tuple[str, ...], kind: type[Exception]) -> None:
    assert isinstance(run("search", "rent", *arguments).exception, kind)


def test_an_index_that_cannot_be_used_is_no_empty_result(tmp_path: Path) -> None:
    (toolkit_settings("legal").data / "index").write_text("a file where the folder should be")
    assert isinstance(run("search", "rent").exception, ServerError)


def test_questions_are_learned_used_and_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    lessons = [
        {"question": "Is my flat allowed to be freezing?", "provisions": ["Tenancy Act § 12"]},
        {"question": "Nonsense?", "provisions": ["xx/none#1"]},
    ]
    path.write_text("".join(f"{json.dumps(one)}\n" for one in lessons))
    assert run("search", "freezing flat").exit_code == 1
    learned = run("learn", str(path))
    assert "2 questions read, 1 pair of question and provision new." in learned.output
    assert "Left out: 1 line or provision." in learned.output
    assert "Line 2: " in learned.output
    assert "§ 12" in run("search", "freezing flat").output
    assert "0 pairs of question and provision new." in run("learn", str(path)).output
    assert "1 pair of question and provision forgotten." in run("learn", str(path), "--forget").output
    assert run("search", "freezing flat").exit_code == 1
    run("learn", str(path))
    assert "Forgotten: 1 pair" in run("learn", "--forget").output
    assert isinstance(run("learn").exception, InputError)


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_search_is_no_search(text: str) -> None:
    assert isinstance(run("search", text).exception, InputError)


def test_the_jurisdiction_may_be_written_large() -> None:
    assert run("search", "heating", "--jurisdiction", "XX").exit_code == 0


def test_a_file_of_which_nothing_could_be_learned_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "wrong.jsonl").write_text('{"question": \n')
    told = run("learn", str(tmp_path / "wrong.jsonl"))
    assert isinstance(told.exception, InputError)
    assert "Line 1" in told.stdout
