"""The time in which a person is asked is not the server's: a call is not cut off while somebody reads a question."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from mcp.server import MCPServer

from metier.errors import NotCoveredError, ServerError
from metier.gateway.gateway import Gateway
from metier.gateway.limits.patience import in_time
from metier.gateway.providing import NOTHING, Provided
from metier.gateway.results.masking import mask_error
from metier.servers.connection import Connection
from metier.servers.policy import Policy
from metier.servers.source import Question, Reply
from tests.sdk.servers.lively_server import make_server

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(60)]
SHORT_S = 0.2


def asking_server() -> MCPServer[Any]:
    server = make_server()

    @server.tool()
    async def hang() -> str:
        "Never answers."
        await asyncio.Event().wait()
        return ""

    return server


async def test_a_person_may_take_longer_than_the_call(tmp_path: Path) -> None:
    async def think(question: Question) -> Reply:
        await asyncio.sleep(3 * SHORT_S)  # what is tried is that this time does not count
        return Reply("accept", {"sure": True, "seats": 2})

    source = Connection("asks", asking_server(), ask=think)
    policy = Policy(timeout_s=SHORT_S, total_s=2 * SHORT_S, attempts=1)
    provided = Provided(source, "asks", lambda spec: policy, asked_s=lambda: source.asked_s)
    async with Gateway(tmp_path).envelope("asks", [provided]) as envelope:
        assert (await envelope.call("book", {"city": "Pau"})).text == "2 seats in Pau"
        with pytest.raises(ServerError, match="did not answer hang within"):
            await envelope.call("hang", {})


async def test_work_that_takes_too_long_is_ended_before_that_is_said() -> None:
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    for asked_s in (None, lambda: 0.0):
        ended.clear()
        with pytest.raises(TimeoutError):
            await in_time(work(), 0.01, asked_s)
        assert ended.is_set()


def test_a_source_that_does_not_cover_a_question_is_known_as_such_after_masking() -> None:
    assert isinstance(mask_error(NotCoveredError("Not here."), NOTHING), NotCoveredError)
