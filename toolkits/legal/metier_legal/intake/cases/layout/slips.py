r"""Slip opinions of the Supreme Court of the United States, as their PDFs come out as text. Pure.

A page ends with a form feed and begins with a running head: "Cite as: 581 U. S. ____ (2017)   3" or the number and the
short name, then a label in the middle ("Syllabus", "Opinion of the Court", "GINSBURG, J., dissenting") that says whose
words the page has. Head and label are taken off; the words of a line stay as they are, the hyphen at its end too.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from metier_legal.intake.cases.layout.pieces import Opinion, Piece
from metier_legal.law.case import Part

_HEAD: Final = re.compile(r"\s*(?:\(Slip Opinion\)\s|Cite as: |\d{1,3}\s{2,}\S|\S.*?\s{2,}\d{1,3}\s*$)")
_NAME: Final = r"[A-Z][A-Z’'\-]+, (?:C\. ?)?J\."
_LABELS: Final = (
    (re.compile(r"Syllabus"), Part.SYLLABUS),
    (re.compile(r"Opinion of the Court|Per Curiam|(?i:appendix to opinion of the court)"), Part.MAJORITY),
    (re.compile(rf"({_NAME}),.*\bdissenting"), Part.DISSENT),
    (re.compile(rf"({_NAME}),.*\bconcurring"), Part.CONCURRENCE),
    (re.compile(rf"(?:Opinion|Statement) of ({_NAME})"), Part.OTHER),
    (re.compile(rf"({_NAME}), (?:Opinion|Statement)"), Part.OTHER),
)
_GARBLED: Final = re.compile(r"\s{5,}\S.*|\s*")
_OPENING: Final = re.compile(r"JUSTICE ([A-Z][A-Z’'-]+),((?: [^.]{0,160})? (concurring|dissenting)[^.]{0,80})\.")
_RULE: Final = re.compile(r"\s*[—_]{4,}\s*")
_ENDS: Final = frozenset('.?!:”’")]_')
_LABEL_LINES: Final = 6
_CENTRED: Final = 8
_LONGEST_HEAD: Final = 200
_RARE: Final = 10
_INDENT: Final = 3


@dataclass(frozen=True, slots=True)
class _Sheet:
    part: Part
    author: str
    page: str
    lines: tuple[str, ...]


@dataclass(slots=True)
class _Flow:
    """A run of text that pages interrupt; `open` are the lines of the paragraph at hand."""

    pieces: list[Piece] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    page: str = ""

    def begin(self, page: str) -> None:
        self.end()
        self.page = page

    def end(self) -> None:
        if self.open:
            self.pieces.append(Piece("\n".join(self.open), self.page))
        self.open = []


def is_slip(text: str) -> bool:
    """Returns whether a text is laid out as a slip opinion: its first pages have running heads with labels."""
    return "\f" in text and sum(_read_label(page) is not None for page in text.split("\f")[:4]) >= 1


def read_slip(text: str) -> tuple[Opinion, ...]:
    """Returns the opinions of a slip opinion: syllabus, opinion of the court, concurrences and dissents apart.

    `page` of a piece is the page within its opinion. A footnote is a paragraph of its own, after the one it interrupts.
    """
    sheets = list(_read_sheets(text.replace("\r\n", "\n")))
    return tuple(
        Opinion(part, author, tuple(_read_pieces(list(group))))
        for (part, author), group in groupby(sheets, key=lambda sheet: (sheet.part, sheet.author))
    )


def _read_sheets(text: str) -> Iterator[_Sheet]:
    part, author = Part.OTHER, ""
    for count, page in enumerate(text.split("\f"), 1):
        lines = page.split("\n")
        label = _read_label(page)
        number, first = _read_head(lines)
        if label is not None:
            part, author, first = label
        elif number == "1":
            # Another opinion begins, and its label was printed over: it may not pass for the one before.
            part, author = _read_opening(page)
        yield _Sheet(part, author, number or str(count), tuple(lines[first:]))


def _read_label(page: str) -> tuple[Part, str, int] | None:
    """Returns part, author and the number of lines of the running head, or None for a page without a label."""
    seen = 0
    for at, line in enumerate(page.split("\n")):
        if not line.strip():
            continue
        seen += 1
        if seen > _LABEL_LINES:
            return None
        if seen > 1 and _indent(line) >= _CENTRED:
            for pattern, part in _LABELS:
                if (match := pattern.match(line.strip())) is not None:
                    return part, match[1] if match.re.groups else "", at + 1
    return None


def _read_head(lines: list[str]) -> tuple[str, int]:
    """Returns the page number in the running head, "" without one, and how many lines the head has."""
    at = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    if at == len(lines) or _HEAD.match(lines[at][:_LONGEST_HEAD]) is None:
        return "", 0
    words = lines[at].split()
    number = next((word for word in (words[-1], words[0]) if word.isdigit()), "")
    below = (later for later in range(at + 1, min(at + _LABEL_LINES, len(lines))) if _GARBLED.match(lines[later]))
    return number, max(below, default=at) + 1


def _read_opening(page: str) -> tuple[Part, str]:
    match = _OPENING.search(" ".join(page.split()))
    if match is None:
        return Part.OTHER, ""
    stance = {"concurring": Part.CONCURRENCE, "dissenting": Part.DISSENT}
    mixed = "concurring" in match[2] and "dissenting" in match[2]
    return Part.OTHER if mixed else stance[match[3]], f"{match[1]}, J."


def _read_pieces(sheets: list[_Sheet]) -> Iterator[Piece]:
    body = _Flow()
    notes: list[tuple[int, Piece]] = []
    for sheet in sheets:
        cut = next((at for at, line in enumerate(sheet.lines) if _is_rule(line)), len(sheet.lines))
        _read_lines(sheet.lines[:cut], sheet, body)
        foot = _Flow()
        _read_lines(sheet.lines[cut + 1 :], sheet, foot)
        foot.end()
        after = len(body.pieces) + bool(body.open)
        notes.extend((after, piece) for piece in foot.pieces)
    body.end()
    for at, piece in enumerate(body.pieces, 1):
        yield piece
        yield from (note for after, note in notes if after == at)
    yield from (note for after, note in notes if after == 0 or after > len(body.pieces))


def _is_rule(line: str) -> bool:
    return _RULE.fullmatch(line) is not None and _indent(line) < _CENTRED


def _read_lines(lines: tuple[str, ...], sheet: _Sheet, flow: _Flow) -> None:
    """Adds the lines to the flow; a paragraph begins where the indent says so."""
    margin = _margin(lines, sheet.part)
    before, block, started = margin, False, False
    for line in lines:
        if not line.strip():
            before = -1 if started and _is_whole(flow, before - margin) else before
            continue
        indent = _indent(line)
        if not flow.open or _begins(
            indent - margin, before - margin if before >= 0 else None, block, first=not started
        ):
            flow.begin(sheet.page)
        block = indent - margin > _INDENT and before == indent
        before, started = indent, True
        flow.open.append(line.strip())


def _is_whole(flow: _Flow, indent: int) -> bool:
    """Returns whether a blank line ends the paragraph: one in the middle of a sentence is an accident of the PDF."""
    return indent > _CENTRED or (bool(flow.open) and flow.open[-1][-1] in _ENDS)


def _begins(indent: int, before: int | None, block: bool, *, first: bool) -> bool:
    """Returns whether a line begins a paragraph, by its indent and that of the line before, counted from the margin."""
    if before is None or indent in range(1, _INDENT + 1):
        return True
    if first:
        return indent > _CENTRED
    return indent != before and (block or indent > 0 or before > _CENTRED or indent < 0)


def _margin(lines: tuple[str, ...], part: Part) -> int:
    """Returns the indent of the body: the smallest that is no exception; in a syllabus, which hangs, the commonest."""
    indents = Counter(_indent(line) for line in lines if line.strip())
    least = max(indents.values(), default=0) if part is Part.SYLLABUS else indents.total() / _RARE
    return min((indent for indent, count in indents.items() if count >= least), default=0)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
