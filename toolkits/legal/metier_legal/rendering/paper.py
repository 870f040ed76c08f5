"""The memo laid out: numbered statements, numbered citations with their passages, the table and the report. Pure.

Every file is written from this one value, so all of them say the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from metier.evidence import Evidence
from metier_legal.law.provision import Unit
from metier_legal.memo import Cited, Memo, Statement
from metier_legal.records import ParagraphRecord, ProvisionRecord
from metier_legal.rendering.authorities.entry import Entry
from metier_legal.rendering.report import Report
from metier_legal.rendering.wording.words import Words


@dataclass(frozen=True, slots=True)
class Note:
    """One cited passage. `number` counts through the memo; equal citations have one number.

    `display` is the citation written from the store, `entry` the authority's number in the table, `standing` and
    `caveats` how it stands. `spans` are where the
    quote stands in the text of the source, as it is there; empty, with `problem`, where it does not stand in it.
    `home` is the statement at which the quote is printed.
    """

    number: int
    display: str
    quote: str
    cited: Cited
    entry: int
    standing: str
    caveats: tuple[str, ...]
    tone: str
    spans: tuple[tuple[int, int], ...]
    problem: str
    home: str


@dataclass(frozen=True, slots=True)
class Line:
    """One statement. `number` counts the statements of the memo, `subject` is its JSON pointer."""

    number: int
    subject: str
    statement: Statement
    text: tuple[str, ...]
    notes: tuple[Note, ...]
    premises: tuple[int, ...]
    flags: tuple[str, ...]

    def printed(self) -> tuple[Note, ...]:
        """Returns the notes whose quotes are printed at this statement."""
        return tuple(note for note in self.notes if note.home == self.subject)

    def repeats(self, note: Note) -> bool:
        """Returns whether the statement has the quote in its own words, so that it need not be printed again."""
        return note.quote in " ".join(self.text)


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the memo; `empty` is what it says when it has no statements."""

    key: str
    title: str
    lines: tuple[Line, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class Source:
    """A text that was read, whole: its evidence, its units, which notes quote it, and the statements that cite it."""

    evidence: Evidence
    record: ProvisionRecord | ParagraphRecord
    display: str
    entry: int
    notes: tuple[Note, ...]
    places: tuple[int, ...]

    @property
    def units(self) -> tuple[Unit, ...]:
        """Returns the parts that a citation can pin."""
        return self.record.units if isinstance(self.record, ProvisionRecord) else ()


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole memo as it is shown."""

    memo: Memo
    words: Words
    notice: str
    title: str
    head: tuple[tuple[str, str], ...]
    question: tuple[str, ...]
    sections: tuple[Section, ...]
    notes: tuple[Note, ...]
    sources: tuple[Source, ...]
    authorities: tuple[Entry, ...]
    report: Report
    holds: bool
    labels: Mapping[str, int]

    def places(self, entry: Entry) -> tuple[int, ...]:
        """Returns the numbers of the statements that cite an authority."""
        return tuple(self.labels[place] for place in entry.cited_at)
