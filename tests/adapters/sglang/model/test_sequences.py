"""Token in, token out: a run is one sequence of tokens, whatever happens to its messages."""

import asyncio
from dataclasses import replace
from itertools import pairwise

import pytest
from pydantic_ai import Agent
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    TextPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.settings import ModelSettings

from metier.tokens import join, sequence_of
from metier_sglang.model.native import SglangModel
from tests.adapters.sglang.model.memory import END, MemoryTransport
from tests.adapters.sglang.model.weather import CALL, SYSTEM, records, reload, weather_agent

pytestmark = pytest.mark.anyio


async def test_a_tool_loop_is_one_sequence_of_tokens(memory: MemoryTransport) -> None:
    result = await weather_agent(SglangModel(memory)).run("What is the weather in Astra?")
    assert result.output == "It is 18 °C and clear in Astra."
    first, last = memory.asked
    kept = records(result.all_messages())
    assert kept[1].after == kept[0].rid
    assert kept[1].kept == len(first.input_ids) + len(kept[0].sampled)
    whole = sequence_of(kept[1].rid, {one.rid: one for one in kept})
    assert whole.ids[: len(last.input_ids)] == last.input_ids
    assert len(join(kept)) == 1


async def test_the_second_question_goes_on_with_the_same_tokens(memory: MemoryTransport) -> None:
    agent = weather_agent(SglangModel(memory))
    first = await agent.run("What is the weather in Astra?")
    second = await agent.run("And in Borealis?", message_history=first.all_messages())
    kept = records(second.all_messages())
    assert len(kept) == 4
    (whole,) = join(kept)
    assert whole.turns == tuple(one.rid for one in kept)
    assert second.output == "It is 7 °C and it rains in Borealis."


async def test_a_run_resumed_in_a_new_process_continues_token_for_token(memory: MemoryTransport) -> None:
    first = await weather_agent(SglangModel(memory)).run("What is the weather in Astra?")
    again = reload(first.all_messages())
    second = await weather_agent(SglangModel(memory)).run("And in Borealis?", message_history=again)
    (whole,) = join(records(second.all_messages()))
    assert len(whole.turns) == 4
    assert whole.ids[: len(memory.asked[-1].input_ids)] == memory.asked[-1].input_ids


async def test_an_edited_history_begins_a_new_sequence(memory: MemoryTransport) -> None:
    agent = weather_agent(SglangModel(memory))
    first = await agent.run("What is the weather in Astra?")
    history = reload(first.all_messages())
    question = history[0].parts[0]
    assert isinstance(question, UserPromptPart)
    question.content = "What is the weather in Astra, please?"
    await agent.run("And in Borealis?", message_history=history)
    newest = memory.prompt(2)
    assert "Astra, please?" in newest
    second = await agent.run("And in Borealis?", message_history=history)
    assert records(second.all_messages())[2].after == ""


async def test_an_edited_response_begins_a_new_sequence(memory: MemoryTransport) -> None:
    agent = weather_agent(SglangModel(memory))
    history = reload((await agent.run("What is the weather in Astra?")).all_messages())
    response = history[-1]
    assert isinstance(response, ModelResponse)
    response.parts = [TextPart("It snows.")]
    second = await agent.run("And in Borealis?", message_history=history)
    kept = records(second.all_messages())
    assert "It snows." in memory.prompt(2)
    assert kept[2].after == ""


async def test_new_instructions_or_tools_begin_a_new_sequence(memory: MemoryTransport) -> None:
    history = (await weather_agent(SglangModel(memory)).run("What is the weather in Astra?")).all_messages()
    model = SglangModel(memory)
    bare = await Agent(model, instructions=SYSTEM).run("And in Borealis?", message_history=history)
    assert records(bare.new_messages())[0].after == ""
    told = await Agent(model, instructions="Be brief.").run("And in Borealis?", message_history=bare.all_messages())
    assert records(told.new_messages())[0].after == ""


async def test_what_was_shown_once_and_not_stored_keeps_the_sampled_tokens(memory: MemoryTransport) -> None:
    agent = weather_agent(SglangModel(memory))
    history = (await agent.run("What is the weather in Astra?")).all_messages()
    request = history[2]
    assert isinstance(request, ModelRequest)
    answered = reload(history)
    answered[2] = ModelRequest([*request.parts, UserPromptPart("Nearly all of the limit is used.")])
    kept = records(history)
    result = await weather_agent(SglangModel(memory)).run("And in Borealis?", message_history=answered)
    new = records(result.new_messages())[0]
    assert new.after == kept[0].rid
    joined = ",".join(map(str, new.added))
    assert ",".join(map(str, kept[1].sampled)) in joined


async def test_two_runs_at_once_keep_their_tokens_apart(memory: MemoryTransport) -> None:
    agent = weather_agent(SglangModel(memory))
    one, two = await asyncio.gather(
        agent.run("What is the weather in Astra?"), agent.run("Compare Astra and Borealis.")
    )
    assert len(join([*records(one.all_messages()), *records(two.all_messages())])) == 2
    assert "Borealis" in two.output
    assert len({request.key for request in memory.asked}) == 2


async def test_a_hundred_turns_are_one_sequence_that_never_drifts(memory: MemoryTransport) -> None:
    memory.reply = lambda prompt: f"<think>\nOn and on, {len(prompt)}.\n</think>\n\n{CALL}"
    model = SglangModel(memory)
    messages: list[ModelMessage] = [ModelRequest([UserPromptPart("Go on.")])]
    for turn in range(100):
        response = await model.request(messages, None, ModelRequestParameters())
        (call,) = response.tool_calls
        answer = ToolReturnPart(call.tool_name, f"Page {turn}.", tool_call_id=call.tool_call_id)
        messages = [*messages, response, ModelRequest([answer])]
    (whole,) = join(records(messages))
    assert len(whole.turns) == 100
    for before, after in pairwise(memory.asked):
        assert after.input_ids[: len(before.input_ids)] == before.input_ids
    assert len({len(one.added) for one in records(messages)[1:]}) <= 3
    end = memory.vocabulary.id_of(END)
    assert not any(one == two == end for one, two in pairwise(whole.ids))


async def test_rendering_the_history_anew_would_give_other_tokens(memory: MemoryTransport) -> None:
    agent = weather_agent(SglangModel(memory))
    settings = ModelSettings(thinking=False)
    history = (await agent.run("Does it rain in Borealis? Be brief.", model_settings=settings)).all_messages()
    await agent.run("And in Astra?", message_history=history, model_settings=settings)
    kept = memory.asked[-1].input_ids
    bare = [replace(one, provider_details=None) if isinstance(one, ModelResponse) else one for one in history]
    await agent.run("And in Astra?", message_history=bare, model_settings=settings)
    assert memory.asked[-1].input_ids != kept
    assert kept[: len(memory.asked[0].input_ids)] == memory.asked[0].input_ids
