"""The contract of `legal.md`: every conclusion stands on an exact, verified, in-force source, or is not given."""

from collections.abc import Callable, Iterable
from typing import Final

from metier.answer import Answer
from metier.check import Check, EvidenceById
from metier.task import Task
from metier.verdict import Finding
from metier_legal.checks.examination import PARSE, examine
from metier_legal.checks.reading import not_a_memo
from metier_legal.checks.statements import question
from metier_legal.memo import Memo

PROMISES: Final = (
    (PARSE, "Every statement has the shape of its kind and rests on law, on the user's words, or claims nothing."),
    ("resolve", "Every authority is in this run."),
    ("read", "Every authority is a provision or paragraph that our own server read in this run, untouched."),
    ("pin", "The pinned part exists."),
    ("time", "The cited version is the law on the relevant day, or is shown as law of another time."),
    ("quote", "Every quote stands in the pinned part, letter by letter after normalisation."),
    ("identity", "Citations, parties and courts that a statement names are those of its authorities."),
    ("treatment", "No overruled case, and nobody's words but the court's, is given as a holding."),
    ("jurisdiction", "A statement rests on law that binds, or says that it persuades only."),
    ("completeness", "No negation, exception or proviso near a quote is cut away."),
    ("support", "Polarity, numbers, dates and words of a statement agree with what it quotes."),
)


def _make(name: str, promise: str, judge: Callable[[Task, Memo, EvidenceById], Iterable[Finding]]) -> Check:
    def judge_answer(task: Task, answer: Answer, evidence: EvidenceById) -> Iterable[Finding]:
        return judge(task, answer, evidence) if isinstance(answer, Memo) else not_a_memo(name, answer)

    return Check(name, promise, judge_answer)


def _rule(name: str) -> Callable[[Task, Memo, EvidenceById], Iterable[Finding]]:
    return lambda task, memo, evidence: examine(task, memo, evidence).of_rule(name)


CHECKS: Final[tuple[Check, ...]] = (
    _make(
        question.NAME,
        "The memo answers the task's question for the task's days, and comes to a conclusion that rests on law.",
        lambda task, memo, evidence: question.judge(examine(task, memo, evidence).reading),
    ),
    *(_make(name, promise, _rule(name)) for name, promise in PROMISES),
)

__all__ = ["CHECKS"]
