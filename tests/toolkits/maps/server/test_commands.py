"""`metier maps`: data, verification, changes; and the server over stdio and HTTP."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters

from metier.toolkit import Settings
from metier_maps import SAMPLE_REQUEST
from tests.toolkits.terminal import Metier, commands_in

METIER = (sys.executable, "-c", "from metier.cli.main import main; main()")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def surroundings(home: Path) -> dict[str, str]:
    return {**os.environ, "METIER_HOME": str(home), "COLUMNS": "200"}


@pytest.fixture
def metier(sample: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Metier:
    """Runs the command line on the sample region, in a folder of the test."""
    return commands_in(tmp_path, sample.data.parent, monkeypatch)


def test_a_new_machine_has_no_maps_and_is_told_how_to_get_some(metier: Metier, tmp_path: Path) -> None:
    listed = metier("maps", "list", home=tmp_path / "new")
    assert (listed.exit_code, "metier maps add" in listed.stdout) == (0, True)
    searched = metier("maps", "search", "x", home=tmp_path / "new")
    assert (searched.exit_code, searched.stderr.count("\n")) == (2, 1)


def test_the_sample_is_installed_listed_searched_and_removed(metier: Metier, tmp_path: Path) -> None:
    home = tmp_path / "own"
    made = metier("maps", "sample", home=home)
    assert made.exit_code == 0
    assert "fictional sample region" in made.stdout
    assert "sample" in metier("maps", "list", home=home).stdout
    found = metier("maps", "search", "Skavastr", home=home)
    assert "Skavastar" in found.stdout
    assert "fictional" in found.stdout
    assert "Removed sample-" in metier("maps", "remove", "sample", home=home).stdout
    assert "no map data" in metier("maps", "list", home=home).stdout


def test_what_is_no_map_is_refused_in_one_line(metier: Metier, tmp_path: Path) -> None:
    (tmp_path / "zeros.osm.pbf").write_bytes(b"\0" * 999)
    ended = metier("maps", "add", "zeros.osm.pbf", home=tmp_path / "new")
    assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)


def test_a_trip_is_written_verified_changed_and_kept(metier: Metier, tmp_path: Path) -> None:
    made = metier("run", "maps", SAMPLE_REQUEST, "--out", "trip")
    assert made.exit_code == 0, made.stderr
    before = (tmp_path / "trip" / "itinerary.json").read_bytes()
    verified = metier("maps", "verify", "trip", "--json")
    assert verified.exit_code == 0
    assert json.loads(verified.stdout)["violated"] == []
    changed = metier("maps", "edit", "trip", "start a day later")
    assert changed.exit_code == 0, changed.stderr
    assert "Changed: 2027-06-05 to 2027-06-07" in changed.stdout
    assert (tmp_path / "trip" / "itinerary.1.json").read_bytes() == before
    exported = metier("maps", "export", "trip")
    assert "trip.gpx" in exported.stdout
    asked = metier("maps", "edit", "trip", "be nice")
    assert asked.exit_code == 2
    assert not (tmp_path / "trip" / "itinerary.2.json").exists()
    wrong = json.loads(before)["itinerary"]
    wrong["days"][0]["legs"][0]["distance_m"] += 1
    (tmp_path / "wrong.json").write_text(json.dumps(wrong))
    told = metier("maps", "verify", "wrong.json")
    assert (told.exit_code, "/days/0/legs/0" in told.stdout) == (1, True)


def test_a_request_that_nobody_can_plan_is_one_line_and_exit_2(metier: Metier) -> None:
    ended = metier("run", "maps", "31 February 2027 in sample")
    assert ended.exit_code == 2
    assert ended.stderr.splitlines()[-1].startswith("metier: ")


@pytest.mark.anyio
async def test_the_same_tools_are_served_over_stdio(sample: Settings) -> None:
    program = [*METIER, "mcp", "serve", "maps"]
    parameters = StdioServerParameters(command=program[0], args=program[1:], env=surroundings(sample.data.parent))
    async with Client(parameters) as client:
        assert len((await client.list_tools()).tools) == 13
        found = await client.call_tool("search_places", {"query": "Skavastar", "region": "sample"})
    assert found.structured_content["places"][0]["name"] == "Skavastar"
    assert found.meta["metier/evidence"]


@pytest.fixture
def address(sample: Settings) -> Iterator[str]:
    program = [*METIER, "mcp", "serve", "maps", "--http", "--port", "0"]
    served = subprocess.Popen(program, stderr=subprocess.PIPE, text=True, env=surroundings(sample.data.parent))
    assert served.stderr is not None
    try:
        told = re.search(r"http://\S+/mcp", served.stderr.readline())
        assert told is not None
        yield told.group()
    finally:
        served.terminate()
        served.wait(timeout=20)
        served.stderr.close()


@pytest.mark.anyio
async def test_the_same_tools_are_served_over_http(address: str) -> None:
    async with Client(address) as client:
        found = await client.call_tool("search_places", {"query": "Skavastar", "region": "sample"})
    assert found.structured_content["places"][0]["name"] == "Skavastar"
    assert found.meta["metier/evidence"]
