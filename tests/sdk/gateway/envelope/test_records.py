"""Records, counts and spans: what the envelope did is told, and no argument or text is told with it."""

import asyncio
import math

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode, get_current_span

from metier.errors import ServerError
from metier.gateway.gateway import Gateway
from metier.servers.source import CallContext
from metier.trace import CallRecord, sum_records
from tests.sdk.gateway.envelope.serving import Time, Upstream, broken, own_no

pytestmark = pytest.mark.anyio


async def test_the_totals_of_a_run_are_the_sums_of_its_records(gateway: Gateway, time: Time) -> None:
    async def take_a_second() -> None:
        time.clock.advance(1.0)

    first, second = Upstream("a", always=take_a_second), Upstream("b", always=take_a_second)
    first.steps.extend([broken(), broken(), broken(), own_no()])
    providers = [first.provided(cost_usd=0.01, ttl_s=60, attempts=2), second.provided(cost_usd=0.002)]
    async with gateway.envelope("maps", providers) as envelope:
        results = [await envelope.call("search", {"query": query}) for query in ("x", "y", "z", "z", "z")]
    kept = [result.record for result in results if result.record]
    totals = sum_records(kept)
    assert totals.calls == 5
    assert totals.cached == 2
    assert totals.attempts == len(first.calls) + len(second.calls)
    assert math.isclose(totals.cost_usd, len(first.calls) * 0.01 + len(second.calls) * 0.002)
    assert math.isclose(totals.elapsed_s, time.clock.seconds())
    assert totals.waited_s == math.fsum(time.slept)
    assert [record.degraded for record in kept] == ["a: unavailable", "", "", "", ""]


async def test_a_call_that_ends_in_an_error_leaves_its_record_too(gateway: Gateway) -> None:
    records: list[CallRecord] = []
    never = asyncio.Event()
    upstream = Upstream("a", always=never.wait)
    async with gateway.envelope("maps", [upstream.provided(timeout_s=0.02, attempts=2, backoff_s=0)]) as envelope:
        with pytest.raises(ServerError, match="did not answer search"):
            await envelope.call("search", {"query": "inn"}, CallContext(on_record=records.append))
    (kept,) = records
    assert [attempt.outcome for attempt in kept.attempts] == ["timeout", "timeout"]


async def test_the_gateway_tells_how_each_provider_stands(gateway: Gateway) -> None:
    upstream = Upstream("a")
    upstream.steps.append(own_no())
    async with gateway.envelope("maps", [upstream.provided(ttl_s=60, quota_per_day=10)]) as envelope:
        for _ in range(4):
            await envelope.call("search", {"query": "inn"})
    (stats,) = gateway.stats()
    assert (stats.name, stats.calls, stats.hits, stats.failures) == ("a", 4, 2, 0)
    assert (stats.breaker, stats.rests_s, stats.quota_left) == ("closed", 0.0, 8)


def traced(exporter: InMemorySpanExporter, time: Time) -> Gateway:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return Gateway(None, clock=time.clock, sleep=time.sleep, tracer_provider=provider)


async def test_each_call_is_a_span_by_the_semantic_conventions(time: Time) -> None:
    exporter = InMemorySpanExporter()
    gateway = traced(exporter, time)
    inside: list[bool] = []

    async def look() -> None:
        inside.append(get_current_span().get_span_context().is_valid)

    first, second = Upstream("a", always=look), Upstream("b")
    first.steps.extend([broken(), broken()])
    providers = [first.provided(attempts=2, ttl_s=60), second.provided()]
    async with gateway.envelope("maps", providers) as envelope:
        for query in ("secret words", "other words", "other words"):
            await envelope.call("search", {"query": query}, CallContext(run="run-1"))
        first.steps.append(own_no())
        await envelope.call("search", {"query": "no"})
    gateway.close()
    spans = exporter.get_finished_spans()
    assert [span.name for span in spans] == ["tools/call search"] * 4
    assert {span.kind for span in spans} == {SpanKind.CLIENT}
    told = [dict(span.attributes or {}) for span in spans]
    for attributes in told:
        assert attributes["mcp.method.name"] == "tools/call"
        assert attributes["gen_ai.tool.name"] == "search"
        assert attributes["gen_ai.operation.name"] == "execute_tool"
        assert attributes["metier.server"] == "maps"
    assert [one["metier.cache"] for one in told] == ["miss", "miss", "hit", "miss"]
    assert [one["metier.provider"] for one in told] == ["b", "a", "a", "a"]
    assert [one["metier.attempts"] for one in told] == [3, 1, 0, 1]
    assert told[0]["metier.degraded"] is True
    assert told[0]["metier.run"] == "run-1"
    assert [one.get("error.type") for one in told] == [None, None, None, "tool_error"]
    assert [span.status.status_code for span in spans] == [StatusCode.UNSET] * 3 + [StatusCode.ERROR]
    check_silent(spans)


async def test_a_call_that_fails_is_a_span_with_the_kind_of_its_fault(time: Time) -> None:
    exporter, never = InMemorySpanExporter(), asyncio.Event()
    gateway = traced(exporter, time)
    async with gateway.envelope("maps", [Upstream("a", always=never.wait).provided(timeout_s=0.02, attempts=1)]) as one:
        with pytest.raises(ServerError):
            await one.call("search", {"query": "secret words"})
    gateway.close()
    (span,) = exporter.get_finished_spans()
    assert (span.attributes or {})["error.type"] == "timeout"
    assert span.status.status_code is StatusCode.ERROR
    assert span.events == ()
    check_silent((span,))


def check_silent(spans: tuple[ReadableSpan, ...]) -> None:
    """No argument and no text of an answer is in what a span tells."""
    text = "".join(span.to_json() for span in spans)
    assert "words" not in text
    assert "found by" not in text


async def test_what_is_kept_and_used_is_told_and_can_be_thrown_away(gateway: Gateway) -> None:
    first, second = Upstream("a"), Upstream("b")
    providers = [first.provided(ttl_s=60, quota_per_day=10), second.provided(ttl_s=60)]
    async with gateway.envelope("maps", providers, orders={"*": ("a",), "picture": ("b",)}) as envelope:
        await envelope.call("search", {"query": "inn"})
        await envelope.call("picture", {"query": "a view"})
        assert gateway.kept().entries == 4  # two answers and two lists of tools
        assert gateway.used_today() == {"a": 1}
        assert gateway.forget(identity="a-id", tool="search") == 1
        await envelope.call("search", {"query": "inn"})
        await envelope.call("picture", {"query": "a view"})
    assert (len(first.calls), len(second.calls)) == (2, 1)
    assert gateway.forget() == 4
