"""A run from its task to its result, with a toy toolkit."""

from dataclasses import replace
from pathlib import Path

import pytest

from metier.answer import Adopted, Question, Questions, Refusal
from metier.errors import InputError, JournalError, MissingError
from metier.evidence import Citation
from metier.limits import Limits
from metier.runtime.copilot import Copilot
from metier.runtime.events import Event, Objected, RunFinished, RunStarted, ToolFinished
from metier.runtime.runs import list_runs, open_trace, replay, replay_run
from metier.task import Task
from metier.testing import FrozenClock, ScriptedModel, Seen, call, refuse_network
from metier.toolkit import Call, Calls, Finish
from metier.trace import Stop
from tests.sdk.runtime.toy import TOY, Memo, calls_in, memo_of

pytestmark = pytest.mark.anyio
ASK = "How many people live in Arvel?"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def copilot(home: Path, model: object = "playbook", **more: object) -> Copilot:
    return replace(Copilot([TOY], home=home, clock=FrozenClock()), model=model, **more)  # type: ignore[arg-type]


def wrong() -> Finish:
    return Finish(memo_of("Arvel").model_copy(update={"people": 9999}))


async def test_a_playbook_run_gives_the_adopted_answer_with_its_verdict(tmp_path: Path) -> None:
    result = await copilot(tmp_path).run(ASK)
    assert result.answer == memo_of("Arvel")
    assert result.stop is Stop.ANSWERED
    assert result.verdict.holds
    assert {item.source for item in result.evidence.values()} == {"towns 1", "toy/memo"}
    assert calls_in(tmp_path) in (["town Arvel", "memo Arvel"], ["memo Arvel", "town Arvel"])


async def test_the_trace_shows_turns_calls_and_evidence(tmp_path: Path) -> None:
    trace = (await copilot(tmp_path).run(ASK)).trace
    first, last = trace.turns
    assert [made.path for made in first.calls] == ["1/tool/0-town", "1/tool/1-memo"]
    assert [made.server for made in first.calls] == ["toy", "toy"]
    assert first.text == "Look it up."
    assert [made.tool for made in last.calls] == ["adopt_answer"]
    assert trace.usage.per_tool == {"town": 1, "memo": 1}
    assert (trace.kind, trace.model, trace.mode) == ("answer", "playbook", "react")


async def test_a_violating_answer_goes_back_with_the_findings_and_the_right_one_is_taken(tmp_path: Path) -> None:
    events: list[Event] = []
    with ScriptedModel([call("town", name="Arvel"), wrong(), Finish(memo_of("Arvel"))]) as model:
        result = await copilot(tmp_path, model).run(ASK, on_event=events.append)
    assert result.answer == memo_of("Arvel")
    (objected,) = [event for event in events if isinstance(event, Objected)]
    assert "claimed 9999; found 1200" in objected.reasons[0]
    assert "claimed 9999; found 1200" in result.trace.turns[2].retry


async def test_a_model_that_never_gets_it_right_is_refused_with_the_reasons(tmp_path: Path) -> None:
    with ScriptedModel([call("town", name="Arvel"), wrong(), wrong(), wrong()]) as model:
        result = await copilot(tmp_path, model).run(ASK)
    assert result.stop is Stop.REFUSED
    assert result.answer is None
    assert result.refusal is not None
    assert "claimed 9999; found 1200" in result.refusal.reasons[0]
    assert result.verdict.violated


async def test_a_claim_that_cannot_be_supported_is_removed_and_listed(tmp_path: Path) -> None:
    def embellished(seen: Seen) -> Finish:
        cite = Citation(evidence=seen.evidence[0].id, pointer="/river")
        return Finish(memo_of("Arvel").model_copy(update={"river": "Nile", "river_from": cite}))

    with ScriptedModel([call("town", name="Arvel"), *[embellished] * 3]) as model:
        result = await copilot(tmp_path, model).run(ASK)
    assert result.answer == memo_of("Arvel")
    assert result.trace.removed == ("/river: on the Nile",)
    assert result.verdict.holds


async def test_evidence_that_no_tool_returned_is_never_taken(tmp_path: Path) -> None:
    invented = Finish(Adopted(evidence="ev-0000000000000000"))
    with ScriptedModel([Finish(memo_of("Arvel")), invented, invented]) as model:
        result = await copilot(tmp_path, model).run(ASK)
    assert result.stop is Stop.REFUSED
    assert result.answer is None


