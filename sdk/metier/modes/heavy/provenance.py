"""Where each claim of a final answer comes from: the evidence, and the researchers that found and share it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from metier.answer import Answer
from metier.canonical import JSON, canonical_json
from metier.modes.heavy.agreement import Comparison, compare, gist_of, says_same
from metier.trace import Branch, Trace


@dataclass(frozen=True, slots=True)
class Provenance:
    """A claim, what it cites, whose tools returned that, and who states the same in an answer of their own."""

    subject: str
    text: str
    evidence: tuple[str, ...]
    found_by: tuple[str, ...]
    stated_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Origins:
    """Where the claims of a run's answer come from, and what its `researchers` agree and disagree on."""

    claims: tuple[Provenance, ...]
    comparison: Comparison
    researchers: tuple[str, ...]


def trace_claims(answer: Answer, answers: Mapping[str, Answer], branches: tuple[Branch, ...]) -> Iterator[Provenance]:
    """Yields the provenance of every claim of `answer`; `answers` are those of the researchers, by branch."""
    stated = {name: [gist_of(claim.text) for claim in one.claims()] for name, one in answers.items()}
    for claim in answer.claims():
        cited = tuple(dict.fromkeys(citation.evidence for citation in claim.citations))
        gist = gist_of(claim.text)
        yield Provenance(
            claim.subject,
            claim.text,
            cited,
            tuple(branch.name for branch in branches if not set(cited).isdisjoint(branch.evidence)),
            tuple(name for name, gists in stated.items() if any(says_same(gist, other) for other in gists)),
        )


def read_origins(trace: Trace, shapes: Sequence[type[Answer]]) -> Origins | None:
    """Returns where the answer of a run comes from, or None where no part of it has an answer of its own.

    `shapes` are the answers of its toolkits.
    """
    found = {one.name: _read(one.outcome, shapes) for one in trace.branches if one.kind == "answer"}
    answers = {name: answer for name, answer in found.items() if answer is not None}
    if not answers:
        return None
    answer = _read(trace.outcome, shapes) if trace.kind == "answer" else None
    claims = () if answer is None else tuple(trace_claims(answer, answers, trace.branches))
    return Origins(claims, compare(answers), tuple(one.name for one in trace.branches))


def _read(outcome: JSON, shapes: Sequence[type[Answer]]) -> Answer | None:
    for shape in shapes:
        try:
            return shape.model_validate_json(canonical_json(outcome))
        except ValidationError:
            continue
    return None
