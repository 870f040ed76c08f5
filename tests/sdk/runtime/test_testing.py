"""The tools for testing hold themselves: scripts are kept to, and the network is refused."""

import socket

import pytest
from mcp import Client
from pydantic_ai import Agent

from metier.testing import FrozenClock, NetworkRefusedError, ScriptedModel, ScriptError, refuse_network, serve_tools

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_a_scripted_model_says_its_lines_in_an_agent() -> None:
    with ScriptedModel(["hello"]) as model:
        assert (await Agent(model).run("hi")).output == "hello"


async def test_a_request_beyond_the_script_fails() -> None:
    with pytest.raises(ScriptError, match="asked 1 times; its script has 0"):
        await Agent(ScriptedModel([])).run("hi")


def test_steps_that_are_never_asked_for_fail() -> None:
    with pytest.raises(ScriptError, match="1 of 1"), ScriptedModel(["hello"]):
        pass


async def test_a_served_tool_goes_through_mcp() -> None:
    def add(one: int, other: int) -> int:
        """Adds."""
        return one + other

    async with Client(serve_tools("sums", add)) as client:
        assert (await client.call_tool("add", {"one": 1, "other": 2})).structured_content == {"result": 3}


def test_the_network_beyond_loopback_is_refused_only_inside_the_block() -> None:
    with refuse_network():
        with socket.socket() as sock, pytest.raises(NetworkRefusedError):
            sock.connect(("192.0.2.1", 80))
        with pytest.raises(NetworkRefusedError):
            socket.getaddrinfo("example.org", 80)
        with socket.socket() as server, socket.socket() as client:
            server.bind(("127.0.0.1", 0))
            server.listen()
            client.connect(server.getsockname())
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(("127.0.0.1", 9))


def test_a_frozen_clock_moves_only_when_told() -> None:
    clock = FrozenClock()
    assert clock.seconds() == clock.seconds()
    before = clock.now()
    clock.advance(90)
    assert (clock.now() - before).total_seconds() == 90
