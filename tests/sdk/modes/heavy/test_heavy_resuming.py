"""Heavy runs that are broken off, wait, or lose a server: what is finished stays, and nothing is left behind."""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from mcp.client.stdio import StdioServerParameters
from pydantic_ai.messages import ModelResponse

from metier.errors import JournalError
from metier.runtime.approval import Approval
from metier.runtime.events import Event
from metier.runtime.runs import open_trace, replay_run
from metier.trace import Stop, Trace
from tests.sdk.modes.heavy.party import ASK, heavy, is_synthesis, party, research, run, state
from tests.sdk.modes.reactive import FACTS, Reactive, Said, Shown, give, never, record_fact, say
from tests.sdk.runtime.test_registered import define, notes, register

pytestmark = pytest.mark.anyio
DYING = Path(__file__).parents[2] / "runtime" / "dying_server.py"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def say_yes(approval: Approval) -> bool | None:
    return True


def essence(trace: Trace) -> object:
    """Returns what of a trace does not depend on how long things took and on what was kept."""
    turns = [(turn.path, turn.text, [(call.path, call.text) for call in turn.calls]) for turn in trace.turns]
    branches = [(one.name, one.stop, one.outcome, one.evidence, one.usage) for one in trace.branches]
    return trace.outcome, trace.evidence, trace.usage, turns, branches


def two() -> Reactive:
    does = {1: research(1), 2: research(2)}
    return party(does, lambda shown: give(record_fact(1), record_fact(2)), researchers=2)


def dying(at: int) -> tuple[Callable[[Event], None], list[Event]]:
    """Returns a listener in which a run dies at an event, and the events so far."""
    heard: list[Event] = []

    def listen(event: Event) -> None:
        if len(heard) == at:
            raise JournalError("The process died here.")
        heard.append(event)

    return listen, heard


async def test_broken_off_at_every_event_a_run_resumes_to_the_same_trace_and_repeats_no_finished_call(
    tmp_path: Path,
) -> None:
    here = asyncio.all_tasks()
    mode = "heavy?researchers=2&inner=react"
    listen, heard = dying(-1)
    whole = await heavy(tmp_path / "whole", two(), mode).run(ASK, run_id="r", on_event=listen)
    assert whole.stop is Stop.ANSWERED
    for at in range(len(heard) - 1):
        model, home = two(), tmp_path / str(at)
        made = heavy(home, model, mode)
        with pytest.raises(JournalError, match="died here"):
            await made.run(ASK, run_id="r", on_event=dying(at)[0])
        before = open_trace("r", home)
        made_before = len(model.shown)
        result = await made.resume("r")
        assert essence(result.trace) == essence(whole.trace)
        assert len(model.shown) - made_before == len(whole.trace.turns) - len(before.turns)
        assert asyncio.all_tasks() == here


async def test_cancelled_a_run_leaves_no_task_behind_and_resumes(tmp_path: Path) -> None:
    here = asyncio.all_tasks()
    reached = asyncio.Event()

    def hang_once(shown: Shown) -> Said:
        if reached.is_set():
            answer: Said = research(2)(shown)
            return answer
        reached.set()
        return never()

    model = party({1: research(1), 2: hang_once}, lambda shown: give(record_fact(1)), researchers=2)
    made = heavy(tmp_path, model, "heavy?researchers=2&idle_s=1000")
    running = asyncio.create_task(made.run(ASK, run_id="r"))
    await reached.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert asyncio.all_tasks() == here
    assert open_trace("r", tmp_path).stop is Stop.CANCELLED
    assert (await made.resume("r")).stop is Stop.ANSWERED


async def test_a_journal_that_fails_in_one_researcher_ends_the_run_and_all_others(tmp_path: Path) -> None:
    here = asyncio.all_tasks()

    def fail(shown: Shown) -> ModelResponse:
        raise JournalError("The disk is gone.")

    model = party({1: fail}, lambda shown: give(record_fact(1)), otherwise=lambda shown: never())
    with pytest.raises(JournalError, match="The disk is gone"):
        await run(tmp_path, model)
    assert asyncio.all_tasks() == here


