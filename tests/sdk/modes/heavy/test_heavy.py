"""Heavy: researchers side by side whatever becomes of some of them, then a synthesis of reports and answers only."""

import asyncio
import re
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic_ai.messages import ModelResponse, ToolCallPart

from metier.answer import Refusal
from metier.errors import InputError, JournalError, MissingError, ModelError, ServerError
from metier.limits import Limits, share_limits
from metier.modes.heavy import Heavy
from metier.modes.heavy.provenance import trace_claims
from metier.modes.heavy.straggling import Waiting
from metier.modes.registry import find_mode
from metier.runtime.runs import open_trace, replay_run
from metier.testing import FrozenClock
from metier.trace import Stop, Trace
from tests.sdk.modes.heavy.party import (
    ASK,
    MANY,
    crash,
    heavy,
    is_synthesis,
    party,
    refuse,
    research,
    run,
    state,
    temperatures,
    unexpected,
)
from tests.sdk.modes.reactive import FACTS, Findings, Said, Shown, give, never, record_fact, say

pytestmark = pytest.mark.anyio
QUICK = "&idle_s=1&idle=3"  # so patient that a busy machine gives up nobody who works


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def hang(shown: Shown) -> Said:
    return never()


def stops(trace: Trace) -> list[str]:
    return [branch.stop for branch in trace.branches]


def all_found(shown: Shown) -> ModelResponse:
    return give(record_fact(1), record_fact(2))


async def test_row_7_of_eight_researchers_two_crash_and_one_hangs_and_there_is_an_answer_with_provenance(
    tmp_path: Path,
) -> None:
    does = {1: crash(ServerError("dead")), 2: crash(ModelError("nonsense")), 3: hang}
    model = party(does, lambda shown: give(record_fact(4)), otherwise=research(4), researchers=8)
    result = await run(tmp_path, model, f"heavy?researchers=8{QUICK}")
    trace = result.trace
    assert (trace.stop, stops(trace)) == (Stop.ANSWERED, ["error", "error", "timeout", *["answered"] * 5])
    assert result.answer is not None
    answers = {one.name: Findings.model_validate(one.outcome) for one in trace.branches if one.kind == "answer"}
    (claim,) = trace_claims(result.answer, answers, trace.branches)
    healthy = tuple(f"researcher-{at}" for at in range(4, 9))
    assert (claim.evidence, claim.found_by, claim.stated_by) == ((record_fact(4).id,), healthy, healthy)
    assert (await replay_run("r", tmp_path, toolkits=[FACTS])) == trace


async def test_row_7_the_prompt_of_the_synthesis_has_reports_and_answers_and_no_tool_result(tmp_path: Path) -> None:
    model = party({}, lambda shown: give(record_fact(2)), otherwise=research(2, "Two is known."))
    await run(tmp_path, model)
    (shown,) = [shown for shown in model.shown if is_synthesis(shown)]
    assert (len(shown.messages), shown.tools) == (1, [])
    assert "tool-result" not in shown.text
    assert record_fact(2).text.rstrip(".") not in shown.text  # what the tool returned
    assert "Looking for 2" not in shown.text  # the way there
    assert f"Found 2 [{record_fact(2).id}]." in shown.text
    assert shown.text.count('"Two is known."') == 4


async def test_row_7_the_cost_has_a_part_for_each_researcher_and_the_synthesis_and_they_sum_to_the_total(
    tmp_path: Path,
) -> None:
    def write_no_json(shown: Shown) -> ModelResponse:
        return ModelResponse([ToolCallPart("look_up", "{number: 9", tool_call_id="bad")], model_name="reactive")

    does = {1: crash(ServerError("dead")), 2: hang, 3: write_no_json}
    model = party(does, lambda shown: give(record_fact(4)), otherwise=research(4), researchers=8)
    trace = (await run(tmp_path, model, f"heavy?researchers=8&inner=react{QUICK}", Limits(model_calls=80))).trace
    own = [turn for turn in trace.turns if not turn.path.startswith("researcher-")]
    assert ([turn.purpose for turn in own], len(trace.branches)) == (["synthesis"], 8)
    parts = [branch.usage for branch in trace.branches]
    assert trace.usage.model_calls == sum(part.model_calls for part in parts) + 1
    assert trace.usage.input_tokens == sum(part.input_tokens for part in parts) + own[0].input_tokens
    assert trace.usage.output_tokens == sum(part.output_tokens for part in parts) + own[0].output_tokens
    assert trace.usage.tool_calls == sum(part.tool_calls for part in parts)
    assert trace.usage.per_tool == {"look_up": sum(part.per_tool.get("look_up", 0) for part in parts)}


