"""Prose of a model made a report, which the checks then hold like any other."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.evidence import is_intact
from metier.task import Task
from metier_research.drafting import draft
from metier_research.drafting.prose import read_prose
from metier_research.drafting.writing import LEFT_OUT
from metier_research.reading.quoting import find_quote
from metier_research.report import Report
from tests.toolkits.research.checks.attacks.material import evidence, hit, passages
from tests.toolkits.research.checks.conftest import violated

TOWN = passages()["Skavastar"].id
TASK = Task("When was Skavastar founded, and by whom?")


def made(text: str, task: Task = TASK) -> Report:
    report = draft(task, text, evidence())
    assert report is not None
    return report


def holds(report: Report, task: Task = TASK) -> bool:
    return violated(task, report, evidence()) == []


LONG = f"""# Skavastar

Here is what I found.

Skavastar was founded in 1872 by Ana Kern [{TOWN}]. In 2011 it had 4,210 inhabitants.[1] It is the largest of 14 towns
in Harrow County.

## The bridge
- The **Long Bridge**, opened on 12 March 1901, crosses the Orva ([page](wiki://world-0/Long_Bridge)).

References
[1] wiki://world-0/Skavastar
"""


def test_a_marked_text_becomes_a_report_that_holds() -> None:
    report = made(LONG)
    assert report.answer is not None
    assert report.answer.text == "Skavastar was founded in 1872 by Ana Kern."
    assert [section.heading for section in report.sections] == ["Findings", "The bridge"]
    assert [statement.text for statement in report.sections[0].statements][1] == "In 2011 it had 4,210 inhabitants."
    assert report.sections[1].statements[0].text == "The Long Bridge, opened on 12 March 1901, crosses the Orva."
    assert holds(report)


def test_what_nothing_supports_is_left_out_and_the_report_says_so() -> None:
    report = made(LONG)
    assert "Harrow" not in report.model_dump_json()
    assert report.open_questions == (LEFT_OUT,)


def test_a_mark_leads_to_its_source_and_quotes_are_letter_by_letter() -> None:
    report = made(LONG)
    for _, statement in report.statements():
        for cited in statement.citations:
            item = evidence()[cited.evidence]
            assert cited.quote is not None
            assert cited.quote in item.text
            assert is_intact(item)
    second = report.sections[0].statements[1]
    assert {evidence()[cited.evidence].locator.split("#")[0] for cited in second.citations} == {
        "wiki://world-0/Skavastar"
    }


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("<think>hm</think><answer>Ana Kern</answer>", "Ana Kern"),
        ("Answer: Ana Kern\n\nSkavastar was founded in 1872 by Ana Kern.", "Ana Kern"),
        ("**Final answer:** 1872\n\nSkavastar was founded in 1872.", "1872"),
        ("Skavastar was founded in 1872 by Ana Kern.", ""),
    ],
)
def test_the_answer_in_a_few_words_is_kept_where_a_statement_says_it(text: str, exact: str) -> None:
    report = made(text)
    assert report.exact == exact
    assert holds(report)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I could not find anything.",
        "Answer: Sven Holt",
        "<answer>Sven Holt founded it in 1790.</answer>",
        "It is rich. It is big. Skavastar was founded in 1872.",
        "Skavastar was founded in 1873.",
        "Harrow was founded in 1850.",
    ],
)
def test_a_text_that_the_run_does_not_support_is_no_report(text: str) -> None:
    assert draft(TASK, text, evidence()) is None


def test_a_false_mark_does_not_lend_support() -> None:
    assert draft(TASK, f"Skavastar was founded in 1790 by Sven Holt [{TOWN}].", evidence()) is None
    assert draft(TASK, f"Harrow has 700 inhabitants [{hit().id}].", evidence()) is None


def test_chinese_prose_is_drafted() -> None:
    task = Task("奥尔瓦河有多长？")
    report = made("奥尔瓦河全长482公里[1]。该河于1888年3月5日首次测量。\n\n参考文献\n[1] wiki://world-0/奥尔瓦河", task)
    assert report.answer is not None
    assert report.answer.text == "奥尔瓦河全长482公里。"
    assert holds(report, task)


def test_the_same_text_gives_the_same_report() -> None:
    assert made(LONG) == made(LONG)
    backwards = dict(reversed(evidence().items()))
    assert draft(TASK, LONG, backwards) == made(LONG)


def test_lists_of_sources_code_and_thoughts_are_no_statements() -> None:
    prose = read_prose(
        "<think>It is 9.</think>A is B.[1]\n```\nprint(1)\n```\nSources:\n[1] https://x.example/a\n2. <https://y.example/b>"
    )
    ((_, sentences),) = prose.parts
    assert [one.text for one in sentences] == ["A is B."]
    assert sentences[0].addresses == ("https://x.example/a",)


@pytest.mark.parametrize(
    "marked",
    [
        f"A is B [{TOWN}].",
        f"A is B. [{TOWN}]",
        f"A is B (evidence: {TOWN}).",
        f"A is B【{TOWN}】.",
    ],
)
def test_marks_stand_before_or_after_the_full_stop(marked: str) -> None:
    ((_, sentences),) = read_prose(f"{marked}\nAnd so on it goes for long.").parts
    assert (sentences[0].text, sentences[0].ids) == ("A is B.", (TOWN,))
    assert sentences[1].ids == ()


_PARTS = st.sampled_from(
    ["# H", "**x**", "[1]", f"[{TOWN}]", "Skavastar was founded in 1872.", "\n", "| a | b |", "[1] https://x.example",
     "References", "<think>", "```", "Answer:", "(", "】", "[w](wiki://world-0/Orva)", "https://", "。", "1–9"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(_PARTS, st.text(max_size=12)), max_size=14).map(" ".join))
def test_no_text_breaks_drafting(text: str) -> None:
    report = draft(TASK, text, evidence())
    if report is not None:
        for _, statement in report.statements():
            assert statement.citations
            assert all(find_quote(one.quote or "", evidence()[one.evidence].text) for one in statement.citations)
