"""What no message can hold is the model's mistake, told before it is sent: the session and its other calls go on."""

import math

import pytest

from metier.canonical import JSON
from metier.errors import ToolError
from metier.servers.connection import Connection
from tests.sdk.servers.lively_server import make_server

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "hostile", ["half \ud83d", {"\udfff": 1}, [[["\ud800"]]], math.nan, {"a": [math.inf]}], ids=repr
)
async def test_what_cannot_be_sent_is_refused_and_the_session_goes_on(hostile: JSON) -> None:
    async with Connection("lively", make_server()) as connection:
        with pytest.raises(ToolError, match="The arguments of"):
            await connection.call("book", {"city": hostile})
        assert await connection.tools()
        with pytest.raises(ToolError, match="no tool"):
            await connection.call("none", {"city": "whole \U0001f600", "deep": nested(5_000)})


def nested(depth: int) -> JSON:
    value: JSON = 1
    for _ in range(depth):
        value = [value]
    return value
