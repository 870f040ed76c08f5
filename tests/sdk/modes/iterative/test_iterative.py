"""The iterative mode: a workspace that does not grow, and a report from which nothing cited vanishes unseen."""

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic_ai.messages import ModelResponse, ThinkingPart

from metier.limits import Limits
from metier.runtime.runs import replay_run
from metier.trace import Stop
from tests.sdk.modes.reactive import FACTS, Reactive, Shown, copilot, give, record_fact, say

pytestmark = pytest.mark.anyio
ROUNDS = 300
MANY = Limits(model_calls=None, tool_calls=None, wall_s=None)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def rounds(last: int, kept: int = 3) -> Reactive:
    """Returns a model that looks up a fact a round and keeps fact `kept` in its report from then on."""

    def decide(shown: Shown) -> ModelResponse:
        now = len(model.shown)
        found = [record_fact(kept)] if now > kept else []
        newest = [record_fact(now - 1)] if now > 1 else []
        report = "\n".join(f"{item.text} [{item.id}]" for item in (*found, *newest))
        if now > last:
            return give(record_fact(kept), text=f"<report>{report}</report>")
        return say(f"I think about {now}.\n<report>{report}</report>", ("look_up", {"number": now}))

    model = Reactive(decide)
    return model


async def test_row_5_the_prompt_of_300_rounds_is_flat_and_old_observations_are_not_in_it(tmp_path: Path) -> None:
    model = rounds(ROUNDS)
    result = await copilot(tmp_path, model, mode="iterative", limits=MANY).run("What is known?")
    assert result.stop is Stop.ANSWERED
    assert len(model.shown) == ROUNDS + 1
    sizes = [len(shown.text) for shown in model.shown[10:]]
    assert max(sizes) <= 1.05 * min(sizes)
    last = model.shown[-1].text
    assert record_fact(ROUNDS).id in last  # the newest observation
    assert record_fact(100).id not in last  # an old one
    assert "I think about" not in last
    assert len(result.evidence) == ROUNDS


async def test_row_5_the_change_log_of_the_report_is_in_the_trace_and_not_in_the_prompt(tmp_path: Path) -> None:
    model = rounds(20)
    result = await copilot(tmp_path, model, mode="iterative", limits=MANY).run("What is known?")
    reports = [turn.text for turn in result.trace.turns]
    assert len(reports) == 21
    assert record_fact(10).id in reports[10]
    assert record_fact(10).id not in model.shown[-1].text


async def test_row_6_a_fact_of_round_3_is_in_the_report_of_round_200_when_the_model_keeps_it(tmp_path: Path) -> None:
    model = rounds(200)
    result = await copilot(tmp_path, model, mode="iterative", limits=MANY).run("What is known?")
    assert record_fact(3).id in result.trace.turns[199].text
    assert record_fact(3).id in model.shown[199].prompt
    assert result.answer is not None


async def test_row_6_a_cited_fact_that_vanishes_is_a_warning_and_can_be_recalled(tmp_path: Path) -> None:
    lost = record_fact(1)

    def decide(shown: Shown) -> ModelResponse:
        now = len(model.shown)
        if now == 1:
            return say("<report>(nothing)</report>", ("look_up", {"number": 1}))
        if now == 2:
            return say(f"<report>{lost.text} [{lost.id}]</report>", ("look_up", {"number": 2}))
        if now == 3:
            return say("<report>Something else.</report>", ("look_up", {"number": 3}))
        if now == 4:
            return say("<report>Something else.</report>", ("recall_evidence", {"ids": [lost.id]}))
        return give(*shown.evidence, text="<report>done</report>")

    model = Reactive(decide)
    result = await copilot(tmp_path, model, mode="iterative").run("What is known?")
    assert [warned.text for warned in result.trace.warnings] == [
        f"The report no longer cites {lost.id}; the evidence itself is kept."
    ]
    assert lost.id in model.shown[3].prompt  # the model is told so
    assert lost.id not in model.shown[2].prompt.partition("Your report so far")[0]
    assert model.shown[4].evidence == (lost,)
    assert result.answer is not None
    assert (await replay_run(result.run, tmp_path, toolkits=[FACTS])) == result.trace


async def test_a_round_without_a_report_keeps_the_one_before_and_says_so(tmp_path: Path) -> None:
    def decide(shown: Shown) -> ModelResponse:
        now = len(model.shown)
        if now == 1:
            return say("<report>First.</report>", ("look_up", {"number": 1}))
        if now == 2:
            return say("no report", ("look_up", {"number": 2}))
        return give(record_fact(1), text="")

    model = Reactive(decide)
    await copilot(tmp_path, model, mode="iterative").run("What is known?")
    assert "First." in model.shown[2].prompt
    assert "You wrote no <report>" in model.shown[2].prompt


async def test_a_report_beyond_its_cap_is_cut_with_a_warning(tmp_path: Path) -> None:
    def decide(shown: Shown) -> ModelResponse:
        if len(model.shown) == 1:
            return say(f"<report>{'x' * 500}</report>", ("look_up", {"number": 1}))
        return give(record_fact(1))

    model = Reactive(decide)
    result = await copilot(tmp_path, model, mode="iterative?report=100").run("What is known?")
    assert [warned.text for warned in result.trace.warnings] == ["The report was cut by 400 characters."]
    assert "x" * 101 not in model.shown[1].prompt


async def test_a_signed_thought_stays_with_the_last_action_and_an_unsigned_one_does_not(tmp_path: Path) -> None:
    def decide(shown: Shown) -> ModelResponse:
        now = len(model.shown)
        if now == 3:
            return give(record_fact(2))
        said = say(f"<report>{now}</report>", ("look_up", {"number": now}))
        thoughts = [ThinkingPart(f"signed {now}", signature="s"), ThinkingPart(f"loud {now}")]
        return replace(said, parts=[*thoughts, *said.parts])

    model = Reactive(decide)
    await copilot(tmp_path, model, mode="iterative").run("What is known?")
    assert "signed 2" in model.shown[2].text
    assert "signed 1" not in model.shown[2].text
    assert "loud" not in model.shown[2].text
