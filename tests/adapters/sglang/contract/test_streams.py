"""Streams, and the deltas of tool calls in them."""

import asyncio
from typing import Any

import pytest
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
    ThinkingPart,
    ToolCallPart,
    ToolCallPartDelta,
)
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.tools import ToolDefinition

from metier_sglang.tiny.scripts import Script
from tests.adapters.sglang.contract.target import Target, records_of, script_of, system_of

pytestmark = pytest.mark.anyio


def request_of(script: Script) -> tuple[list[ModelMessage], ModelRequestParameters]:
    tools = [
        ToolDefinition(name=tool.name, description=tool.description, parameters_json_schema=dict(tool.parameters))
        for tool in script.tools
    ]
    asked = ModelRequest.user_text_prompt(script.question, instructions=system_of(script))
    return [asked], ModelRequestParameters(function_tools=tools)


def settings_of(script: Script) -> Any:
    return {"thinking": script.thinking, "max_tokens": 120}


async def read(model: Model, script: Script) -> tuple[list[Any], ModelResponse]:
    messages, parameters = request_of(script)
    async with model.request_stream(messages, settings_of(script), parameters) as stream:
        events = [event async for event in stream]
        return events, stream.get()


def plain(response: ModelResponse) -> list[tuple[str, Any]]:
    """Returns the parts of a response without the ids that differ from one response to the next, and blank text.

    SGLang streams the line breaks between thinking and call, and leaves them out of a whole answer.
    """
    found: list[tuple[str, Any]] = []
    for part in response.parts:
        match part:
            case ToolCallPart():
                found.append((part.tool_name, part.args_as_dict()))
            case TextPart() | ThinkingPart() if part.content.strip():
                found.append((part.part_kind, part.content.strip()))
    return found


@pytest.mark.parametrize("name", ["weather", "parallel", "long"])
async def test_a_stream_adds_up_to_the_whole_answer(target: Target, route: str, name: str) -> None:
    script = script_of(name)
    messages, parameters = request_of(script)
    async with target.open(route) as model:
        events, streamed = await read(model, script)
        whole = await model.request(messages, settings_of(script), parameters)
    assert plain(streamed) == plain(whole)
    assert streamed.usage.output_tokens == whole.usage.output_tokens
    assert streamed.finish_reason == whole.finish_reason
    assert len(events) > 5


async def test_the_pieces_of_a_call_join_to_its_arguments(target: Target, route: str) -> None:
    async with target.open(route) as model:
        events, response = await read(model, script_of("parallel"))
    joined: dict[int, str] = {}
    for event in events:
        match event:
            case PartStartEvent(index=at, part=ToolCallPart(args=args)):
                joined[at] = joined.get(at, "") + str(args or "")
            case PartDeltaEvent(index=at, delta=ToolCallPartDelta(args_delta=str(more))):
                joined[at] += more
    calls = [part for part in response.parts if isinstance(part, ToolCallPart)]
    assert list(joined.values()) == [call.args for call in calls]
    assert len(calls) == 2


async def test_text_arrives_before_the_answer_is_complete(target: Target, route: str) -> None:
    async with target.open(route) as model:
        events, response = await read(model, script_of("long"))
    texts = [event for event in events if isinstance(event, PartDeltaEvent) and isinstance(event.delta, TextPartDelta)]
    assert len(texts) > 20
    assert script_of("long").replies[0].content.startswith((response.text or "").strip())


async def test_a_streamed_sample_keeps_its_tokens(target: Target) -> None:
    async with target.native() as model:
        _, streamed = await read(model, script_of("weather"))
        messages, parameters = request_of(script_of("weather"))
        whole = await model.request(messages, settings_of(script_of("weather")), parameters)
    first, second = records_of([streamed, whole])
    assert first.sampled == second.sampled
    assert len(first.logprobs) == len(first.sampled)


async def test_many_streams_at_once_do_not_mix(target: Target) -> None:
    names = ["weather", "parallel", "brief", "unknown", "hello", "note"]
    async with target.native() as model:
        apart = [plain((await read(model, script_of(name)))[1]) for name in names]
        together = await asyncio.gather(*(read(model, script_of(name)) for name in names))
    assert [plain(response) for _, response in together] == apart
