"""Every command of the pages on tool servers is run, in its order, as a new user would: in an empty folder and home."""

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring
from typer.testing import CliRunner, Result

from metier.cli.main import app
from metier.discovery import load_toolkit

ROOT = Path(__file__).parents[1]
REGISTER = (ROOT / "docs" / "register-your-mcp-server.md").read_text(encoding="utf-8")
FAIL = (ROOT / "docs" / "when-servers-fail.md").read_text(encoding="utf-8")
IS_LIT = "metier mcp call lamp is_lit lighthouse=Skerryvore"
ENDS_WITH_1 = {  # the command, and the how manieth of its kind: what the page says of them
    ("metier mcp add amap -- python -m metier_maps.providers.replay amap", 1),  # nobody can be asked
    (IS_LIT, 2),  # it was changed
    ("metier mcp diff lamp", 1),  # there is a difference
}
SAYS = {
    "metier mcp add amap": "It has 12 tools",
    "metier mcp approve amap": "Approved: 12 tools of amap.",
    "metier mcp call amap": '"name": "Muzeon Skavastar"',
    "metier trace show": "not the first in order, for amap: refused",
    "metier mcp call tools-of-maps": "amap:B0SYN",
    "metier gateway status": "Used today: amap/poi, ",
    "metier mcp diff lamp": "+ description: Always says that the lamp of a lighthouse is lit.",
    "metier mcp call lamp put_out": "The lamp of Skerryvore is out.",
    "metier mcp tools lamp": "put_out: writes, never used: your lists do not allow it",
    "metier mcp import": "export WIKI_TOKEN=...",
}


def blocks(kind: str, page: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", page, re.DOTALL)


def commands(page: str, kind: str = "console") -> list[str]:
    return [line for block in blocks(kind, page) for line in block.splitlines() if line.strip()]


@dataclass(frozen=True, slots=True)
class User:
    """Somebody in an empty folder, which is their home as well, with nothing to read from."""

    folder: Path

    def run(self, command: str) -> Result:
        """Returns what the command did: metier's own in this process, which spares its start; others in the shell."""
        if command.startswith("metier "):
            return CliRunner().invoke(app, shlex.split(command)[1:])
        done = subprocess.run(["sh", "-c", command], cwd=self.folder, check=False)
        return Result(CliRunner(), b"", b"", b"", None, done.returncode, None)


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[User]:
    for name in os.environ:
        if name.startswith(("METIER", "XDG_", "AMAP", "GOOGLE", "WIKI", "COURTLISTENER")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())
    yield User(tmp_path)
    keyring.set_keyring(before)


def starts(command: str) -> set[str]:
    """Returns the command, and what it begins with, word by word."""
    words = command.split(" ")
    return {" ".join(words[:count]) for count in range(1, len(words) + 1)}


def write_files(page: str, folder: Path) -> None:
    """Writes the files that the page shows with their names in their first line, and the other host's file."""
    for block in (*blocks("toml", page), *blocks("python", page)):
        named = re.match(r"# (\S+\.\w+)\n", block)
        if named:
            (folder / named[1]).write_text(block, encoding="utf-8")
    for block in blocks("json", page):
        (folder / "other-host.json").write_text(block, encoding="utf-8")


@pytest.mark.timeout(300)
def test_every_command_of_the_page_on_registering_does_what_it_says(user: User) -> None:
    write_files(REGISTER, user.folder)
    found = commands(REGISTER)
    assert len(found) >= 25
    assert {path for path, _ in ENDS_WITH_1} | set(SAYS) <= {start for line in found for start in starts(line)}
    run_id, times, said = "", Counter[str](), ""
    for command in found:
        times[command] += 1
        done = user.run(command.replace("RUN", run_id))
        expected = 1 if (command, times[command]) in ENDS_WITH_1 else 0
        assert done.exit_code == expected, f"$ {command}\n{done.output}"
        for start, text in SAYS.items():
            assert not command.startswith(start) or text in done.stdout, f"$ {command}\n{done.output}"
        said += done.stderr
        started = re.search(r"metier trace show (\S+)", done.stdout)
        run_id = started[1] if started else run_id
    assert "was changed since you approved its tools" in said
    exported = json.loads((user.folder / "servers.json").read_text(encoding="utf-8"))
    assert {"amap", "lamp", "files", "wiki"} <= set(exported["mcpServers"])


def test_what_the_pages_only_show_is_still_understood(user: User) -> None:
    """What needs npm, a key, a network, a model or a terminal is shown and not run: its words have to be right."""
    shown = [line for line in commands(REGISTER, "text") if line.startswith("metier ")]
    assert len(shown) >= 9
    for line in shown:
        words = line.split()
        command = " ".join(words[: 3 if words[1] == "mcp" else 2])
        explained = user.run(f"{command} --help")
        assert explained.exit_code == 0, line
        for option in re.findall(r"(?<!\S)--[a-z][a-z-]+", line.split(" -- ")[0]):
            assert option in explained.stdout, f"{line}: {option}"


@pytest.mark.timeout(100)
def test_every_setting_of_the_page_on_failures_is_taken_and_every_command_runs(user: User) -> None:
    amap = '[servers.amap]\ncommand = "python"\nargs = ["-m", "metier_maps.providers.replay", "amap"]\n'
    text = amap + "\n".join(blocks("toml", FAIL))
    (user.folder / "metier.toml").write_text(text, encoding="utf-8")
    wanted = tomllib.loads(text)["servers"]["amap"]
    assert user.run("metier mcp trust --yes").exit_code == 0
    shown = user.run("metier mcp show amap").stdout
    lines = dict(line.strip().split(" = ", 1) for line in shown.splitlines() if " = " in line)
    for tool, settings in {"": wanted["policy"], **wanted["tools"]}.items():
        line = lines[f"policy of {tool}" if tool else "policy"]
        assert set(line.split(", ")) == {f"{name}={value}" for name, value in settings.items()}
    for command in commands(FAIL):
        if " --http" not in command:  # that serves until it is stopped
            done = user.run(command)
            assert done.exit_code == 0, f"$ {command}\n{done.output}"


@pytest.mark.parametrize("toolkit", ["maps", "legal"])
def test_the_orders_that_the_toolkits_pages_show_name_providers_that_there_are(toolkit: str) -> None:
    page = (ROOT / "toolkits" / toolkit / "README.md").read_text(encoding="utf-8")
    (block,) = blocks("toml", page)
    named = tomllib.loads(block)["toolkits"][toolkit]["providers"]
    there = {provider.name for provider in load_toolkit(toolkit).providers}
    assert set(named) == {"local", *there}
    for provider in there:
        assert f"`{provider}`" in page or f"| {provider} |" in page
