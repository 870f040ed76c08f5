"""Runs the rules over a memo in the order of the contract: the first failure of a citation or statement wins. Pure."""

import marshal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from metier.check import EvidenceById
from metier.task import Task
from metier.verdict import Finding, Outcome
from metier_legal.checks.authorities import completeness, quotes, sources, treatment, versions
from metier_legal.checks.reading import Exhibit, Fault, Reading, short
from metier_legal.checks.statements import identity, jurisdiction, marks, shape, support
from metier_legal.memo import Memo, Statement

OfExhibit = Callable[[Reading, Exhibit], Fault | None]
OfStatement = Callable[[Reading, str, Statement], Fault | None]

PARSE: Final = "parse"
_WITHOUT_REFERENCES: Final = 2  # of marshal: later versions write how often an object is in use
EXHIBIT_STEPS: Final[tuple[tuple[str, OfExhibit], ...]] = (
    ("resolve", sources.resolve),
    ("read", sources.read),
    ("pin", sources.pin),
    ("time", versions.judge),
    ("quote", quotes.judge),
    ("treatment", treatment.judge),
    ("completeness", completeness.judge),
)
STATEMENT_STEPS: Final[tuple[tuple[str, OfStatement], ...]] = (
    ("quote", marks.judge),
    ("identity", identity.judge),
    ("jurisdiction", jurisdiction.judge),
    ("support", support.judge),
)


@dataclass(frozen=True)
class Examination:
    """All findings of one memo, by rule."""

    reading: Reading

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Returns every finding, in the order of the rules within each statement."""
        return tuple(self._examine())

    def of_rule(self, rule: str) -> tuple[Finding, ...]:
        """Returns the findings of one rule."""
        return tuple(finding for finding in self.findings if finding.rule == rule)

    def _examine(self) -> Iterator[Finding]:
        bad = set[int]()  # statements, by their place, that something was found against
        statements = tuple(self.reading.memo.statements())
        for place, (subject, statement) in enumerate(statements):
            for finding in self._examine_parts(subject, statement):
                if finding.outcome is Outcome.VIOLATED:
                    bad.add(place)
                yield finding
        fallen = {statements[place][1].id for place in bad}
        for place, (subject, statement) in enumerate(statements):
            if place in bad or statement.kind not in ("law", "inference"):
                continue
            if fallen.isdisjoint(self.reading.premises_of(statement)):
                yield from self._examine_whole(subject, statement)

    def _examine_parts(self, subject: str, statement: Statement) -> Iterator[Finding]:
        fault = shape.judge_statement(self.reading, subject, statement)
        if fault is not None:
            yield fault.finding(PARSE, subject, statement.text)
            return
        yield Finding(PARSE, subject, Outcome.HOLDS, short(statement.text))
        for exhibit in self.reading.exhibits_of(subject):
            yield from self._examine_exhibit(exhibit)

    def _examine_exhibit(self, exhibit: Exhibit) -> Iterator[Finding]:
        ids = (exhibit.cited.evidence,)
        for rule, step in EXHIBIT_STEPS:
            fault = step(self.reading, exhibit)
            if fault is None:
                yield Finding(rule, exhibit.subject, Outcome.HOLDS, short(exhibit.display), evidence=ids)
                continue
            yield fault.finding(rule, exhibit.subject, exhibit.cited.quote, ids)
            if not fault.unknown:
                return

    def _examine_whole(self, subject: str, statement: Statement) -> Iterator[Finding]:
        for rule, step in STATEMENT_STEPS:
            fault = step(self.reading, subject, statement)
            if fault is None:
                yield Finding(rule, subject, Outcome.HOLDS, short(statement.text))
                continue
            yield fault.finding(rule, subject, statement.text)
            if not fault.unknown:
                return


@dataclass(slots=True)
class _Shelf:
    """The examination made last, so that a dozen checks of one memo read its evidence once.

    It is found again by the very objects it was made of and by the content of what is cited, which could have been
    changed in place.
    """

    task: Task | None = None
    memo: Memo | None = None
    evidence: tuple[object, ...] = ()
    made: Examination | None = None


_SHELF: list[_Shelf] = [_Shelf()]


def examine(task: Task, memo: Memo, evidence: EvidenceById) -> Examination:
    """Returns the examination of the memo; the same one when nothing has changed since the last call."""
    mark = _mark_of(memo, evidence)
    last = _SHELF[0]
    if mark and last.made and last.task is task and last.memo is memo and last.evidence == mark:
        return last.made
    made = Examination(Reading(task, memo, dict(evidence)))
    _SHELF[0] = _Shelf(task, memo, mark, made)
    return made


def _mark_of(memo: Memo, evidence: EvidenceById) -> tuple[object, ...]:
    """Returns what tells one state of the evidence from another, () for what cannot be told apart."""
    cited = {one.evidence for _, statement in memo.statements() for one in statement.authorities}
    values = (evidence[name].value for name in sorted(cited) if name in evidence)
    try:
        content = tuple(marshal.dumps(value, _WITHOUT_REFERENCES) for value in values)
    except ValueError:
        return ()
    return (*((key, id(item)) for key, item in evidence.items()), content)
