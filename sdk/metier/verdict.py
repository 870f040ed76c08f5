"""Verdicts: what a check says of an answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """Whether a claim or constraint holds."""

    HOLDS = "holds"
    VIOLATED = "violated"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule held against one claim or constraint.

    `subject` names the claim (a JSON pointer into the answer, or a constraint's name), `claimed` what the answer says,
    `found` what the evidence says, `repair` the smallest change that would make it hold.
    """

    rule: str
    subject: str
    outcome: Outcome
    claimed: str = ""
    found: str = ""
    repair: str = ""
    evidence: tuple[str, ...] = ()

    def sentence(self) -> str:
        """Returns the finding as one line for a person, which also works as a retry message to a model."""
        parts = [f"{self.rule}: {self.subject}"]
        if self.claimed:
            parts.append(f"claimed {self.claimed}")
        if self.found:
            parts.append(f"found {self.found}")
        line = "; ".join(parts) + f" [{self.outcome.value}]"
        return f"{line}. {self.repair}" if self.repair else line


@dataclass(frozen=True, slots=True)
class Verdict:
    """All findings on one answer, and a score in [0, 1]: the share of findings that hold (unknown counts half)."""

    findings: tuple[Finding, ...] = ()
    score: float = 1.0

    @property
    def violated(self) -> tuple[Finding, ...]:
        """Returns the findings that are violated."""
        return tuple(f for f in self.findings if f.outcome is Outcome.VIOLATED)

    @property
    def unknown(self) -> tuple[Finding, ...]:
        """Returns the findings that could not be decided from the evidence."""
        return tuple(f for f in self.findings if f.outcome is Outcome.UNKNOWN)

    @property
    def holds(self) -> bool:
        """Returns whether every finding holds: nothing violated and nothing unknown."""
        return not self.violated and not self.unknown


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """Returns the Verdict of `findings`; its score is 1 when there are none."""
    kept = tuple(findings)
    if not kept:
        return Verdict()
    worth = {Outcome.HOLDS: 1.0, Outcome.UNKNOWN: 0.5, Outcome.VIOLATED: 0.0}
    return Verdict(kept, sum(worth[f.outcome] for f in kept) / len(kept))
