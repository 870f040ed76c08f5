"""A source cut into the pieces that the page shows: quoted or not, with the pins of its parts. Pure."""

from dataclasses import dataclass
from itertools import pairwise

from metier_legal.citations.citation import Pin
from metier_legal.citations.form import form_pin
from metier_legal.law.provision import Unit
from metier_legal.records import ProvisionRecord
from metier_legal.rendering.paper import Source
from metier_legal.rendering.wording.cleaning import clean, one_line


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a source's text, made fit to be shown.

    `notes` are the numbers of the citations that quote it, `opens` those whose quote begins here, `pin` the part of
    the provision that begins here ("" where the text says so itself).
    """

    text: str
    notes: tuple[int, ...]
    opens: tuple[int, ...]
    pin: str


def cut_source(source: Source) -> tuple[Piece, ...]:
    """Returns the pieces of a source; joined, their texts are the whole text, cleaned."""
    text, notes = source.evidence.text, source.notes
    starts = {unit.start: _pin(unit, source) for unit in source.units if 0 <= unit.start < len(text)}
    edges = {0, len(text), *starts, *(edge for note in notes for span in note.spans for edge in span)}
    opening = {note.number: note.spans[0][0] for note in notes if note.spans}
    return tuple(
        Piece(
            text=clean(text[start:end]),
            notes=tuple(note.number for note in notes if any(a <= start and end <= b for a, b in note.spans)),
            opens=tuple(number for number, first in opening.items() if first == start),
            pin=starts.get(start, ""),
        )
        for start, end in pairwise(sorted(edges))
    )


def _pin(unit: Unit, source: Source) -> str:
    record = source.record
    if not isinstance(record, ProvisionRecord):
        return ""
    style = record.work.style
    pin = one_line(form_pin(style, Pin("1", unit.path)).removeprefix(form_pin(style, Pin("1"))).strip(", "))
    return "" if source.evidence.text[unit.start :].lstrip().startswith(pin) else pin