async def test_an_adopted_value_that_is_no_answer_goes_back(tmp_path: Path) -> None:
    def adopt_town(seen: Seen) -> Finish:
        return Finish(Adopted(evidence=seen.evidence[0].id))

    with ScriptedModel([call("town", name="Arvel"), adopt_town, Finish(memo_of("Arvel"))]) as model:
        result = await copilot(tmp_path, model).run(ASK)
    assert "is no answer" in result.trace.turns[2].retry
    assert result.answer == memo_of("Arvel")


async def test_questions_end_the_run_as_asked(tmp_path: Path) -> None:
    result = await copilot(tmp_path).run("live where")
    assert result.stop is Stop.ASKED
    assert result.questions == Questions(questions=(Question(text="Which town?", choices=("Arvel", "Bodran")),))


async def test_a_tools_failure_is_told_and_the_run_goes_on(tmp_path: Path) -> None:
    result = await copilot(tmp_path).run("How many people live in Atlantis?")
    assert result.stop is Stop.REFUSED
    assert result.refusal is not None
    assert "no town 'Atlantis'" in result.refusal.reasons[0]
    assert result.trace.turns[0].calls[0].is_error
    assert result.trace.turns[0].calls[0].server == "toy"


async def test_a_replay_performs_nothing_and_gives_the_same_bytes(tmp_path: Path) -> None:
    with ScriptedModel([call("town", name="Arvel"), wrong(), Finish(memo_of("Arvel"))]) as model:
        result = await copilot(tmp_path, model).run(ASK)
    calls = calls_in(tmp_path)
    with refuse_network():
        again = await replay_run(result.run, tmp_path, toolkits=[TOY])
    assert again.to_json() == result.trace.to_json()
    assert open_trace(result.run, tmp_path).to_json() == again.to_json()
    assert (tmp_path / "runs" / result.run / "trace.json").read_text() == again.to_json()
    assert calls_in(tmp_path) == calls


def test_a_replay_with_another_check_says_that_it_ends_otherwise(tmp_path: Path) -> None:
    result = copilot(tmp_path).run_sync(ASK)
    with pytest.raises(JournalError, match="replayed, it ends otherwise"):
        replay(result.run, tmp_path, toolkits=[replace(TOY, checks=())])


def test_a_replay_whose_toolkit_asks_otherwise_names_the_difference(tmp_path: Path) -> None:
    result = copilot(tmp_path).run_sync(ASK)
    with pytest.raises(JournalError, match="diverged from its journal at 1/model: /instructions was"):
        replay(result.run, tmp_path, toolkits=[replace(TOY, instructions="Do as you please.")])


async def test_a_finished_run_resumed_gives_the_same_result_and_calls_nothing(tmp_path: Path) -> None:
    result = await copilot(tmp_path).run(ASK)
    calls = calls_in(tmp_path)
    again = await copilot(tmp_path).resume(result.run)
    assert again.answer == result.answer
    assert again.trace.to_json() == result.trace.to_json()
    assert calls_in(tmp_path) == calls


async def test_the_stream_ends_with_the_result(tmp_path: Path) -> None:
    events = [event async for event in copilot(tmp_path).stream(ASK)]
    assert isinstance(events[0], RunStarted)
    last = events[-1]
    assert isinstance(last, RunFinished)
    assert last.result.answer == memo_of("Arvel")
    assert [event.evidence for event in events if isinstance(event, ToolFinished) and event.tool == "town"] == [1]


async def test_leaving_the_stream_early_leaves_a_run_that_can_be_resumed(tmp_path: Path) -> None:
    stream = copilot(tmp_path).stream(ASK, run_id="left")
    async for event in stream:
        if isinstance(event, ToolFinished):
            break
    await stream.aclose()  # type: ignore[attr-defined]
    assert open_trace("left", tmp_path).stop is Stop.CANCELLED
    assert (await copilot(tmp_path).resume("left")).answer == memo_of("Arvel")


async def test_the_last_model_call_of_a_limit_answers_without_tools(tmp_path: Path) -> None:
    limits = Limits(model_calls=2)
    with ScriptedModel([call("town", name="Arvel"), Finish(memo_of("Arvel"))]) as model:
        result = await copilot(tmp_path, model, limits=limits).run(ASK)
    assert result.stop is Stop.LIMIT
    assert result.answer == memo_of("Arvel")
    assert "no more tools can be called" in str(model.requests[-1][-1])
    assert "see the evidence" in str(model.requests[-1][-1])
    assert result.trace.usage.model_calls == 2


