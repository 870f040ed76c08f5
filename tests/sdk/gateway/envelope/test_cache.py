"""The cache of the envelope: what is asked once is not asked again, and what may not be kept is not."""

import asyncio
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from metier.errors import ToolError
from metier.gateway.gateway import Gateway, gateway_of
from metier.servers.source import CallContext, Progress
from metier.testing import FrozenClock
from tests.sdk.gateway.envelope.serving import Time, Upstream, broken, failed, own_no

pytestmark = pytest.mark.anyio


async def test_a_second_identical_call_makes_no_request_upstream(gateway: Gateway) -> None:
    upstream = Upstream("a")
    async with gateway.envelope("maps", [upstream.provided(ttl_s=60)]) as envelope:
        first = await envelope.call("search", {"query": "inn"})
        second = await envelope.call("search", {"query": "inn"})
    assert upstream.calls == ["inn"]
    assert first.record is not None
    assert second.record is not None
    assert (first.record.cache, second.record.cache) == ("miss", "hit")
    assert (first.text, first.value, first.evidence, first.meta, first.content) == (
        (second.text, second.value, second.evidence, second.meta, second.content)
    )
    assert second.record.bytes == first.record.bytes > 0


async def test_fifty_identical_calls_at_once_make_one_request_upstream(gateway: Gateway) -> None:
    gate, upstream = asyncio.Event(), Upstream("a")
    upstream.always = gate.wait
    async with gateway.envelope("maps", [upstream.provided(cost_usd=0.5)]) as envelope:
        calls = [asyncio.create_task(envelope.call("search", {"query": "inn"})) for _ in range(50)]
        await upstream.reached.wait()
        await asyncio.sleep(0)  # all have begun before the first is through
        gate.set()
        results = await asyncio.gather(*calls)
    assert upstream.calls == ["inn"]
    assert {result.text for result in results} == {"inn, found by a"}
    records = [result.record for result in results if result.record]
    assert sorted(record.cache for record in records) == ["miss", *["shared"] * 49]
    assert sum(record.cost_usd for record in records) == 0.5
    assert sum(len(record.attempts) for record in records) == 1


async def test_two_runs_with_envelopes_of_their_own_share_a_call(gateway: Gateway) -> None:
    gate, upstream = asyncio.Event(), Upstream("a", always=None)
    upstream.always = gate.wait
    async with (
        gateway.envelope("one", [upstream.provided()]) as one,
        gateway.envelope("two", [upstream.provided()]) as two,
    ):
        calls = [asyncio.create_task(side.call("search", {"query": "inn"})) for side in (one, two)]
        await upstream.reached.wait()
        await asyncio.sleep(0)  # all have begun before the first is through
        gate.set()
        await asyncio.gather(*calls)
    assert upstream.calls == ["inn"]


async def test_calls_with_a_side_effect_are_never_one(gateway: Gateway) -> None:
    upstream = Upstream("a")
    async with gateway.envelope("maps", [upstream.provided(ttl_s=60)]) as envelope:
        await asyncio.gather(*(envelope.call("book", {"query": "inn"}) for _ in range(5)))
        last = await envelope.call("book", {"query": "inn"})
    assert len(upstream.calls) == 6
    assert last.record is not None
    assert last.record.cache == "off"


async def test_a_caller_who_leaves_does_not_take_the_others_along(gateway: Gateway) -> None:
    gate, upstream = asyncio.Event(), Upstream("a")
    upstream.always = gate.wait
    async with gateway.envelope("maps", [upstream.provided()]) as envelope:
        first, second = (asyncio.create_task(envelope.call("search", {"query": "inn"})) for _ in range(2))
        await upstream.reached.wait()
        await asyncio.sleep(0)  # all have begun before the first is through
        first.cancel()
        await asyncio.wait({first})
        gate.set()
        assert (await second).text == "inn, found by a"
    assert first.cancelled()
    assert upstream.calls == ["inn"]


async def test_failures_are_not_kept(gateway: Gateway) -> None:
    upstream = Upstream("a")
    upstream.steps.extend([own_no(), failed("No such place."), broken()])
    async with gateway.envelope("maps", [upstream.provided(ttl_s=60, attempts=1)]) as envelope:
        texts = [(await envelope.call("search", {"query": "inn"})).text for _ in range(4)]
    assert texts[-1] == "inn, found by a"
    assert len(upstream.calls) == 4


