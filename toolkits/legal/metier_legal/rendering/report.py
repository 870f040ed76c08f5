"""The verification report: what was checked, what holds, what was removed, and what was searched. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal

from metier.answer import Value
from metier.evidence import Evidence
from metier.verdict import Finding, Outcome, Verdict
from metier_legal.records import CorpusRecord, JudgementRecord, SearchRecord, read_record


class RuleCount(Value):
    """How many findings of one rule hold, are violated or could not be decided."""

    rule: str
    holds: int
    violated: int
    unknown: int


class OpenPoint(Value):
    """A finding that does not hold."""

    rule: str
    subject: str
    outcome: Outcome
    claimed: str
    found: str
    repair: str


class Searched(Value):
    """A search that was made, and what came of it."""

    tool: str
    query: str
    filters: dict[str, str]
    state: Literal["GROUNDED", "NO_MATCH", "UNAVAILABLE"]
    hits: int


class Report(Value):
    """The verification report. `judges` are the models whose word on support is in the evidence."""

    rules: tuple[RuleCount, ...]
    open_points: tuple[OpenPoint, ...]
    removed: tuple[str, ...]
    searches: tuple[Searched, ...]
    corpora: tuple[CorpusRecord, ...]
    judges: tuple[str, ...]

    @property
    def checked(self) -> int:
        """Returns the number of findings."""
        return sum(count.holds + count.violated + count.unknown for count in self.rules)

    def counted(self, outcome: Literal["holds", "violated", "unknown"]) -> int:
        """Returns the number of findings with this outcome."""
        return sum(
            {"holds": one.holds, "violated": one.violated, "unknown": one.unknown}[outcome] for one in self.rules
        )


def write_report(verdict: Verdict, evidence: Mapping[str, Evidence], removed: Iterable[str] = ()) -> Report:
    """Returns the report. Searches that could not look come first."""
    records = [record for _, item in sorted(evidence.items()) if (record := read_record(item)) is not None]
    searches = [
        Searched(tool=one.tool, query=one.query, filters=one.filters, state=one.state, hits=len(one.hits))
        for one in records
        if isinstance(one, SearchRecord)
    ]
    corpora = tuple(one for one in records if isinstance(one, CorpusRecord))
    judges = sorted({one.model for one in records if isinstance(one, JudgementRecord) and one.model})
    return Report(
        rules=_count(verdict.findings),
        open_points=tuple(map(_open_point, (*verdict.violated, *verdict.unknown))),
        removed=tuple(removed),
        searches=tuple(sorted(searches, key=_order_of_search)),
        corpora=corpora,
        judges=tuple(judges),
    )


def _count(findings: tuple[Finding, ...]) -> tuple[RuleCount, ...]:
    counts = Counter((finding.rule, finding.outcome) for finding in findings)
    return tuple(
        RuleCount(rule=rule, **{outcome.value: counts[rule, outcome] for outcome in Outcome})
        for rule in dict.fromkeys(finding.rule for finding in findings)
    )


def _open_point(finding: Finding) -> OpenPoint:
    return OpenPoint(
        rule=finding.rule,
        subject=finding.subject,
        outcome=finding.outcome,
        claimed=finding.claimed,
        found=finding.found,
        repair=finding.repair,
    )


def _order_of_search(search: Searched) -> tuple[object, ...]:
    order = ("UNAVAILABLE", "GROUNDED", "NO_MATCH")
    return order.index(search.state), search.tool, search.query, sorted(search.filters.items())
