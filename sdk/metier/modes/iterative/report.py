"""The report that a model rewrites each round, read out of what it says, and held against the one before. Pure."""

import re
from collections.abc import Container
from dataclasses import dataclass

_BLOCK = re.compile(r"<report>(.*?)(?:</report>|\Z)", re.DOTALL | re.IGNORECASE)
_ID = re.compile(r"\bev-[0-9a-f]{16}\b")


@dataclass(frozen=True, slots=True)
class Revision:
    """A round's report beside the one before.

    `lost` are the ids of evidence that the old report cited and the new one does not, `unknown` ids that are no
    evidence of this run. `cut` is the number of characters beyond the cap; `kept` says that the model wrote none and
    the old one stands.
    """

    text: str
    lost: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    cut: int = 0
    kept: bool = False


def read_report(said: str) -> str | None:
    """Returns the last report block in what a model said, also one that was not closed; None when there is none."""
    found = [block.strip() for block in _BLOCK.findall(said)]
    filled = [block for block in found if block]
    return filled[-1] if filled else None


def cited_in(text: str) -> tuple[str, ...]:
    """Returns the ids of evidence that a text names, each once, in order."""
    return tuple(dict.fromkeys(_ID.findall(text)))


def revise(old: str, said: str, evidence: Container[str], cap: int) -> Revision:
    """Returns the report that stands after a round in which the model said this, at most `cap` characters of it."""
    written = read_report(said)
    if written is None:
        return Revision(old, kept=True)
    text = written[:cap]
    now = cited_in(text)
    lost = tuple(name for name in cited_in(old) if name in evidence and name not in now)
    unknown = tuple(name for name in now if name not in evidence)
    return Revision(text, lost, unknown, cut=len(written) - len(text))


def tell(revision: Revision, rounds: int) -> str:
    """Returns what the model is told of its report; empty when there is nothing to say. `rounds` counts from 1."""
    told: list[str] = []
    if revision.kept and rounds > 1:
        told.append("You wrote no <report> in your last turn: the one above is that of the turn before.")
    if revision.cut:
        told.append(f"Your report was {revision.cut} characters too long and was cut at its end: write a shorter one.")
    if revision.lost:
        names = ", ".join(revision.lost[:10])
        told.append(f"No longer in your report: {names}. If that was not meant, recall_evidence gives them again.")
    if revision.unknown:
        told.append(f"No evidence of this run: {', '.join(revision.unknown[:10])}. Cite only what a tool returned.")
    return "\n".join(told)


def warnings_of(revision: Revision) -> tuple[str, ...]:
    """Returns what the user is warned of."""
    warned: list[str] = []
    if revision.lost:
        warned.append(f"The report no longer cites {', '.join(revision.lost)}; the evidence itself is kept.")
    if revision.cut:
        warned.append(f"The report was cut by {revision.cut} characters.")
    return tuple(warned)
