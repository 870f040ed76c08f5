import pickle
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier.answer import Answer, Claim
from metier.check import CITED, Check, EvidenceById, all_of, weighted
from metier.errors import CheckError, InputError, MetierError, MissingError, ServerError, ToolError
from metier.evidence import Citation, record_evidence
from metier.limits import Usage
from metier.task import Task
from metier.trace import Stop, Trace
from metier.verdict import Finding, Outcome, Verdict, verdict_of

FACT = record_evidence(source="map", locator="n1", value={"km": 3})
TASK = Task("How far?")


class Distance(Answer):
    km: int
    citations: tuple[Citation, ...] = ()

    def claims(self) -> Iterable[Claim]:
        yield Claim(subject="/km", text=f"{self.km} km", citations=self.citations)


def judge_distance(task: Task, answer: Answer, evidence: EvidenceById) -> Iterable[Finding]:
    assert isinstance(answer, Distance)
    outcome = Outcome.HOLDS if answer.km == 3 else Outcome.VIOLATED
    yield Finding("distance", "/km", outcome, f"{answer.km} km", "3 km", "Say 3 km.")


def judge_nothing(task: Task, answer: Answer, evidence: EvidenceById) -> Iterable[Finding]:
    yield Finding("unsure", "/km", Outcome.UNKNOWN)


def judge_wrongly(task: Task, answer: Answer, evidence: EvidenceById) -> Iterable[Finding]:
    raise KeyError("a defect")


RIGHT = Check("distance", "The distance is the router's.", judge_distance)
UNSURE = Check("unsure", "Never decides.", judge_nothing)


def test_a_claim_without_citation_or_with_one_that_does_not_resolve_is_violated() -> None:
    known = {FACT.id: FACT}
    assert CITED(TASK, Distance(km=3, citations=(Citation(FACT.id, pointer="/km"),)), known).holds
    assert CITED(TASK, Distance(km=3), known).violated
    assert CITED(TASK, Distance(km=3, citations=(Citation("ev-invented"),)), known).violated
    assert CITED(TASK, Distance(km=3, citations=(Citation(FACT.id, pointer="/miles"),)), known).violated


def test_a_violation_reads_as_a_retry_message() -> None:
    (finding,) = RIGHT(TASK, Distance(km=7), {}).violated
    assert finding.sentence() == "distance: /km; claimed 7 km; found 3 km [violated]. Say 3 km."


def test_unknown_neither_holds_nor_is_violated() -> None:
    verdict = UNSURE(TASK, Distance(km=3), {})
    assert not verdict.holds
    assert not verdict.violated
    assert verdict.unknown


def test_all_of_keeps_every_finding() -> None:
    verdict = all_of("both", [RIGHT, UNSURE])(TASK, Distance(km=3), {})
    assert [finding.rule for finding in verdict.findings] == ["distance", "unsure"]
    assert verdict.score == 0.75


def test_weights_decide_the_score() -> None:
    score = weighted({RIGHT: 3.0, UNSURE: 1.0})
    assert score(TASK, Distance(km=3), {}).score == pytest.approx(0.875)
    assert score(TASK, Distance(km=7), {}).score == pytest.approx(0.125)


@pytest.mark.parametrize("weights", [{}, {RIGHT: 0.0}, {RIGHT: -1.0, UNSURE: 2.0}])
def test_weights_that_mean_nothing_are_refused(weights: dict[Check, float]) -> None:
    with pytest.raises(InputError):
        weighted(weights)


def test_a_check_that_breaks_is_the_checks_fault() -> None:
    with pytest.raises(CheckError, match="broken"):
        Check("broken", "Never works.", judge_wrongly)(TASK, Distance(km=3), {})


@given(st.lists(st.sampled_from(Outcome)))
def test_a_score_is_in_zero_to_one_and_one_only_when_all_holds(outcomes: list[Outcome]) -> None:
    verdict = verdict_of(Finding("r", "s", outcome) for outcome in outcomes)
    assert 0 <= verdict.score <= 1
    assert (verdict.score == 1) == verdict.holds


@pytest.mark.parametrize("kind", [InputError, MissingError, ToolError, ServerError, CheckError])
def test_errors_say_who_is_to_blame_and_survive_a_process_boundary(kind: type[MetierError]) -> None:
    error = kind("It broke.", hint="Mend it.")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.hint) == (kind, "It broke. Mend it.", "Mend it.")
    assert error.blame in {"caller", "model", "tool", "server", "check"}


def test_a_task_is_what_it_asks() -> None:
    assert Task("a", ("maps",)).id == Task("a", ("maps",)).id
    assert len({Task("a").id, Task("b").id, Task("a", ("maps",)).id, Task("a", constraints={"days": 2}).id}) == 4


def test_a_trace_reads_back_as_it_was_written() -> None:
    trace = Trace(
        "run", TASK, "react", "playbook", (), (FACT,), "answer", {"km": 3},
        Verdict((Finding("r", "s", Outcome.UNKNOWN),), 0.5), Usage(per_tool={"route": 1}), Stop.ANSWERED,
    )  # fmt: skip
    assert Trace.from_json(trace.to_json()) == trace
    assert Trace.from_json(trace.to_json()).to_json() == trace.to_json()
