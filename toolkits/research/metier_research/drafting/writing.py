"""A draft's sentences and their support made a report. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from metier.evidence import Citation, Evidence
from metier.task import Task
from metier_research.drafting.backing import Library, Wanted, support
from metier_research.drafting.prose import Drafted, read_prose
from metier_research.language.amounts import find_amounts
from metier_research.language.dates import find_days
from metier_research.language.names import Known, find_names
from metier_research.language.words import find_content, fold
from metier_research.report import Report, Section, Statement

HEADING: Final = "Findings"
LEFT_OUT: Final = "For some of what the draft says no source was found; it is left out."
_CHATTER: Final = re.compile(
    r"^(?:I |I'|Let me|Here (?:is|are)|In summary|Based on|Below|Note that|As requested|Sure|Thank|Hope|Please"
    r"|根据|以下|综上|总之)",
    re.IGNORECASE,
)
_MOST_LOST: Final = 0.5
_UNSAID: Final = frozenset(("", "findings", "answer", "summary", "conclusion"))


def write_report(task: Task, text: str, evidence: Mapping[str, Evidence]) -> Report | None:
    """Returns the report that the prose is, or None: `drafting.draft` says how."""
    prose, library = read_prose(text), Library(evidence)
    sections: list[Section] = []
    lost = 0
    for heading, sentences in prose.parts:
        stated = [(one, support(one, library, task.text)) for one in sentences if not _is_chatter(one)]
        lost += sum(not citations for _, citations in stated)
        statements = tuple(Statement(text=one.text, citations=citations) for one, citations in stated if citations)
        if statements:
            sections.append(Section(heading=_heading(heading, statements, task), statements=statements))
    kept = [statement for section in sections for statement in section.statements]
    answer = _answer(prose.exact, kept, library, task)
    if answer is None or lost > _MOST_LOST * (len(kept) + lost):
        return None
    return Report(
        question=task.text,
        title=task.text,
        answer=answer,
        exact=prose.exact if _is_in(prose.exact, answer) else "",
        sections=tuple(sections) if kept[1:] else (),
        open_questions=(LEFT_OUT,) if lost else (),
    )


def _is_chatter(drafted: Drafted) -> bool:
    """Returns whether a sentence says nothing of the subject: it has no number or name and speaks of the writing."""
    says = find_amounts(drafted.text) or find_days(drafted.text) or find_names(drafted.text)
    return not find_content(drafted.text) or (not says and _CHATTER.match(drafted.text) is not None)


def _heading(heading: str, statements: Sequence[Statement], task: Task) -> str:
    """Returns the heading, or a plain one when it has a number or name that its statements do not have."""
    said = [task.text, *(statement.text for statement in statements)]
    wanted = Wanted(heading, task.text)
    known = Known(said)
    if fold(heading) in _UNSAID or wanted.values or not all(known.has(words) for words in wanted.names):
        return HEADING
    return heading


def _answer(exact: str, kept: Sequence[Statement], library: Library, task: Task) -> Statement | None:
    """Returns the statement that answers: the first that says the exact answer, else the first of all.

    An exact answer that no statement says must be said by the run itself, in a sentence about the question.
    """
    if not exact:
        return kept[0] if kept else None
    saying = next((statement for statement in kept if _is_in(exact, statement)), None)
    return saying or _read_answer(exact, library, task)


def _read_answer(exact: str, library: Library, task: Task) -> Statement | None:
    asked = find_content(task.text)
    having = [
        one for one in library.shortlist(asked | find_content(exact)) if _is_in(exact, _of_candidate(one.citation))
    ]
    best = max(having, key=lambda one: len(asked & (one.content | find_content(one.title))), default=None)
    if best is None or not asked & (best.content | find_content(best.title)):
        return None
    return _of_candidate(best.citation)


def _of_candidate(citation: Citation) -> Statement:
    return Statement(text=" ".join((citation.quote or "").split()), citations=(citation,))


def _is_in(exact: str, statement: Statement) -> bool:
    """Returns whether a statement says the exact answer, in whatever form."""
    wanted = Wanted(exact, "")
    if wanted.values:
        known = Known((statement.text,))
        return wanted.are_in(statement.text) and all(known.has(words) for words in wanted.names)
    words = tuple(re.findall(r"\w[\w'’.-]*", exact))
    return bool(words) and Known((statement.text,)).has(words)
