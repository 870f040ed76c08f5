"""Replay: of what is recorded the answers are equal and no server is needed; what is not recorded is an error."""

import asyncio
from pathlib import Path

import pytest

from metier.canonical import digest_of
from metier.errors import ServerError
from metier.gateway.gateway import Gateway
from metier.gateway.providing import Provided
from metier.servers.tool import ToolResult
from metier.testing import refuse_network
from tests.sdk.gateway.envelope.serving import Time, Upstream, broken

pytestmark = pytest.mark.anyio


class Absent:
    """A source that nobody may touch."""

    name = "a"

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"The source was touched: {name}.")


def absent(name: str, like: Provided) -> Provided:
    source = Absent()
    source.name = name
    return Provided(source, like.identity, like.policy_of)  # type: ignore[arg-type]


def digest(result: ToolResult) -> str:
    blocks = [block.model_dump(mode="json") for block in result.content]
    return digest_of([result.text, result.value, [one.id for one in result.evidence], dict(result.meta), blocks])


async def test_a_whole_trajectory_is_made_again_without_network_or_server_and_is_equal(
    gateway: Gateway, time: Time
) -> None:
    upstream = Upstream("a")
    calls = [("search", f"inn {number}") for number in range(10)] + [("picture", "a view")]
    live = upstream.provided()  # ttl 0: kept for replay all the same
    async with gateway.envelope("maps", [live]) as envelope:
        listed = await envelope.tools()
        recorded = [digest(await envelope.call(tool, {"query": query})) for tool, query in calls]
    time.clock.advance(365 * 24 * 3600)
    with refuse_network():
        async with gateway.in_mode("replay").envelope("maps", [absent("a", live)]) as envelope:
            assert await envelope.tools() == listed
            results = await asyncio.gather(*(envelope.call(tool, {"query": query}) for tool, query in calls))
    assert [digest(result) for result in results] == recorded
    assert {result.record.cache for result in results if result.record} == {"hit"}
    assert len(upstream.calls) == len(calls)


async def test_a_replay_sees_what_was_recorded_this_moment(gateway: Gateway) -> None:
    upstream = Upstream("a")
    live = upstream.provided()
    async with (
        gateway.envelope("maps", [live]) as envelope,
        gateway.in_mode("replay").envelope("maps", [absent("a", live)]) as replayed,
    ):
        recorded = await envelope.call("search", {"query": "inn"})
        assert digest(await replayed.call("search", {"query": "inn"})) == digest(recorded)
    assert upstream.calls == ["inn"]


async def test_a_call_that_is_not_recorded_is_an_error_and_asks_nobody(gateway: Gateway) -> None:
    upstream = Upstream("a")
    live = upstream.provided()
    async with gateway.envelope("maps", [live]) as envelope:
        await envelope.call("search", {"query": "inn"})
        await envelope.call("book", {"query": "inn"})
    async with gateway.in_mode("replay").envelope("maps", [absent("a", live)]) as envelope:
        for tool, query in (("search", "another"), ("book", "inn")):
            with pytest.raises(ServerError, match=rf"A call of {tool} is not recorded, of a.*read-write") as caught:
                await envelope.call(tool, {"query": query})
            assert not caught.value.sent
    assert len(upstream.calls) == 2


async def test_without_a_recorded_list_of_tools_replay_says_what_to_do(gateway: Gateway) -> None:
    provided = absent("a", Upstream("a").provided())
    async with gateway.in_mode("replay").envelope("maps", [provided]) as envelope:
        with pytest.raises(ServerError, match=r"not recorded.*read-write"):
            await envelope.tools()
        with pytest.raises(ServerError, match="not recorded"):
            await envelope.call("search", {"query": "inn"})


async def test_a_degraded_answer_is_replayed_as_it_was_given(gateway: Gateway, tmp_path: Path) -> None:
    first, second = Upstream("a", always=broken()), Upstream("b")
    live = [first.provided(attempts=1), second.provided()]
    async with gateway.envelope("maps", live) as envelope:
        then = await envelope.call("search", {"query": "inn"})
    away = [absent(provided.name, provided) for provided in live]
    async with gateway.in_mode("replay").envelope("maps", away) as envelope:
        now = await envelope.call("search", {"query": "inn"})
    assert now.text.startswith("[Degraded: b answered search")
    assert digest(now) == digest(then)
