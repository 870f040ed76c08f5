"""Aborts, priorities, weights, adapters, pauses, caches; and what a server says of itself."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic_ai import Agent
from pydantic_ai.models import Model

from metier.errors import InputError, MetierError
from metier_sglang.text.dialogue import Dialogue
from metier_sglang.transport.fleet import Fleet
from metier_sglang.transport.weights import (
    continue_generation,
    flush_cache,
    load_lora,
    pause_generation,
    unload_lora,
    update_weights,
)
from tests.adapters.sglang.contract.target import Target, play, records_of, responses_of, script_of

pytestmark = pytest.mark.anyio

# The chat route knows no abort, and SGLang looks only every 4 s (SGLANG_REQUEST_STATE_WAIT_TIMEOUT) whether the client
# of an answer in one piece is still there: a shorter one is sampled to its end, for nobody.
GONE_S = {"native": 2.0, "compatible": 6.0}
WHILE = 250  # tokens: a second or two, in which a test acts


@pytest.fixture
async def fleet(target: Target) -> AsyncIterator[Fleet]:
    made = Fleet([target.url])
    yield made
    await made.close()


def long_agent(model: Model, tokens: int = 600) -> Agent[None, str]:
    return Agent(model, model_settings={"thinking": False, "max_tokens": tokens})


async def begin_long(target: Target, route: str) -> None:
    """Streams the long answer and is cancelled after its first words."""
    target.hold(at=20)
    async with target.open(route) as model:
        agent = long_agent(model)
        async with agent.run_stream(script_of("long").question) as stream:
            async for text in stream.stream_text(delta=True, debounce_by=None):
                if text.strip():
                    assert not target.empty(), "the request runs"
                    break
    target.release()


async def test_a_stream_that_is_left_is_gone_from_the_server(target: Target, route: str) -> None:
    await begin_long(target, route)
    assert target.empty(within_s=2)
    assert target.metric("num_running_reqs") == 0


async def test_a_cancelled_request_is_aborted_on_the_server(target: Target, route: str) -> None:
    aborted = target.metric("num_aborted_requests_total")
    target.hold(at=3)
    async with target.open(route) as model:
        work = asyncio.create_task(long_agent(model).run(script_of("long").question))
        await target.until_begun()
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
    target.release()
    assert await asyncio.to_thread(lambda: target.empty(within_s=GONE_S[route]))
    assert target.metric("num_aborted_requests_total") > aborted or (target.is_real and route == "compatible")


async def test_a_priority_is_accepted(target: Target) -> None:
    async with target.native(sglang_priority=5) as model:
        result = await play(script_of("hello"), model)
    assert result.output == "Hello from a tiny model."
    if target.fake:
        assert target.fake.seen[-1].body["priority"] == 5


async def test_new_weights_are_named_on_the_turns_that_they_give(target: Target, fleet: Fleet) -> None:
    async with target.native() as model:
        (before,) = records_of((await play(script_of("hello"), model)).all_messages())
        version = f"{before.spans[0].version}+1"
        assert await update_weights(fleet, str(target.folder), version=version) == (target.url,)
        (after,) = records_of((await play(script_of("hello"), model)).all_messages())
    assert [(span.version, span.start, span.end) for span in after.spans] == [(version, 0, len(after.sampled))]
    assert target.ask("/model_info").json()["weight_version"] == version
    assert after.sampled == before.sampled


async def test_weights_that_are_not_there_are_the_callers_mistake(target: Target, fleet: Fleet) -> None:
    version = target.ask("/model_info").json()["weight_version"]
    with pytest.raises(InputError):
        await update_weights(fleet, "/no/such/weights", version="never")
    assert target.ask("/model_info").json()["weight_version"] == version


async def test_a_sample_that_the_weights_changed_under_says_which_gave_what(target: Target, fleet: Fleet) -> None:
    async with target.native() as model:
        target.hold(at=4)
        work = asyncio.create_task(long_agent(model, WHILE).run(script_of("long").question))
        await target.until_begun()
        old = target.ask("/model_info").json()["weight_version"]
        await pause_generation(fleet, mode="in_place")
        target.release()
        target.post("/update_weight_version", {"new_version": f"{old}+", "abort_all_requests": False})
        await continue_generation(fleet)
        (record,) = records_of((await work).all_messages())
    assert [span.version for span in record.spans][-1] == f"{old}+"
    assert record.spans[0].start == 0
    assert record.spans[-1].end == len(record.sampled)
    assert all(left.end == right.start for left, right in zip(record.spans, record.spans[1:], strict=False))


async def test_an_aborted_sample_is_gone_on_with_to_its_end(target: Target, fleet: Fleet) -> None:
    async with target.native() as model:
        whole = records_of((await play(script_of("long"), model, max_tokens=WHILE)).all_messages())[0]
        target.hold(at=5)
        work = asyncio.create_task(long_agent(model, WHILE).run(script_of("long").question))
        await target.until_begun()
        await pause_generation(fleet, mode="abort")
        target.release()
        await continue_generation(fleet)
        (record,) = records_of((await work).all_messages())
    assert record.sampled == whole.sampled
    assert len(record.logprobs) == len(record.sampled)


async def test_an_adapter_is_loaded_used_and_unloaded(fake_target: Target, tmp_path: Path) -> None:
    """Of the fake only: SGLang 0.5.23 can hold adapters in a GPU's memory alone."""
    (tmp_path / "adapter_config.json").write_text("{}")
    fleet = Fleet([fake_target.url])
    await load_lora(fleet, "kind", str(tmp_path))
    async with fake_target.native(sglang_lora="kind") as model:
        assert (await play(script_of("hello"), model)).output == "Hello from a tiny model."
    await unload_lora(fleet, "kind")
    async with fake_target.native(sglang_lora="kind") as model:
        with pytest.raises(MetierError):
            await play(script_of("hello"), model)
    await fleet.close()


