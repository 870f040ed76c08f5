"""Whole runs with the profile: a scripted model of the family works on a toy toolkit, through the journal and back."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from metier.answer import Answer, Refusal
from metier.evidence import Evidence
from metier.limits import Limits
from metier.profiles.tongyi.model import TongyiModel
from metier.runtime.copilot import Copilot
from metier.runtime.runs import replay_run
from metier.task import Task
from metier.testing import FrozenClock, ScriptedModel, Seen
from metier.trace import Stop
from tests.sdk.runtime.toy import TOY, calls_in, memo_of

pytestmark = pytest.mark.anyio
ASK = "How many people live in Arvel?"
LOOK = '<think>Look.</think>\n<tool_call>\n{"name": "town", "arguments": {"name": "Arvel"}}\n</tool_call>'
REPORTED = f"<report>\nNothing yet.\n</report>\n{LOOK}"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def draft(task: Task, text: str, evidence: Mapping[str, Evidence]) -> Answer | None:
    """Returns the memo that names evidence of this run and a number of people."""
    cited, people = re.search(r"\[(ev-[0-9a-f]{16})\]", text), re.search(r"\d+ people", text)
    if cited is None or people is None or cited[1] not in evidence:
        return None
    return memo_of("Arvel").model_copy(update={"people": int(people[0].split()[0])})


def copilot(home: Path, steps: list[Any], **more: Any) -> Copilot:
    kit = replace(TOY, draft=draft)
    return Copilot([kit], model=TongyiModel(ScriptedModel(steps)), home=home, clock=FrozenClock(), **more)


def answer(people: int) -> Any:
    """Returns the step that answers in prose with the evidence id that stands in the newest result."""

    def say(seen: Seen) -> str:
        told = str(seen.messages[-1].parts[0].content)  # type: ignore[union-attr]
        cited = re.findall(r"ev-[0-9a-f]{16}", told) or re.findall(r"ev-[0-9a-f]{16}", str(seen.messages))
        return f"<think>Clear.</think>\n<answer>\n{people} people live there [{cited[-1]}].\n</answer>"

    return say


@pytest.mark.parametrize(
    ("mode", "first"), [("react", LOOK), ("iterative", REPORTED), ("resum", LOOK)], ids=["react", "iterative", "resum"]
)
async def test_prose_between_answer_tags_becomes_the_typed_answer(tmp_path: Path, mode: str, first: str) -> None:
    result = await copilot(tmp_path, [first, answer(1200)], mode=mode).run(ASK)
    assert (result.stop, result.answer) == (Stop.ANSWERED, memo_of("Arvel"))
    assert calls_in(tmp_path) == ["town Arvel"]


async def test_row_2_malformed_turns_are_told_and_survived_and_a_replay_gives_the_same(tmp_path: Path) -> None:
    steps = [
        "",
        "I will look.",
        "<tool_call>town Arvel</tool_call>",
        f"{LOOK}\n<tool_response>\n9 people",
        answer(1200),
    ]
    result = await copilot(tmp_path, steps).run(ASK)
    assert (result.stop, result.answer) == (Stop.ANSWERED, memo_of("Arvel"))
    assert "Format error (bad-json)" in result.trace.turns[3].retry
    again = await replay_run(result.trace.run, tmp_path, toolkits=[replace(TOY, draft=draft)])
    assert again == result.trace


async def test_prose_that_the_checks_do_not_hold_goes_back_and_is_put_right(tmp_path: Path) -> None:
    result = await copilot(tmp_path, [LOOK, answer(9999), answer(1200)]).run(ASK)
    assert (result.stop, result.answer) == (Stop.ANSWERED, memo_of("Arvel"))


async def test_a_refusal_as_json_ends_the_run(tmp_path: Path) -> None:
    refused = '<answer>{"name": "refuse_task", "arguments": {"reasons": ["no source"]}}</answer>'
    result = await copilot(tmp_path, [refused]).run(ASK)
    assert (result.stop, result.refusal) == (Stop.REFUSED, Refusal(reasons=("no source",)))


async def test_at_the_limit_the_answer_is_asked_for_in_words_and_taken(tmp_path: Path) -> None:
    seen: list[str] = []

    def last(shown: Seen) -> str:
        seen.append(str(shown.messages[-1].parts[-1].content))  # type: ignore[union-attr]
        said: str = answer(1200)(shown)
        return said

    result = await copilot(tmp_path, [LOOK, last], limits=Limits(model_calls=2)).run(ASK)
    assert (result.stop, result.answer) == (Stop.LIMIT, memo_of("Arvel"))
    assert "No function can be called any more." in seen[0]
