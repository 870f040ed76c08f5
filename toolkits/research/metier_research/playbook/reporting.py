"""The report of what was found: each statement in the words of the page that it quotes."""

import re
from typing import Final

from metier.evidence import Citation
from metier.task import Task
from metier_research.playbook.findings import Known, Step
from metier_research.playbook.phrases.question import Larger, Meaning
from metier_research.playbook.seen.sheet import bare
from metier_research.playbook.seen.statements import Said
from metier_research.report import Conflict, Report, Section, Statement

HEADING: Final = "How the answer was found"
_OPENING: Final = re.compile(
    r"\A(?:He|She|It|They|The [a-z]+(?: [a-z]+)?)(?= (?:was|is|has|were|had|[a-z]+(?:s|ed|ew|ld|te|ng|d))\b)"
)
_SAYS: Final = re.compile(r"[.!?]\Z")


def write_report(task: Task, meaning: Meaning, known: Known, *, brief: bool) -> Report:
    """Returns the report; `brief` leaves out the way to the answer and keeps the answer with its conflicts."""
    conflicts = tuple(conflict for step in known.steps if (conflict := _conflict(step)))
    steps = [] if brief else [_statement(step.subject, step.said) for step in known.steps]
    unique = list({statement.text: statement for statement in steps}.values())
    sections = (Section(heading=HEADING, statements=tuple(unique)),) if unique else ()
    answer, exact = _answer(meaning, known)
    return Report(
        question=task.text,
        title=task.text,
        answer=answer,
        exact=exact,
        sections=sections if len(unique) > 1 else (),
        conflicts=conflicts,
    )


def _answer(meaning: Meaning, known: Known) -> tuple[Statement, str]:
    if known.counted:
        return _count(known), known.value
    if isinstance(meaning, Larger):
        return _compared(known), known.value
    last = known.steps[-1]
    rivals = [one for one in last.others if not one.sheet.outdated]
    if not rivals or last.said.sheet.outdated:
        return _statement(last.subject, last.said), known.value
    sides = [_statement(last.subject, said) for said in (last.said, *rivals)]
    citations = tuple(dict.fromkeys(cited for side in sides for cited in side.citations))
    exact = " or ".join(dict.fromkeys(said.value for said in (last.said, *rivals)))
    return Statement(text=f"{last.subject}: {exact}.", citations=citations, confidence="low"), exact


def _count(known: Known) -> Statement:
    names = "; ".join(one.value for one in known.counted)
    subject = known.counted[0].sheet.name
    first = known.counted[0].line
    quotes = [
        (first.evidence, first.lead or first.text),
        *((one.line.evidence, one.line.text) for one in known.counted[1:]),
    ]
    citations = tuple(Citation(evidence, quote=quote) for evidence, quote in dict.fromkeys(quotes))
    return Statement(text=f"{subject}, {first.heading.lower()}: {known.value}; {names}.", citations=citations)


def _compared(known: Known) -> Statement:
    """Returns the statement of both values that were compared: the last step of either side."""
    both = [step for step in known.steps if step.concept is known.steps[-1].concept][-2:]
    sides = [_statement(step.subject, step.said) for step in both]
    # a semicolon, so that nobody reads the end of one side together with the beginning of the other
    text = "; ".join(side.text.removesuffix(".") for side in sides)
    return Statement(text=f"{text}.", citations=tuple(cited for side in sides for cited in side.citations))


def _conflict(step: Step) -> Conflict | None:
    rivals = [one for one in step.others if not one.sheet.outdated]
    if not rivals or step.said.sheet.outdated:
        return None
    sides = tuple(_statement(step.subject, said) for said in (step.said, *rivals))
    return Conflict(topic=f"{step.concept.name.replace('_', ' ').capitalize()} of {step.subject}", sides=sides)


def _statement(subject: str, said: Said) -> Statement:
    """Returns what a line says as a sentence of its own: the subject named, the words as they stand."""
    line = said.line
    citation = Citation(line.evidence, quote=line.text)
    old = f"As of the figures that are {said.sheet.outdated}: " if said.sheet.outdated else ""
    return Statement(
        text=f"{old}{_row(subject, said) if line.cells else _sentence(subject, line.text)}", citations=(citation,)
    )


def _row(subject: str, said: Said) -> str:
    """Returns what a row says: what stands under each head, or in a box of two columns the label and the value."""
    cells, header = said.line.cells, said.line.header
    pairs = [(head, cell) for head, cell in zip(header, cells, strict=False) if bare(cell) != bare(subject)]
    if _is_boxed(subject, said):
        return f"{subject} – {cells[0]}: {cells[1]}."
    return f"{subject} – {', '.join(f'{head.lower()}: {cell}' for head, cell in pairs)}."


def _is_boxed(subject: str, said: Said) -> bool:
    """Returns whether the line is a label with its value, as boxes of facts have them, and no row under heads."""
    header = said.line.header
    names = (bare(subject), bare(said.sheet.name))
    return len(said.line.cells) == 2 and (not header or bare(header[1]) in names)


def _sentence(subject: str, text: str) -> str:
    if bare(subject) in bare(text):
        return text
    named, count = _OPENING.subn(subject, text, count=1)
    said = named if count else f"{subject}: {text}"
    return said if _SAYS.search(said) else f"{said}."
