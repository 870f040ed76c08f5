"""Cases of the Caselaw Access Project, one JSON object a case, alone, in a list or one a line.

Every shape is read: that of the static files (`casebody.opinions`) and those of the older API (`casebody.data` as
an object, or as XML or HTML in a string). Source: the export script of the project, github harvard-lil/capstone.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from metier.errors import InputError
from metier_legal.intake.batch import Batch, Fault, Item
from metier_legal.intake.cases.fields import date_of, object_of, objects_of, text_of, texts_of
from metier_legal.intake.cases.layout.hidden import remove_unseen, tell_unseen
from metier_legal.intake.cases.layout.page import read_page
from metier_legal.intake.cases.layout.pieces import Opinion, number_paragraphs, split_text
from metier_legal.intake.cases.objects import read_objects
from metier_legal.intake.cases.references import read_references, read_treatments
from metier_legal.intake.files.document import Document
from metier_legal.intake.files.head import Head
from metier_legal.intake.format import Format
from metier_legal.law.case import Case, Part, Reference
from metier_legal.law.courts import level_of_court

_PARTS: Final = {
    "majority": Part.MAJORITY,
    "unanimous": Part.LEAD,
    "plurality": Part.LEAD,
    "concurrence": Part.CONCURRENCE,
    "concurring-in-part-and-dissenting-in-part": Part.OTHER,
    "dissent": Part.DISSENT,
}
_OPINION: Final = re.compile(r"<(opinion|article)\b([^<>]*)>(.*?)</\1>", re.DOTALL)
_TYPE: Final = re.compile(r"type=[\"']([\w-]+)")
_AUTHOR: Final = re.compile(r"<author\b[^<>]*>([^<]*)</author>")
_KEYS: Final = frozenset(("casebody", "name_abbreviation", "decision_date"))


def _recognise(head: Head) -> bool:
    keys = set(head.keys)
    return len(keys & _KEYS) >= 2 or ("results" in keys and '"casebody"' in head.text)


def _read(document: Document) -> Iterator[Batch]:
    for where, fields in read_objects(document):
        yield Batch(where, tuple(_read_items(fields, where)))


def _read_items(fields: dict[str, Any], where: str) -> Iterator[Item]:
    number = text_of(fields, "id")
    name = text_of(fields, "name_abbreviation", "name")
    court = text_of(object_of(fields, "court"), "name", "name_abbreviation")
    for field, value in (("id", number), ("name", name), ("court", court)):
        if not value:
            raise InputError(f"{where}: field {field!r} is missing.", hint="Check the file.")
    body = object_of(fields, "casebody")
    body = _cut_markup(text_of(body, "data")) or object_of(body, "data") or body
    opinions, unseen = _read_opinions(body, text_of(fields, "first_page"))
    decided = date_of(text_of(fields, "decision_date"))
    case = Case(
        id=f"us/cap/{number}",
        jurisdiction="us",
        name=name,
        court=court,
        court_level=level_of_court("us", court),
        decided=decided,
        docket=text_of(fields, "docket_number"),
        citations=tuple(text_of(cite, "cite") for cite in objects_of(fields, "citations") if text_of(cite, "cite")),
        parties=tuple(texts_of(body, "parties")),
        paragraphs=number_paragraphs(opinions),
        source_url=text_of(fields, "frontend_url", "url"),
        licence="CC0",
    )
    stated = tuple(_read_cites(fields))
    read = (*stated, *read_treatments(case)) if stated else read_references(case)
    yield case.model_copy(update={"references": read})
    if unseen:
        yield tell_unseen(where, unseen)
    if not case.paragraphs:
        yield Fault(where, f"{name} has no text of an opinion.")
    if decided is None:
        yield Fault(where, f"{name} has no full date of decision.")


def _read_opinions(body: dict[str, Any], first_page: str) -> tuple[list[Opinion], int]:
    opinions: list[Opinion] = []
    count = 0
    head, unseen = remove_unseen(text_of(body, "head_matter"))
    if head:
        opinions.append(Opinion(Part.SYLLABUS, "", split_text(head, first_page=first_page)))
        count += unseen
    for opinion in objects_of(body, "opinions"):
        text = text_of(opinion, "text")
        part = _PARTS.get(text_of(opinion, "type").strip().lower(), Part.OTHER)
        author = " ".join(text_of(opinion, "author").split())
        if text.lstrip().startswith("<"):
            page = read_page(text)
            opinions.append(Opinion(part, author, page.pieces))
            count += page.unseen
        else:
            text, unseen = remove_unseen(text)
            opinions.append(Opinion(part, author, split_text(text, first_page=first_page, lines="\n\n" not in text)))
            count += unseen
    return opinions, count


def _cut_markup(data: str) -> dict[str, Any]:
    """Returns the opinions of a case body in XML or HTML as the other shapes have them; {} when it is neither."""
    if not data.lstrip().startswith("<"):
        return {}
    opinions = []
    for _, attributes, text in _OPINION.findall(data):
        kind, author = _TYPE.search(attributes), _AUTHOR.search(text)
        opinions.append(
            {"type": kind[1] if kind else "", "author": author[1] if author else "", "text": _AUTHOR.sub("", text)}
        )
    return {"opinions": opinions or [{"text": data}]}


def _read_cites(fields: dict[str, Any]) -> Iterator[Reference]:
    for cite in objects_of(fields, "cites_to"):
        cases = texts_of(cite, "case_ids")
        if written := text_of(cite, "cite"):
            # Two ids mean that the project could not tell which case is meant.
            yield Reference(written=written, cited=f"us/cap/{cases[0]}" if len(cases) == 1 else "", stated=True)


CASELAW: Final = Format("caselaw", "Caselaw Access Project JSON", _recognise, _read)
