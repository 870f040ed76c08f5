"""Rates, concurrency, quotas and memory: what a source allows is never exceeded, and nothing piles up."""

import asyncio
import gc
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from metier.canonical import JSON
from metier.gateway.gateway import Gateway
from metier.servers.source import PLAIN, CallContext, ToolSource
from metier.servers.tool import ToolResult
from tests.sdk.gateway.envelope.serving import Severable, Time, Upstream

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("rate", [5.0, 40.0])
async def test_two_hundred_parallel_callers_never_exceed_the_rate_by_five_percent(
    gateway: Gateway, time: Time, rate: float
) -> None:
    upstream, asked = Upstream("a"), []

    async def note() -> None:
        asked.append(time.clock.seconds())

    upstream.always = note
    async with gateway.envelope("maps", [upstream.provided(rate_per_s=rate, total_s=1000)]) as envelope:
        await asyncio.gather(*(envelope.call("search", {"query": str(number)}) for number in range(200)))
    assert len(asked) == 200
    asked.sort()
    for window_s in (1.0, 5.0):
        busiest = max(sum(start <= other < start + window_s for other in asked) for start in asked)
        assert busiest <= rate * window_s * 1.05 + 1  # a window that is open at its end holds one more
    assert 199 / (asked[-1] - asked[0]) <= rate * 1.05


class Timed(Severable):
    """A source that notes when it is asked."""

    def __init__(self, source: ToolSource, asked: list[float]) -> None:
        super().__init__(source)
        self._asked = asked

    async def call(self, tool: str, arguments: Mapping[str, JSON], context: CallContext = PLAIN) -> ToolResult:
        self._asked.append(asyncio.get_running_loop().time())
        return await super().call(tool, arguments, context)


async def test_the_rate_holds_in_real_time_and_for_all_envelopes_that_share_a_key(tmp_path: Path) -> None:
    gateway, upstream, asked = Gateway(tmp_path / "g"), Upstream("a"), list[float]()
    settings = {"rate_per_s": 150.0, "limit_key": "one key"}
    providers = [upstream.provided(identity=identity, **settings) for identity in ("one", "two")]
    timed = [replace(provided, source=Timed(provided.source, asked)) for provided in providers]
    async with gateway.envelope("one", timed[:1]) as one, gateway.envelope("two", timed[1:]) as two:
        await asyncio.gather(
            *(side.call("search", {"query": str(number)}) for number in range(100) for side in (one, two))
        )
    gateway.close()
    assert len(asked) == 200
    assert 199 / (asked[-1] - asked[0]) <= 150 * 1.05


async def test_no_more_calls_are_out_at_once_than_allowed(gateway: Gateway) -> None:
    out, most, upstream = 0, 0, Upstream("a")

    async def count() -> None:
        nonlocal out, most
        out += 1
        most = max(most, out)
        for _ in range(5):
            await asyncio.sleep(0)
        out -= 1

    upstream.always = count
    async with gateway.envelope("maps", [upstream.provided(concurrency=3)]) as envelope:
        await asyncio.gather(*(envelope.call("search", {"query": str(number)}) for number in range(40)))
    assert (most, len(upstream.calls)) == (3, 40)


async def test_one_slow_tool_delays_no_other(gateway: Gateway) -> None:
    never = asyncio.Event()
    slow, quick = Upstream("slow", always=never.wait), Upstream("quick")
    async with (
        gateway.envelope("one", [slow.provided()]) as one,
        gateway.envelope("two", [quick.provided(concurrency=2)]) as two,
    ):
        waiting = [asyncio.create_task(one.call("search", {"query": str(number)})) for number in range(20)]
        await slow.reached.wait()
        for number in range(20):
            assert not (await two.call("search", {"query": str(number)})).is_error
        assert not (await one.call("picture", {"query": "of the same server"})).is_error
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting)
    assert all(task.cancelled() for task in waiting)


async def test_the_calls_of_a_day_are_counted_on_disk_and_come_back_the_next_day(
    gateway: Gateway, time: Time, tmp_path: Path
) -> None:
    first, second = Upstream("a"), Upstream("b")
    providers = [first.provided(quota_per_day=3), second.provided()]
    async with gateway.envelope("maps", providers) as envelope:
        degraded = [
            record.degraded
            for number in range(5)
            if (record := (await envelope.call("search", {"query": str(number)})).record)
        ]
        assert degraded == ["", "", "", "a: quota", "a: quota"]
        assert gateway.stats()[0].quota_left == 0
        other = Gateway(tmp_path / "gateway", clock=time.clock)
        async with other.envelope("maps", [first.provided(quota_per_day=3), second.provided()]) as again:
            record = (await again.call("search", {"query": "after a restart"})).record
            assert record is not None
            assert record.degraded == "a: quota"
        other.close()
        time.clock.advance(24 * 3600)
        assert (await envelope.call("search", {"query": "tomorrow"})).text == "tomorrow, found by a"
    assert gateway.stats()[0].quota_left == 2


async def test_an_answer_from_the_cache_takes_nothing_of_the_quota(gateway: Gateway) -> None:
    upstream = Upstream("a")
    async with gateway.envelope("maps", [upstream.provided(quota_per_day=1, ttl_s=60)]) as envelope:
        for _ in range(3):
            assert not (await envelope.call("search", {"query": "inn"})).is_error


async def test_memory_is_flat_over_ten_thousand_calls(gateway: Gateway) -> None:
    handle = gateway._shared.shelves.put("word " * 20_000, store=True)
    provided = replace(Upstream("a").provided(ttl_s=60, rate_per_s=1e9), source=gateway.pages())
    async with gateway.envelope("maps", [provided]) as envelope:

        async def turn(calls: int, first: int) -> int:
            for number in range(first, first + calls):
                await envelope.call("read_result", {"handle": handle, "start": number % 2_000})
            gc.collect()
            return sys.getallocatedblocks()

        before = await turn(3_000, 0)
        after = await turn(10_000, 3_000)
    assert after - before < 3_000  # a tenth of what one object a call would be, with its parts
