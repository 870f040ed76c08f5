"""The check-up, the list of toolkits, the demo and the server tell the truth about this machine."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mcp import StdioServerParameters
from typer.testing import Result

from metier.cli.doctor import check_folder, check_model, check_python, check_room, check_sqlite
from metier.servers.connection import Connection
from tests.sdk.cli.environment import Environment

Metier = Callable[..., Result]

pytestmark = pytest.mark.timeout(120)


def test_the_check_up_fails_while_something_required_is_missing_and_says_what_to_do(metier: Metier) -> None:
    said = metier("doctor")
    assert said.exit_code == 1
    assert "FAULT parrot: not there: seeds (data)\n        metier parrot feed" in said.stdout
    assert "note  parrot: not there: PARROT_KEY (key)" in said.stdout
    metier("parrot", "feed", "1")
    said = metier("doctor")
    assert said.exit_code == 0
    assert "All that is required is there." in said.stdout


def test_the_check_up_names_keys_and_never_shows_one(metier: Metier, environment: Environment) -> None:
    environment.set("AMAP_MAPS_API_KEY", "s3cr3tvalue")
    said = metier("doctor").output
    assert "AMAP_MAPS_API_KEY" in said
    assert "s3cr3tvalue" not in said


def test_a_machine_without_any_toolkit_is_told_to_install_one(metier: Metier, environment: Environment) -> None:
    environment.set("METIER_TOOLKITS", "none-such")
    assert "pip install metier-maps" in metier("doctor").stdout
    assert "pip install metier-maps" in metier("toolkits").stdout
    assert metier("demo").exit_code == 2


@pytest.mark.parametrize(
    ("version", "state"), [((3, 10), "fault"), ((3, 11), "ok"), ((3, 13), "ok"), ((3, 14), "fault")]
)
def test_which_pythons_will_do(version: tuple[int, int], state: str) -> None:
    assert check_python(version).state == state


def test_a_folder_is_looked_into_where_it_will_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert check_folder(tmp_path / "not" / "yet", "it", "advice").state == "ok"
    assert not (tmp_path / "not").exists()
    assert check_folder(tmp_path / "file", "it", "advice").advice == "advice"
    assert check_room(tmp_path / "not" / "yet").what.endswith("free on the disk")
    assert check_sqlite().state == "ok"


def test_the_model_that_answers_is_named() -> None:
    assert "playbook" in next(iter(check_model({}))).what
    assert "openai:x" in next(iter(check_model({"METIER_MODEL": "openai:x"}))).what


def test_the_list_says_what_each_toolkit_lacks(metier: Metier, plugins: Path, environment: Environment) -> None:
    environment.set("COLUMNS", "300")
    said = metier("toolkits").stdout
    assert all(part in said for part in ("parrot", "1.0", "metier-parrot", str(plugins)))
    assert "needs seeds (data): metier parrot feed" in said
    assert "could use PARROT_KEY (key)" in said


def test_a_broken_toolkit_is_in_the_list_and_the_others_too(
    metier: Metier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = tmp_path / "bad" / "bad-1.dist-info"
    record.mkdir(parents=True)
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: bad\nVersion: 1\n")
    (record / "entry_points.txt").write_text("[metier.toolkits]\nbad = no_such_module_at_all:toolkit\n")
    monkeypatch.syspath_prepend(str(tmp_path / "bad"))
    monkeypatch.setenv("METIER_TOOLKITS", "bad,parrot")
    monkeypatch.setenv("COLUMNS", "300")
    said = metier("toolkits")
    assert said.exit_code == 0
    assert "broken: ModuleNotFoundError" in said.stdout
    assert "needs seeds (data)" in said.stdout


def test_the_demo_makes_its_world_apart_from_the_users_data_and_says_what_to_try(
    metier: Metier, surroundings: Path, tmp_path: Path
) -> None:
    said = metier("demo")
    assert said.exit_code == 0, said.stderr
    assert "the parrot says hello world" in said.stdout
    assert "Files in metier-demo/parrot: echo.txt, data.txt" in said.stdout
    program = f"METIER_HOME={tmp_path / 'home' / 'demo'} metier"
    assert f'$ {program} run parrot "hello world"' in said.stdout
    assert f"Every step of it: {program} trace show" in said.stdout
    assert (tmp_path / "home" / "demo" / "parrot" / "world.txt").read_text() == "1"
    assert not (tmp_path / "home" / "parrot").exists()
    assert (surroundings / "metier-demo" / "parrot" / "data.txt").read_text() == str(
        tmp_path / "home" / "demo" / "parrot"
    )
    assert metier("demo", "parrot").exit_code == 0


@pytest.mark.anyio
async def test_any_host_can_use_the_tools_over_stdio(surroundings: Path, plugins: Path) -> None:
    program = ["-c", "from metier.cli.main import main; main()", "mcp", "serve", "parrot"]
    target = StdioServerParameters(command=sys.executable, args=program, env={"PYTHONPATH": str(plugins)})
    async with Connection("parrot", target, trusted=True, delays_s=(0.0,)) as connection:
        assert {tool.name for tool in await connection.tools()} == {"say", "wait"}
        result = await connection.call("say", {"text": "hello"})
    assert (result.text, [one.source for one in result.evidence]) == ("hello", ["parrot"])


@pytest.fixture
def served(surroundings: Path) -> Iterator[str]:
    """The address of `metier mcp serve parrot --http`, as a program of its own says it."""
    program = [sys.executable, "-c", "from metier.cli.main import main; main()"]
    arguments = ["mcp", "serve", "parrot", "--http", "--port", "0", "--set", "voice=loud"]
    with subprocess.Popen([*program, *arguments], stderr=subprocess.PIPE, text=True) as child:
        assert child.stderr is not None
        yield child.stderr.readline()
        child.kill()


@pytest.mark.anyio
async def test_any_host_can_use_the_tools_over_http(served: str) -> None:
    found = re.search(r"serving at (http://127\.0\.0\.1:\d+/mcp)", served)
    assert found
    async with Connection("parrot", found[1]) as connection:
        result = await connection.call("say", {"text": "hello"})
    assert (result.text, [one.source for one in result.evidence]) == ("HELLO", ["parrot/say"])


def test_a_toolkit_that_is_not_there_cannot_be_served(metier: Metier) -> None:
    assert metier("mcp", "serve", "parot").exit_code == 2
    assert "is no port" in metier("mcp", "serve", "parrot", "--http", "--port", "99999").stderr
