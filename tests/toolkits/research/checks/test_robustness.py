"""The checks on arbitrary reports: they judge, and never fail."""

from hypothesis import given, settings
from hypothesis import strategies as st

from metier.evidence import Citation
from metier.task import Task
from metier_research.report import Conflict, Report, Section, Statement
from tests.toolkits.research.checks.attacks.material import evidence, passages
from tests.toolkits.research.checks.conftest import violated

_WORDS = (
    "Ana Kern", "1872", "| 4,210 |", "not", "than", "三百", "€5 million", "ev-00", "°F", "。", "\n", "is", "1872–80",
)  # fmt: skip
_TEXTS = st.one_of(
    st.text(max_size=60),
    st.builds(
        lambda text, start, length: text[start : start + length],
        st.sampled_from([item.text for item in passages().values()]),
        st.integers(0, 600),
        st.integers(0, 80),
    ),
    st.lists(st.sampled_from(_WORDS), max_size=8).map(" ".join),
)
_CITATIONS = st.builds(
    Citation,
    st.sampled_from([*evidence(), "ev-none"]),
    pointer=st.sampled_from([None, "", "/title", "/nothing", "bad"]),
    quote=st.one_of(st.none(), _TEXTS),
)
_STATEMENTS = st.builds(
    lambda text, citations, confidence: Statement(text=text, citations=tuple(citations), confidence=confidence),
    _TEXTS,
    st.lists(_CITATIONS, max_size=3),
    st.sampled_from(["high", "medium", "low"]),
)


@settings(max_examples=60, deadline=None)
@given(question=_TEXTS, answer=st.one_of(st.none(), _STATEMENTS), more=st.lists(_STATEMENTS, max_size=2), label=_TEXTS)
def test_no_report_makes_a_check_fail(
    question: str, answer: Statement | None, more: list[Statement], label: str
) -> None:
    report = Report(
        question=question,
        title=label,
        answer=answer,
        exact=label,
        sections=(Section(heading=label, statements=tuple(more)),),
        conflicts=(Conflict(topic=label, sides=tuple(more)),),
        open_questions=(label,),
    )
    first = violated(Task(question), report, evidence())
    assert first == violated(Task(question), report, evidence())
    assert all(finding.repair and finding.sentence().isprintable() for finding in first if finding.rule != "cited")
