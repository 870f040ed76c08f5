"""What a report must keep to: every statement rests on words that were read, and says what they say."""

from collections.abc import Iterable
from typing import Final

from metier.answer import Answer
from metier.check import Check, EvidenceById
from metier.late import late
from metier.task import Task
from metier.verdict import Finding

__all__ = ["CHECKS"]

PROMISES: Final = (
    ("read", "What is cited was read in this run: a search's hit was not."),
    ("quoted", "Every passage is quoted, and the quote stands in it."),
    ("no-instructions", "Nothing that a page says to the assistant is given as a fact."),
    ("numbers", "Every number and date of a statement stands in the cited words, units converted."),
    ("named", "Every name of a statement is one of its sources or of the question."),
    ("supported", "A statement denies nothing and turns nothing that its sources say."),
    ("independent", "A source counts once, however many copies of it are cited."),
    ("conflicts-shown", "Where the sources contradict each other, both sides are shown."),
    ("grounded", "A report rests on what was read, and its exact answer is what the quotes of its answer say."),
)
_judge = late("metier_research.checks.judging", "judge_rule")


def _make(name: str, promise: str) -> Check:
    def judge(task: Task, answer: Answer, evidence: EvidenceById) -> Iterable[Finding]:
        findings: Iterable[Finding] = _judge(name, task, answer, evidence)
        return findings

    return Check(name, promise, judge)


CHECKS: Final[tuple[Check, ...]] = tuple(_make(name, promise) for name, promise in PROMISES)
