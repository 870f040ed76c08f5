"""One turn of a model: all its calls are made at once, what cannot be made is said, and nothing goes in circles."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from mcp.server import MCPServer
from mcp.types import ToolAnnotations
from pydantic_ai.messages import ModelResponse, ToolCallPart, ToolReturnPart
from pydantic_ai.usage import RequestUsage

from metier.answer import Refusal
from metier.errors import ModelError, StorageError
from metier.runtime.effects.messages import with_own_ids
from metier.runtime.events import Event, ToolFinished, ToolStarted
from metier.toolkit import Settings, Toolkit
from metier.trace import Stop
from tests.sdk.modes.reactive import Findings, Reactive, Shown, copilot, facts_toolkit, give, record_fact, say

pytestmark = pytest.mark.anyio
LEAST = 13  # unusable turns in a row, then the model is given up


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def respond(*calls: ToolCallPart) -> ModelResponse:
    return ModelResponse([*calls], usage=RequestUsage(input_tokens=1, output_tokens=1), model_name="reactive")


def returns_in(shown: Shown) -> list[ToolReturnPart]:
    return [part for message in shown.messages for part in message.parts if isinstance(part, ToolReturnPart)]


def meeting_server(settings: Settings) -> MCPServer[Any]:
    """Returns a server whose calls come back only when three of them have met."""
    server: MCPServer[Any] = MCPServer("meeting", log_level="WARNING")
    met, here = asyncio.Event(), list[str]()

    @server.tool(annotations=ToolAnnotations(read_only_hint=True))
    async def meet(name: str) -> str:
        """Waits for two others."""
        here.append(name)
        if len(here) == 3:
            met.set()
        await met.wait()
        return f"{name} was here"

    return server


async def test_defect_2_all_calls_of_a_turn_are_made_at_the_same_time(tmp_path: Path) -> None:
    kit = Toolkit(name="meeting", summary=".", instructions=".", server=meeting_server, answer=Findings, checks=())

    def decide(shown: Shown) -> ModelResponse:
        if shown.asked_before:
            return give(*shown.evidence)
        return say("", *(("meet", {"name": name}) for name in ("Ada", "Ben", "Cem")))

    result = await copilot(tmp_path, Reactive(decide), toolkit=kit).run("Who was there?")
    assert (result.stop, len(result.evidence)) == (Stop.ANSWERED, 3)
    assert [item.text for item in result.evidence.values()] == ["Ada was here", "Ben was here", "Cem was here"]


async def test_parallel_calls_are_made_beside_an_unknown_one_and_a_malformed_one(tmp_path: Path) -> None:
    def decide(shown: Shown) -> ModelResponse:
        if shown.asked_before:
            return give(*shown.evidence)
        return respond(
            ToolCallPart("look_up", {"number": 1}, tool_call_id="a"),
            ToolCallPart("look_down", {"number": 2}, tool_call_id="b"),
            ToolCallPart("look_up", '{"number": ', tool_call_id="c"),
            ToolCallPart("look_up", {"number": "many"}, tool_call_id="d"),
            ToolCallPart("give_answer", {"sentences": 3}, tool_call_id="e"),
            ToolCallPart("look_up", {"number": 2}, tool_call_id="f"),
        )

    model = Reactive(decide)
    result = await copilot(tmp_path, model).run("What is known?")
    backs = {part.tool_call_id: part for part in returns_in(model.shown[1])}
    assert [*backs] == list("abcdef")
    assert "There is no tool 'look_down'" in str(backs["b"].content)
    assert "The arguments are no JSON" in str(backs["c"].content)
    assert (backs["c"].outcome, backs["e"].outcome) == ("retried", "retried")
    assert backs["d"].metadata["is_error"]
    assert [*result.evidence] == [record_fact(1).id, record_fact(2).id]


@pytest.mark.parametrize("ids", [("", ""), ("x", "x"), ("1-1", "1-1"), ("", "1-0")], ids=str)
async def test_calls_whose_ids_are_missing_or_doubled_are_all_made(tmp_path: Path, ids: tuple[str, str]) -> None:
    def decide(shown: Shown) -> ModelResponse:
        if shown.asked_before:
            return give(*shown.evidence)
        calls = zip((1, 2), ids, strict=True)
        return respond(*(ToolCallPart("look_up", {"number": number}, tool_call_id=name) for number, name in calls))

    model = Reactive(decide)
    result = await copilot(tmp_path, model).run("What is known?")
    assert [*result.evidence] == [record_fact(1).id, record_fact(2).id]
    assert len({part.tool_call_id for part in returns_in(model.shown[1])}) == 2


def test_an_id_that_the_model_made_up_is_never_given_to_another_call() -> None:
    calls = [ToolCallPart("t", {}, tool_call_id=name) for name in ("1-1", "", "1-1-", "1-1")]
    ids = [part.tool_call_id for part in with_own_ids(respond(*calls), "1").parts if isinstance(part, ToolCallPart)]
    assert len(set(ids)) == 4
    assert ids[0] == "1-1"


async def test_the_first_end_of_a_turn_counts_and_nothing_beside_it_undoes_it_or_is_made(tmp_path: Path) -> None:
    made: list[str] = []

    def decide(shown: Shown) -> ModelResponse:
        if not shown.asked_before:
            return say("", ("look_up", {"number": 1}))
        answer = {"sentences": ["One is one."], "evidence": [record_fact(1).id]}
        refusal = Refusal(reasons=("No.",)).model_dump(mode="json")
        return say("", ("give_answer", answer), ("refuse_task", refusal), ("look_up", {"number": 2}))

    model = Reactive(decide)
    result = await copilot(tmp_path, model, toolkit=facts_toolkit(made=made)).run("What is known?")
    assert (result.stop, result.refusal) == (Stop.ANSWERED, None)
    assert result.answer == Findings(sentences=("One is one.",), evidence=(record_fact(1).id,))
    assert [*result.evidence] == [record_fact(1).id]
    assert made == ["look_up 1"]


@pytest.mark.parametrize(
    "turn",
    [
        say(""),
        say("Let me think about it."),
        say("", ("look_down", {})),
        say("", ("give_answer", {"nothing": 1})),
        respond(ToolCallPart("look_up", "{", tool_call_id="a")),
    ],
    ids=["empty", "only text", "unknown tool", "bad answer", "bad JSON"],
)
async def test_defect_2_a_turn_that_cannot_be_used_is_said_so_and_does_not_loop_to_the_budget(
    tmp_path: Path, turn: ModelResponse
) -> None:
    model = Reactive(lambda shown: turn)
    result = await copilot(tmp_path, model).run("What is known?")
    assert (result.stop, result.trace.reason) == (Stop.ERROR, "blame: model")
    assert "gave nothing usable" in result.trace.error
    assert len(model.shown) == LEAST
    assert all(turn.retry for turn in result.trace.turns[1:])


@pytest.mark.parametrize("error", [ModelError("vllm server error!!!"), OSError("vllm server error!!!")], ids=repr)
async def test_defect_3_a_failing_model_is_an_error_and_never_something_it_said(
    tmp_path: Path, error: Exception
) -> None:
    def decide(shown: Shown) -> ModelResponse:
        raise error

    result = await copilot(tmp_path, Reactive(decide)).run("What is known?")
    assert (result.stop, result.answer) == (Stop.ERROR, None)
    assert "vllm server error!!!" in result.trace.error
    assert [turn.text for turn in result.trace.turns] == [""]


async def test_defect_8_the_same_question_twice_is_two_runs(tmp_path: Path) -> None:
    made = copilot(tmp_path, Reactive(lambda shown: give(*shown.evidence) if shown.evidence else _look()))
    first, second = await asyncio.gather(made.run("What is known?"), made.run("What is known?"))
    assert first.run != second.run
    assert first.answer == second.answer is not None


def _look() -> ModelResponse:
    return say("", ("look_up", {"number": 1}))


async def test_evidence_stands_in_the_order_of_the_calls_whichever_came_back_first(tmp_path: Path) -> None:
    def make(settings: Settings) -> MCPServer[Any]:
        server: MCPServer[Any] = MCPServer("queue", log_level="WARNING")
        gates = [asyncio.Event() for _ in range(3)]

        @server.tool(annotations=ToolAnnotations(read_only_hint=True))
        async def wait(number: int) -> str:
            """Comes back after the next one has."""
            if number < 2:
                await gates[number + 1].wait()
            gates[number].set()
            return f"this is {number}"

        return server

    kit = Toolkit(name="queue", summary=".", instructions=".", server=make, answer=Findings, checks=())
    came: list[str] = []

    def hear(event: Event) -> None:
        if isinstance(event, ToolFinished):
            came.append(event.path)

    def decide(shown: Shown) -> ModelResponse:
        if shown.asked_before:
            return give(*shown.evidence)
        return say("", *(("wait", {"number": number}) for number in range(3)))

    made = copilot(tmp_path, Reactive(decide), toolkit=kit)
    result = await made.run("Who is first?", on_event=hear)
    assert came == [f"1/tool/{at}-wait" for at in (2, 1, 0)]
    assert [item.text for item in result.evidence.values()] == ["this is 0", "this is 1", "this is 2"]


async def test_no_call_of_a_turn_is_left_at_work_when_another_ends_the_session(tmp_path: Path) -> None:
    at_work: list[str] = []
    failed = asyncio.Event()

    def make(settings: Settings) -> MCPServer[Any]:
        server: MCPServer[Any] = MCPServer("desk", log_level="WARNING")

        @server.tool(annotations=ToolAnnotations(read_only_hint=True))
        async def read(page: int) -> str:
            """Reads, once the other call has failed."""
            at_work.append("begins")
            await failed.wait()
            at_work.append("ends")
            return "read"

        return server

    def hear(event: Event) -> None:
        if isinstance(event, ToolStarted) and event.arguments == {"page": 2}:
            failed.set()
            raise StorageError("The disk is full.")

    kit = Toolkit(name="desk", summary=".", instructions=".", server=make, answer=Findings, checks=())
    pages = [("read", {"page": page}) for page in (1, 2)]
    made = copilot(tmp_path, Reactive(lambda shown: say("", *pages)), toolkit=kit)
    with pytest.raises(StorageError):
        await made.run("Read.", on_event=hear)
    assert at_work == ["begins", "ends"]
