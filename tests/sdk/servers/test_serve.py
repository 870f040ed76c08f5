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

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(60)]

SERVING = Path(__file__).with_name("serving.py")


@pytest.fixture
def address() -> Iterator[str]:
    child = subprocess.Popen([sys.executable, str(SERVING), "http"], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    with child.stdout:
        yield child.stdout.readline().strip()
        child.kill()
        child.wait(10)


def ask(address: str, *, host: str) -> int:
    where = urlsplit(address)
    connection = http.client.HTTPConnection("127.0.0.1", where.port or 0, timeout=10)
    body = '{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{}}'
    headers = {"Host": host, "Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
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
        serve_http(MCPServer("words"), host=host)


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(InputError, match="is no port"):
        serve_http(MCPServer("words"), port=port)
