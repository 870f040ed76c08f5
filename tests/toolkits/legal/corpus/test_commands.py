"""`metier legal add`, `list`, `stats`, `remove` and `sample`, as they are typed."""

import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from metier.cli.context import toolkit_settings
from metier.errors import InputError, MissingError
from metier_legal.commands.sources import app
from metier_legal.corpus.importing import add_source
from metier_legal.law.provision import Provision
from metier_legal.law.work import Work

Writer = Callable[..., Path]

ACT = Work(id="xx/act", jurisdiction="xx", title="Dog Act", complete=True, fictional=True, licence="CC0-1.0")


def sections(count: int) -> list[Work | Provision]:
    return [
        ACT,
        *(Provision(work=ACT.id, number=str(n), text=f"Dog {n}.", valid_from=date(2001, 1, 1)) for n in range(count)),
    ]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METIER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("METIER_OPTIONS", raising=False)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_before_there_is_any_law_both_ways_to_get_some_are_named() -> None:
    for command in ("list", "stats"):
        told = run(command)
        assert told.exit_code == 0
        assert "metier legal add PATH" in told.stdout
        assert "metier legal sample" in told.stdout


def test_interrupted_it_says_that_the_same_command_goes_on(write: Writer, tmp_path: Path) -> None:
    law = write(sections(30_000), "dogs.jsonl")
    code = f"from metier.cli.main import main; import sys; sys.argv[1:] = ['legal', 'add', {str(law)!r}]; main()"
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", code], text=True, **pipes) as child:
        begun = tmp_path / "home" / "legal" / "incoming"
        while child.poll() is None and not any(begun.glob("*.db")):
            pass
        child.send_signal(signal.SIGINT)
        _, told = child.communicate(timeout=60)
    assert (child.returncode, told.count("\n")) == (130, 1)
    assert "the same command goes on" in told
    assert "30000 provisions" in run("add", str(law)).stdout


def test_law_is_added_listed_counted_and_removed(write: Writer) -> None:
    added = run("add", str(write(sections(3), "dogs.jsonl")))
    assert added.exit_code == 0, added.stderr
    assert "1 work, 3 provisions." in added.stdout
    assert "CC0-1.0" in added.stdout
    assert "The index is up to date." in added.stdout
    listed = run("list").stdout
    assert all(word in listed for word in ("dogs", "jsonl", "CC0-1.0"))
    counted = run("stats").stdout
    assert "3 provisions in 3 versions" in counted
    assert "xx" in counted
    removed = run("remove", "dogs")
    assert "Removed dogs-" in removed.stdout
    assert "There is no law yet." in run("list").stdout


def test_what_is_there_already_is_said_to_be(write: Writer) -> None:
    path = write(sections(3))
    run("add", str(path))
    again = run("add", str(path), "--name", "other")
    assert again.exit_code == 0
    assert "It was there already and was not read again." in again.stdout


def test_several_files_are_added_in_turn_under_one_name(write: Writer) -> None:
    first, second = write(sections(2), "a.jsonl"), write(sections(4), "b.jsonl")
    assert run("add", str(first), str(second), "--name", "Dog Law", "--format", "jsonl").exit_code == 0
    assert run("list").stdout.count("Dog-Law-") == 2
    assert run("remove", "Dog-Law").stdout.count("Removed") == 2


def test_the_first_ten_faults_are_shown_and_the_others_counted(write: Writer) -> None:
    twice = [item.model_copy(update={"text": f"Cat {n}."}) for n, item in enumerate(sections(120)[1:])]
    added = run("add", str(write([*sections(120), *twice])))
    assert added.exit_code == 0
    assert added.stderr.count("Note: ") == 10
    assert "... and 110 more: metier legal list --notes" in added.stderr
    assert "120 notes from its import" in run("list").stdout
    assert run("list", "--notes").stdout.count("with different texts") == 100


def test_a_list_can_be_read_in_a_narrow_terminal(write: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    run("add", str(write([ACT.model_copy(update={"licence": ""}), *sections(3)[1:]], "a-law-of-a-long-name.jsonl")))
    listed = run("list").stdout.splitlines()
    assert listed[0].startswith("a-law-of-a-long-name-")
    assert listed[1].startswith("  1 work, 3 provisions; ")
    assert listed[2] == "  Licence: not told"
    assert len(listed) == 3


def test_what_cannot_be_done_is_an_error_with_a_next_step(write: Writer, tmp_path: Path) -> None:
    missing = run("add", str(tmp_path / "none")).exception
    assert isinstance(missing, MissingError)
    unknown = run("add", str(write(sections(1))), "--format", "cuneiform").exception
    assert isinstance(unknown, InputError)
    assert "jsonl" in unknown.hint
    run("add", str(write(sections(1))))
    absent = run("remove", "cats").exception
    assert isinstance(absent, MissingError)
    assert "metier legal list" in absent.hint


def test_names_from_files_steer_no_terminal(write: Writer) -> None:
    added = run("add", str(write([ACT.model_copy(update={"licence": "free\x1b[31m"}), *sections(2)[1:]])))
    assert "\x1b" not in added.stdout


def test_the_law_of_the_fictional_country_is_installed_and_says_what_it_is() -> None:
    sample = run("sample")
    assert sample.exit_code == 0, sample.exception
    assert "sample-" in sample.stdout
    assert "fiction" in sample.stdout.casefold()


def test_what_was_begun_and_not_finished_is_listed_and_can_be_removed(write: Writer) -> None:
    """A reading that stops half-way is kept, to go on with; whoever gives it up gets the disk back."""
    settings, path = toolkit_settings("legal"), write(sections(900), "half.jsonl")

    def stop(step: str, share: float) -> None:
        if "reading" in step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        add_source(settings, path, progress=stop)
    assert f"Not finished: {path}" in run("list").stdout
    assert "Removed 1 unfinished import." in run("remove", "--unfinished").stdout
    assert "Not finished" not in run("list").stdout
    assert isinstance(run("remove").exception, InputError)