async def test_row_7_a_hung_researcher_is_given_up_where_no_limit_would_end_it(tmp_path: Path) -> None:
    model = party({2: hang}, lambda shown: give(record_fact(1)), otherwise=research(1), researchers=2)
    result = await run(tmp_path, model, f"heavy?researchers=2{QUICK}", MANY)
    assert (result.stop, stops(result.trace)) == (Stop.ANSWERED, ["answered", "timeout"])


async def test_one_that_hangs_is_given_up_also_where_the_others_failed_so_that_few_came_back_well(
    tmp_path: Path,
) -> None:
    does = {1: crash(ModelError("x")), 2: crash(ModelError("x")), 3: hang, 4: research(4)}
    result = await run(tmp_path, party(does, lambda shown: give(record_fact(4))), f"heavy?researchers=4{QUICK}")
    assert stops(result.trace) == ["error", "error", "timeout", "answered"]


def test_nobody_is_given_up_before_half_came_back_and_nobody_who_works() -> None:
    rule = Waiting(idle=0.25, idle_s=1.0)
    assert rule.deadline_s([10.0], 4, 0.0) is None
    assert rule.deadline_s([], 0, 0.0) is None
    assert rule.deadline_s([8.0, 10.0], 4, 0.0) == 10.0  # nothing for as long as another took in all
    assert rule.deadline_s([8.0, 10.0], 4, 6.0) == 12.5
    assert rule.deadline_s([8.0, 10.0], 4, 12.0) == 14.5  # it said something at 12 s
    assert rule.deadline_s([0.1, 0.2], 4, 0.0) == 1.0


async def test_a_resumed_run_waits_for_a_researcher_as_long_as_the_others_took_in_the_session_before(
    tmp_path: Path,
) -> None:
    sessions: list[int] = []

    async def answer_after_a_while() -> ModelResponse:
        await asyncio.sleep(0.2)  # far more than it takes to read what the others did, far less than they took
        return give(record_fact(4))

    def slowly(shown: Shown) -> Said:
        if not sessions:
            sessions.append(1)
            raise JournalError("The session ends here.")
        return say("", ("look_up", {"number": 4})) if record_fact(4) not in shown.evidence else answer_after_a_while()

    model = party({4: slowly}, lambda shown: give(record_fact(4)), otherwise=research(4))
    made = replace(heavy(tmp_path, model, "heavy?researchers=4&idle_s=0"), clock=FrozenClock(step_s=10.0))
    with pytest.raises(JournalError):
        await made.run(ASK, run_id="r")
    result = await made.resume("r")
    assert stops(result.trace) == ["answered"] * 4


@pytest.mark.parametrize("researchers", [1, 2, 4, 8, 16])
async def test_each_researcher_has_a_temperature_and_an_order_of_tools_of_its_own(
    tmp_path: Path, researchers: int
) -> None:
    model = party({}, lambda shown: give(record_fact(1)), otherwise=research(1), researchers=researchers)
    result = await run(tmp_path, model, f"heavy?researchers={researchers}")
    assert result.stop is Stop.ANSWERED
    shown = {one.settings["temperature"]: one.tools for one in model.shown if not is_synthesis(one)}
    assert sorted(shown) == temperatures(researchers)
    assert len(set(shown)) == researchers
    assert max(shown) <= 1.0  # more is refused by some providers
    assert len({tuple(tools) for tools in shown.values()}) == min(researchers, 3)
    assert {tuple(sorted(tools)) for tools in shown.values()} == {("look_up", "recall_evidence", "search")}


@pytest.mark.parametrize("inner", ["react", "iterative", "resum"])
async def test_researchers_work_in_any_inner_mode(tmp_path: Path, inner: str) -> None:
    model = party({}, lambda shown: give(record_fact(1)), otherwise=research(1))
    result = await run(tmp_path, model, f"heavy?inner={inner}")
    assert (result.stop, stops(result.trace)) == (Stop.ANSWERED, ["answered"] * 4)
    assert (await replay_run("r", tmp_path, toolkits=[FACTS])) == result.trace


async def test_row_28_a_replay_with_nothing_but_the_journal_gives_the_same_bytes(tmp_path: Path) -> None:
    does = {1: crash(ServerError("dead")), 2: hang, 3: research(3, "Arvel has 3 mills.")}
    model = party(does, all_found, otherwise=research(4, "Arvel has 4 mills."), researchers=6)
    result = await run(tmp_path, model, f"heavy?researchers=6{QUICK}")
    assert (await replay_run("r", tmp_path, toolkits=[FACTS])).to_json() == result.trace.to_json()
    assert Trace.from_json(result.trace.to_json()) == result.trace


