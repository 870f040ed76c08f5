"""Retries and failover: one provider fails, is waited for, and the next answers; nothing is done twice."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from mcp.types import CallToolResult

from metier.errors import InputError, ServerError, ToolError
from metier.evidence import is_intact
from metier.gateway.gateway import Gateway
from metier.servers.source import CallContext
from metier.servers.tool import ToolResult
from metier.trace import CallRecord
from tests.sdk.gateway.envelope.serving import (
    Severable,
    Time,
    Upstream,
    broken,
    failed,
    own_no,
    throttled,
)

pytestmark = pytest.mark.anyio

GOOD: dict[str, Any] = {"query": "inn"}


def record(result: ToolResult) -> CallRecord:
    assert result.record is not None
    return result.record


def outcomes(kept: CallRecord) -> list[tuple[str, str]]:
    return [(attempt.provider, attempt.outcome) for attempt in kept.attempts]


@pytest.mark.parametrize(
    ("step", "word"),
    [
        (broken, "unavailable"),
        (lambda: throttled(0.1), "throttled"),
        (lambda: failed("HTTP 503 Service Unavailable"), "unavailable"),
        (lambda: failed("429 Too Many Requests"), "throttled"),
        (lambda: failed("<!doctype html><html><title>502</title></html>"), "unavailable"),
        (lambda: failed('{"status":"0","info":"CUQPS_HAS_EXCEEDED_THE_LIMIT","infocode":"10021"}'), "throttled"),
    ],
)
async def test_a_provider_that_fails_is_tried_again_after_a_pause_and_then_the_next_is_asked(
    gateway: Gateway, time: Time, step: Callable[[], Exception | CallToolResult], word: str
) -> None:
    first, second = Upstream("a", always=step()), Upstream("b")
    providers = [first.provided(attempts=3, backoff_s=1.0), second.provided()]
    async with gateway.envelope("maps", providers) as envelope:
        result = await envelope.call("search", GOOD)
    assert result.text.endswith("inn, found by b")
    assert outcomes(record(result)) == [("a", word)] * 3 + [("b", "ok")]
    assert time.slept == [0.5, 1.0]  # half of 1 and 2 s: the chance is 0.5
    assert [attempt.waited_s for attempt in record(result).attempts] == [0, 0.5, 1.0, 0]


async def test_a_provider_that_hangs_is_given_up_after_its_timeout(gateway: Gateway) -> None:
    never = asyncio.Event()
    first, second = Upstream("a", always=never.wait), Upstream("b")
    providers = [first.provided(attempts=2, timeout_s=0.05, backoff_s=0), second.provided()]
    async with gateway.envelope("maps", providers) as envelope:
        result = await envelope.call("search", GOOD)
    assert outcomes(record(result)) == [("a", "timeout"), ("a", "timeout"), ("b", "ok")]
    assert record(result).degraded == "a: timeout"


async def test_the_pause_that_a_provider_asks_for_is_obeyed(gateway: Gateway, time: Time) -> None:
    upstream = Upstream("a")
    upstream.steps.append(throttled(7.0))
    async with gateway.envelope("maps", [upstream.provided()]) as envelope:
        result = await envelope.call("search", GOOD)
    assert time.slept == [7.0]
    assert outcomes(record(result)) == [("a", "throttled"), ("a", "ok")]
    assert record(result).degraded == ""


async def test_a_pause_that_one_caller_was_asked_for_holds_back_all_who_share_the_key(
    gateway: Gateway, time: Time
) -> None:
    upstream, asked = Upstream("a"), []

    async def note() -> None:
        asked.append(time.clock.seconds())

    upstream.steps.append(throttled(7.0))
    upstream.always = note
    async with gateway.envelope("maps", [upstream.provided(attempts=1)]) as envelope:
        assert (await envelope.call("search", GOOD)).is_error
        await envelope.call("search", {"query": "another"})
    assert asked == [7.0]


async def test_a_pause_that_is_too_long_is_not_waited_for(gateway: Gateway, time: Time) -> None:
    first, second = Upstream("a", always=throttled(3600.0)), Upstream("b")
    async with gateway.envelope("maps", [first.provided(), second.provided()]) as envelope:
        for _ in range(3):
            result = await envelope.call("search", GOOD)
    assert time.slept == []
    assert len(first.calls) == 1
    assert record(result).degraded == "a: paused"


async def test_the_deadline_of_the_whole_call_is_kept(gateway: Gateway, time: Time) -> None:
    async def take_two_seconds() -> None:
        time.clock.advance(2.0)
        raise broken()

    upstream = Upstream("a", always=take_two_seconds)
    provided = upstream.provided(attempts=100, total_s=20, backoff_s=1, breaker_failures=1000)
    async with gateway.envelope("maps", [provided]) as envelope:
        result = await envelope.call("search", GOOD)
    assert result.is_error
    assert 2 <= len(upstream.calls) <= 10
    assert time.clock.seconds() <= 20 + 2


async def test_a_provider_with_another_behind_it_leaves_it_half_of_the_time(gateway: Gateway, time: Time) -> None:
    async def take_six_seconds() -> None:
        time.clock.advance(6.0)
        raise broken()

    first, second = Upstream("a", always=take_six_seconds), Upstream("b")
    providers = [first.provided(attempts=100, total_s=20, backoff_s=0), second.provided()]
    async with gateway.envelope("maps", providers) as envelope:
        result = await envelope.call("search", GOOD)
    assert len(first.calls) == 2
    assert not result.is_error


async def test_a_degraded_answer_says_so_in_its_text_its_evidence_and_its_record(gateway: Gateway) -> None:
    first, second = Upstream("a", always=throttled(9999)), Upstream("b")
    async with gateway.envelope("maps", [first.provided(), second.provided()]) as envelope:
        result = await envelope.call("search", GOOD)
    assert record(result).provider == "b"
    assert record(result).degraded == "a: throttled"
    first_line, rest = result.text.split("\n", 1)
    assert first_line == "[Degraded: b answered search instead of the provider before it (a: throttled).]"
    assert rest == "inn, found by b"
    assert result.content[0].type == "text"
    assert result.content[0].text == result.text
    by_source = {one.source: one for one in result.evidence}
    assert set(by_source) == {"b 2026", "gateway/maps"}
    assert by_source["gateway/maps"].locator == "search"
    assert "a: throttled" in by_source["gateway/maps"].text
    assert all(map(is_intact, result.evidence))


async def test_a_provider_that_does_not_have_the_tool_is_passed_over_in_silence(gateway: Gateway) -> None:
    upstream = Upstream("b")
    async with gateway.envelope(
        "maps", [replace(Upstream("a").provided(), source=gateway.pages()), upstream.provided()]
    ) as envelope:
        result = await envelope.call("search", GOOD)
        names = [spec.name for spec in await envelope.tools()]
    assert record(result).degraded == ""
    assert names == ["read_result", "search", "book", "picture"]


async def test_orders_say_for_each_tool_who_is_asked_first(gateway: Gateway) -> None:
    first, second = Upstream("a"), Upstream("b")
    providers = [first.provided(), second.provided()]
    orders = {"search": ("b", "a"), "*": ("a",)}
    async with gateway.envelope("maps", providers, orders=orders) as envelope:
        assert record(await envelope.call("search", GOOD)).provider == "b"
        assert record(await envelope.call("book", GOOD)).provider == "a"
    with pytest.raises(InputError, match="'c'"):
        gateway.envelope("maps", providers, orders={"*": ("c",)})
    with pytest.raises(InputError, match="same name"):
        gateway.envelope("maps", [providers[0], providers[0]])


@pytest.mark.parametrize("step", [own_no, lambda: failed("No such place."), lambda: InputError("Bad.")])
async def test_a_tools_own_no_is_the_answer_and_is_not_asked_of_another(gateway: Gateway, step: Any) -> None:
    first, second = Upstream("a", always=step()), Upstream("b")
    async with gateway.envelope("maps", [first.provided(), second.provided()]) as envelope:
        result = await envelope.call("search", GOOD)
    assert result.is_error
    assert outcomes(record(result)) == [("a", "failed")]
    assert second.calls == []


@pytest.mark.parametrize("step", [broken, throttled, lambda: failed("HTTP 500")])
async def test_a_call_that_may_have_had_a_side_effect_is_never_made_again(gateway: Gateway, step: Any) -> None:
    first, second = Upstream("a", always=step()), Upstream("b")
    async with gateway.envelope("maps", [first.provided(backoff_s=0), second.provided()]) as envelope:
        result = await envelope.call("book", GOOD)
    assert result.is_error
    assert (len(first.calls), len(second.calls)) == (1, 0)


async def test_a_call_with_a_side_effect_that_hangs_is_made_once(gateway: Gateway) -> None:
    records: list[CallRecord] = []
    never = asyncio.Event()
    first, second = Upstream("a", always=never.wait), Upstream("b")
    async with gateway.envelope("maps", [first.provided(timeout_s=0.05), second.provided()]) as envelope:
        with pytest.raises(ServerError, match="within") as caught:
            await envelope.call("book", GOOD, CallContext(on_record=records.append))
    assert caught.value.sent
    assert (len(first.calls), len(second.calls)) == (1, 0)
    assert [outcomes(kept) for kept in records] == [[("a", "timeout")]]


async def test_a_call_that_cannot_have_been_sent_goes_to_the_next_even_with_a_side_effect(gateway: Gateway) -> None:
    first, second = Upstream("a"), Upstream("b")
    provided = first.provided(attempts=2, cost_usd=1.0)
    wire = Severable(provided.source)
    providers = [replace(provided, source=wire), second.provided(cost_usd=0.25)]
    async with gateway.envelope("maps", providers) as envelope:
        await envelope.tools()
        wire.is_cut = True
        result = await envelope.call("book", GOOD)
    assert outcomes(record(result)) == [("a", "unsent"), ("a", "unsent"), ("b", "ok")]
    assert record(result).cost_usd == 0.25
    assert len(second.calls) == 1


async def test_when_nobody_can_be_reached_the_error_says_that_nothing_was_sent(gateway: Gateway) -> None:
    providers, wires = [], []
    for name in ("a", "b"):
        provided = Upstream(name).provided(attempts=1)
        wires.append(Severable(provided.source))
        providers.append(replace(provided, source=wires[-1]))
    async with gateway.envelope("maps", providers) as envelope:
        await envelope.tools()
        for wire in wires:
            wire.is_cut = True
        with pytest.raises(ServerError, match=r"a: unsent; b: unsent") as caught:
            await envelope.call("book", GOOD)
    assert not caught.value.sent


async def test_when_all_are_throttled_the_model_is_told_who_and_for_how_long(gateway: Gateway) -> None:
    first, second = Upstream("a", always=throttled(500)), Upstream("b", always=throttled(300))
    async with gateway.envelope("maps", [first.provided(), second.provided()]) as envelope:
        result = await envelope.call("search", GOOD)
    assert result.is_error
    assert "a: throttled; b: throttled" in result.text
    assert result.failure is not None
    assert (result.failure.kind, result.failure.retry_after_s) == ("throttled", 300)
    assert [attempt.outcome for attempt in record(result).attempts] == ["throttled", "throttled"]


async def test_a_provider_that_fails_is_left_alone_and_used_again_when_it_recovers(
    gateway: Gateway, time: Time
) -> None:
    first, second = Upstream("a", always=broken()), Upstream("b")
    settings = {"attempts": 1, "breaker_failures": 2, "breaker_rest_s": 30}
    async with gateway.envelope("maps", [first.provided(**settings), second.provided()]) as envelope:

        async def ask(number: int) -> str:
            return record(await envelope.call("search", {"query": str(number)})).degraded

        assert [await ask(number) for number in range(4)] == ["a: unavailable", "a: unavailable", "a: open", "a: open"]
        assert len(first.calls) == 2
        time.clock.advance(30)
        assert await ask(5) == "a: unavailable"  # the probe fails: it rests for twice as long
        assert await ask(6) == "a: open"
        first.always = None
        time.clock.advance(60)
        assert await ask(7) == ""
        assert await ask(8) == ""
    (stats, _) = gateway.stats()
    assert (stats.name, stats.calls, stats.failures, stats.breaker) == ("a", 8, 3, "closed")


async def test_a_provider_that_is_dead_from_the_start_is_passed_over_and_used_once_it_is_there(
    gateway: Gateway, time: Time
) -> None:
    first, second = Upstream("a"), Upstream("b")
    provided = first.provided()
    wire = Severable(provided.source)
    wire.is_cut = True
    async with gateway.envelope("maps", [replace(provided, source=wire), second.provided()]) as envelope:
        assert {spec.name for spec in await envelope.tools()} == {"search", "book", "picture"}
        result = await envelope.call("search", GOOD)
        assert record(result).degraded == "a: unavailable"
        wire.is_cut = False
        time.clock.advance(31)
        again = await envelope.call("search", GOOD)
    assert record(again).provider == "a"


async def test_a_single_server_that_is_dead_is_an_error_and_no_call(gateway: Gateway) -> None:
    provided = Upstream("a").provided()
    wire = Severable(provided.source)
    wire.is_cut = True
    async with gateway.envelope("maps", [replace(provided, source=wire)]) as envelope:
        with pytest.raises(ServerError, match="cannot be reached") as caught:
            await envelope.call("search", GOOD)
        assert not caught.value.sent
        wire.is_cut = False
        assert not (await envelope.call("search", GOOD)).is_error


async def test_a_server_that_died_after_it_told_its_tools_holds_up_no_step(gateway: Gateway, time: Time) -> None:
    provided = Upstream("a").provided()
    wire = Severable(provided.source)
    async with gateway.envelope("maps", [replace(provided, source=wire)]) as envelope:
        listed = await envelope.tools()
        wire.is_cut = True
        for _ in range(5):
            assert await envelope.tools() is listed
        assert wire.listed == 2
        wire.is_cut = False
        time.clock.advance(31)
        assert await envelope.tools() is listed
    assert wire.listed == 3


async def test_a_page_of_html_where_json_was_promised_is_no_answer(gateway: Gateway) -> None:
    page = "<!doctype html><html><title>Sign in</title></html>"
    first, second = Upstream("a", says=page), Upstream("b", says='{"pois": []}')
    providers = [first.provided(attempts=1, json_promised=True, ttl_s=60), second.provided(json_promised=True)]
    async with gateway.envelope("maps", providers) as envelope:
        for _ in range(2):
            result = await envelope.call("search", GOOD)
    assert record(result).degraded == "a: unavailable"
    assert len(first.calls) == 2


async def test_an_error_body_that_calls_itself_an_answer_is_told_as_a_failure_and_not_kept(gateway: Gateway) -> None:
    body = '{"status":"0","info":"INVALID_PARAMS","infocode":"20000"}'
    upstream = Upstream("a", says=body)
    async with gateway.envelope("maps", [upstream.provided(json_promised=True, ttl_s=60)]) as envelope:
        for _ in range(2):
            result = await envelope.call("search", GOOD)
    assert result.is_error
    assert result.evidence == ()
    assert len(upstream.calls) == 2


async def test_a_tool_that_nobody_has_is_named_with_what_is_near(gateway: Gateway) -> None:
    async with gateway.envelope("maps", [Upstream("a").provided()]) as envelope:
        with pytest.raises(ToolError, match="Did you mean search"):
            await envelope.call("serch", GOOD)


@pytest.mark.parametrize("concurrency", [1, None])
async def test_a_cancelled_call_gives_back_its_slot_and_counts_as_no_failure(
    gateway: Gateway, concurrency: int | None
) -> None:
    never = asyncio.Event()
    upstream = Upstream("a", always=never.wait)
    settings = {"concurrency": concurrency, "breaker_failures": 1}
    async with gateway.envelope("maps", [upstream.provided(**settings)]) as envelope:
        for _ in range(3):
            upstream.reached.clear()
            call = asyncio.create_task(envelope.call("search", GOOD))
            await upstream.reached.wait()
            call.cancel()
            await asyncio.wait({call})
            assert call.cancelled()
        upstream.always = None
        assert not (await envelope.call("search", GOOD)).is_error
    (stats,) = gateway.stats()
    assert (stats.failures, stats.breaker) == (0, "closed")


async def test_an_envelope_may_stand_behind_another(gateway: Gateway) -> None:
    """An adapter in this process is a provider of the outer envelope, and asks its own source through the inner."""
    source = Upstream("source")
    source.steps.append(throttled(2.0))
    adapter, fallback = Upstream("adapter"), Upstream("local")
    async with gateway.envelope("inner", [source.provided(ttl_s=60)]) as inner:

        async def ask() -> None:
            result = await inner.call("search", GOOD)
            assert not result.is_error

        adapter.always = ask
        async with gateway.envelope("maps", [adapter.provided(attempts=1), fallback.provided()]) as outer:
            first = await outer.call("search", GOOD)
            await outer.call("search", GOOD)
    assert record(first).provider == "adapter"
    assert len(source.calls) == 2  # once throttled, once answered; the second call found it in the cache
