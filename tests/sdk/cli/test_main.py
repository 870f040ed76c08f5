"""The program lists everything without loading it, and every error is one line with a way out."""

import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import Result

from metier.cli.main import Commands
from metier.discovery import RESERVED

Metier = Callable[..., Result]
Program = Callable[..., "subprocess.CompletedProcess[str]"]

METIER = (sys.executable, "-c", "from metier.cli.main import main; main()")
HEAVY = "{'mcp', 'pydantic_ai', 'structlog', 'metier_parrot', 'metier_maps', 'numpy'}"


def test_help_and_version_load_no_toolkit_no_agent_and_no_server(surroundings: Path) -> None:
    for option in ("--help", "--version"):
        code = f"import sys; sys.argv = ['metier', '{option}']\nfrom metier.cli.main import main\n"
        code += f"try:\n    main()\nexcept SystemExit:\n    pass\nprint(sorted({HEAVY} & set(sys.modules)))"
        said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
        assert said.stdout.splitlines()[-1] == "[]"


def test_help_names_every_command_and_every_toolkit(metier: Metier) -> None:
    text = metier("--help").output
    assert all(name in text for name in [*Commands.entries, "parrot"])


def test_no_toolkit_can_take_the_name_of_a_command() -> None:
    assert set(Commands.entries) <= RESERVED


def test_the_version_is_that_of_the_package(metier: Metier) -> None:
    assert metier("--version").output.strip() == version("metier")


@pytest.mark.parametrize("name", list(Commands.entries))
def test_every_command_explains_itself(metier: Metier, name: str) -> None:
    said = metier(name, "--help")
    assert (said.exit_code, "Usage" in said.output) == (0, True)


def test_an_unknown_command_is_the_callers_error(metier: Metier) -> None:
    assert metier("runn").exit_code == 2


def test_the_commands_of_a_toolkit_are_under_its_name(metier: Metier, tmp_path: Path) -> None:
    said = metier("parrot", "feed", "3")
    assert (said.exit_code, said.stdout) == (0, "fed 3 [b]seeds[/b]\n")
    assert (tmp_path / "home" / "parrot" / "world.txt").read_text() == "3"


def test_an_error_of_the_caller_is_one_line_and_exit_2(metier: Metier) -> None:
    said = metier("parrot", "feed", "0")
    assert (said.exit_code, said.stderr) == (2, "metier: That is no amount. Give 1 or more.\n")


def test_a_toolkit_that_is_broken_is_one_line_and_exit_2(
    metier: Metier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = tmp_path / "broken" / "broken-1.dist-info"
    record.mkdir(parents=True)
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1\n")
    (record / "entry_points.txt").write_text("[metier.toolkits]\nbroken = no_such_module_anywhere:toolkit\n")
    monkeypatch.syspath_prepend(str(tmp_path / "broken"))
    monkeypatch.setenv("METIER_TOOLKITS", "")
    said = metier("broken")
    assert said.exit_code == 2
    assert said.stderr.startswith("metier: The toolkit 'broken' (broken 1) cannot be used: ModuleNotFoundError")
    assert said.stderr.count("\n") == 1
    assert metier("parrot", "feed", "1").exit_code == 0


def test_a_letter_that_the_terminal_cannot_show_ends_no_command(program: Program) -> None:
    said = program("run", "parrot", "Àngel 安道尔", PYTHONIOENCODING="ascii")
    assert said.returncode == 0
    assert "the parrot says \\xc0ngel \\u5b89" in said.stdout


def test_what_nobody_foresaw_is_one_line_and_no_traceback(program: Program) -> None:
    said = program("run", "parrot", "break the renderer")
    assert said.returncode == 1
    assert said.stderr.splitlines()[-1].startswith("metier: a defect of metier or of a toolkit: RuntimeError: no ink.")
    assert "Traceback" not in said.stderr


def test_an_output_that_is_full_is_one_line_and_no_traceback(surroundings: Path) -> None:
    with Path("/dev/full").open("w") as full:
        said = subprocess.run(
            [*METIER, "toolkits"], stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60
        )
    assert (said.returncode, said.stderr) == (2, "metier: No space left on device.\n")


def test_a_setting_of_the_log_that_means_nothing_is_one_line(program: Program) -> None:
    said = program("trace", "list", METIER_LOG="loud")
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr.startswith("metier: METIER_LOG='loud' means nothing.")
