"""`metier legal`; a memo with all its files; and the server over stdio."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters
from typer.main import get_group

from metier.toolkit import Settings
from metier_legal import SAMPLE_REQUEST
from metier_legal.commands import Commands, commands
from tests.toolkits.terminal import Metier, commands_in

METIER = (sys.executable, "-c", "from metier.cli.main import main; main()")
TODAY = "today=2026-11-26"
FILES = {"memo.json", "memo.html", "memo.docx", "memo.pdf", "memo.md", "certificate.json"}
BRIEF = """\
The landlord may terminate. Tenancy Act § 24(1) says: “The landlord of a dwelling may terminate the lease without notice
where the tenant is in arrears with at least two months' rent.” Under Tenancy Act § 999 the deposit is lost.
"""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def surroundings(home: Path) -> dict[str, str]:
    return {**os.environ, "METIER_HOME": str(home), "COLUMNS": "200", "METIER_OPTIONS": TODAY}


@pytest.fixture
def metier(sample: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Metier:
    """Runs the command line on the sample law, in a folder of the test."""
    monkeypatch.setenv("METIER_OPTIONS", TODAY)
    return commands_in(tmp_path, sample.data.parent, monkeypatch)


def test_a_new_machine_has_no_law_and_is_told_how_to_get_some(metier: Metier, tmp_path: Path) -> None:
    listed = metier("legal", "list", home=tmp_path / "new")
    assert "metier legal add" in listed.stdout + listed.stderr
    asked = metier("run", "legal", "May the landlord terminate?", home=tmp_path / "new")
    assert (asked.exit_code, "metier legal add" in asked.stderr) == (2, True)


def test_the_law_is_listed_counted_and_searched(metier: Metier) -> None:
    assert "fictional" in metier("legal", "list").stdout
    assert "x-moskethia" in metier("legal", "stats").stdout
    found = metier("legal", "search", "termination for arrears of rent")
    assert (found.exit_code, "Tenancy Act § 24" in found.stdout) == (0, True)


@pytest.mark.parametrize(
    "arguments", [("add", "nothing-here"), ("add",), ("remove", "nobody"), ("check", "nothing.docx")]
)
def test_bad_input_is_one_line_and_exit_2(metier: Metier, arguments: tuple[str, ...]) -> None:
    ended = metier("legal", *arguments)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "Traceback" not in ended.stderr


def test_a_memo_is_written_judged_again_and_written_again(metier: Metier, sample: Settings, tmp_path: Path) -> None:
    made = metier("run", "legal", SAMPLE_REQUEST, "--out", "memo")
    assert made.exit_code == 0, made.stderr
    assert "Fictional law" in made.stdout.splitlines()[0]
    assert {path.name for path in (tmp_path / "memo").iterdir()} >= FILES
    verified = metier("legal", "verify", "memo/certificate.json")
    assert verified.exit_code == 0, verified.stdout
    before = {name: (tmp_path / "memo" / name).read_bytes() for name in FILES}
    program = [*METIER, "legal", "export", "memo"]  # another process writes the same bytes
    subprocess.run(
        program, check=True, timeout=100, cwd=tmp_path, env=surroundings(sample.data.parent), stdout=subprocess.DEVNULL
    )
    assert {name: (tmp_path / "memo" / name).read_bytes() for name in FILES} == before


def test_a_changed_certificate_is_found_out(metier: Metier, tmp_path: Path) -> None:
    assert metier("run", "legal", SAMPLE_REQUEST, "--out", "memo").exit_code == 0
    path = tmp_path / "memo" / "certificate.json"
    path.write_text(path.read_text().replace("at least two months", "at least nine months"))
    assert metier("legal", "verify", "memo/certificate.json").exit_code == 1
    path.write_text("{}")
    assert metier("legal", "verify", "memo/certificate.json").exit_code == 2


def test_a_strangers_brief_is_checked(metier: Metier, tmp_path: Path) -> None:
    (tmp_path / "brief.md").write_text(BRIEF)
    checked = metier("legal", "check", "brief.md", "--on", "2021-02-03", "--json")
    assert checked.exit_code == 1, checked.stderr
    report = json.loads(checked.stdout)
    told = json.dumps(report, ensure_ascii=False)
    assert "NO_SUCH_PIN" in told
    (tmp_path / "good.md").write_text(BRIEF.split(" Under")[0])
    good = metier("legal", "check", "good.md", "--on", "2021-02-03")
    assert good.exit_code == 0, good.stdout


@pytest.mark.anyio
async def test_the_same_tools_are_served_over_stdio(sample: Settings) -> None:
    command = [*METIER, "mcp", "serve", "legal"]
    server = StdioServerParameters(command=command[0], args=command[1:], env=surroundings(sample.data.parent))
    async with Client(server) as client:
        result = await client.call_tool("read_provision", {"provision": "Tenancy Act § 24(1)", "on": "2021-02-03"})
    assert not result.is_error
    assert "two months' rent" in str(result.structured_content)


@pytest.mark.parametrize("statement", ["import metier_legal", "import metier_legal.commands"])
def test_the_plug_in_is_found_without_what_searches_prints_or_talks_to_models(statement: str) -> None:
    code = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    heavy = {"pydantic_ai", "tantivy", "typst", "docx", "lxml", "eyecite", "httpx", "numpy", "pypdf"}
    assert heavy.isdisjoint(done.stdout.split())


def test_every_command_that_is_listed_is_there_with_the_help_that_is_shown() -> None:
    listed = get_group(commands).list_commands(None)  # type: ignore[arg-type]
    assert listed == [*Commands.entries]
    for name in listed:
        words = Commands.entries[name].help.rstrip(".")
        assert (Commands.load(name).help or "").startswith(words), name
