"""Runs the rules over a report. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from metier.answer import Answer
from metier.check import EvidenceById
from metier.task import Task
from metier.verdict import Finding, Outcome
from metier_research.checks.grounding import judge_whole
from metier_research.checks.reading import Fault, Reading, short
from metier_research.checks.sources.citing import judge_instructions, judge_quoted, judge_read
from metier_research.checks.sources.conflicts import judge_conflicts
from metier_research.checks.sources.independence import judge_independent
from metier_research.checks.support.naming import judge_named
from metier_research.checks.support.numbers import judge_numbers
from metier_research.checks.support.wording import judge_supported
from metier_research.report import Report, Statement

GROUNDED: Final = "grounded"
BRIEF: Final = "supported"  # the rule that objects to what is too long
LONGEST: Final = 1_500  # characters of a statement
MOST_CITED: Final = 40  # citations of a statement
_RULES: Final[Mapping[str, Callable[[Reading, str, Statement], Iterator[Fault]]]] = {
    "read": judge_read,
    "quoted": judge_quoted,
    "no-instructions": judge_instructions,
    "numbers": judge_numbers,
    "named": judge_named,
    "supported": judge_supported,
    "independent": judge_independent,
    "conflicts-shown": judge_conflicts,
}


def judge_rule(rule: str, task: Task, answer: Answer, evidence: EvidenceById) -> Iterable[Finding]:
    """Yields the findings of one rule: what is wrong with each statement, or that it holds."""
    if not isinstance(answer, Report):
        yield Fault("no report", "Answer with a report.").finding(rule, "", type(answer).__name__)
        return
    reading = Reading(task, answer, evidence)
    if rule == GROUNDED:
        faults = [fault.finding(rule, subject, claimed) for subject, claimed, fault in judge_whole(reading)]
        yield from faults or [Finding(rule, "", Outcome.HOLDS, short(answer.title))]
        return
    for subject, statement in reading.statements:
        if len(statement.text) > LONGEST or len(statement.citations) > MOST_CITED:
            if rule == BRIEF:
                fault = Fault("it is too long to be held against its sources", "State one thing in each statement.")
                yield fault.finding(rule, subject, statement.text)
            continue
        found = [fault.finding(rule, subject, statement.text) for fault in _RULES[rule](reading, subject, statement)]
        yield from found or [Finding(rule, subject, Outcome.HOLDS, short(statement.text))]
