"""The playbook through the copilot: from words to a memo that holds, or to questions and refusals."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from metier.answer import Questions, Refusal
from metier.errors import InputError, MissingError
from metier.runtime.copilot import Copilot
from metier.runtime.result import Result
from metier.runtime.runs import replay
from metier.task import Task
from metier.testing import refuse_network
from metier.toolkit import Settings
from metier_legal import SAMPLE_REQUEST, toolkit
from metier_legal.corpus.importing import add_source
from metier_legal.law.case import NEGATIVE
from metier_legal.memo import Memo
from metier_legal.records import ParagraphRecord, ProvisionRecord, read_record
from metier_legal.world import SAMPLE_REQUEST_ZH

Run = Callable[..., Result]


@pytest.fixture
def run(sample: Settings) -> Run:
    return Copilot([toolkit], home=sample.data.parent, options=dict(sample.options)).run_sync


def memo_of(result: Result) -> Memo:
    assert isinstance(result.answer, Memo), (result.refusal, result.questions, result.trace.error)
    return result.answer


@pytest.mark.parametrize(("request_", "language"), [(SAMPLE_REQUEST, "en"), (SAMPLE_REQUEST_ZH, "zh")])
def test_the_sample_question_is_answered_in_its_language_and_everything_holds(
    run: Run, request_: str, language: str
) -> None:
    result = run(request_)
    memo = memo_of(result)
    assert (memo.language, memo.relevant_day) == (language, date(2021, 2, 3))
    assert (result.verdict.violated, result.trace.removed) == ((), ())
    cited = [read_record(result.evidence[one.evidence]) for _, s in memo.statements() for one in s.authorities]
    numbers = {record.number for record in cited if isinstance(record, ProvisionRecord)}
    assert {"24", "15", "16"} <= numbers
    assert any(isinstance(record, ParagraphRecord) for record in cited)


def test_the_day_of_the_facts_chooses_the_version(run: Run) -> None:
    question = "May the landlord of a dwelling terminate the lease without notice for arrears of rent?"
    read = {}
    for day in ("3 February 2021", "3 February 2023"):
        result = run(f"{question} Date of the facts: {day}.")
        memo = memo_of(result)
        records = [read_record(result.evidence[one.evidence]) for _, s in memo.statements() for one in s.authorities]
        (version,) = {r.version.valid_from for r in records if isinstance(r, ProvisionRecord) and r.number == "24"}
        read[day] = version
    assert read["3 February 2021"] == date(2020, 7, 1)
    assert read["3 February 2023"] == date(2022, 1, 1)


def test_bad_law_is_shown_as_history_and_never_as_a_holding(run: Run) -> None:
    result = run(SAMPLE_REQUEST_ZH)
    for _, statement in memo_of(result).statements():
        for cited in statement.authorities:
            record = read_record(result.evidence[cited.evidence])
            if isinstance(record, ParagraphRecord) and any(one.treatment in NEGATIVE for one in record.treated_by):
                assert cited.role == "history"


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        ("May the landlord terminate under German law?", "only x-moskethia"),
        ("May the landlord terminate? Date of the facts: 3 February 2031.", "lies in the future"),
        ("What should I feed a hedgehog in my garden?", "No rule of this corpus"),
        ("请写一首关于山中初雪的诗。", "没有规则"),
        ("Under § 573 BGB, may the landlord terminate the lease?", "§ 573 BGB, which this corpus does not have"),
        ("Under Tenancy Act § 999, may the landlord keep the deposit?", "NO_SUCH_PIN"),
        ("依照《莫斯克特租赁法》第九百条，出租人可以解除合同吗？", "NO_SUCH_PIN"),
    ],
)
def test_what_cannot_be_proved_is_refused_with_reasons(run: Run, request_: str, says: str) -> None:
    refusal = run(request_).refusal
    assert isinstance(refusal, Refusal)
    assert says in " ".join(refusal.reasons)


def test_a_crime_without_a_day_is_asked_about(run: Run) -> None:
    asked = run("Is taking goods worth 200 crowns from a shop a crime?").questions
    assert isinstance(asked, Questions)
    assert "which day" in asked.questions[0].text


def test_typed_constraints_are_taken(run: Run) -> None:
    task = Task(
        "May the landlord of a dwelling terminate the lease for arrears?",
        ("legal",),
        {"jurisdiction": "x-moskethia", "event_date": "2019-05-05"},
    )
    assert memo_of(run(task)).event_date == date(2019, 5, 5)


def test_the_provision_that_a_question_names_is_read(run: Run) -> None:
    result = run("Does Tenancy Act § 7(1) allow a deposit of five months of rent? Date of the facts: 1 May 2019.")
    cited = [
        read_record(result.evidence[one.evidence]) for _, s in memo_of(result).statements() for one in s.authorities
    ]
    assert "7" in {record.number for record in cited if isinstance(record, ProvisionRecord)}


@pytest.mark.parametrize("text", ["May he terminate? It was on 31 February 2021.", "2021年2月30日解除合同，可以吗？"])
def test_a_day_that_is_none_is_the_callers_error(run: Run, text: str) -> None:
    with pytest.raises(InputError, match="no day of the calendar"):
        run(text)


@pytest.mark.parametrize("day", ["soon", "2021-02-30"])
def test_a_typed_day_that_is_none_is_the_callers_error(run: Run, day: str) -> None:
    with pytest.raises(InputError, match="event_date"):
        run(Task("May the landlord terminate?", ("legal",), {"event_date": day}))


def test_without_law_the_user_is_told_how_to_get_some(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="metier legal add"):
        Copilot([toolkit], home=tmp_path).run_sync(SAMPLE_REQUEST)


def test_a_replay_with_the_network_off_gives_the_same_trace(run: Run, sample: Settings) -> None:
    result = run(SAMPLE_REQUEST)
    with refuse_network():
        again = replay(result.run, sample.data.parent, toolkits=[toolkit])
    assert again == result.trace


def test_an_index_that_cannot_be_searched_is_not_an_index_without_hits(tmp_path: Path) -> None:
    law = tmp_path / "law.jsonl"
    work = {"type": "work", "id": "x-port/act", "jurisdiction": "x-port", "title": "Harbour Act", "fictional": True}
    text = "The harbour master is liable for cargo that is lost in the harbour."
    rule = {"type": "provision", "work": "x-port/act", "number": "7", "valid_from": "2015-01-01", "text": text}
    law.write_text(f"{json.dumps(work)}\n{json.dumps(rule)}\n")
    settings = Settings(tmp_path / "home" / "legal")
    add_source(settings, law)
    (settings.data / "index").write_text("in the way of the folder")
    refusal = Copilot([toolkit], home=tmp_path / "home").run_sync("Who is liable for lost cargo?").refusal
    assert isinstance(refusal, Refusal)
    assert "index cannot be used" in refusal.reasons[0]