async def test_a_limit_without_an_answer_is_a_refusal_that_names_it(tmp_path: Path) -> None:
    with ScriptedModel([call("town", name="Arvel"), call("town", name="Bodran")]) as model:
        result = await copilot(tmp_path, model, limits=Limits(model_calls=2)).run(ASK)
    assert result.stop is Stop.LIMIT
    assert result.refusal is not None
    assert "model_calls" in result.refusal.reasons[0]
    assert calls_in(tmp_path) == ["town Arvel"]


async def test_at_the_limit_a_violated_answer_is_refused_and_not_asked_for_again(tmp_path: Path) -> None:
    with ScriptedModel([call("town", name="Arvel"), wrong()]) as model:
        result = await copilot(tmp_path, model, limits=Limits(model_calls=2)).run(ASK)
    assert result.stop is Stop.LIMIT
    assert result.answer is None
    assert result.refusal is not None


async def test_at_the_limit_an_answer_loses_the_claim_that_cannot_be_supported(tmp_path: Path) -> None:
    def embellished(seen: Seen) -> Finish:
        cite = Citation(evidence=seen.evidence[0].id, pointer="/river")
        return Finish(memo_of("Arvel").model_copy(update={"river": "Nile", "river_from": cite}))

    with ScriptedModel([call("town", name="Arvel"), embellished]) as model:
        result = await copilot(tmp_path, model, limits=Limits(model_calls=2)).run(ASK)
    assert (result.stop, result.answer) == (Stop.LIMIT, memo_of("Arvel"))
    assert result.trace.removed == ("/river: on the Nile",)


async def test_a_run_that_cannot_begin_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="playbook"):
        await replace(copilot(tmp_path), toolkits=[replace(TOY, playbook=None)]).run(ASK)
    assert list_runs(tmp_path) == ()


async def test_near_a_limit_the_model_is_told_to_conclude(tmp_path: Path) -> None:
    limits = Limits(model_calls=10, conclude_at=0.2)
    with ScriptedModel([call("town", name="Arvel"), Finish(memo_of("Arvel"))]) as model:
        result = await copilot(tmp_path, model, limits=limits).run(ASK)
    assert "Conclude now" in str(model.requests[1][-1])
    assert "Conclude now" not in str(model.requests[0][-1])
    assert result.stop is Stop.ANSWERED


async def test_a_tool_limit_holds_within_one_turn_of_parallel_calls(tmp_path: Path) -> None:
    many = Calls(tuple(Call("town", {"name": name}) for name in ("Arvel", "Bodran", "Arvel")))
    limits = Limits(per_tool={"town": 2})
    with ScriptedModel([many, Finish(memo_of("Arvel"))]) as model:
        result = await copilot(tmp_path, model, limits=limits).run(ASK)
    assert sorted(calls_in(tmp_path)) == ["town Arvel", "town Bodran"]
    assert result.trace.turns[0].calls[2].is_error
    assert result.answer == memo_of("Arvel")


async def test_the_time_limit_is_kept_by_the_clock_and_replays(tmp_path: Path) -> None:
    clock = FrozenClock(step_s=1.0)
    with ScriptedModel([call("town", name="Arvel"), Finish(memo_of("Arvel"))]) as model:
        result = await copilot(tmp_path, model, limits=Limits(wall_s=12.0, conclude_at=0.5), clock=clock).run(ASK)
    assert result.trace.usage.wall_s > 5
    assert (await replay_run(result.run, tmp_path, toolkits=[TOY])).to_json() == result.trace.to_json()


async def test_usage_survives_a_resume(tmp_path: Path) -> None:
    class Stopped(RuntimeError):
        """Stands for a crash of the process."""

    def crash(seen: Seen) -> Finish:
        raise Stopped

    limits = Limits(model_calls=2)
    with pytest.raises(Stopped):
        await copilot(tmp_path, ScriptedModel([call("town", name="Arvel"), crash]), limits=limits).run(ASK, run_id="r")
    with ScriptedModel([call("town", name="Bodran")]) as model:
        result = await copilot(tmp_path, model).resume("r")
    assert result.stop is Stop.LIMIT
    assert calls_in(tmp_path) == ["town Arvel"]