async def test_an_answer_is_good_for_its_time_and_no_longer(gateway: Gateway, time: Time) -> None:
    upstream = Upstream("a")
    async with gateway.envelope("maps", [upstream.provided(ttl_s=60)]) as envelope:
        await envelope.call("search", {"query": "inn"})
        time.clock.advance(59)
        await envelope.call("search", {"query": "inn"})
        assert len(upstream.calls) == 1
        time.clock.advance(1)
        await envelope.call("search", {"query": "inn"})
    assert len(upstream.calls) == 2


async def test_without_a_time_nothing_is_served_from_the_cache(gateway: Gateway) -> None:
    upstream = Upstream("a")
    async with gateway.envelope("maps", [upstream.provided()]) as envelope:
        await envelope.call("search", {"query": "inn"})
        await envelope.call("search", {"query": "inn"})
    assert len(upstream.calls) == 2


async def test_a_tool_that_forbids_it_is_asked_each_time_and_one_that_declares_it_is_not(gateway: Gateway) -> None:
    forbidden, declared = Upstream("a"), Upstream("b")
    async with (
        gateway.envelope("maps", [forbidden.provided(ttl_s=60, cacheable=False)]) as first,
        gateway.envelope("shop", [declared.provided(ttl_s=60, cacheable=True)]) as second,
    ):
        for _ in range(2):
            await first.call("search", {"query": "inn"})
            await second.call("book", {"query": "inn"})
    assert (len(forbidden.calls), len(declared.calls)) == (2, 1)


async def test_what_may_not_be_stored_is_not_on_the_disk(gateway: Gateway, tmp_path: Path) -> None:
    upstream = Upstream("a", says="forbidden-to-store " * 2_000)
    async with gateway.envelope("maps", [upstream.provided(ttl_s=60, store=False, cap_tokens=100)]) as envelope:
        shown = await envelope.call("search", {"query": "inn"})
        await envelope.call("search", {"query": "inn"})
    assert len(upstream.calls) == 2
    assert shown.record is not None
    assert shown.record.capped
    handle = shown.text.split('handle="')[1].split('"')[0]
    page = await gateway.pages().call("read_result", {"handle": handle, "start": 19})
    assert "forbidden-to-store" in page.text
    assert gateway.kept().entries == 1  # the list of tools
    again = Gateway(tmp_path / "gateway")
    with pytest.raises(ToolError, match="no result"):
        await again.pages().call("read_result", {"handle": handle})
    again.close()


async def test_answers_differ_by_what_the_tool_declares_that_they_depend_on(gateway: Gateway) -> None:
    upstream = Upstream("a")
    async with (
        gateway.envelope("maps", [upstream.provided(ttl_s=60, vary={"locale": "de"})]) as german,
        gateway.envelope("maps", [upstream.provided(ttl_s=60, vary={"locale": "fr"})]) as french,
    ):
        for envelope in (german, french, german, french):
            await envelope.call("search", {"query": "inn"})
    assert len(upstream.calls) == 2


async def test_arguments_in_another_order_are_the_same_call(gateway: Gateway) -> None:
    upstream = Upstream("a")
    async with gateway.envelope("maps", [upstream.provided(ttl_s=60)]) as envelope:
        await envelope.call("search", {"query": "inn", "x": 1})
        await envelope.call("search", {"x": 1, "query": "inn"})
        await envelope.call("search", {"x": 1.0, "query": "inn"})
    assert len(upstream.calls) == 2


async def test_off_means_that_nothing_is_read_or_written(gateway: Gateway) -> None:
    upstream = Upstream("a")
    async with gateway.in_mode("off").envelope("maps", [upstream.provided(ttl_s=60)]) as envelope:
        for _ in range(2):
            result = await envelope.call("search", {"query": "inn"})
    async with gateway.envelope("maps", [upstream.provided(ttl_s=60)]) as envelope:
        await envelope.call("search", {"query": "inn"})
    assert len(upstream.calls) == 3
    assert result.record is not None
    assert result.record.cache == "off"


