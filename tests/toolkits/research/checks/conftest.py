"""What a check says of one statement about invented pages."""

from collections.abc import Callable, Mapping, Sequence

import pytest

from metier.answer import Answer
from metier.check import CITED
from metier.evidence import Citation, Evidence
from metier.task import Task
from metier.verdict import Finding, verdict_of
from metier_research.checks import CHECKS
from metier_research.pages.evidence import passage_evidence
from metier_research.pages.page import Page, Passage
from metier_research.report import Confidence, Report, Statement

Judge = Callable[..., list[Finding]]


def read(title: str, text: str, *, url: str = "", **more: str) -> Evidence:
    """Returns the evidence of a page that was read whole."""
    page = Page(url or f"https://site.example/{title}", title, text, site=more.pop("site", "site.example"), **more)  # type: ignore[arg-type]
    return passage_evidence(page, Passage(0, len(text), text))


def violated(task: Task, answer: Answer, evidence: Mapping[str, Evidence]) -> list[Finding]:
    """Returns what the guard would object to."""
    findings = [f for check in (*CHECKS, CITED) for f in check(task, answer, evidence).findings]
    return list(verdict_of(findings).violated)


def state(
    text: str,
    *quotes: tuple[Evidence, str],
    others: Sequence[Evidence] = (),
    question: str = "What is known?",
    confidence: Confidence = "medium",
) -> list[Finding]:
    """Returns the objections to a report of one statement that quotes evidence; `others` were read as well."""
    answer = Statement(
        text=text,
        citations=tuple(Citation(item.id, quote=quote or None) for item, quote in quotes),
        confidence=confidence,
    )
    items = [item for item, _ in quotes] + list(others)
    report = Report(question=question, title="Findings", answer=answer)
    return violated(Task(question), report, {item.id: item for item in items})


@pytest.fixture
def town() -> Evidence:
    """Returns the page of a town."""
    return read(
        "Skavastar",
        "Skavastar is a town on the Orva. It was founded in 1872 by Ana Kern. In 2011 it had 4,210 inhabitants. The "
        "tram was never electrified. The bridge is said to be haunted.",
    )
