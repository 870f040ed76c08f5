"""A page as far as it was read: its lines, each with the evidence that it stands in, and its tables."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from metier_research.language.instructions import find_instruction
from metier_research.language.sentences import find_sentences
from metier_research.language.words import fold

GAP: Final = 4  # characters of white space that may stand between two passages
_RULE: Final = re.compile(r"^[\s|:-]+$")
_TAIL: Final = re.compile(r"\s*\([^()]*\)\Z")
_COPY: Final = re.compile(r"\((?:copy|mirror)\)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage that was read: where it stands in its page, and its evidence."""

    start: int
    end: int
    text: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence or a row of a table, letter by letter.

    Of a row, `header` are the cells of the table's first row, `heading` the words over the table, and `lead` everything
    from the heading down to the row, where it stands in the same passage.
    """

    text: str
    evidence: str
    cells: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    heading: str = ""
    lead: str = ""


@dataclass(frozen=True)
class Sheet:
    """What was read of a page."""

    url: str
    title: str
    outdated: str
    canonical: str
    characters: int
    links: Mapping[str, str]
    pieces: Sequence[Piece]

    @cached_property
    def name(self) -> str:
        """Returns the title without what is in brackets at its end."""
        return _TAIL.sub("", self.title).strip()

    @cached_property
    def is_trap(self) -> bool:
        """Returns whether the page gives orders to its reader: nothing of it is taken as a fact."""
        return any(find_instruction(piece.text) for piece in self.pieces)

    @property
    def is_copy(self) -> bool:
        """Returns whether the page says that it is a copy of another."""
        return bool(self.canonical) or bool(_COPY.search(self.title))

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Returns its sentences and rows in order, as far as they were read; none of a page that gives orders."""
        return () if self.is_trap else tuple(_read_lines(self.pieces))

    @property
    def unread(self) -> tuple[tuple[int, int], ...]:
        """Returns the spans of the page that were not read yet."""
        gaps, at = [], 0
        for piece in self.pieces:
            if piece.start - at > GAP:
                gaps.append((at, piece.start))
            at = max(at, piece.end)
        return (*gaps, (at, self.characters)) if self.characters - at > GAP else tuple(gaps)


def same_name(one: str, other: str) -> bool:
    """Returns whether two names are the same but for case, accents and an article before them."""
    return bare(one) == bare(other) != ""


def bare(name: str) -> str:
    """Returns a name as names are compared."""
    return fold(name).strip().removeprefix("the ").strip(" .,;:\"“”'")


def _read_lines(pieces: Sequence[Piece]) -> Iterator[Line]:
    reader = _Reader()
    for piece in pieces:
        reader.turn(piece)
        for start, end in find_sentences(piece.text):
            if line := reader.read(piece, start, end):
                yield line


@dataclass(slots=True)
class _Reader:
    """Reads line by line and knows the heading and the table that it is in."""

    heading: str = ""
    from_heading: int = 0  # where the heading stands in its passage
    before: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    last: int = 0

    def turn(self, piece: Piece) -> None:
        """Begins with a passage; a table goes on in it only where no text lies between."""
        if piece.start - self.last > GAP:
            self.header, self.before, self.heading = (), (), ""
        self.last, self.from_heading = piece.end, -1

    def read(self, piece: Piece, start: int, end: int) -> Line | None:
        """Returns the sentence or row, None for the rule below a table's first row."""
        text = piece.text[start:end]
        if not text.startswith("|"):
            self.header, self.before = (), ()
            if text.startswith("#"):
                self.heading, self.from_heading = text.lstrip("# "), start
            return Line(text, piece.evidence, heading=self.heading)
        if _RULE.match(text):
            self.header = self.before
            return None
        self.before = tuple(cell.strip() for cell in text.strip().strip("|").split("|"))
        lead = piece.text[self.from_heading : end] if self.from_heading >= 0 else ""
        return Line(text, piece.evidence, self.before, self.header, self.heading, lead)
