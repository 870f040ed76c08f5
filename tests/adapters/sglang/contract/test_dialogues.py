"""Chat with tools, through the adapter, over both routes."""

import json

import pytest
from pydantic_ai.messages import ModelMessage, ThinkingPart, ToolCallPart

from metier.tokens import join
from metier_sglang.text.dialogue import Dialogue
from metier_sglang.tiny.scripts import Script, spell
from tests.adapters.sglang.contract.target import Target, play, records_of, responses_of, script_of

pytestmark = pytest.mark.anyio


def said(script: Script) -> list[tuple[str, list[tuple[str, object]], str]]:
    return [
        (reply.thinking, [(call.name, json.loads(call.arguments)) for call in reply.calls], reply.content)
        for reply in script.replies
    ]


def heard(messages: list[ModelMessage]) -> list[tuple[str, list[tuple[str, object]], str]]:
    found = []
    for response in responses_of(messages):
        thinking = "".join(part.content for part in response.parts if isinstance(part, ThinkingPart))
        calls = [(part.tool_name, part.args_as_dict()) for part in response.parts if isinstance(part, ToolCallPart)]
        found.append((thinking.strip(), calls, (response.text or "").strip()))
    return found


# Over the chat route the server renders the history anew, each time a little otherwise than it was sampled: line breaks
# round the thinking, markers in a tool's result that become turns. The tiny model knows its own words only.
PLAYED = [("native", "weather"), ("native", "unknown"), ("native", "note"), ("compatible", "unknown")]


@pytest.mark.parametrize(("way", "name"), PLAYED)
async def test_a_call_is_parsed_its_result_fed_back_and_the_answer_given(target: Target, way: str, name: str) -> None:
    script = script_of(name)
    async with target.open(way) as model:
        result = await play(script, model)
    assert heard(result.all_messages()) == said(script)


async def test_parallel_calls_come_in_one_response(target: Target, route: str) -> None:
    script = script_of("parallel")
    async with target.open(route) as model:
        result = await play(script, model)
    assert heard(result.all_messages()) == said(script)
    first = responses_of(result.all_messages())[0]
    calls = [part for part in first.parts if isinstance(part, ToolCallPart)]
    assert len({call.tool_call_id for call in calls}) == 2
    assert first.finish_reason == "tool_call"


@pytest.mark.parametrize("name", ["brief", "hello"])
async def test_with_thinking_off_nothing_is_thought(target: Target, route: str, name: str) -> None:
    script = script_of(name)
    async with target.open(route) as model:
        result = await play(script, model)
    assert heard(result.all_messages()) == said(script)
    assert not any(isinstance(part, ThinkingPart) for m in responses_of(result.all_messages()) for part in m.parts)


async def test_a_run_of_many_turns_is_one_sequence_as_the_server_saw_it(target: Target) -> None:
    script = script_of("weather")
    async with target.native() as model:
        messages = (await play(script, model)).all_messages()
    records = records_of(messages)
    (sequence,) = join(records)
    assert [record.prompt for record in records] == [r.usage.input_tokens for r in responses_of(messages)]
    assert len(sequence.ids) == records[-1].prompt + len(records[-1].sampled)
    assert sum(sequence.mask) == sum(len(record.sampled) for record in records)
    vocabulary = target.renderer.vocabulary
    first = Dialogue(script.messages[:2], script.tools, script.thinking)
    assert list(sequence.ids[: records[0].prompt]) == target.renderer.begin(first)
    for record, reply in zip(records, script.replies, strict=True):
        assert vocabulary.decode(record.sampled).startswith(spell(reply, thinking=True))


async def test_a_later_turn_finds_the_earlier_ones_in_the_prefix_cache(target: Target) -> None:
    async with target.native() as model:
        messages = (await play(script_of("weather"), model)).all_messages()
    for before, record in zip(records_of(messages), records_of(messages)[1:], strict=False):
        assert record.cached is not None
        assert record.cached > 0.5 * record.prompt
        assert record.cached >= before.prompt
    assert responses_of(messages)[1].usage.cache_read_tokens == records_of(messages)[1].cached


async def test_cached_tokens_are_told_over_the_chat_route_too(target: Target) -> None:
    async with target.compatible() as model:
        messages = (await play(script_of("unknown"), model)).all_messages()
    assert responses_of(messages)[1].usage.cache_read_tokens > 0