async def test_where_one_answers_its_answer_is_what_the_synthesis_has(tmp_path: Path) -> None:
    does = {1: research(1)}
    model = party(does, lambda shown: give(record_fact(1)), otherwise=lambda shown: refuse("I found nothing."))
    result = await run(tmp_path, model)
    assert result.stop is Stop.ANSWERED
    assert model.shown[-1].text.count("I found nothing.") == 3


async def test_where_nobody_answers_the_run_is_refused_with_what_kept_each(tmp_path: Path) -> None:
    model = party({2: crash(ServerError("dead"))}, unexpected, otherwise=lambda shown: refuse("I found nothing."))
    result = await run(tmp_path, model)
    assert result.refusal is not None
    assert result.refusal.reasons == (
        "No researcher came back with an answer.",
        "researcher-1: I found nothing.",
        "researcher-2: dead",
        "researcher-3: I found nothing.",
        "researcher-4: I found nothing.",
    )
    asked = len(model.shown)
    assert (await heavy(tmp_path, model).resume("r")).trace == result.trace
    assert len(model.shown) == asked


async def test_where_nobody_answers_and_one_has_questions_the_user_is_asked_them(tmp_path: Path) -> None:
    def ask(shown: Shown) -> ModelResponse:
        return say("", ("ask_user", {"questions": [{"text": "Which Arvel?"}]}))

    result = await run(tmp_path, party({3: ask}, unexpected, otherwise=lambda shown: refuse("Unclear.")))
    assert result.questions is not None
    assert result.questions.questions[0].text == "Which Arvel?"


async def test_where_all_fail_the_run_ends_with_the_error_and_resumed_tries_them_again(tmp_path: Path) -> None:
    dead = [True]

    def does(shown: Shown) -> ModelResponse:
        if dead[0]:
            raise ServerError("The model is gone.")
        answer: ModelResponse = research(1)(shown)  # type: ignore[assignment]
        return answer

    model = party({}, lambda shown: give(record_fact(1)), otherwise=does)
    made = heavy(tmp_path, model)
    first = await made.run(ASK, run_id="r")
    assert (first.stop, stops(first.trace)) == (Stop.ERROR, ["error"] * 4)
    assert "researcher-1 failed: The model is gone." in first.trace.error
    assert (await replay_run("r", tmp_path, toolkits=[FACTS])) == first.trace
    dead[0] = False
    again = await made.resume("r")
    assert (again.stop, stops(again.trace)) == (Stop.ANSWERED, ["answered"] * 4)


async def test_a_researcher_that_failed_stays_failed_once_the_run_went_on_without_it(tmp_path: Path) -> None:
    model = party({1: crash(ServerError("dead"))}, lambda shown: give(record_fact(2)), otherwise=research(2))
    made = heavy(tmp_path, model)
    first = await made.run(ASK, run_id="r")
    asked = len(model.shown)
    assert (await made.resume("r")).trace == first.trace
    assert len(model.shown) == asked


def unusable(shown: Shown) -> ModelResponse:
    return say("I think that all is well.")


@pytest.mark.parametrize(
    ("synthesis", "said"),
    [(crash(ServerError("The model is gone.")), "The model is gone."), (unusable, "nothing usable")],
    ids=["error", "unusable"],
)
async def test_a_synthesis_that_fails_is_a_warning_and_the_answer_most_agreed_with_stands(
    tmp_path: Path, synthesis: object, said: str
) -> None:
    does = {1: research(1, "One is known."), 2: research(2, "Two is known."), 3: research(3, "Two is known.")}
    model = party(does, synthesis, researchers=3)  # type: ignore[arg-type]
    made = heavy(tmp_path, model, "heavy?researchers=3")
    result = await made.run(ASK, run_id="r")
    assert result.answer == Findings(sentences=("Two is known.",), evidence=(record_fact(2).id,))
    (warned,) = result.trace.warnings
    assert said in warned.text
    assert "most agreed with" in warned.text
    assert (await replay_run("r", tmp_path, toolkits=[FACTS])) == result.trace
    asked = len(model.shown)
    assert (await made.resume("r")).trace == result.trace
    assert len(model.shown) == asked


