"""`metier research`: wikis come and go, pages are found and read, and what goes wrong is one line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_group

from metier_research import toolkit
from metier_research.commands import Commands, commands
from metier_research.report import Report
from tests.toolkits.terminal import Metier

DUMP = """\
{"title": "Skerry", "text": "Skerry is an island of 412 people.", "modified": "2024-05-01"}
{"title": "Ada Borovik", "text": "Ada Borovik was an engineer, born in Lund in 1831."}
"""


@pytest.fixture
def harbour(metier: Metier, tmp_path: Path) -> Metier:
    """The command line on a home with one small wiki."""
    (tmp_path / "harbour.jsonl").write_text(DUMP, encoding="utf-8")
    added = metier("research", "add", "harbour.jsonl", "--name", "harbour", "--licence", "CC0-1.0")
    assert (added.exit_code, "harbour: 2 pages" in added.stdout) == (0, True), added.stderr
    return metier


def test_a_new_machine_has_no_wiki_and_is_told_how_to_get_one(metier: Metier) -> None:
    assert "metier research sample" in metier("research", "list").stdout
    searched = metier("research", "search", "anything")
    assert (searched.exit_code, "metier research sample" in searched.stderr) == (2, True)


def test_a_dump_is_added_listed_searched_read_and_removed(harbour: Metier) -> None:
    listed = harbour("research", "list").stdout
    assert "harbour: 2 pages" in listed
    assert "CC0-1.0" in listed
    found = harbour("research", "search", "engineer born in Lund").stdout
    assert found.startswith("1. Ada Borovik  wiki://harbour/Ada%20Borovik")
    read = harbour("research", "read", "wiki://harbour/Skerry").stdout
    assert "an island of 412 people" in read
    assert "changed 2024-05-01" in read
    span = harbour("research", "read", "wiki://harbour/Skerry#char=0,6").stdout
    assert span.splitlines()[-1] == "Skerry"
    assert "Removed harbour: 2 pages." in harbour("research", "remove", "harbour").stdout
    assert "There is no wiki yet" in harbour("research", "list").stdout


def test_a_goal_shows_where_its_passages_stand(harbour: Metier) -> None:
    shown = harbour("research", "read", "wiki://harbour/Skerry", "--goal", "how many people?").stdout
    assert "0 to 34:" in shown


def test_a_search_that_finds_nothing_ends_with_1(harbour: Metier) -> None:
    assert harbour("research", "search", "zyzzyva").exit_code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "nowhere.xml", "--name", "a", "--licence", "x"),
        ("add", "harbour.jsonl", "--name", "../a", "--licence", "x"),
        ("add", "harbour.jsonl", "--name", "a", "--licence", " "),
        ("add", "harbour.jsonl"),
        ("remove", "nobody"),
        ("search", " "),
        ("read", "https://example.org/"),
        ("read", "wiki://harbour/Nowhere"),
        ("read", "wiki://harbour/Skerry#char=900,950"),
        ("read", "wiki://harbour/Skerry", "--set", "web"),
        ("tasks", "--count", "0"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(harbour: Metier, arguments: tuple[str, ...]) -> None:
    ended = harbour("research", *arguments)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "Traceback" not in ended.stderr


def test_a_page_steers_no_terminal(metier: Metier, tmp_path: Path) -> None:
    (tmp_path / "evil.jsonl").write_text(json.dumps({"title": "Red", "text": "\x1b[31mred\x1b[0m and \x07loud"}))
    assert metier("research", "add", "evil.jsonl", "--name", "evil", "--licence", "none").exit_code == 0
    assert "\x1b" not in metier("research", "read", "wiki://evil/Red").stdout


def test_the_isolation_in_force_is_named(metier: Metier) -> None:
    shown = metier("research", "sandbox")
    assert "In force: " in shown.stdout
    assert (shown.exit_code == 1) == ("In force: nothing" in shown.stdout)


def test_every_command_that_is_listed_is_there_with_the_help_that_is_shown() -> None:
    listed = get_group(commands).list_commands(None)  # type: ignore[arg-type]
    assert listed == [*Commands.entries]
    for name in listed:
        words = Commands.entries[name].help.rstrip(".")
        assert (Commands.load(name).help or "").startswith(words), name


@pytest.mark.parametrize("statement", ["import metier_research", "import metier_research.commands"])
def test_the_plug_in_is_found_without_what_reads_prints_or_talks_to_models(statement: str) -> None:
    code = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    heavy = {"pydantic_ai", "typst", "docx", "lxml", "httpx", "pypdf", "trafilatura", "sqlite3", "mcp"}
    assert heavy.isdisjoint(done.stdout.split())


@pytest.mark.parametrize(
    ("title", "folder"),
    [
        ("Who built the Star of Mévörna?", "report-who-built-the-star-of-mevorna"),
        ("../../etc: a path", "report-etc-a-path"),
        ("谁建造了桥？", "report"),
        ("", "report"),
        ("one two three four five six seven eight nine and ten", "report-one-two-three-four-five-six-seven-eight"),
        ("x" * 60, "report"),
    ],
)
def test_the_folder_of_a_report_has_whole_words_in_plain_letters(title: str, folder: str) -> None:
    assert toolkit.folder is not None
    assert toolkit.folder(Report(question="q", title=title)) == folder
