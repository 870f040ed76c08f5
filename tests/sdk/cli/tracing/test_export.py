"""`metier trace export`: one file and its card, whole or not there; what cannot be used is named and left out."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from metier.export.files import digest_file, read_rows
from metier.home import run_folder
from metier.journal import Journal

Metier = Callable[..., Result]


@pytest.fixture
def runs(metier: Metier) -> list[str]:
    """Two runs that ended, one with an answer."""
    said = [metier("run", "parrot", text).stderr for text in ("hello you", "hello there")]
    found = [re.search(r"run (\d{8}-\d{6}-\w+)", text) for text in said]
    return [one[1] for one in found if one]


def test_every_run_is_written_with_a_card(metier: Metier, runs: list[str], tmp_path: Path) -> None:
    out = tmp_path / "rows.jsonl"
    said = metier("trace", "export", "--format", "messages", "--out", str(out))
    assert said.exit_code == 0
    assert "2 rows of 2 runs" in said.stdout
    assert [row["run"] for row in read_rows(out)] == runs
    card = json.loads((tmp_path / "rows.jsonl.card.json").read_text())
    assert (card["rows"], card["runs"], card["sha256"]) == (2, 2, digest_file(out))
    assert card["runs by"]["toolkits"] == {"parrot": 2}
    assert card["runs by"]["by a playbook, not a model"] == {"runs": 2}
    told = (tmp_path / "rows.jsonl.card.md").read_text()
    assert all(
        word in told for word in (card["sha256"], "2 rows from 2 runs", "## Licences", "## Rewards", "parrot (2)")
    )


def test_the_same_runs_give_the_same_bytes(metier: Metier, runs: list[str], tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        assert (
            metier("trace", "export", *runs, "--format", "sharegpt", "--out", str(tmp_path / name / "x")).exit_code == 0
        )
    for name in ("x", "x.card.md", "x.card.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_parquet_holds_the_same_rows(metier: Metier, runs: list[str], tmp_path: Path) -> None:
    for name, more in (("x.jsonl", ()), ("x.parquet", ("--parquet",))):
        metier("trace", "export", *runs, "--format", "messages", "--out", str(tmp_path / name), *more)
    assert list(read_rows(tmp_path / "x.parquet")) == list(read_rows(tmp_path / "x.jsonl"))


def test_nothing_is_replaced_unless_it_is_asked_for(metier: Metier, runs: list[str], tmp_path: Path) -> None:
    out = tmp_path / "rows"
    out.write_text("mine")
    said = metier("trace", "export", *runs, "--format", "messages", "--out", str(out))
    assert (said.exit_code, "--force" in said.stderr, out.read_text()) == (2, True, "mine")
    assert metier("trace", "export", *runs, "--format", "messages", "--out", str(out), "--force").exit_code == 0
    assert len(list(read_rows(out))) == 2


def test_what_cannot_be_used_is_named_and_left_out(metier: Metier, runs: list[str], tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Journal.open(run_folder(home, runs[0]), write=False) as journal:
        header = journal.header
    Journal.create(run_folder(home, "cut"), {**header, "run": "cut"}).close()  # type: ignore[dict-item]
    (run_folder(home, "hurt")).mkdir()
    (run_folder(home, "hurt") / "journal.sqlite").write_bytes(b"x" * 5000)
    out = tmp_path / "rows"
    said = metier("trace", "export", "hurt", "cut", runs[0], "--format", "messages", "--out", str(out))
    assert said.exit_code == 0
    assert "left out: hurt cannot be read" in said.stderr
    assert "left out: cut has not ended" in said.stderr
    assert "1 row of 1 run, 2 left out" in said.stdout
    assert json.loads((tmp_path / "rows.card.json").read_text())["skipped"] == {"cannot be read": 1, "has not ended": 1}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--format", "tokens"), "None of the runs asked for (2) can be exported"),
        (("--format", "messages", "--stop", "refused"), "None of the runs asked for (2)"),
        (("--format", "parrot"), "There is no format 'parrot'"),
        (("nosuch", "--format", "messages"), "There is no run 'nosuch'"),
    ],
)
def test_where_nothing_is_left_nothing_is_written(
    metier: Metier, runs: list[str], tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    said = metier("trace", "export", *arguments, "--out", str(folder / "x"))
    assert (said.exit_code, told in said.stderr, list(folder.iterdir())) == (2, True, [])


def test_a_folder_that_is_not_there_is_one_line(metier: Metier, runs: list[str], tmp_path: Path) -> None:
    said = metier("trace", "export", "--format", "messages", "--out", str(tmp_path / "no" / "x"))
    assert (said.exit_code, said.stderr.count("\n")) == (2, 1)


def test_a_name_of_others_writes_no_markdown(metier: Metier, runs: list[str], tmp_path: Path) -> None:
    name = tmp_path / "a|b*c"
    assert metier("trace", "export", "--format", "messages", "--out", str(name)).exit_code == 0
    assert (tmp_path / "a|b*c.card.md").read_text().startswith("# a\\|b\\*c\n")