async def test_a_synthesis_at_the_limit_that_does_not_hold_gives_the_answer_most_agreed_with(tmp_path: Path) -> None:
    def invent(shown: Shown) -> ModelResponse:
        return state(("Never read.", record_fact(99)))

    model = party({}, invent, otherwise=research(1, "One is known."), researchers=2)
    result = await run(tmp_path, model, "heavy?researchers=2", Limits(model_calls=5))
    assert (result.stop, result.trace.usage.model_calls) == (Stop.LIMIT, 5)
    assert result.answer == Findings(sentences=("One is known.",), evidence=(record_fact(1).id,))
    assert "does not hold against the evidence" in result.trace.warnings[0].text
    assert (await replay_run("r", tmp_path, toolkits=[FACTS])) == result.trace


async def test_a_synthesis_may_refuse(tmp_path: Path) -> None:
    model = party({}, lambda shown: refuse("None of this answers the question."), otherwise=research(1))
    result = await run(tmp_path, model)
    assert (result.stop, result.refusal) == (
        Stop.REFUSED,
        Refusal(reasons=("None of this answers the question.",)),
    )


async def test_one_researcher_cannot_cite_what_another_found_and_the_synthesis_can_cite_both(tmp_path: Path) -> None:
    def cite_the_other(shown: Shown) -> ModelResponse:
        if record_fact(2) not in shown.evidence and "This outcome was held" not in shown.text:
            return say("", ("look_up", {"number": 2}))
        return state(("One is known.", record_fact(1)))

    model = party({1: research(1), 2: cite_the_other}, all_found, researchers=2)
    result = await run(tmp_path, model, "heavy?researchers=2&inner=react")
    assert stops(result.trace) == ["answered", "refused"]
    retries = [turn.retry for turn in result.trace.turns if turn.path.startswith("researcher-2/")]
    assert any(f"No evidence '{record_fact(1).id}' in this run" in retry for retry in retries)
    assert result.answer is not None
    assert set(result.evidence) == {record_fact(1).id, record_fact(2).id}


@pytest.mark.parametrize("calls", [20, 40, 61])
async def test_the_limits_are_shared_and_never_exceeded_together(tmp_path: Path, calls: int) -> None:
    def spend(shown: Shown) -> ModelResponse:
        return say("<report>More.</report>", ("look_up", {"number": len(model.shown)}))

    model = party({}, lambda shown: refuse("Nothing."), otherwise=spend)
    limits = Limits(model_calls=calls, tool_calls=calls)
    result = await run(tmp_path, model, limits=limits)
    assert result.trace.usage.model_calls <= calls
    assert result.trace.usage.tool_calls <= calls
    each = share_limits(limits, 4, 0.15)
    assert {branch.usage.model_calls for branch in result.trace.branches} == {each.model_calls}


@pytest.mark.parametrize(
    ("limits", "named"),
    [
        (Limits(model_calls=8), "model_calls"),
        (Limits(model_calls=1), "model_calls"),
        (Limits(tool_calls=4), "tool_calls"),
        (Limits(input_tokens=3), "input_tokens"),
        (Limits(per_tool={"search": 3}), "of search"),
    ],
)
async def test_limits_that_leave_a_researcher_nothing_are_refused_before_the_run(
    tmp_path: Path, limits: Limits, named: str
) -> None:
    with pytest.raises(InputError, match=f"The limit {named} is too small"):
        await run(tmp_path, party({}, unexpected), limits=limits)
    Heavy().check(Limits(per_tool={"search": 0}))  # a tool that is forbidden is


@pytest.mark.parametrize(
    ("spelling", "error"),
    [
        ("heavy?researchers=0", "1 to 16"),
        ("heavy?researchers=17", "1 to 16"),
        ("heavy?inner=heavy", "Researchers cannot work in 'heavy'"),
        ("heavy?keep=1", "keep"),
        ("heavy?idle=0", "idle"),
    ],
)
def test_options_that_make_no_sense_are_named(spelling: str, error: str) -> None:
    with pytest.raises((InputError, MissingError), match=re.escape(error)):
        find_mode(spelling)


async def test_an_unfinished_run_shows_the_researchers_that_are_back(tmp_path: Path) -> None:
    def end(shown: Shown) -> ModelResponse:
        raise JournalError("The session ends here.")

    model = party({}, end, otherwise=research(1))
    with pytest.raises(JournalError):
        await run(tmp_path, model)
    trace = open_trace("r", tmp_path)
    assert (trace.stop, stops(trace)) == (Stop.CANCELLED, ["answered"] * 4)
