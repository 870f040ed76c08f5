"""Prompts only grow: what a model is told of limits stays where it was first told, after a resume too."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, ToolCallPart, UserPromptPart
from pydantic_ai.models.function import AgentInfo, FunctionModel
from pydantic_ai.settings import ToolOrOutput

from metier.limits import Limits, Pace, Standing
from metier.runtime.copilot import Copilot
from metier.runtime.effects.notes import Notes
from metier.runtime.runs import replay_run
from metier.testing import FrozenClock, ScriptedModel, Seen, call
from metier.toolkit import Finish
from metier.trace import Stop
from tests.sdk.runtime.toy import TOY, calls_in, memo_of

pytestmark = pytest.mark.anyio
ASK = "How many people live in Arvel?"
NEAR = Limits(model_calls=6, conclude_at=0.3)  # the second call is told to conclude, the sixth is the last


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def copilot(home: Path, model: Any, limits: Limits = NEAR) -> Copilot:
    return Copilot([TOY], model=model, home=home, clock=FrozenClock(), limits=limits)


def notes_in(messages: Sequence[ModelMessage]) -> list[tuple[int, str]]:
    """Returns where the model is told something of limits, and its first words."""
    told = [
        (at, str(part.content)[:6])
        for at, message in enumerate(messages)
        if isinstance(message, ModelRequest)
        for part in message.parts
        if isinstance(part, UserPromptPart) and "limit" in str(part.content)
    ]
    return told


async def test_each_prompt_goes_on_from_the_one_before(tmp_path: Path) -> None:
    names = ["Arvel", "Bodran", "Arvel", "Bodran", "Arvel"]
    with ScriptedModel([*(call("town", name=name) for name in names), Finish(memo_of("Arvel"))]) as model:
        result = await copilot(tmp_path, model).run(ASK, run_id="r")
    assert (result.stop, result.answer) == (Stop.LIMIT, memo_of("Arvel"))
    for before, after in zip(model.requests, model.requests[1:], strict=False):
        assert [message.parts for message in after[: len(before)]] == [message.parts for message in before]
    assert [notes_in(messages) for messages in model.requests] == [
        [],
        *[[(2, "Nearly")]] * 4,
        [(2, "Nearly"), (10, "The li")],
    ]
    assert len({id(messages[2]) for messages in model.requests[1:]}) == 1
    assert (await replay_run("r", tmp_path, toolkits=[TOY])).to_json() == result.trace.to_json()


async def test_a_resumed_run_is_told_where_it_was_told_before(tmp_path: Path) -> None:
    class Stopped(RuntimeError):
        """Stands for a crash of the process."""

    def crash(seen: Seen) -> Finish:
        raise Stopped

    steps = [call("town", name="Arvel"), call("town", name="Bodran"), call("town", name="Arvel")]
    first = ScriptedModel([*steps, crash])
    with pytest.raises(Stopped):
        await copilot(tmp_path, first).run(ASK, run_id="r")
    with ScriptedModel([Finish(memo_of("Arvel"))]) as second:
        await copilot(tmp_path, second).resume("r")
    assert notes_in(second.requests[0]) == notes_in(first.requests[-1]) == [(2, "Nearly")]


async def test_the_last_call_has_the_same_tools_in_its_prompt_and_may_call_none(tmp_path: Path) -> None:
    shown: list[tuple[list[str], Any]] = []

    def answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        choice = (info.model_settings or {}).get("tool_choice")
        shown.append(([tool.name for tool in info.function_tools], choice))
        return ModelResponse([ToolCallPart("town", {"name": "Arvel"})])

    result = await copilot(tmp_path, FunctionModel(answer), Limits(model_calls=2)).run(ASK)
    assert shown == [(["memo", "town"], None), (["memo", "town"], ToolOrOutput(function_tools=[]))]
    assert result.stop is Stop.LIMIT
    assert calls_in(tmp_path) == ["town Arvel"]  # the call of the last turn is not made
    assert result.trace.turns[1].calls[0].is_error


def test_a_note_whose_place_a_mode_has_rewritten_is_told_again() -> None:
    notes, standing = Notes(), Standing(Pace.CONCLUDE, "model_calls")
    history: list[ModelMessage] = [ModelRequest([UserPromptPart("a")])]
    notes.add(standing, history, ["a"])
    assert [len(message.parts) for message in notes.put_in(history, ["a"])] == [2]
    other: list[ModelMessage] = [ModelRequest([UserPromptPart("b")]), ModelRequest([UserPromptPart("c")])]
    notes.add(standing, other, ["b", "c"])
    assert [len(message.parts) for message in notes.put_in(other, ["b", "c"])] == [1, 2]


def test_while_a_run_may_go_on_it_is_told_nothing() -> None:
    notes = Notes()
    history: list[ModelMessage] = [ModelRequest([UserPromptPart("a")])]
    notes.add(Standing(Pace.GO), history, ["a"])
    assert notes.put_in(history, ["a"]) is history
