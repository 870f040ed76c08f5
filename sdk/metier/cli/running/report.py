"""What came of a run, in words and as JSON. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Group, RenderableType
from rich.text import Text

from metier.answer import Answer, Questions, Refusal
from metier.canonical import JSON
from metier.cli.running.origins import origins_json
from metier.cli.wording import in_short, one_line, plain
from metier.modes.heavy.provenance import read_origins
from metier.runtime.result import Result
from metier.toolkit import Delivery, Toolkit
from metier.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Written:
    """Where the files of an answer are."""

    folder: Path | None = None
    files: tuple[Path, ...] = ()


def exit_code(result: Result) -> int:
    """Returns 0 for a run with an answer, 2 for one that asked (the request must be put right), 1 for all others."""
    if result.answer is not None:
        return 0
    return 2 if result.questions is not None else 1


def delivery_of(result: Result, answer: Answer) -> Delivery:
    """Returns the run as renderers take it."""
    return Delivery(result.trace.task, answer, result.verdict, result.evidence, result.trace)


def describe(result: Result, toolkit: Toolkit) -> RenderableType:
    """Returns the outcome for a person: the answer as its toolkit shows it, or the refusal, questions, waits, error."""
    if result.answer is not None:
        return _answer(result, toolkit, result.answer)
    if result.refusal is not None:
        return _text(_refusal(result.refusal))
    if result.questions is not None:
        return _text(_questions(result.questions))
    if result.waiting:
        return _text(_waiting(result))
    return _text([f"No answer: the run ended with {result.stop.value}.", *_said(result)])


def to_json(result: Result, written: Written) -> dict[str, JSON]:
    """Returns the outcome for a program."""
    trace = result.trace
    return {
        "run": result.run,
        "stop": result.stop.value,
        "kind": trace.kind,
        "outcome": trace.outcome,
        "reason": trace.reason,
        "error": trace.error,
        "removed": list(trace.removed),
        "warnings": [warned.text for warned in trace.warnings],
        "branches": [
            {"name": one.name, "stop": one.stop, "evidence": len(one.evidence), "error": one.error}
            for one in trace.branches
        ],
        "origins": None if result.answer is None else origins_json(read_origins(trace, [type(result.answer)])),
        "verdict": {
            "score": result.verdict.score,
            "violated": [finding.sentence() for finding in result.verdict.violated],
            "unknown": [finding.sentence() for finding in result.verdict.unknown],
            "findings": len(result.verdict.findings),
        },
        "waiting": [
            {"server": one.server, "tool": one.tool, "arguments": dict(one.arguments)} for one in result.waiting
        ],
        "folder": str(written.folder) if written.folder else None,
        "files": [str(path) for path in written.files],
    }


def summarise(verdict: Verdict) -> str:
    """Returns the verdict in one line."""
    violated, unknown = len(verdict.violated), len(verdict.unknown)
    holds = len(verdict.findings) - violated - unknown
    return f"Checked: {holds} hold, {violated} violated, {unknown} unknown (score {verdict.score:.2f})."


def verification(verdict: Verdict, removed: Sequence[str] = ()) -> Iterator[str]:
    """Yields the verification report, line by line: what is violated or unknown, and what was taken out."""
    yield summarise(verdict)
    yield from (f"  ! {finding.sentence()}" for finding in verdict.violated)
    yield from (f"  ? {finding.sentence()}" for finding in verdict.unknown)
    yield from (f"  - removed, for lack of support: {line}" for line in removed)


def _answer(result: Result, toolkit: Toolkit, answer: Answer) -> RenderableType:
    if toolkit.show is not None:
        report = [summarise(result.verdict), *(f"  - removed, for lack of support: {x}" for x in result.trace.removed)]
        return Group(toolkit.show(delivery_of(result, answer)), _text(["", *report]))
    claims = [f"{claim.text}  [{', '.join(c.evidence for c in claim.citations)}]" for claim in answer.claims()]
    assumed = [f"Assumed: {line}" for line in getattr(answer, "assumptions", ())]
    return _text([*claims, "", *verification(result.verdict, result.trace.removed), *assumed])


def _refusal(refusal: Refusal) -> Iterator[str]:
    yield "Refused."
    yield from (f"  {reason}" for reason in refusal.reasons)
    if refusal.conflict:
        yield f"These cannot hold together: {'; '.join(refusal.conflict)}"
    if refusal.options:
        yield "What would help:"
    yield from (f"  {option.change}" + (f" ({option.cost})" if option.cost else "") for option in refusal.options)


def _questions(asked: Questions) -> Iterator[str]:
    if asked.not_understood:
        yield f"Not understood: {'; '.join(asked.not_understood)}"
    yield "Please say, and ask again with the answer in your request:"
    for question in asked.questions:
        choices = f" ({' / '.join(question.choices)})" if question.choices else ""
        yield f"  {question.text}{choices}"


def _waiting(result: Result) -> Iterator[str]:
    yield "The run has stopped: these calls may change something, and nobody has approved them."
    for one in result.waiting:
        yield f"  {one_line(one.server)}/{one_line(one.tool)}({in_short(one.arguments, 400)})"
    yield f"Approve them: metier resume {result.run} --approve"
    yield f"Or forbid them, and let the run go on without: metier resume {result.run} --deny"


def _said(result: Result) -> Iterator[str]:
    yield from (one_line(line) for line in (result.trace.error, result.trace.reason) if line)
    yield f"Go on with it: metier resume {result.run}"


def _text(lines: Sequence[str] | Iterator[str]) -> Text:
    return Text("\n".join(plain(line) for line in lines))
