"""Chinese judgments in the shape of LeCaRD and LeCaRDv2: one JSON object a judgment.

LeCaRD: ajId, ajName, ajjbqk (facts), cpfxgc (reasoning), pjjg (result), qw (whole text), writId, writName.
LeCaRDv2: pid, fact, reason, result, qw. Docket, court and date are read off the text. Source: github myx666/LeCaRD and
THUIR/LeCaRDv2.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from metier.errors import InputError
from metier_legal.citations.citation import CaseCitation
from metier_legal.citations.finding import find_citations
from metier_legal.intake.batch import Batch, Fault, Item
from metier_legal.intake.cases.fields import text_of
from metier_legal.intake.cases.layout.hidden import remove_unseen, tell_unseen
from metier_legal.intake.cases.layout.pieces import Opinion, Piece, number_paragraphs, split_text
from metier_legal.intake.cases.objects import read_objects
from metier_legal.intake.cases.references import read_references
from metier_legal.intake.files.document import Document
from metier_legal.intake.files.head import Head
from metier_legal.intake.format import Format
from metier_legal.law.case import Authority, Case, Part
from metier_legal.law.courts import level_of_court
from metier_legal.law.dates import find_dates

_SECTIONS: Final = (("ajjbqk", "fact"), ("cpfxgc", "reason"), ("pjjg", "result"))
_COURT: Final = re.compile(
    r"[\u4e00-\u9fff]{0,30}?人民法院|[\u4e00-\u9fff]{1,12}(?:铁路运输|海事|知识产权|金融|互联网)法院"
)
_ZEROS: Final = str.maketrans("○ＯO０", "〇〇〇0")  # what scanners make of 〇
_OPENING: Final = 400
_ENDING: Final = 600


def _recognise(head: Head) -> bool:
    keys = set(head.keys)
    return bool(keys & {"ajId", "pid", "writId"}) and bool(keys & {"qw", "ajjbqk", "fact"})


def _read(document: Document) -> Iterator[Batch]:
    for where, fields in read_objects(document):
        yield Batch(where, tuple(_read_items(fields, where)))


def _read_items(fields: dict[str, Any], where: str) -> Iterator[Item]:
    number = text_of(fields, "ajId", "pid", "writId")
    if not number:
        raise InputError(f"{where}: field 'ajId' or 'pid' is missing.", hint="Each judgment needs an id.")
    pieces, unseen = _read_pieces(fields)
    if not pieces:
        raise InputError(f"{where}: fields 'qw', 'ajjbqk', 'cpfxgc' and 'pjjg' are empty.", hint="Leave the line out.")
    text = "\n".join(piece.text for piece in pieces)
    docket = _find_docket(text)
    court = _find_court(text)
    case = Case(
        id=f"cn/lecard/{number}",
        jurisdiction="cn",
        name=" ".join(text_of(fields, "ajName", "writName").split()) or docket or f"判决 {number}",
        court=court,
        court_level=level_of_court("cn", court),
        decided=_find_date(text[-_ENDING:]),
        docket=docket,
        citations=(docket,) if docket else (),
        authority=Authority.ORDINARY,
        paragraphs=number_paragraphs([Opinion(Part.LEAD, "", pieces)]),
        language="zh",
    )
    yield case.model_copy(update={"references": read_references(case)})
    if unseen:
        yield tell_unseen(where, unseen)
    if not docket:
        yield Fault(where, "No case number (案号) was found in the text.")
    if not court:
        yield Fault(where, "The text names no court at its beginning.")


def _read_pieces(fields: dict[str, Any]) -> tuple[tuple[Piece, ...], int]:
    whole, unseen = remove_unseen(text_of(fields, "qw"))
    sections = [remove_unseen(text_of(fields, *names)) for names in _SECTIONS]
    if not whole:
        pieces = tuple(piece for text, _ in sections for piece in split_text(text, lines=True))
        return pieces, sum(count for _, count in sections)
    cuts = sorted({at for text, _ in sections if text and (at := whole.find(text)) > 0})
    parts = [whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    return tuple(piece for part in parts for piece in split_text(part, lines=True)), unseen


def _find_docket(text: str) -> str:
    """Returns the judgment's own number: the first in the text, which stands below the name of the court."""
    for found in find_citations(text[: 4 * _OPENING], systems=("chinese",)):
        if isinstance(found, CaseCitation) and found.docket:
            return found.docket
    return ""


def _find_court(text: str) -> str:
    match = _COURT.search(text[:_OPENING])
    return match[0] if match else ""


def _find_date(text: str) -> date | None:
    dates = find_dates(text.translate(_ZEROS))
    return dates[-1].day if dates else None


LECARD: Final = Format("lecard", "LeCaRD-style JSON of Chinese judgments", _recognise, _read)