CHILD = """
import asyncio, json, sys
from pathlib import Path
from metier.gateway.gateway import Gateway
from metier.testing import FrozenClock
from tests.sdk.gateway.envelope.serving import Upstream

async def go():
    upstream, gateway = Upstream("a"), Gateway(Path(sys.argv[1]), clock=FrozenClock())
    async with gateway.envelope("maps", [upstream.provided(ttl_s=3600)]) as envelope:
        result = await envelope.call("search", {"query": "inn"})
    print(json.dumps([len(upstream.calls), result.text, result.record.cache, result.evidence[0].id]))
    gateway.close()

asyncio.run(go())
"""


async def test_another_process_finds_on_the_disk_what_this_one_asked_for(gateway: Gateway, tmp_path: Path) -> None:
    async with gateway.envelope("maps", [Upstream("a").provided(ttl_s=3600)]) as envelope:
        asked = await envelope.call("search", {"query": "inn"})
    command = [sys.executable, "-c", CHILD, str(tmp_path / "gateway")]
    child = await asyncio.create_subprocess_exec(*command, cwd=Path(__file__).parents[4], stdout=subprocess.PIPE)
    said, _ = await child.communicate()
    assert json.loads(said) == [0, "inn, found by a", "hit", asked.evidence[0].id]


async def test_another_process_sees_an_answer_once_the_envelope_is_left(gateway: Gateway, tmp_path: Path) -> None:
    upstream = Upstream("a")
    with closing(Gateway(tmp_path / "gateway")) as another:
        async with gateway.envelope("maps", [upstream.provided(ttl_s=60)]) as envelope:
            await envelope.call("search", {"query": "inn"})
        assert another.kept().entries == 2  # the answer and the list of tools


async def test_a_damaged_answer_is_asked_for_again(gateway: Gateway, tmp_path: Path) -> None:
    upstream = Upstream("a")
    async with gateway.envelope("maps", [upstream.provided(ttl_s=60)]) as envelope:
        await envelope.call("search", {"query": "inn"})
        assert gateway.kept().entries == 2  # all is on the disk then: the answer and the list of tools
        file = next((tmp_path / "gateway").glob("*.sqlite"))
        with closing(sqlite3.connect(file)) as database, database:
            database.execute("update answers set payload = x'00', packed = 0 where tool = 'search'")
        result = await envelope.call("search", {"query": "inn"})
    assert result.text == "inn, found by a"
    assert len(upstream.calls) == 2


async def test_progress_reaches_the_one_who_asked(gateway: Gateway) -> None:
    heard: list[Progress] = []
    upstream = Upstream("a")
    async with gateway.envelope("maps", [upstream.provided()]) as envelope:
        await envelope.call("search", {"query": "inn"}, CallContext(run="r", on_progress=heard.append))
    assert [(one.done, one.total, one.message) for one in heard] == [(1, 2, "looking for inn")]


async def test_arguments_that_are_not_json_are_refused_as_the_callers(gateway: Gateway) -> None:
    async with gateway.envelope("maps", [Upstream("a").provided(ttl_s=60)]) as envelope:
        with pytest.raises(ToolError, match="not JSON"):
            await envelope.call("search", {"query": float("nan")})


def test_a_folder_has_one_gateway_in_a_process(tmp_path: Path) -> None:
    first, second = gateway_of(tmp_path / "g"), gateway_of(tmp_path / "g", "replay")
    assert first._shared is second._shared
    assert gateway_of(tmp_path / "other")._shared is not first._shared


def test_a_process_lets_go_of_the_folder_it_asked_for_longest_ago(tmp_path: Path) -> None:
    kept, gone = gateway_of(tmp_path / "kept"), gateway_of(tmp_path / "gone")
    for at in range(31):
        gateway_of(tmp_path / str(at))
        gateway_of(tmp_path / "kept")
    assert gateway_of(tmp_path / "kept")._shared is kept._shared
    assert gateway_of(tmp_path / "gone")._shared is not gone._shared


async def test_a_gateway_without_a_folder_leaves_nothing_behind() -> None:
    clock, upstream = FrozenClock(), Upstream("a")
    gateway = Gateway(None, clock=clock)
    async with gateway.envelope("maps", [upstream.provided(ttl_s=60)]) as envelope:
        await envelope.call("search", {"query": "inn"})
        await envelope.call("search", {"query": "inn"})
    folder = Path(gateway._own.name) if gateway._own else Path("/")
    gateway.close()
    assert len(upstream.calls) == 1
    assert not folder.exists()
