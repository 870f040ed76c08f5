"""Commands and models of other packages: listed without being imported, named when broken, harmful to nothing else."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from tests.sdk.cli.environment import Environment

Metier = Callable[..., Result]
Install = Callable[..., Path]

COMMANDS = """
import typer

app = typer.Typer(help="Feed the llama.")


@app.command()
def feed(amount: int) -> None:
    typer.echo(f"fed {amount}")


@app.command()
def comb() -> None:
    typer.echo("combed")
"""


@pytest.fixture
def install(surroundings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Puts a package there as if it were installed: a module, and the entry points that it states."""

    def put(module: str, code: str, points: str) -> Path:
        folder = tmp_path / module
        record = folder / f"{module}-1.5.dist-info"
        record.mkdir(parents=True)
        (folder / f"{module}.py").write_text(code)
        (record / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.5\n")
        (record / "entry_points.txt").write_text(points)
        monkeypatch.syspath_prepend(str(folder))
        return folder

    return put


def test_the_commands_of_an_adapter_are_under_its_name_and_in_the_help(metier: Metier, install: Install) -> None:
    install("llamas", COMMANDS, "[metier.commands]\nllama = llamas:app\n")
    said = metier("--help").output
    assert "Models" in said
    assert "Commands of llamas 1.5." in said
    assert (metier("llama", "feed", "3").stdout, metier("llama", "comb").stdout) == ("fed 3\n", "combed\n")
    assert "Feed the llama." in metier("llama", "--help").stdout


def test_help_imports_no_adapter(install: Install) -> None:
    folder = install("llamas_unseen", "raise SystemExit('imported')", "[metier.commands]\nllama = llamas_unseen:app\n")
    code = "import sys; sys.argv = ['metier', '--help']\nfrom metier.cli.main import main\n"
    code += "try:\n    main()\nexcept SystemExit:\n    pass\nprint('llamas_unseen' in sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(folder)}
    )
    assert "llama" in said.stdout
    assert said.stdout.splitlines()[-1] == "False"


@pytest.mark.parametrize(
    ("module", "code", "fault"),
    [
        ("llamas_absent", "", "AttributeError"),
        ("llamas_syntax", "def (", "SyntaxError"),
        ("llamas_exit", "raise SystemExit(3)", "SystemExit: 3"),
        ("llamas_kind", "app = 3", "names a int"),
    ],
)
def test_broken_commands_are_one_line_and_harm_no_others(
    metier: Metier, install: Install, module: str, code: str, fault: str
) -> None:
    install(module, code, f"[metier.commands]\nllama = {module}:app\n")
    said = metier("llama", "feed", "1")
    assert (said.exit_code, said.stderr.count("\n"), fault in said.stderr) == (2, 1, True)
    assert metier("parrot", "feed", "1").exit_code == 0


def test_an_adapter_takes_no_name_of_a_command_or_a_toolkit(metier: Metier, install: Install) -> None:
    install("llamas_greedy", COMMANDS, "[metier.commands]\nparrot = llamas_greedy:app\ntrace = llamas_greedy:app\n")
    assert metier("parrot", "feed", "3").stdout == "fed 3 [b]seeds[/b]\n"
    assert metier("trace", "list").stdout.startswith("No runs yet.")


def test_two_packages_with_commands_of_one_name_are_both_refused(metier: Metier, install: Install) -> None:
    for module in ("llamas_one", "llamas_two"):
        install(module, COMMANDS, f"[metier.commands]\nllama = {module}:app\n")
    said = metier("llama", "feed", "3")
    assert (said.exit_code, "Two installed packages" in said.stderr) == (2, True)


def test_the_doctor_names_model_adapters_and_the_one_that_is_used_must_load(
    metier: Metier, install: Install, environment: Environment
) -> None:
    install("llamas_model", "def open_it(rest):\n    pass\n", "[metier.models]\nllama = llamas_model:open_it\n")
    install("llamas_ill", "import nowhere_at_all", "[metier.models]\nill = llamas_ill:open_it\n")
    said = metier("doctor")
    assert "ok    models llama:... (llamas_model 1.5)" in said.stdout
    assert "note  models ill:... (llamas_ill 1.5): ModuleNotFoundError" in said.stdout
    environment.set("METIER_MODEL", "ill:http://localhost")
    said = metier("doctor")
    assert (said.exit_code, "FAULT models ill:..." in said.stdout) == (1, True)