async def test_the_time_taken_before_a_crash_counts_after_it(tmp_path: Path) -> None:
    class Stopped(RuntimeError):
        """Stands for a crash of the process."""

    clock = FrozenClock()

    def slow(seen: Seen) -> Calls:
        clock.advance(100)
        return call("town", name="Arvel")

    def crash(seen: Seen) -> Finish:
        raise Stopped

    limits = Limits(wall_s=105.0)
    with pytest.raises(Stopped):
        await copilot(tmp_path, ScriptedModel([slow, crash]), limits=limits, clock=clock).run(ASK, run_id="r")
    with ScriptedModel([Finish(memo_of("Arvel"))]) as model:
        result = await copilot(tmp_path, model, limits=limits).resume("r")
    assert result.trace.usage.wall_s == 100.0
    assert "Nearly all of the limit wall_s" in str(model.requests[0][-1])


async def test_a_model_that_only_talks_ends_as_an_error_and_not_as_an_answer(tmp_path: Path) -> None:
    result = await copilot(tmp_path, ScriptedModel(["1200 people live there."] * 20)).run(ASK)
    assert result.stop is Stop.ERROR
    assert result.answer is None
    assert "nothing usable" in result.trace.error
    assert (await replay_run(result.run, tmp_path, toolkits=[TOY])).to_json() == result.trace.to_json()


async def test_a_dead_server_ends_the_run_as_an_error_and_the_run_can_be_resumed(tmp_path: Path) -> None:
    broken = replace(copilot(tmp_path), servers=(("gone", "http://127.0.0.1:9/mcp"),))
    result = await broken.run(ASK, run_id="dead")
    assert result.stop is Stop.ERROR
    assert result.answer is None
    assert "gone" in result.trace.error
    again = await copilot(tmp_path).resume("dead")
    assert again.answer == memo_of("Arvel")


async def test_secrets_are_masked_in_journal_trace_and_answers(tmp_path: Path) -> None:
    secret = "sk-hunter2-hunter2"
    told = Finish(Refusal(reasons=(f"The key {secret} does not work.",)))
    with ScriptedModel([call("town", name=secret), told]) as model:
        result = await copilot(tmp_path, model, secrets=(secret,)).run(f"Use {secret} to ask about Arvel")
    assert secret not in result.trace.to_json()
    for path in (tmp_path / "runs" / result.run).iterdir():
        assert secret.encode() not in path.read_bytes()
    assert "[secret]" in result.trace.task.text
    assert (await replay_run(result.run, tmp_path, toolkits=[TOY])).to_json() == result.trace.to_json()


async def test_typed_constraints_reach_task_and_prompt(tmp_path: Path) -> None:
    with ScriptedModel([Finish(Refusal(reasons=("no",)))]) as model:
        result = await copilot(tmp_path, model).run(ASK, {"at_most": 3})
    assert result.trace.task == Task(ASK, ("toy",), {"at_most": 3})
    assert '{"at_most":3}' in str(model.requests[0])


@pytest.mark.parametrize("text", ["", "   "])
async def test_an_empty_task_is_the_callers_fault(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match="empty"):
        await copilot(tmp_path).run(text)


async def test_an_unknown_model_toolkit_or_mode_is_named(tmp_path: Path) -> None:
    with pytest.raises((MissingError, InputError), match="nosuch"):
        await copilot(tmp_path, "nosuch:model").run(ASK)
    with pytest.raises(MissingError, match="nosuch"):
        await Copilot(["nosuch"], home=tmp_path).run(ASK)
    with pytest.raises(MissingError, match="react"):
        await copilot(tmp_path, mode="nosuch").run(ASK)


async def test_a_missing_extra_is_named_with_the_command_that_installs_it(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"pip install 'metier\[anthropic\]'"):
        await copilot(tmp_path, "anthropic:some-model").run(ASK)


async def test_runs_are_listed_newest_first_and_a_damaged_one_hides_none(tmp_path: Path) -> None:
    await copilot(tmp_path).run(ASK, run_id="one")
    broken = tmp_path / "runs" / "two"
    broken.mkdir()
    (broken / "journal.sqlite").write_bytes(b"not a database at all, but long enough to look" * 50)
    assert [(line.run, line.stop) for line in list_runs(tmp_path)] == [("one", "answered"), ("two", "damaged")]


def test_ten_lines_from_python_are_enough(tmp_path: Path) -> None:
    result = copilot(tmp_path).run_sync(ASK)
    assert isinstance(result.answer, Memo)
    assert result.answer.people == 1200
