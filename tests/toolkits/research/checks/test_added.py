"""What a statement says beyond its sources: lost ranks, voices and bounds, causes, reversed roles."""

import pytest

from metier.evidence import Citation, Evidence
from metier.task import Task
from metier.verdict import Outcome
from metier_research.checks import CHECKS
from metier_research.report import Report, Section, Statement
from tests.toolkits.research.checks.conftest import read, state, violated

_TEXT = (
    "Skavastar is a town on the Orva. It was founded in 1872 by Ana Kern. In 2011 it had 4,210 inhabitants. According "
    "to the mayor, the mill was sold. The town is 12 km from Lund. The school has between 200 and 300 pupils. More "
    "than 40 houses burned in 1901, and the harvest failed in 1902. It is the second largest town of the district. Its "
    "budget is about 3 million crowns. Prices rose by 5 percent. In 2010 the toll was 10 crowns. In 2012 it was 20 "
    "crowns."
)


@pytest.fixture
def page() -> Evidence:
    return read("Skavastar", _TEXT)


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Skavastar is the largest town of the district.", "It is the second largest town of the district."),
        (
            "The harvest failed because 40 houses of Skavastar burned.",
            "More than 40 houses burned in 1901, and the harvest failed in 1902.",
        ),
        ("The mill of Skavastar was sold.", "According to the mayor, the mill was sold."),
        ("The mill of Skavastar was sold.", "the mill was sold"),
        ("The school of Skavastar has 300 pupils.", "The school has between 200 and 300 pupils."),
        ("Most houses of Skavastar burned in 1901.", "More than 40 houses burned in 1901"),
        ("The budget of Skavastar is exactly 3 million crowns.", "Its budget is about 3 million crowns."),
        ("Prices in Skavastar rose by 5 percentage points.", "Prices rose by 5 percent."),
        ("Prices in Skavastar rose fivefold.", "Prices rose by 5 percent."),
        ("Skavastar had a dozen inhabitants in 2011.", "In 2011 it had 4,210 inhabitants."),
        ("Today Skavastar has 4,210 inhabitants.", "In 2011 it had 4,210 inhabitants."),
        ("Ana Kern was founded in 1872 by Skavastar.", "It was founded in 1872 by Ana Kern."),
        (
            "In Skavastar the toll was 20 crowns in 2010 and 10 crowns in 2012.",
            "In 2010 the toll was 10 crowns. In 2012 it was 20 crowns.",
        ),
    ],
)
def test_saying_more_than_the_source_is_violated(page: Evidence, claim: str, quote: str) -> None:
    assert state(claim, (page, quote))


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Skavastar is the second largest town of the district.", "It is the second largest town of the district."),
        ("According to the mayor, the mill of Skavastar was sold.", "According to the mayor, the mill was sold."),
        ("Skavastar's school has 200 to 300 pupils.", "The school has between 200 and 300 pupils."),
        ("Over 40 houses burned in Skavastar in 1901.", "More than 40 houses burned in 1901"),
        ("Skavastar lies about 7.5 miles from Lund.", "The town is 12 km from Lund."),
        ("Skavastar has a budget of about 3 million crowns.", "Its budget is about 3 million crowns."),
        (
            "In Skavastar the toll was 10 crowns in 2010 and 20 crowns in 2012.",
            "In 2010 the toll was 10 crowns. In 2012 it was 20 crowns.",
        ),
        ("Ana Kern founded Skavastar in 1872.", "It was founded in 1872 by Ana Kern."),
    ],
)
def test_saying_it_in_other_words_is_not(page: Evidence, claim: str, quote: str) -> None:
    assert state(claim, (page, quote)) == []


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("天津港由王强于1860年建立。", "该港由李明于1860年建立。"),
        ("天津港是北方最大的港口。", "该港是北方第二大港口。"),
        ("天津港是北方最大的港口。", "该港是北方最大的港口之一。"),
    ],
)
def test_a_doer_or_a_rank_that_was_changed_is_seen_in_chinese(claim: str, quote: str) -> None:
    harbour = read("天津港", "该港由李明于1860年建立。该港是北方第二大港口。该港是北方最大的港口之一。")

    assert state(claim, (harbour, quote), question="天津港的情况？")


@pytest.mark.parametrize(
    "claim",
    [
        "Skavastar is a corrupt town on the Orva.",
        "Skavastar is a town on the Orva that is poisonous.",
        "Skavastar is a town on the Orva and will be flooded soon.",
    ],
)
def test_a_word_that_no_source_has_is_not_confirmed(page: Evidence, claim: str) -> None:
    """It may be another word for what the source says, so it is not refused either."""
    answer = Statement(text=claim, citations=(Citation(page.id, quote="Skavastar is a town on the Orva."),))
    report = Report(question="What is Skavastar?", title="Findings", answer=answer)
    task = Task("What is Skavastar?")

    found = [one for check in CHECKS for one in check(task, report, {page.id: page}).findings]

    assert [one.rule for one in found if one.outcome is Outcome.UNKNOWN] == ["supported"]


def _report(page: Evidence, **more: object) -> list[str]:
    founded = Statement(
        text="Skavastar was founded in 1872 by Ana Kern.",
        citations=(Citation(page.id, quote="It was founded in 1872 by Ana Kern."),),
    )
    question = str(more.pop("question", "Who founded Skavastar?"))
    heading = str(more.pop("heading", "Founding"))
    sections = (Section(heading=heading, statements=(founded,)),)
    report = Report.model_validate(
        {"question": question, "title": "Findings", "answer": founded, "sections": sections, **more}
    )
    return [one.found for one in violated(Task(question), report, {page.id: page})]


def test_headings_open_questions_and_short_answers_claim_nothing_new(page: Evidence) -> None:
    assert _report(page) == []
    assert (
        _report(
            page,
            exact="Ana Kern",
            heading="How the town was founded",
            open_questions=("Why she founded it was not found.",),
        )
        == []
    )
    assert _report(page, title="Skavastar is a poisoned town")
    assert _report(page, heading="The town was destroyed by a flood")
    assert _report(page, open_questions=("Why did the mayor poison the wells?",))
    assert _report(page, exact="1872")
    assert _report(page, exact="Skavastar")
    assert _report(page, exact="Ana Kern", question="How many people founded Skavastar?")
