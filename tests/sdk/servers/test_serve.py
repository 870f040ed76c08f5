"""A tool server is reached over stdio and HTTP by any host, and by nobody it should not be reached by."""

import http.client
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from mcp import StdioServerParameters
from mcp.server import MCPServer

from metier.errors import InputError
from metier.servers.connection import Connection
from metier.servers.serve import serve_http
from metier.servers.target import HttpTarget

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(60)]

SERVING = Path(__file__).with_name("serving.py")
REFUSED = {401, 403, 421}
TOKEN = "a-token-of-twenty-letters"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    yield from serve("http")


@pytest.fixture
def guarded() -> Iterator[str]:
    yield from serve("http", TOKEN)


def serve(*arguments: str) -> Iterator[str]:
    child = subprocess.Popen([sys.executable, str(SERVING), *arguments], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    with child.stdout:
        yield child.stdout.readline().strip()
        child.kill()
        child.wait(10)


def ask(address: str, *, host: str, more: dict[str, str] | None = None) -> int:
    where = urlsplit(address)
    connection = http.client.HTTPConnection("127.0.0.1", where.port or 0, timeout=10)
    body = '{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{}}'
    headers = {"Host": host, "Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    headers.update(more or {})
    connection.request("POST", where.path, body, headers)
    status = connection.getresponse().status
    connection.close()
    return status


async def test_over_stdio_only_the_protocol_goes_to_standard_output() -> None:
    target = StdioServerParameters(command=sys.executable, args=[str(SERVING), "stdio"])
    async with Connection("words", target, delays_s=(0.0,)) as connection:
        assert (await connection.call("loud", {"word": "a"})).text == "A"
        assert (await connection.call("loud", {"word": "b"})).text == "B"


async def test_over_http_the_same_tools_answer_on_loopback(address: str) -> None:
    assert address.startswith("http://127.0.0.1:")
    async with Connection("words", address) as connection:
        assert (await connection.call("loud", {"word": "a"})).text == "A"


async def test_a_page_that_calls_the_server_by_another_name_is_refused(address: str) -> None:
    assert ask(address, host="evil.example:80") == 421
    assert ask(address, host=f"localhost:{urlsplit(address).port}") != 421


def test_a_port_that_is_taken_is_one_line_and_a_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(InputError, match=r"Cannot listen on 127\.0\.0\.1 port"):
            serve_http(MCPServer("words"), port=taken.getsockname()[1])


@pytest.mark.parametrize("host", ["\udcff", "x" * 300])
def test_what_is_no_host_is_refused(host: str) -> None:
    with pytest.raises(InputError, match="Cannot listen on"):
        serve_http(MCPServer("words"), host=host, token=TOKEN)


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(InputError, match="is no port"):
        serve_http(MCPServer("words"), port=port)


async def test_with_a_token_only_who_bears_it_is_answered(guarded: str) -> None:
    host = f"127.0.0.1:{urlsplit(guarded).port}"
    for wrong in ({}, {"Authorization": "Bearer "}, {"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": TOKEN}):
        assert ask(guarded, host=host, more=wrong) == 401
    assert ask(guarded, host=host, more={"Authorization": f"Bearer {TOKEN}"}) not in REFUSED
    async with Connection("words", HttpTarget(guarded, {"Authorization": f"Bearer {TOKEN}"})) as connection:
        assert (await connection.call("loud", {"word": "a"})).text == "A"


async def test_a_page_of_another_origin_is_refused(address: str) -> None:
    host = f"127.0.0.1:{urlsplit(address).port}"
    assert ask(address, host=host, more={"Origin": "https://evil.example"}) == 403
    assert ask(address, host=host, more={"Origin": f"http://{host}"}) not in REFUSED


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_off_loopback_nothing_is_served_without_a_token(host: str) -> None:
    with pytest.raises(InputError, match="Whoever can reach"):
        serve_http(MCPServer("words"), host=host)


@pytest.mark.parametrize("token", ["short", "a token with spaces in it", "schlüssel-schlüssel", "a" * 20 + "\n"])
def test_a_token_that_cannot_be_sent_or_is_easily_guessed_is_refused(token: str) -> None:
    with pytest.raises(InputError, match="at least 16 printable"):
        serve_http(MCPServer("words"), token=token)
