"""The report laid out: numbered sources, statements with the quotes that they rest on, the verdict. Pure.

Every file is written from this one value, so all of them say the same.
"""

from dataclasses import dataclass

from metier.verdict import Finding
from metier_research.rendering.words import Words


@dataclass(frozen=True, slots=True)
class Note:
    """One cited quote. `label` is the number of its source, with a letter where the source is quoted more than once.

    `anchor` names it in a page. `quote` is as it stands in the source; where it does not stand there, as the report
    gives it, and `found` is false.
    """

    label: str
    anchor: str
    source: int
    quote: str
    found: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One statement. `subject` is its JSON pointer, `number` its place in the report."""

    number: int
    subject: str
    text: str
    confidence: str
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Statements under a heading: a section, or the sides of a conflict under its topic."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a source's text; `notes` are the anchors of the quotes it is of, `opens` of those begun here."""

    text: str
    notes: tuple[str, ...]
    opens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Extract:
    """One piece of evidence of a source, cut where its quotes begin and end. `code` is the program that printed it."""

    evidence: str
    pieces: tuple[Piece, ...]
    code: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One cited source: its number, what it is, where it stands, and the statements that cite it."""

    number: int
    kind: str
    title: str
    site: str
    address: str
    link: str
    facts: tuple[str, ...]
    warnings: tuple[str, ...]
    extracts: tuple[Extract, ...]
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many findings of a check hold, are violated or could not be decided."""

    rule: str
    holds: int
    violated: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole report as it is shown."""

    words: Words
    notice: str
    title: str
    question: str
    exact: str
    answer: Line | None
    sections: tuple[Part, ...]
    conflicts: tuple[Part, ...]
    open_questions: tuple[str, ...]
    sources: tuple[Source, ...]
    counts: tuple[Count, ...]
    summary: str
    holds: bool
    unsettled: tuple[Finding, ...]
    removed: tuple[str, ...]
    run: str

    def lines(self) -> tuple[Line, ...]:
        """Returns every statement in the order of the report."""
        first = () if self.answer is None else (self.answer,)
        return (*first, *(line for part in (*self.sections, *self.conflicts) for line in part.lines))
