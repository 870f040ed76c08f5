"""The whole profile at the model interface: scripted text in, scripted text out, and an agent that works with it."""

import json
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_ai import Agent, ToolOutput
from pydantic_ai.messages import (
    BinaryContent,
    FilePart,
    ModelMessage,
    ModelRequest,
    ModelResponse,
    PartStartEvent,
    SystemPromptPart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.models.function import AgentInfo, FunctionModel
from pydantic_ai.profiles import ModelProfile
from pydantic_ai.settings import ModelSettings, ToolOrOutput
from pydantic_ai.tools import ToolDefinition
from pydantic_ai.usage import RequestUsage

from metier.answer import Refusal
from metier.errors import ModelError
from metier.profiles.profile import final_in, malformed_in
from metier.profiles.tongyi.model import TongyiModel
from metier.profiles.tongyi.writing import LAST
from metier.testing import ScriptedModel, ScriptError

pytestmark = pytest.mark.anyio

SCHEMA = {"type": "object", "properties": {"query": {"type": "array", "items": {"type": "string"}}}}
CODE = {"type": "object", "properties": {"code": {"type": "string"}}}
PARAMETERS = ModelRequestParameters(
    function_tools=[
        ToolDefinition(name="search", description="Searches the web.", parameters_json_schema=SCHEMA),
        ToolDefinition(name="visit", description="Reads pages.", parameters_json_schema=SCHEMA),
        ToolDefinition(name="PythonInterpreter", description="Runs a program.", parameters_json_schema=CODE),
    ],
    output_tools=[
        ToolDefinition(name=name, parameters_json_schema={"type": "object"}, kind="output")
        for name in ("give_answer", "refuse_task")
    ],
    output_mode="tool",
    allow_text_output=False,
)
ASKED = "Where was Anselm born?\n(Today is 2026-12-01, UTC.)"
SAID = (
    '<think>\nFirst.\n</think>\n<tool_call>\n{"name": "search", "arguments": {"query": ["Anselm born"]}}\n</tool_call>',
    '<think>\nRead it.\n</think>\n<tool_call>\n{"name": "visit", "arguments": {"url": ["wiki://w/Anselm"]}}\n</tool_call>',
    "<think>\nClear.\n</think>\n<answer>\nHe was born in Ardenfeld [ev-1].\n</answer>",
)
RESULTS = ("1. [Anselm](wiki://w/Anselm)", "Anselm was born in Ardenfeld. [evidence ev-1]")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def ask(text: str = ASKED) -> list[ModelMessage]:
    return [ModelRequest([UserPromptPart(text)], instructions="Cite what you read.")]


async def say(text: str, given: ModelSettings | None = None, **more: Any) -> ModelResponse:
    model = TongyiModel(ScriptedModel([ModelResponse([TextPart(text)], **more)]))
    return await model.request(ask(), given, PARAMETERS)


def shown(request: Sequence[ModelMessage]) -> list[tuple[str, str]]:
    """Returns what a wrapped model was sent as (role, text)."""
    roles: dict[Any, str] = {SystemPromptPart: "system", UserPromptPart: "user", TextPart: "assistant"}
    parts: list[Any] = [part for message in request for part in message.parts]
    return [(roles[type(part)], part.content) for part in parts]


async def work() -> tuple[ScriptedModel, list[ModelMessage]]:
    """Returns the model and the messages of a run that searches, visits and answers."""
    scripted = ScriptedModel(list(SAID))
    model, messages = TongyiModel(scripted), ask()
    for result in (*RESULTS, None):
        response = await model.request(messages, None, PARAMETERS)
        messages.append(response)
        for part in response.parts:
            if isinstance(part, ToolCallPart) and result is not None:
                back = ToolReturnPart(tool_name=part.tool_name, content=result, tool_call_id=part.tool_call_id)
                messages.append(ModelRequest([back], instructions="Cite what you read."))
    return scripted, messages


async def test_row_1_search_visit_answer_is_the_exact_sequence_of_texts_and_the_same_in_three_runs() -> None:
    runs = [await work() for _ in range(3)]
    transcripts = [json.dumps([shown(request) for request in scripted.requests]) for scripted, _ in runs]
    assert len(set(transcripts)) == 1
    scripted, messages = runs[0]
    (_, system), *turns = shown(scripted.requests[-1])
    assert system.startswith("You are a research assistant.")
    assert turns == [
        ("user", ASKED),
        ("assistant", SAID[0]),
        ("user", f"<tool_response>\n{RESULTS[0]}\n</tool_response>"),
        ("assistant", SAID[1]),
        ("user", f"<tool_response>\n{RESULTS[1]}\n</tool_response>"),
    ]
    calls = [part for message in messages for part in message.parts if isinstance(part, ToolCallPart)]
    assert [(part.tool_call_id, part.tool_name) for part in calls] == [("call-1-0", "search"), ("call-2-0", "visit")]
    last = messages[-1]
    assert isinstance(last, ModelResponse)
    assert final_in(last) == "He was born in Ardenfeld [ev-1]."
    assert list(last.parts) == [ThinkingPart("Clear."), TextPart("He was born in Ardenfeld [ev-1].")]
    assert malformed_in(last) == ()


async def test_prompts_only_grow() -> None:
    scripted, _ = await work()
    sent = [shown(request) for request in scripted.requests]
    assert all(later[: len(earlier)] == earlier for earlier, later in pairwise(sent))


async def test_no_tool_definition_and_no_tool_choice_is_sent() -> None:
    seen: list[AgentInfo] = []

    def answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        seen.append(info)
        return ModelResponse([TextPart(SAID[2])])

    choice: Any = {"tool_choice": "required", "parallel_tool_calls": False}
    await TongyiModel(FunctionModel(answer)).request(ask(), choice, PARAMETERS)
    (info,) = seen
    assert (info.function_tools, info.output_tools, info.allow_text_output) == ([], [], True)
    assert info.model_settings == {
        "temperature": 0.85,
        "top_p": 0.95,
        "presence_penalty": 1.1,
        "max_tokens": 10_000,
        "stop_sequences": ["\n<tool_response>", "<tool_response>"],
    }


async def test_defect_10_both_stop_strings_are_spelled_right_and_what_the_model_or_the_caller_sets_wins() -> None:
    seen: list[ModelSettings | None] = []

    def answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        seen.append(info.model_settings)
        return ModelResponse([TextPart(SAID[2])])

    own = ModelSettings(temperature=0.6, top_p=0.5)
    model = TongyiModel(FunctionModel(answer, settings=own))
    await model.request(ask(), {"top_p": 0.7, "stop_sequences": ["END"], "seed": 4}, PARAMETERS)
    assert seen == [
        {
            "temperature": 0.6,
            "top_p": 0.7,
            "presence_penalty": 1.1,
            "max_tokens": 10_000,
            "stop_sequences": ["\n<tool_response>", "<tool_response>", "END"],
            "seed": 4,
        }
    ]


async def test_the_last_call_says_in_the_newest_text_that_the_answer_must_be_given_now() -> None:
    scripted = ScriptedModel([SAID[0], SAID[2]])
    model = TongyiModel(scripted)
    last = ModelSettings(tool_choice=ToolOrOutput(function_tools=[]))
    refused = await model.request(ask(), last, PARAMETERS)
    given = await model.request(ask(), last, PARAMETERS)
    assert [one.kind for one in malformed_in(refused)] == ["withdrawn-tool"]
    assert not any(isinstance(part, ToolCallPart) for part in refused.parts)
    assert final_in(given) is not None
    system, (role, text) = shown(scripted.requests[0])
    assert (role, text) == ("user", f"{ASKED}\n{LAST}")
    assert '"name": "search"' in system[1]


async def test_usage_name_details_and_finish_reason_are_passed_on() -> None:
    response = await say(
        SAID[0],
        usage=RequestUsage(input_tokens=70, output_tokens=9),
        model_name="weights",
        finish_reason="stop",
        provider_details={"tokens": [1, 2], "final": "forged", "malformed": [], "unread": ["x"]},
        provider_response_id="r-1",
    )
    assert (response.usage.input_tokens, response.usage.output_tokens) == (70, 9)
    assert (response.model_name, response.finish_reason, response.provider_response_id) == ("weights", "stop", "r-1")
    assert response.provider_details == {"tokens": [1, 2]}


async def test_a_turn_that_was_cut_off_at_its_length_is_told_so() -> None:
    cut = await say("<answer>He was", finish_reason="length")
    assert final_in(cut) is None
    assert malformed_in(cut)[0].observation.endswith("think and write less.")
    assert final_in(await say("<answer>He was", finish_reason="stop")) == "He was"


async def test_a_report_beside_a_call_is_the_text_of_the_response() -> None:
    response = await say(f"<report>\nNothing yet.\n</report>\n{SAID[0]}")
    assert [part.part_kind for part in response.parts] == ["thinking", "text", "tool-call"]
    assert response.text == "<report>\nNothing yet.\n</report>"


async def test_thinking_and_calls_that_a_server_split_off_are_read_by_the_same_rules() -> None:
    split: list[Any] = [
        ThinkingPart("Search first."),
        TextPart("\n\n"),
        ToolCallPart("search", '{"query": ["a"]}'),
        ToolCallPart("search", "oops"),
    ]
    response = await TongyiModel(ScriptedModel([ModelResponse(split)])).request(ask(), None, PARAMETERS)
    assert [part.part_kind for part in response.parts] == ["thinking", "tool-call"]
    assert [one.kind for one in malformed_in(response)] == ["bad-json"]


async def test_a_half_of_a_surrogate_pair_does_not_break_the_request() -> None:
    scripted = ScriptedModel([SAID[2]])
    call = ToolCallPart("search", {"query": ["\ud800"]}, tool_call_id="a")
    back = ToolReturnPart(tool_name="search", content="\udfff", tool_call_id="a")
    messages: list[ModelMessage] = [*ask("\ud83d?"), ModelResponse([call]), ModelRequest([back])]
    await TongyiModel(scripted).request(messages, None, PARAMETERS)
    for _, text in shown(scripted.requests[0]):
        text.encode()


def test_messages_reach_the_profile_as_they_are_stored() -> None:
    defusing = FunctionModel(
        lambda messages, info: ModelResponse([]), profile=ModelProfile(may_tokenize_special_tokens_in_content=True)
    )
    messages = ask("<|im_start|>")
    assert defusing.prepare_messages(messages, PARAMETERS) != messages
    assert TongyiModel(defusing).prepare_messages(messages, PARAMETERS) is messages


async def test_tokens_are_counted_of_the_texts_that_are_sent() -> None:
    class Counting(ScriptedModel):
        async def count_tokens(self, messages: list[ModelMessage], *rest: object) -> RequestUsage:
            return RequestUsage(input_tokens=sum(len(text) for _, text in shown(messages)))

    scripted = Counting([SAID[2]])
    model = TongyiModel(scripted)
    counted = await model.count_tokens(ask(), None, PARAMETERS)
    await model.request(ask(), None, PARAMETERS)
    assert counted.input_tokens == sum(len(text) for _, text in shown(scripted.requests[0]))


async def test_what_is_no_text_is_an_error_of_the_model() -> None:
    odd = ModelResponse([FilePart(BinaryContent(b"x", media_type="image/png"))])
    with pytest.raises(ModelError, match="no text: file"):
        await TongyiModel(ScriptedModel([odd])).request(ask(), None, PARAMETERS)


async def test_defect_3_an_error_of_the_wrapped_model_is_not_taken_for_what_it_said() -> None:
    with pytest.raises(ScriptError):
        await TongyiModel(ScriptedModel([])).request(ask(), None, PARAMETERS)


async def test_a_malformed_turn_and_what_it_is_told_stand_in_the_next_prompt() -> None:
    scripted = ScriptedModel(["<tool_call>search Anselm</tool_call>", SAID[2]])
    model, messages = TongyiModel(scripted), ask()
    response = await model.request(messages, None, PARAMETERS)
    (fault,) = malformed_in(response)
    back = ToolReturnPart(tool_name="format", content=fault.observation, tool_call_id="x")
    await model.request([*messages, response, ModelRequest([back])], None, PARAMETERS)
    *_, said, told = shown(scripted.requests[1])
    assert said == ("assistant", "<tool_call>search Anselm</tool_call>")
    assert told == ("user", f"<tool_response>\n{fault.observation}\n</tool_response>")


# Streams


def streaming(chunks: Sequence[str]) -> FunctionModel:
    async def stream(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[str]:
        for chunk in chunks:
            yield chunk

    return FunctionModel(stream_function=stream)


async def streamed(chunks: Sequence[str]) -> ModelResponse:
    async with TongyiModel(streaming(chunks)).request_stream(ask(), None, PARAMETERS) as stream:
        started = [event.part async for event in stream if isinstance(event, PartStartEvent)]
        response = stream.get()
    assert started == list(response.parts)
    return response


TEXTS = st.one_of(
    st.sampled_from([*SAID, f"{SAID[0]}\n<tool_response>x", "<tool_call>{", "Well.", "<answer>He was"]),
    st.text("<>/abc {}\n", min_size=1, max_size=20),
)


@settings(max_examples=30)
@given(text=TEXTS, cuts=st.lists(st.integers(1, 200), max_size=5))
async def test_a_stream_in_any_chunks_gives_what_the_whole_gives(text: str, cuts: list[int]) -> None:
    places = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    chunks = [text[one:other] for one, other in pairwise(places)]
    whole, parts = await say(text), await streamed(chunks)
    assert list(parts.parts) == list(whole.parts)
    assert parts.provider_details == whole.provider_details


async def test_thinking_tags_in_chunks_of_their_own_are_thinking() -> None:
    chunks = ["<think>", "Clear.", "</think>", "<answer>\nA.", "\n</answer>"]
    assert list((await streamed(chunks)).parts) == [ThinkingPart("Clear."), TextPart("A.")]
    ragged = ModelResponse([ThinkingPart("Clear.</think>\n<answer>A.</answer>")])  # as some clients split a stream
    response = await TongyiModel(ScriptedModel([ragged])).request(ask(), None, PARAMETERS)
    assert list(response.parts) == [ThinkingPart("Clear."), TextPart("A.")]


# In an agent


async def test_an_agent_works_with_these_weights_as_with_any_other() -> None:
    scripted = ScriptedModel(
        [
            f"{SAID[0]}\n{SAID[0].split('</think>')[1]}",
            '<tool_call>\n{"name": "python", "arguments": {}}\n<code>\n6 * 7\n</code>\n</tool_call>',
            '<answer>{"name": "refuse_task", "arguments": {"reasons": ["no page says"]}}</answer>',
        ]
    )
    agent: Agent[None, Any] = Agent(TongyiModel(scripted), output_type=[ToolOutput(Refusal, name="refuse_task")])
    asked: list[object] = []

    @agent.tool_plain
    def search(query: list[str]) -> str:
        asked.append(query)
        return "nothing</tool_response>"

    @agent.tool_plain
    def python(code: str) -> str:
        asked.append(code)
        return "42"

    outcome = await agent.run(ASKED)
    assert outcome.output == Refusal(reasons=("no page says",))
    assert asked == [["Anselm born"], ["Anselm born"], "6 * 7"]
    assert shown(scripted.requests[1])[-1][1].count("</tool_response>") == 2


async def test_a_plain_question_is_sent_and_read_without_the_protocol() -> None:
    scripted = ScriptedModel(["<think>Hm.</think>\nIn short: <tool_response> was seen."])
    result = await Agent(TongyiModel(scripted), instructions="Sum up.").run("All this.")
    assert result.output == "In short: <tool_response> was seen."
    assert shown(scripted.requests[0]) == [("system", "Sum up."), ("user", "All this.")]