async def test_an_adapter_that_is_not_there_is_refused(target: Target, fleet: Fleet) -> None:
    with pytest.raises(InputError):
        await load_lora(fleet, "kind", "/no/such/adapter")
    async with target.native(sglang_lora="kind") as model:
        with pytest.raises(MetierError, match="kind"):
            await play(script_of("hello"), model)


async def test_a_flushed_cache_spares_nothing(target: Target, fleet: Fleet) -> None:
    async with target.native() as model:
        await play(script_of("hello"), model)
        await flush_cache(fleet)
        (record,) = records_of((await play(script_of("hello"), model)).all_messages())
        (again,) = records_of((await play(script_of("hello"), model)).all_messages())
    assert record.cached == 0
    assert again.cached == again.prompt - 1


async def test_the_counters_of_the_cache_add_up(target: Target) -> None:
    prompt, cached = target.metric("prompt_tokens_total"), target.metric("cached_tokens_total")
    async with target.native() as model:
        messages = (await play(script_of("weather"), model)).all_messages()
    records = records_of(messages)
    assert target.metric("prompt_tokens_total") - prompt == sum(record.prompt for record in records)
    assert target.metric("cached_tokens_total") - cached == sum(record.cached or 0 for record in records)


async def test_a_server_says_what_it_serves(target: Target, fleet: Fleet) -> None:
    info = await fleet.info()
    assert info.context == target.context
    assert info.tool_parser == "qwen"
    assert info.reasoning_parser == "qwen3"
    assert info.version
    assert info.tokenizer == str(target.folder)
    assert not info.is_router
    assert not info.has_images
    assert target.ask("/health").status_code == 200
    assert target.ask("/v1/models").json()["data"][0]["max_model_len"] == target.context


async def test_usage_is_what_the_server_counted(target: Target, route: str) -> None:
    script = script_of("hello")
    async with target.open(route) as model:
        (response,) = responses_of((await play(script, model)).all_messages())
    shown = Dialogue(script.messages[:1], script.tools, script.thinking)
    assert response.usage.input_tokens == len(target.renderer.begin(shown))
    assert response.usage.output_tokens > 3
