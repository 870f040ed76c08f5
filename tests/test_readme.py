"""Every command of the README is run, in its order, as a new user would: in an empty folder, with a home of its own."""

import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ANDORRA = ROOT.parent / "shared" / "data" / "maps" / "osm" / "andorra-2025.osm.pbf"
TITLE_17 = ROOT.parent / "shared" / "data" / "legal" / "en-uscode" / "usc17_pl112-90.txt.gz"
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL) for line in block.splitlines() if line
]
MAKE = {"make demo": "metier demo", "make test": "", "make bench": ""}
NEEDS_ANDORRA = pytest.mark.skipif(not ANDORRA.exists(), reason=f"no {ANDORRA.name} in ../shared/data/maps/osm")
NEEDS_TITLE_17 = pytest.mark.skipif(
    not TITLE_17.exists(), reason=f"no {TITLE_17.name} in ../shared/data/legal/en-uscode"
)


class Stranger:
    """A user with an empty folder, an environment of their own over this one's packages, and Andorra's map."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        venv.create(folder / "env", symlinks=True)
        (site,) = (folder / "env").glob("lib/python*/site-packages")
        ours = next(path for path in sys.path if path.endswith("site-packages"))
        (site / "ours.pth").write_text(f"import site; site.addsitedir({ours!r})\n")
        python = folder / "env" / "bin" / "python"
        for name, module in (("metier", "metier"), ("pip", "pip")):
            script = folder / "env" / "bin" / name
            script.write_text(f'#!/bin/sh\nexec {python} -m {module} "$@"\n')
            script.chmod(0o755)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("METIER")},
            "METIER_HOME": str(folder / "home"),
            "PATH": f"{folder / 'env' / 'bin'}:{os.environ['PATH']}",
            "COLUMNS": "100",
        }

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """Returns what the command did in the user's shell, with nothing to read from."""
        return subprocess.run(
            ["sh", "-c", command],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=280,
        )


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Stranger:
    folder = tmp_path_factory.mktemp("stranger")
    if ANDORRA.exists():
        shutil.copy(ANDORRA, folder / "andorra.osm.pbf")
    if TITLE_17.exists():
        shutil.copy(TITLE_17, folder / "usc17.txt.gz")
    return Stranger(folder)


def expected_code(command: str) -> int:
    return 1 if "10 minutes of driving" in command else 0


@NEEDS_ANDORRA
@NEEDS_TITLE_17
@pytest.mark.timeout(900)
def test_every_command_of_the_readme_does_what_it_says(stranger: Stranger) -> None:
    assert len(COMMANDS) >= 15
    run_id = ""
    for command in COMMANDS:
        if command in MAKE:
            command = MAKE[command]
            assert f"\t$(BIN)/{command}" in (ROOT / "Makefile").read_text() or not command
        if not command or "--http" in command:
            continue  # `make test` is this test's own command; HTTP is served by tests/sdk/servers
        done = stranger.run(command.replace("RUN", run_id))
        assert done.returncode == expected_code(command), f"$ {command}\n{done.stdout}\n{done.stderr}"
        found = re.search(r"metier trace show (\S+)", done.stdout)
        run_id = found.group(1) if found and not run_id and command.startswith("metier run maps") else run_id
    written = {path.name for path in (stranger.folder / "trip").iterdir()}
    promised = set(re.findall(r"`((?:itinerary|index|map|trip)\.[a-z]+)`", README))
    assert promised <= written
    memos = set(re.findall(r"`(memo\.[a-z]+)`", README)) | {"certificate.json"}
    assert len(memos) == 6
    for folder in ("memo", "memo-zh"):
        assert memos <= {path.name for path in (stranger.folder / folder).iterdir()}


@NEEDS_ANDORRA
@pytest.mark.timeout(300)
def test_the_python_of_the_readme_runs(stranger: Stranger) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    add = stranger.run("metier maps add andorra.osm.pbf")
    assert add.returncode == 0, add.stderr
    (stranger.folder / "readme.py").write_text(code)
    done = stranger.run("env/bin/python readme.py")
    assert done.returncode == 0, done.stderr
    assert "2 days in Andorra" in done.stdout