async def test_a_call_that_waits_for_approval_holds_the_run_and_not_the_other_researchers(tmp_path: Path) -> None:
    await register(tmp_path, define(tmp_path))

    def note(shown: Shown) -> ModelResponse:
        if "Noted: milk" in shown.text:
            return state(("Milk is noted.", shown.evidence[-1]))
        return say("", ("write_note", {"text": "milk"}))

    model = party({1: research(1), 2: note}, lambda shown: give(record_fact(1)), researchers=2)
    made = replace(
        heavy(tmp_path, model, "heavy?researchers=2&inner=react&idle_s=1000"), servers=["notes"], folder=tmp_path
    )
    first = await made.run(ASK, run_id="r")
    assert (first.stop, notes(tmp_path)) == (Stop.WAITING, "")
    assert [(one.path.split("/")[0], one.tool) for one in first.waiting] == [("researcher-2", "write_note")]
    assert [branch.name for branch in first.trace.branches] == ["researcher-1"]
    asked = [shown.settings["temperature"] for shown in model.shown].count(0.6)

    second = await replace(made, approve=say_yes).resume("r")
    assert (second.stop, notes(tmp_path)) == (Stop.ANSWERED, "milk\n")
    assert [shown.settings["temperature"] for shown in model.shown].count(0.6) == asked
    assert [branch.stop for branch in second.trace.branches] == ["answered", "answered"]


async def test_a_tool_server_that_does_not_start_ends_the_run_as_what_it_is(tmp_path: Path) -> None:
    here = asyncio.all_tasks()
    target = StdioServerParameters(command=str(tmp_path / "no-such-program"))
    made = replace(heavy(tmp_path, two(), "heavy?researchers=2"), servers=[("gone", target)])
    result = await made.run(ASK, run_id="r")
    assert (result.stop, result.trace.branches) == (Stop.ERROR, ())
    assert "gone" in result.trace.error
    assert asyncio.all_tasks() == here


async def test_a_tool_server_that_dies_under_one_researcher_ends_that_one_and_no_other(tmp_path: Path) -> None:
    target = StdioServerParameters(command=sys.executable, args=[str(DYING)])
    model = party(
        {1: lambda shown: say("", ("count", {"number": 1})), 2: research(2)},
        lambda shown: give(record_fact(2)),
        researchers=2,
    )
    made = replace(heavy(tmp_path, model, "heavy?researchers=2"), servers=[("dying", target)], approve=say_yes)
    result = await made.run(ASK, run_id="r")
    assert [branch.stop for branch in result.trace.branches] == ["error", "answered"]
    assert (result.stop, result.trace.branches[0].reason) == (Stop.ANSWERED, "blame: server")


async def test_secrets_are_masked_in_what_researchers_report_and_the_synthesis_is_shown(tmp_path: Path) -> None:
    def tell(shown: Shown) -> ModelResponse:
        if record_fact(1) not in shown.evidence:
            return say("<report>The key is hunter22.</report>", ("look_up", {"number": 1}))
        return state(("The key is hunter22.", record_fact(1)), report="<report>The key is hunter22.</report>")

    model = party({}, lambda shown: give(record_fact(1)), otherwise=tell, researchers=2)
    made = replace(heavy(tmp_path, model, "heavy?researchers=2"), secrets=["hunter22"])
    result = await made.run(ASK, run_id="r")
    assert result.stop is Stop.ANSWERED
    assert "hunter22" not in result.trace.to_json()
    (shown,) = [shown for shown in model.shown if is_synthesis(shown)]
    assert "hunter22" not in shown.text
    assert "The key is [secret]." in shown.text
    assert (await replay_run("r", tmp_path, toolkits=[FACTS])) == result.trace


async def test_the_turns_of_ten_and_more_researchers_are_in_their_order_each_before_the_synthesis(
    tmp_path: Path,
) -> None:
    model = party({}, lambda shown: give(record_fact(1)), otherwise=research(1), researchers=11)
    trace = (await run(tmp_path, model, "heavy?researchers=11&inner=react")).trace
    expected = [f"researcher-{at}/{turn}/model" for at in range(1, 12) for turn in (1, 2)]
    assert [turn.path for turn in trace.turns] == [*expected, "1/model"]
    assert [branch.name for branch in trace.branches] == [f"researcher-{at}" for at in range(1, 12)]
