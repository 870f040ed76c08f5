"""`metier gateway serve` is one server for hosts of any make: over stdio and over HTTP, for who bears the token."""

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from fastmcp import Client as FastClient
from fastmcp.client.auth import BearerAuth
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.types import TextContent

from metier.gateway.proxy import RECORD_KEY
from metier.servers.connection import Connection
from metier.servers.target import HttpTarget
from tests.sdk.gateway.proxy.registered import register, tiny

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]

METIER = ("-c", "from metier.cli.main import main; main()")
TOKEN, KEY = "a-token-of-twenty-letters", "sk-0123456789abcdef"
CITY = {"city": "Arvel"}


@pytest.fixture
async def home(tmp_path: Path) -> Path:
    """A home with one approved server, whose answers are good for an hour."""
    home = tmp_path / "home"
    home.mkdir()
    await register(tiny("tiny", tmp_path, policy={"ttl_s": 3600, "attempts": 1}), home)
    return home


def surroundings(home: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "METIER_HOME": str(home), "TINY_KEY": KEY, "METIER_LOG": "info", **more}


@contextmanager
def served(home: Path, *options: str, **more: str) -> Iterator[tuple[str, Path]]:
    """Serves over HTTP on any free port; gives the address and the file that it logs to."""
    log = home / "gateway.log"
    with log.open("w") as writing:
        command = [sys.executable, *METIER, "gateway", "serve", "--http", "--port", "0", *options]
        child = subprocess.Popen(command, env=surroundings(home, **more), cwd=home, stderr=subprocess.PIPE, text=True)
        assert child.stderr is not None
        with child.stderr:
            said = next(line for line in child.stderr if "serving at" in line)
            try:
                yield said.split("serving at ")[1].split(";")[0], log
            finally:
                child.terminate()
                writing.write(child.stderr.read())
                child.wait(10)


def stdio(home: Path, *options: str) -> StdioServerParameters:
    command = [*METIER, "gateway", "serve", *options]
    return StdioServerParameters(command=sys.executable, args=command, env=surroundings(home), cwd=home)


async def names(client: Client) -> list[str]:
    return [tool.name for tool in (await client.list_tools()).tools]


def files_with(text: str, folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


def cache_of(result: Any) -> str:
    return str(result.meta[RECORD_KEY]["cache"])


def status_of(address: str, **headers: str) -> int:
    where = urlsplit(address)
    connection = http.client.HTTPConnection("127.0.0.1", where.port or 0, timeout=10)
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "server/discover", "params": {}})
    given = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream", **headers}
    connection.request("POST", where.path, body, given)
    status = connection.getresponse().status
    connection.close()
    return status


async def test_two_programs_at_once_share_what_was_asked_and_a_replay_needs_no_server(home: Path) -> None:
    async with Client(stdio(home, "--server", "tiny", "--writing")) as second:
        async with Client(stdio(home)) as first:
            assert await names(first) == ["forecast", "tell_key", "read_result"]
            assert await names(second) == ["forecast", "tell_key", "book", "read_result"]
            asked = await first.call_tool("forecast", CITY)
        kept = await second.call_tool("forecast", CITY)  # the first has ended: what it kept is on the disk
    assert (cache_of(asked), cache_of(kept)) == ("miss", "hit")
    assert asked.structured_content == kept.structured_content == {"sky": "sunny", "for": CITY}
    (home.parent / "tiny.json").unlink()  # the server can no longer start
    async with Client(stdio(home, "--cache", "replay")) as third:
        again = await third.call_tool("forecast", CITY)
        missing = await third.call_tool("forecast", {"city": "Bodran"})
    assert (cache_of(again), again.structured_content) == ("hit", kept.structured_content)
    assert missing.is_error
    assert "not recorded" in missing.model_dump_json()


async def test_clients_of_three_makes_are_served_over_http_with_the_token_only(home: Path) -> None:
    with served(home, METIER_TOKEN=TOKEN) as (address, log):
        bearing = {"Authorization": f"Bearer {TOKEN}"}
        refused = [
            status_of(address),
            status_of(address, Authorization="Bearer wrong"),
            status_of(address, Host="evil.example", **bearing),
            status_of(address, Origin="https://evil.example", **bearing),
        ]
        async with Connection("gateway", HttpTarget(address, bearing)) as ours:
            mine = await ours.call("forecast", CITY)
        async with FastClient(address, auth=BearerAuth(TOKEN)) as theirs:
            other = await theirs.call_tool("forecast", CITY)
            failed = await theirs.call_tool("tell_key", {}, raise_on_error=False)
        async with (
            httpx2.AsyncClient(headers=bearing) as http,
            Client(streamable_http_client(address, http_client=http)) as plain,
        ):
            third = await plain.call_tool("forecast", CITY)
    assert refused == [401, 401, 421, 403]
    assert mine.value == other.structured_content == third.structured_content == {"sky": "sunny", "for": CITY}
    assert [one.source for one in mine.evidence] == ["gateway/forecast"]  # a stranger's evidence goes by its own name
    assert [block.text for block in failed.content if isinstance(block, TextContent)] == ["the key is [secret]"]
    lines = [line for line in log.read_text().splitlines() if "tool answered" in line]
    assert [line.split(" attempts")[0].split("tool answered ")[1] for line in lines] == [
        "server=tiny tool=forecast provider=tiny cache=miss",
        "server=tiny tool=forecast provider=tiny cache=hit",
        "server=tiny tool=tell_key provider=tiny cache=miss",
        "server=tiny tool=forecast provider=tiny cache=hit",
    ]
    assert not files_with(KEY, home)
