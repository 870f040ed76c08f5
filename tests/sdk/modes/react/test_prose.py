"""Answers in prose, and what a model wrote wrongly: a profile names both, and the mode takes them up."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic_ai.messages import ModelResponse, RetryFeedbackPart

from metier.evidence import Evidence
from metier.limits import Limits
from metier.task import Task
from metier.trace import Stop
from tests.sdk.modes.reactive import FACTS, Findings, Reactive, Shown, copilot, record_fact, requests_of, say

pytestmark = pytest.mark.anyio
FACT = record_fact(1)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def draft(task: Task, text: str, evidence: Mapping[str, Evidence]) -> Findings | None:
    """Returns the lines of a prose text, each resting on the evidence that it names."""
    lines = [line.rpartition(" ") for line in text.splitlines()]
    if not lines or not all(name.startswith("ev-") for _, _, name in lines):
        return None
    return Findings(sentences=tuple(said for said, _, _ in lines), evidence=tuple(name for _, _, name in lines))


DRAFTING = replace(FACTS, draft=draft)


def detailed(response: ModelResponse, **details: Any) -> ModelResponse:
    return replace(response, provider_details=details)


def feedback_in(shown: Shown) -> list[str]:
    parts = [part for request in requests_of(shown)[-1:] for part in request.parts]
    return [str(part.content) for part in parts if isinstance(part, RetryFeedbackPart)]


def told(*turns: ModelResponse) -> Reactive:
    model = Reactive(lambda shown: turns[len(model.shown) - 1])
    return model


@pytest.mark.parametrize("mode", ["react", "iterative", "resum"])
async def test_a_final_text_of_a_profile_is_drafted_and_held_against_the_checks(tmp_path: Path, mode: str) -> None:
    model = told(
        say("", ("look_up", {"number": 1})),
        detailed(say("thoughts"), final=f"{FACT.text} ev-0000000000000000"),
        detailed(say("thoughts"), final=f"{FACT.text} {FACT.id}"),
    )
    result = await copilot(tmp_path, model, toolkit=DRAFTING, mode=mode).run("What is known?")
    assert result.answer == Findings(sentences=(FACT.text,), evidence=(FACT.id,))
    assert "does not stand" in feedback_in(model.shown[2])[0]
    assert result.stop is Stop.ANSWERED


async def test_prose_without_a_profile_is_an_answer_at_the_last_call_only(tmp_path: Path) -> None:
    prose = say(f"{FACT.text} {FACT.id}")
    model = told(say("", ("look_up", {"number": 1})), prose, prose)
    limits = Limits(model_calls=3, wall_s=None)
    result = await copilot(tmp_path, model, toolkit=DRAFTING, limits=limits).run("What is known?")
    assert feedback_in(model.shown[2])[0].startswith("Call a tool")
    assert (result.stop, result.answer) == (Stop.LIMIT, Findings(sentences=(FACT.text,), evidence=(FACT.id,)))


async def test_prose_that_no_toolkit_can_draft_is_not_an_answer_at_the_limit_either(tmp_path: Path) -> None:
    model = told(say("", ("look_up", {"number": 1})), say("It is one, I think."))
    limits = Limits(model_calls=2, wall_s=None)
    result = await copilot(tmp_path, model, toolkit=DRAFTING, limits=limits).run("What is known?")
    assert (result.stop, result.answer) == (Stop.LIMIT, None)
    assert result.trace.turns[-1].text == "It is one, I think."  # not lost: it is in the trace


async def test_a_draft_that_breaks_is_the_toolkits_defect(tmp_path: Path) -> None:
    def broken(task: Task, text: str, evidence: Mapping[str, Evidence]) -> Findings | None:
        raise KeyError("oops")

    model = told(detailed(say(""), final="An answer."))
    result = await copilot(tmp_path, model, toolkit=replace(FACTS, draft=broken)).run("What is known?")
    assert (result.stop, "cannot draft" in result.trace.error) == (Stop.ERROR, True)


@pytest.mark.parametrize("mode", ["react", "iterative", "resum"])
async def test_malformed_output_is_said_to_the_model_beside_the_calls_that_were_well_written(
    tmp_path: Path, mode: str
) -> None:
    wrong = [{"kind": "unclosed", "observation": "The tool call is not closed."}]
    model = told(
        detailed(say("<tool_call>"), malformed=wrong),
        detailed(say("", ("look_up", {"number": 1})), malformed=[*wrong, "nonsense", {"kind": 3}]),
        say("", ("give_answer", {"sentences": [FACT.text], "evidence": [FACT.id]})),
    )
    result = await copilot(tmp_path, model, mode=mode).run("What is known?")
    assert [feedback_in(shown) for shown in model.shown[1:]] == [["The tool call is not closed."]] * 2
    assert FACT in model.shown[2].evidence
    assert result.stop is Stop.ANSWERED


async def test_a_model_that_writes_nothing_but_malformed_output_is_given_up(tmp_path: Path) -> None:
    wrong = detailed(say("<tool_call>"), malformed=[{"kind": "unclosed", "observation": "Not closed."}])
    model = Reactive(lambda shown: wrong)
    result = await copilot(tmp_path, model).run("What is known?")
    assert (result.stop, len(model.shown)) == (Stop.ERROR, 13)
