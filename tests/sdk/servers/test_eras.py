"""In process, over stdio and over HTTP, and in each era of the protocol, a server can do all that a server may."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import Awaitable, Iterator
from pathlib import Path

import pytest
from mcp import StdioServerParameters

from metier.errors import MetierError
from metier.servers.connection import Connection, Target
from metier.servers.definition import Era
from metier.servers.source import Ask, CallContext, Progress, Question, Reply
from metier.servers.tool import ToolResult
from tests.sdk.servers.lively_server import make_server

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(60)]

LIVELY = Path(__file__).with_name("lively_server.py")
PATIENT = (0.0, *(0.1,) * 100)  # until a child process listens


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the server listens over HTTP, for all tests here."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = int(listener.getsockname()[1])
    child = subprocess.Popen([sys.executable, str(LIVELY), str(port)], stderr=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        child.kill()
        child.wait(10)


@pytest.fixture
def target(way: str, request: pytest.FixtureRequest) -> Target:
    if way == "in process":
        return make_server()
    if way == "stdio":
        return StdioServerParameters(command=sys.executable, args=[str(LIVELY)])
    found: str = request.getfixturevalue("address")
    return found


def answering(reply: Reply, asked: list[Question]) -> Ask:
    async def ask(question: Question) -> Reply:
        asked.append(question)
        return reply

    return ask


@pytest.mark.parametrize("era", ["auto", "legacy", "2026-07-28"])
@pytest.mark.parametrize("way", ["in process", "stdio", "http"])
async def test_a_server_asks_tells_how_far_it_is_and_answers_with_more_than_text(target: Target, era: Era) -> None:
    asked: list[Question] = []
    heard: list[Progress] = []
    ask = answering(Reply("accept", {"sure": True, "seats": 2}), asked)
    async with Connection("lively", target, era=era, ask=ask, delays_s=PATIENT) as connection:
        assert (await connection.call("book", {"city": "Ordino"})).text == "2 seats in Ordino"
        result = await connection.call("count", {"to": 3}, CallContext(on_progress=heard.append))
        rich = await connection.call("rich", {})
    (question,) = asked
    assert (question.server, question.message) == ("lively", "Book a table in Ordino?")
    assert "seats" in str(question.schema["properties"])
    assert result.text == "done"
    assert heard[0] == Progress("lively", "count", 1.0, 3.0, "at 1")
    assert [block.type for block in rich.content] == ["text", "image", "audio", "resource_link", "resource"]
    assert rich.meta["example.org/cost"] == 3
    assert rich.value == {"a": [1, {"b": None}]}
    assert "kept" in rich.text


async def failure(calling: Awaitable[ToolResult]) -> str:
    """Returns how a call failed, as a result or as an error."""
    try:
        result = await calling
    except MetierError as error:
        return str(error)
    assert result.is_error
    return result.text


@pytest.mark.parametrize("era", ["auto", "legacy"])
@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply("decline"), "decline"),
        (Reply("cancel"), "cancel"),
        (Reply("accept", {"sure": True, "seats": 9}), "'seats' is more than maximum, 4"),
        (Reply("accept", {"sure": True}), "'seats' is missing"),
        (Reply("accept", {"sure": "yes", "seats": 1}), "'sure' is not of type boolean"),
        (Reply("accept", {"sure": True, "seats": 1, "more": 2}), "there is no field 'more'"),
    ],
)
async def test_what_the_user_did_not_say_is_not_said_for_him(era: Era, reply: Reply, said: str) -> None:
    async with Connection("lively", make_server(), era=era, ask=answering(reply, [])) as connection:
        told = await failure(connection.call("book", {"city": "Ordino"}))
    assert "book" in told
    assert said in told


@pytest.mark.parametrize("era", ["auto", "legacy"])
async def test_where_nobody_can_be_asked_the_call_fails_and_the_connection_lives(era: Era) -> None:
    async with Connection("lively", make_server(), era=era) as connection:
        assert await failure(connection.call("book", {"city": "Ordino"}))
        assert (await connection.call("count", {"to": 1})).text == "done"


@pytest.mark.parametrize("era", ["auto", "legacy"])
async def test_a_question_that_cannot_be_put_fails_its_call_and_tells_the_server_nothing(era: Era) -> None:
    async def broken(question: Question) -> Reply:
        raise ValueError("hunter2")

    async with Connection("lively", make_server(), era=era, ask=broken) as connection:
        assert "hunter2" not in await failure(connection.call("book", {"city": "Ordino"}))


@pytest.mark.parametrize("era", ["auto", "legacy"])
async def test_the_time_that_a_person_takes_to_answer_is_not_the_servers(era: Era) -> None:
    async def slowly(question: Question) -> Reply:
        await asyncio.sleep(1.5)  # a person
        return Reply("accept", {"sure": True, "seats": 1})

    async with Connection("lively", make_server(), era=era, ask=slowly, timeout_s=1.0) as connection:
        assert (await connection.call("book", {"city": "Ordino"})).text == "1 seats in Ordino"


async def test_one_question_is_put_at_a_time() -> None:
    open_now, most = 0, 0

    async def ask(question: Question) -> Reply:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        await asyncio.sleep(0)
        open_now -= 1
        return Reply("accept", {"sure": True, "seats": 1})

    async with Connection("lively", make_server(), ask=ask) as connection:
        await asyncio.gather(*(connection.call("book", {"city": str(number)}) for number in range(5)))
    assert most == 1
