"""Checks: pure functions from a task, an answer and evidence to a verdict. Written once; guard, scorer and reward."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from metier.answer import Answer
from metier.errors import CheckError, InputError
from metier.evidence import Evidence, resolve_citation
from metier.task import Task
from metier.verdict import Finding, Outcome, Verdict, verdict_of

EvidenceById: TypeAlias = Mapping[str, Evidence]
Judge: TypeAlias = Callable[[Task, Answer, EvidenceById], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Check:
    """A named rule. `judge` is pure: it reads the task, the answer and the evidence, and yields findings.

    What it needs of the outside was asked by a tool during the run and arrives as Evidence: one can only cite what
    one has read. `promise` is the rule as one sentence.
    """

    name: str
    promise: str
    judge: Judge

    def __call__(self, task: Task, answer: Answer, evidence: EvidenceById) -> Verdict:
        """Returns the verdict; raises CheckError when the judge itself fails on well-formed input."""
        try:
            return verdict_of(self.judge(task, answer, evidence))
        except CheckError:
            raise
        except Exception as error:  # a stranger's judge may raise anything
            raise CheckError(
                f"The check {self.name!r} failed: {error!r}.", hint="This is a defect of the check, not of the answer."
            ) from error


def all_of(name: str, checks: Sequence[Check]) -> Check:
    """Returns the check that judges by all of `checks`; every finding counts the same."""

    def judge(task: Task, answer: Answer, evidence: EvidenceById) -> Iterable[Finding]:
        for check in checks:
            yield from check(task, answer, evidence).findings

    return Check(name, "; ".join(check.promise for check in checks), judge)


def weighted(checks: Mapping[Check, float]) -> Callable[[Task, Answer, EvidenceById], Verdict]:
    """Returns a scorer whose score is the mean of the checks' scores, weighted. Raises InputError for no weight."""
    total = sum(checks.values())
    if total <= 0 or any(weight < 0 for weight in checks.values()):
        raise InputError("The weights of checks must not be negative and must not all be zero.")

    def score(task: Task, answer: Answer, evidence: EvidenceById) -> Verdict:
        verdicts = [(check(task, answer, evidence), weight) for check, weight in checks.items()]
        findings = tuple(f for verdict, _ in verdicts for f in verdict.findings)
        return Verdict(findings, sum(verdict.score * weight for verdict, weight in verdicts) / total)

    return score


def _judge_citations(task: Task, answer: Answer, evidence: EvidenceById) -> Iterable[Finding]:
    for claim in answer.claims():
        if not claim.citations:
            yield Finding(
                "cited", claim.subject, Outcome.VIOLATED, claim.text, "no citation", "Cite it or leave it out."
            )
        for citation in claim.citations:
            try:
                resolve_citation(citation, evidence)
            except InputError as error:
                yield Finding("cited", claim.subject, Outcome.VIOLATED, claim.text, error.message, error.hint)
            else:
                yield Finding("cited", claim.subject, Outcome.HOLDS, claim.text, evidence=(citation.evidence,))


CITED = Check("cited", "Every claim cites evidence of this run, and every citation resolves.", _judge_citations)
