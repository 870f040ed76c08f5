"""An outline that fails, is stopped or broken off: what is finished is kept, and nothing is done twice."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from pydantic_ai.messages import ModelResponse

from metier.errors import JournalError, ModelError, ServerError
from metier.limits import Limits
from metier.runtime.events import Event
from metier.runtime.runs import open_trace
from metier.trace import Stop
from tests.sdk.modes.outline.sections import (
    ASK,
    LEAVES,
    MANY,
    WHOLES,
    author,
    by_the_plan,
    headings,
    planner,
    run,
    section_of,
)
from tests.sdk.modes.reactive import Said, Shown, copilot, say

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_a_planner_may_refuse_or_ask(tmp_path: Path) -> None:
    refusing = author(lambda shown: say("", ("refuse_task", {"reasons": ["No such thing."]})), by_the_plan)
    result = await run(tmp_path / "a", refusing)
    assert result.refusal is not None
    assert result.refusal.reasons == ("No such thing.",)
    asking = author(lambda shown: say("", ("ask_user", {"questions": [{"text": "Which?"}]})), by_the_plan)
    assert (await run(tmp_path / "b", asking)).stop is Stop.ASKED


async def test_a_planner_that_wrote_no_outline_within_its_limit_is_a_refusal(tmp_path: Path) -> None:
    model = author(lambda shown: say("", ("look_up", {"number": len(model.shown)})), by_the_plan)
    result = await run(tmp_path, model, limits=Limits(model_calls=8))
    assert result.refusal is not None
    assert result.refusal.reasons[0].startswith("No outline was written")


async def test_a_model_that_fails_in_planning_is_the_error_of_the_run_and_resumed_goes_on(tmp_path: Path) -> None:
    dead = [True]

    def plans(shown: Shown) -> ModelResponse:
        if dead[0] and shown.asked_before == 1:
            raise ServerError("The model is gone.")
        return planner(*LEAVES)(shown)

    model = author(plans, by_the_plan)
    made = copilot(tmp_path, model, toolkit=WHOLES, mode="outline", limits=MANY)
    first = await made.run(ASK, run_id="r")
    assert (first.stop, "The model is gone." in first.trace.error) == (Stop.ERROR, True)
    dead[0] = False
    second = await made.resume("r")
    assert headings(second.trace) == ["One", "Two", "Three"]
    assert [shown.asked_before for shown in model.shown if "write_outline" in shown.endings] == [0, 1, 1, 2, 3]


async def test_a_model_that_fails_in_writing_leaves_one_section_out_or_is_resumed_where_it_was(tmp_path: Path) -> None:
    faults = [ModelError("nonsense"), ServerError("The model is gone.")]

    def writes(shown: Shown) -> ModelResponse:
        if faults and section_of(shown) in ("Two", "Three"):
            raise faults.pop(0)
        return by_the_plan(shown)

    model = author(planner(*LEAVES), writes)
    made = copilot(tmp_path, model, toolkit=WHOLES, mode="outline", limits=MANY)
    first = await made.run(ASK, run_id="r")
    assert first.stop is Stop.ERROR
    asked = len(model.shown)
    second = await made.resume("r")
    assert headings(second.trace) == ["One", "Three"]
    assert len(model.shown) == asked + 1
    assert second.trace.warnings[0].text == "A section is left out: Two: nonsense"


async def test_broken_off_at_every_event_a_run_resumes_to_the_same_report_and_repeats_no_finished_call(
    tmp_path: Path,
) -> None:
    heard: list[Event] = []
    made = copilot(tmp_path / "whole", author(planner(*LEAVES), by_the_plan), toolkit=WHOLES, mode="outline")
    whole = await made.run(ASK, run_id="r", on_event=heard.append)
    for at in range(0, len(heard) - 1, 2):
        model = author(planner(*LEAVES), by_the_plan)
        made = copilot(tmp_path / str(at), model, toolkit=WHOLES, mode="outline")
        count = iter(range(len(heard)))

        def die(event: Event, count: Any = count, at: int = at) -> None:
            if next(count) == at:
                raise JournalError("The process died here.")

        with pytest.raises(JournalError, match="died here"):
            await made.run(ASK, run_id="r", on_event=die)
        before, asked = open_trace("r", tmp_path / str(at)), len(model.shown)
        result = await made.resume("r")
        assert (result.trace.outcome, result.trace.usage) == (whole.trace.outcome, whole.trace.usage)
        assert [turn.path for turn in result.trace.turns] == [turn.path for turn in whole.trace.turns]
        assert len(model.shown) - asked == len(whole.trace.turns) - len(before.turns)


async def test_cancelled_while_a_section_is_written_the_run_resumes_with_those_before(tmp_path: Path) -> None:
    here, reached = asyncio.all_tasks(), asyncio.Event()

    async def wait() -> ModelResponse:
        reached.set()
        await asyncio.Event().wait()
        raise AssertionError

    def writes(shown: Shown) -> Said:
        return by_the_plan(shown) if reached.is_set() or section_of(shown) == "One" else wait()

    model = author(planner(*LEAVES), writes)
    made = copilot(tmp_path, model, toolkit=WHOLES, mode="outline", limits=MANY)
    running = asyncio.create_task(made.run(ASK, run_id="r"))
    await reached.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert asyncio.all_tasks() == here
    assert headings((await made.resume("r")).trace) == ["One", "Two", "Three"]
