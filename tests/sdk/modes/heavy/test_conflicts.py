"""Conflicts: every side of a dispute is given, or none; never one of them as if nobody had said otherwise."""

from pathlib import Path

import pytest
from pydantic_ai.messages import ModelResponse

from metier.errors import ServerError
from metier.modes.heavy.agreement import compare
from metier.modes.heavy.synthesis import disputes_shown
from metier.runtime.runs import replay_run
from metier.task import Task
from metier.trace import Stop
from tests.sdk.modes.heavy.party import crash, is_synthesis, party, research, run, state
from tests.sdk.modes.reactive import FACTS, Findings, Shown, record_fact

pytestmark = pytest.mark.anyio
ONE, TWO, OTHER = "Arvel has 100 inhabitants.", "Arvel has 200 inhabitants.", "Arvel has a mill."
DOES = {1: research(1, ONE), 2: research(2, TWO, OTHER), 3: research(1, ONE)}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def violated(*sentences: str) -> list[str]:
    answers = {
        "researcher-1": Findings(sentences=(ONE,), evidence=(record_fact(1).id,)),
        "researcher-2": Findings(sentences=(TWO, OTHER), evidence=(record_fact(2).id,) * 2),
    }
    check = disputes_shown(compare(answers).disputes)
    answer = Findings(sentences=sentences, evidence=(record_fact(1).id,) * len(sentences))
    return [finding.subject for finding in check(Task("?", ()), answer, {}).violated]


def test_both_sides_or_neither_hold_and_one_side_does_not() -> None:
    assert violated(ONE, TWO) == []
    assert violated(OTHER) == []
    assert violated(OTHER, ONE) == ["/sentences/1"]
    assert violated(TWO) == ["/sentences/0"]


def test_both_sides_may_stand_in_one_sentence() -> None:
    assert violated("Arvel has 100 inhabitants by one source and 200 inhabitants by another.") == []


def test_a_side_in_other_words_is_still_one_side() -> None:
    assert violated("In all, Arvel counts some 100 people.") == ["/sentences/0"]


async def test_a_one_sided_synthesis_is_told_of_the_other_side_with_its_evidence(tmp_path: Path) -> None:
    def synthesis(shown: Shown) -> ModelResponse:
        if "another researcher states" in shown.text:
            return state((ONE, record_fact(1)), (TWO, record_fact(2)))
        return state((ONE, record_fact(1)), (OTHER, record_fact(2)))

    model = party(DOES, synthesis, researchers=3)
    result = await run(tmp_path, model, "heavy?researchers=3")
    assert result.answer is not None
    assert [claim.text for claim in result.answer.claims()] == [ONE, TWO]
    (first, second) = [shown for shown in model.shown if is_synthesis(shown)]
    assert f"{ONE} (researcher-1; evidence {record_fact(1).id}) <-> {TWO} (researcher-2;" in first.text
    assert f"(researcher-2, evidence {record_fact(2).id})" in second.text


async def test_a_synthesis_that_keeps_one_side_loses_it_and_keeps_the_rest(tmp_path: Path) -> None:
    model = party(DOES, lambda shown: state((ONE, record_fact(1)), (OTHER, record_fact(2))), researchers=3)
    result = await run(tmp_path, model, "heavy?researchers=3")
    assert result.answer is not None
    assert [claim.text for claim in result.answer.claims()] == [OTHER]
    assert result.trace.removed == (f"/sentences/0: {ONE}",)
    assert (await replay_run("r", tmp_path, toolkits=[FACTS])) == result.trace


async def test_where_all_disagree_and_the_synthesis_fails_nobody_is_right_by_being_first(tmp_path: Path) -> None:
    does = {at: research(at, f"Arvel has {at} mills.") for at in (1, 2, 3)}
    model = party(does, crash(ServerError("dead")), researchers=3)
    result = await run(tmp_path, model, "heavy?researchers=3")
    assert (result.stop, result.answer) == (Stop.REFUSED, None)
    assert result.refusal is not None
    assert "another researcher states: Arvel has 2 mills." in result.refusal.reasons[0]
