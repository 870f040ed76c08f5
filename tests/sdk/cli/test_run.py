"""A run from the command line: steps, outcome, files, exit codes, and nothing of others overwritten."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from tests.sdk.cli.environment import Environment

Metier = Callable[..., Result]
Program = Callable[..., "subprocess.CompletedProcess[str]"]

pytestmark = pytest.mark.timeout(120)

METIER = (sys.executable, "-c", "from metier.cli.main import main; main()")


def run_in(text: str) -> str:
    found = re.search(r"run (\d{8}-\d{6}-\w+)", text)
    assert found
    return found[1]


def test_an_answer_is_shown_checked_and_written(metier: Metier, surroundings: Path) -> None:
    said = metier("run", "parrot", "hello you")
    assert said.exit_code == 0
    assert "the parrot says hello you" in said.stdout
    assert "Checked: 1 hold, 0 violated, 0 unknown (score 1.00)." in said.stdout
    assert "Files in parrot-hello: echo.txt, data.txt" in said.stdout
    assert (surroundings / "parrot-hello" / "echo.txt").read_text() == "hello you\n"


def test_the_steps_go_to_standard_error(metier: Metier) -> None:
    lines = metier("run", "parrot", "hello you").stderr.splitlines()
    assert "playbook answers" in lines[0]
    assert re.fullmatch(r"run \S+", lines[1])
    assert "  Say it." in lines
    assert any(re.fullmatch(r'  say\(text="hello you"\)  \d\.\d s, 1 piece of evidence', line) for line in lines)


def test_the_outcome_as_json_is_all_there_is_on_standard_output(metier: Metier, surroundings: Path) -> None:
    said = json.loads(metier("run", "parrot", "hello you", "--json").stdout)
    assert (said["stop"], said["kind"], said["outcome"]["said"]) == ("answered", "answer", "hello you")
    assert said["verdict"] == {"score": 1.0, "violated": [], "unknown": [], "findings": 1}
    assert [Path(path).name for path in said["files"]] == ["echo.txt", "data.txt"]


def test_options_of_the_toolkit_are_passed_on(metier: Metier, environment: Environment) -> None:
    assert "says HELLO YOU" in metier("run", "parrot", "hello you", "--set", "voice=loud").stdout
    environment.set("METIER_OPTIONS", "voice=loud, x=1")
    assert "says HELLO YOU" in metier("run", "parrot", "hello you").stdout
    assert "says hello you" in metier("run", "parrot", "hello you", "--set", "voice=soft").stdout
    assert metier("run", "parrot", "hello you", "--set", "voice").exit_code == 2


def test_a_refusal_says_why_and_what_would_help(metier: Metier, surroundings: Path) -> None:
    said = metier("run", "parrot", "refuse this")
    assert said.exit_code == 1
    assert all(
        line in said.stdout
        for line in ("Refused.", "It cannot be.", "dogs; cats", "leave out the cats (no cats)", "metier trace show")
    )
    assert not list(surroundings.iterdir())


def test_questions_are_put_to_the_user(metier: Metier) -> None:
    said = metier("run", "parrot", "ask me")
    assert said.exit_code == 2
    assert "Not understood: blorb" in said.stdout
    assert "Which one? (a / b)" in said.stdout


def test_a_tool_that_fails_is_shown_as_a_failed_step(metier: Metier) -> None:
    said = metier("run", "parrot", "say nonsense")
    assert said.exit_code == 1
    assert "failed" in said.stderr
    assert "I do not say that." in said.stdout


def test_text_of_others_does_not_steer_the_terminal(metier: Metier) -> None:
    said = metier("run", "parrot", ":cat: [bold]\x1b[31mx\x1b]0;t\x07")
    assert "\x1b" not in said.stdout + said.stderr
    assert ":cat: [bold]" in said.stderr


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("run", "parot", "hello"), "There is no toolkit 'parot'. Installed: parrot"),
        (("run", " , ", "hello"), "No toolkit is named."),
        (("run", "parrot", "  "), "The task is empty."),
        (("run", "parrot", "hello", "--limit", "wall_s"), "'wall_s' is no limit."),
        (("run", "parrot", "hello", "--limit", "wall_s=soon"), "'wall_s=soon' is no limit"),
        (("run", "parrot", "hello", "--limit", "model_calls=-1"), "must be 0 or more"),
        (("run", "parrot", "hello", "--mode", "dance"), "There is no mode 'dance'."),
        (("run", "parrot", "hello", "--model", "nosuch:thing"), "nosuch:thing"),
        (("resume", "20200101-000000-abcdef"), "20200101-000000-abcdef"),
        (("resume", "../../etc"), "is no name of a run"),
        (("trace", "show", "nope"), "There is no run 'nope'."),
        (("trace", "replay", "nope"), "There is no run 'nope'."),
    ],
)
def test_what_the_caller_must_put_right_is_one_line_and_exit_2(
    metier: Metier, surroundings: Path, arguments: tuple[str, ...], line: str
) -> None:
    said = metier(*arguments)
    assert said.exit_code == 2
    (only,) = said.stderr.splitlines()
    assert line in only
    assert only.startswith("metier: ")
    assert not list(surroundings.iterdir())


def test_a_folder_of_somebody_else_is_never_written_into(metier: Metier, surroundings: Path) -> None:
    (surroundings / "mine").mkdir()
    (surroundings / "mine" / "echo.txt").write_text("precious")
    said = metier("run", "parrot", "hello you", "--out", "mine", "--yes")
    assert said.exit_code == 2
    assert "did not write" in said.stderr
    assert "say(" not in said.stderr, "it is refused before the run"
    assert (surroundings / "mine" / "echo.txt").read_text() == "precious"


def test_without_a_named_folder_a_free_one_beside_it_is_taken(metier: Metier, surroundings: Path) -> None:
    (surroundings / "parrot-hello").write_text("a file of mine")
    assert metier("run", "parrot", "hello you").exit_code == 0
    assert (surroundings / "parrot-hello-2" / "echo.txt").exists()
    assert (surroundings / "parrot-hello").read_text() == "a file of mine"


def test_the_same_request_again_replaces_its_files_and_another_one_does_not(metier: Metier, surroundings: Path) -> None:
    for text in ("hello you", "hello you", "hello me", "hello me"):
        assert metier("run", "parrot", text).exit_code == 0
    assert sorted(path.name for path in surroundings.iterdir()) == ["parrot-hello", "parrot-hello-2"]
    assert metier("run", "parrot", "hello them", "--yes").exit_code == 0
    assert (surroundings / "parrot-hello" / "echo.txt").read_text() == "hello them\n"


def test_a_folder_that_cannot_be_made_loses_no_answer(metier: Metier, surroundings: Path) -> None:
    (surroundings / "file").write_text("")
    said = metier("run", "parrot", "hello you", "--out", "file/below")
    assert said.exit_code == 2
    assert "file/below" in said.stderr


def test_a_run_that_was_interrupted_is_resumed(surroundings: Path, program: Program) -> None:
    with subprocess.Popen(
        [*METIER, "run", "parrot", "wait then speak"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stderr is not None
        seen: list[str] = []
        while "the parrot waits" not in (line := child.stderr.readline()):
            assert line, seen
            seen.append(line)
        child.send_signal(signal.SIGINT)
        _, told = child.communicate(timeout=30)  # less than the tool would have taken
        assert child.returncode == 130
    run = run_in("".join(seen))
    assert f"metier: interrupted. Go on with it: metier resume {run}" in told
    again = program("resume", run, PARROT_HURRY="1")
    assert again.returncode == 0, again.stderr
    assert f"run {run} goes on" in again.stderr
    assert "the parrot says wait then speak" in again.stdout


def test_a_run_that_ended_is_shown_again_by_resuming_it(metier: Metier, surroundings: Path) -> None:
    run = run_in(metier("run", "parrot", "hello you").stderr)
    said = metier("resume", run, "--out", "again")
    assert said.exit_code == 0
    assert "from the journal" in said.stderr
    assert (surroundings / "again" / "echo.txt").read_text() == "hello you\n"


def test_a_run_is_listed_shown_and_replayed(metier: Metier) -> None:
    assert "No runs yet" in metier("trace", "list").stdout
    run = run_in(metier("run", "parrot", "hello you").stderr)
    assert run in metier("trace", "list").stdout
    shown = metier("trace", "show", run).stdout
    assert all(
        part in shown for part in ("answered", "Asked: hello you", 'parrot/say(text="hello you")', "1 tool call,")
    )
    assert json.loads(metier("trace", "show", run, "--json").stdout)["run"] == run
    replayed = metier("trace", "replay", run)
    assert replayed.exit_code == 0
    assert "The same, byte for byte" in replayed.stdout


def test_a_key_in_the_request_is_not_kept(metier: Metier, tmp_path: Path, environment: Environment) -> None:
    environment.set("PARROT_KEY", "s3cr3tvalue")
    run = run_in(metier("run", "parrot", "hello s3cr3tvalue").stderr)
    folder = tmp_path / "home" / "runs" / run
    assert not any(b"s3cr3tvalue" in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_the_model_is_taken_from_the_environment(metier: Metier, environment: Environment) -> None:
    environment.set("METIER_MODEL", "nosuch:thing")
    assert "nosuch:thing" in metier("run", "parrot", "hello").stderr
