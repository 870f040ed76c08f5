"""One MCP server in front of many: what a client of it sees, and what it does not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult, ImageContent, TextContent

from metier.canonical import JSON
from metier.errors import InputError
from metier.gateway.gateway import Gateway
from metier.gateway.providing import Provided
from metier.gateway.proxy import MOST_VALUE, RECORD_KEY, make_proxy
from metier.servers.admission import Admission
from metier.servers.connection import Connection
from metier.servers.definition import Definition, Program
from metier.servers.pinning.store import PinStore
from metier.servers.policy import Policy
from metier.servers.result import EVIDENCE_KEY, FAILURE_KEY
from metier.trace import CallRecord
from tests.sdk.gateway.envelope.serving import Upstream, broken, failed, own_no

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(60)]

KEY = "sk-0123456789abcdef"
ERAS = pytest.mark.parametrize("era", ["legacy", "2026-07-28"])
Noted = list[tuple[str, str, CallRecord]]


@asynccontextmanager
async def opened(
    gateway: Gateway, *provided: Provided, writing: bool = False, noted: Noted | None = None, era: str = "legacy"
) -> AsyncIterator[Client]:
    """Opens a client of a proxy in front of `provided`, each behind an envelope of its own."""
    sources = [gateway.envelope(one.name, [one]) for one in provided]
    kept: Noted = [] if noted is None else noted
    proxy = make_proxy([*sources, gateway.pages()], writing=writing, note=lambda *note: kept.append(note))
    async with Client(proxy, mode=era) as client:
        yield client


async def names(client: Client) -> set[str]:
    return {tool.name for tool in (await client.list_tools()).tools}


def text_of(result: CallToolResult) -> str:
    return "\n".join(block.text for block in result.content if isinstance(block, TextContent))


def record_of(result: CallToolResult) -> dict[str, Any]:
    record: dict[str, Any] = (result.meta or {})[RECORD_KEY]
    return record


@ERAS
async def test_a_tool_keeps_its_name_unless_two_servers_have_it(gateway: Gateway, era: str) -> None:
    async with opened(gateway, Upstream("a").provided(), era=era) as alone:
        assert await names(alone) == {"search", "book", "picture", "read_result"}
    async with opened(gateway, Upstream("a").provided(), Upstream("b").provided(), era=era) as both:
        assert await names(both) == {
            *("a_search", "a_book", "a_picture", "b_search", "b_book", "b_picture"),
            "read_result",
        }
        assert text_of(await both.call_tool("b_search", {"query": "inn"})) == "inn, found by b"
        assert (await both.call_tool("search", {"query": "inn"})).is_error


@ERAS
async def test_an_answer_comes_whole_with_its_evidence_and_its_record(gateway: Gateway, era: str) -> None:
    noted: Noted = []
    async with opened(gateway, Upstream("a").provided(cost_usd=0.25), noted=noted, era=era) as client:
        result = await client.call_tool("search", {"query": "inn"})
    assert (text_of(result), result.is_error) == ("inn, found by a", False)
    assert result.structured_content == {"by": "a", "query": "inn", "number": 1}
    (evidence,) = (result.meta or {})[EVIDENCE_KEY]
    assert (evidence["source"], evidence["value"]) == ("a 2026", result.structured_content)
    record = record_of(result)
    assert (record["provider"], record["cache"], record["tool"], record["cost_usd"]) == ("a", "miss", "search", 0.25)
    assert [attempt["outcome"] for attempt in record["attempts"]] == ["ok"]
    ((server, tool, kept),) = noted
    assert (server, tool, kept.cost_usd, kept.bytes) == ("a", "search", 0.25, record["bytes"])


async def test_images_and_meta_come_through(gateway: Gateway) -> None:
    async with opened(gateway, Upstream("a").provided()) as client:
        result = await client.call_tool("picture", {"query": "inn"})
    assert [type(block) for block in result.content] == [TextContent, ImageContent]
    assert (result.meta or {})["unit"] == "px"


@ERAS
async def test_progress_comes_through_before_the_answer_does(gateway: Gateway, era: str) -> None:
    gate, heard, upstream = asyncio.Event(), asyncio.Event(), Upstream("a")
    upstream.always, told = gate.wait, list[tuple[float, float | None, str | None]]()

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        told.append((progress, total, message))
        heard.set()

    async with opened(gateway, upstream.provided(), era=era) as client:
        call = asyncio.create_task(client.call_tool("search", {"query": "inn"}, progress_callback=hear))
        await heard.wait()
        assert not call.done()
        gate.set()
        assert not (await call).is_error
    assert told == [(1, 2, "looking for inn")]


async def test_what_two_clients_ask_is_asked_once(gateway: Gateway) -> None:
    upstream = Upstream("a")
    async with (
        opened(gateway, upstream.provided(ttl_s=60)) as first,
        opened(gateway, upstream.provided(ttl_s=60)) as second,
    ):
        records = [record_of(await client.call_tool("search", {"query": "inn"})) for client in (first, second)]
    assert upstream.calls == ["inn"]
    assert [record["cache"] for record in records] == ["miss", "hit"]


@ERAS
async def test_a_long_answer_is_read_to_its_end_page_by_page(gateway: Gateway, era: str) -> None:
    whole = "\n".join(f"line {number}" for number in range(6_000))
    upstream = Upstream("a", says=whole)
    async with opened(gateway, upstream.provided(cap_tokens=200), era=era) as client:
        result = await client.call_tool("search", {"query": "inn"})
        shown = text_of(result)
        assert len(shown) < 2_000
        assert record_of(result)["capped"]
        handle, read = shown.split('handle="')[1].split('"')[0], ""
        while len(read) < len(whole):
            page = text_of(await client.call_tool("read_result", {"handle": handle, "start": len(read)}))
            read += page.split("\n", 1)[1]
        assert read == whole
        (evidence,) = (result.meta or {})[EVIDENCE_KEY]
    assert evidence["text"] == whole
    assert upstream.calls == ["inn"]


@ERAS
@pytest.mark.parametrize(
    ("step", "kind"),
    [(failed(f"GET https://x.example/?key={KEY} failed"), None), (broken(), "unavailable"), (own_no(), "refused")],
)
async def test_a_failure_is_told_as_one_and_bears_no_key(
    gateway: Gateway, step: Any, kind: str | None, era: str
) -> None:
    upstream = Upstream("a", always=step)
    async with opened(gateway, upstream.provided(secrets=(KEY,), attempts=1), era=era) as client:
        result = await client.call_tool("search", {"query": "inn"})
        assert not (await client.call_tool("picture", {"query": "inn"})).is_error  # the proxy goes on
    assert result.is_error
    assert KEY not in result.model_dump_json()
    assert kind is None or (result.meta or {})[FAILURE_KEY]["kind"] == kind


async def test_a_tool_that_is_not_there_is_a_failure_that_says_so(gateway: Gateway) -> None:
    async with opened(gateway, Upstream("a").provided()) as client:
        result = await client.call_tool("sear", {"query": "inn"})
    assert result.is_error
    assert "no tool 'sear'" in text_of(result)


async def test_what_needs_a_persons_word_is_offered_only_when_writing_is_allowed(
    gateway: Gateway, tmp_path: Any
) -> None:
    upstream = Upstream("a")
    definition = Definition("a", Program("never-started"), cautious=True)
    provided, pins = upstream.provided(), PinStore(tmp_path)
    async with provided.source as source:
        pins.approve(definition, await source.tools())
    held = replace(provided, source=Admission(provided.source, definition, pins=pins))
    async with opened(gateway, held) as client:
        assert await names(client) == {"search", "picture", "read_result"}
        assert "no tool 'book'" in text_of(await client.call_tool("book", {"query": "inn"}))
    assert upstream.calls == []
    async with opened(gateway, held, writing=True) as client:
        assert "book" in await names(client)
        assert not (await client.call_tool("book", {"query": "inn"})).is_error
    assert upstream.calls == ["inn"]


def test_two_servers_of_one_name_are_refused(gateway: Gateway) -> None:
    sources = [gateway.envelope("a", [Upstream("a").provided()]) for _ in range(2)]
    with pytest.raises(InputError, match="the same name"):
        make_proxy(sources, writing=False, note=lambda server, tool, record: None)


async def test_a_caller_who_leaves_takes_nobody_along(gateway: Gateway) -> None:
    gate, upstream = asyncio.Event(), Upstream("a")
    upstream.always = gate.wait
    async with opened(gateway, upstream.provided()) as client:
        gone, stays = (asyncio.create_task(client.call_tool("search", {"query": word})) for word in ("inn", "pub"))
        await upstream.reached.wait()
        gone.cancel()
        await asyncio.wait({gone})
        gate.set()
        assert text_of(await stays) == "pub, found by a"


async def test_arguments_are_passed_as_they_are(gateway: Gateway) -> None:
    hostile: list[JSON] = ["$(touch x); `id`", "../../etc/passwd", "file:///etc/passwd", "http://169.254.169.254/"]
    upstream = Upstream("a")
    async with opened(gateway, upstream.provided()) as client:
        for argument in hostile:
            await client.call_tool("search", {"query": argument})
    assert upstream.calls == hostile


async def test_a_server_that_is_dead_takes_no_other_away(gateway: Gateway, caplog: pytest.LogCaptureFixture) -> None:
    dead = Provided(
        Connection("dead", StdioServerParameters(command="no-such-program"), delays_s=(0.0,)),
        "dead",
        lambda spec: Policy(),
    )
    async with opened(gateway, Upstream("a").provided(), dead) as client:
        assert await names(client) == {"search", "book", "picture", "read_result"}
        assert text_of(await client.call_tool("search", {"query": "inn"})) == "inn, found by a"
    assert "the tools of a server are not offered: The server 'dead'" in caplog.text


@pytest.mark.parametrize(("says", "cap", "structured"), [("x" * 5_000, 200, False), ("short", 200, True)])
async def test_a_long_answer_is_not_sent_whole_beside_what_is_shown_of_it(
    gateway: Gateway, says: str, cap: int, structured: bool
) -> None:
    upstream = Upstream("a", says=says)
    async with opened(gateway, upstream.provided(cap_tokens=cap)) as client:
        result = await client.call_tool("search", {"query": "inn"})
    assert (result.structured_content is not None) is structured


async def test_a_long_value_beside_a_short_text_is_left_out(gateway: Gateway) -> None:
    async with opened(gateway, Upstream("a", says="short").provided()) as client:
        result = await client.call_tool("search", {"query": "q" * MOST_VALUE})
    assert (text_of(result), result.structured_content) == ("short", None)
