"""The United States Code as its Office of the Law Revision Counsel publishes it: USLM 1.0 and 2.x."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from metier.errors import InputError
from metier_legal.intake.batch import Batch
from metier_legal.intake.files.document import Document
from metier_legal.intake.files.head import Head
from metier_legal.intake.format import Format
from metier_legal.intake.statutes.ledger import Ledger, read_pieces
from metier_legal.intake.statutes.numbers import expand_numbers
from metier_legal.intake.texts.elements import (
    Element,
    attribute,
    child,
    drop,
    local,
    plain_text,
    stream_elements,
    within,
)
from metier_legal.intake.texts.flow import Flow
from metier_legal.intake.texts.markup import Markup, label_of, read_body
from metier_legal.law.dates import read_iso
from metier_legal.law.provision import Provision, Status
from metier_legal.law.work import Style, Work

_NAMESPACES: Final = ("http://xml.house.gov/schemas/uslm/", "http://schemas.gpo.gov/xml/uslm")
_LEVELS: Final = frozenset(
    ("title", "subtitle", "chapter", "subchapter", "part", "subpart", "division", "subdivision", "appendix", "article")
)
_NOT_LAW: Final = frozenset(("quotedContent", "quotedText", "note", "notes", "toc", "footnote"))
_MARKUP: Final = Markup(
    units=frozenset(
        ("subsection", "paragraph", "subparagraph", "clause", "subclause", "item", "subitem", "subsubitem")
    ),
    blocks=frozenset(
        ("chapeau", "continuation", "p", "listItem", "list", "tr", "table", "content", "level", "listContent")
    ),
    skipped=frozenset(("note", "notes", "sourceCredit", "footnote", "toc", "signature")),
)
_OWN: Final = frozenset(("num", "heading"))
_STATUS: Final = {
    "repealed": Status.REPEALED,
    "omitted": Status.OMITTED,
    "transferred": Status.TRANSFERRED,
    "renumbered": Status.TRANSFERRED,
    "reserved": Status.RESERVED,
    "expired": Status.EXPIRED,
    "terminated": Status.EXPIRED,
    "vacant": Status.OMITTED,
}
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_SAID: Final = re.compile(r"\b(?:repeal|omitted|transferr|renumber|expired|editorially)", re.IGNORECASE)
_SECTION: Final = re.compile(r"/s([^/]+)$")
_LONGEST_NOTE: Final = 600


def _recognises(head: Head) -> bool:
    return head.root in ("uscDoc", "lawDoc") and head.namespace.startswith(_NAMESPACES)


def _read(document: Document) -> Iterator[Batch]:
    return read_pieces(_Title(document), stream_elements(document))


class _Title:
    def __init__(self, document: Document) -> None:
        self._name = document.name
        self.ledger = Ledger(document.name)
        self._work: Work | None = None
        self._observed: date | None = None
        self._listed: set[str] = set()
        self._seen: set[str] = set()
        self._quoted = 0

    def take(self, element: Element) -> None:
        name = local(element)
        if name == "meta":
            self._begin(element)
        elif name == "toc" and not within(element, _NOT_LAW):
            self._listed.update(_list_sections(element))
            drop(element)
        elif name == "section":
            self._take_section(element)
        elif name in ("note", "notes") and not within(element, frozenset(("section", "note", "notes"))):
            drop(element)

    def finish(self) -> None:
        if self._work is None:
            raise InputError(f"{self._name} has no <meta>: no title of the Code.", hint="Fetch the file again.")
        if self._quoted:
            self.ledger.fault("", f"{self._quoted} quoted section(s) inside notes are not law and were left out.")
        if self._listed and self._listed <= self._seen:
            self.ledger.add_work(self._work.model_copy(update={"complete": True}))
        elif self._listed:
            missing = len(self._listed - self._seen)
            self.ledger.fault("", f"{missing} section(s) of its table of contents are missing: a part of the title.")

    def _begin(self, meta: Element) -> None:
        number = plain_text(child(meta, "docNumber")).lower()
        if not number:
            raise InputError(f"{self._name} does not say which title it is (docNumber).", hint="Fetch it again.")
        self._observed = _find_date(meta)
        if self._observed is None:
            self.ledger.fault("meta", "The release has no date.")
        self._work = Work(
            id=f"us/usc/{number}",
            jurisdiction="us",
            title=f"United States Code, Title {number.upper()}",
            short=f"{number.upper()} U.S.C.",
            aliases=(f"{number.upper()} USC", f"Title {number.upper()}, United States Code"),
            style=Style.US_CODE,
            source_url="https://uscode.house.gov",
            licence="public domain",
        )
        self.ledger.add_work(self._work)

    def _take_section(self, element: Element) -> None:
        if within(element, _NOT_LAW):
            self._quoted += 1
            return
        number = child(element, "num")
        if self._work is None or number is None or within(element, frozenset(("section",))):
            return
        written = str(number.get("value") or plain_text(number)).replace("\u2013", "-")
        numbers, known = expand_numbers(written.strip("\u00a7 .").replace("\u00a7", ""))
        if not known:
            self.ledger.fault(written, "The steps of this range are not known; only its ends are kept.")
        status = _STATUS.get(attribute(element, "status"), Status.IN_FORCE)
        heading = plain_text(child(element, "heading"), lambda inner: local(inner) == "footnote")
        flow = read_body(element, _MARKUP, _OWN) if len(numbers) == 1 else Flow()
        for one in numbers:
            self._seen.add(one)
            provision = Provision(
                work=self._work.id,
                number=one,
                heading=heading,
                path=_path(element),
                text="",
                observed=self._observed,
                status=status,
                note=_find_note(element, heading) if status is not Status.IN_FORCE else "",
            )
            self.ledger.add_flow(provision, flow)
        drop(element)


def _path(element: Element) -> tuple[str, ...]:
    above = [found for found in element.iterancestors() if local(found) in _LEVELS]
    return tuple(
        f"{plain_text(child(found, 'num'))}{plain_text(child(found, 'heading'))}".strip() for found in reversed(above)
    )


def _find_date(meta: Element) -> date | None:
    for name in ("docPublicationDate", "created", "processedDate", "date", "modified", "docPublicationName"):
        found = _DAY.search(plain_text(child(meta, name)))
        if found and (day := read_iso(found[0])):
            return day
    return None


def _find_note(element: Element, heading: str) -> str:
    notes = (plain_text(found) for found in element.iter() if local(found) == "note")
    said = next((note for note in notes if _SAID.search(note)), "")
    return (heading if re.search(r"\d", heading) else f"{heading}. {said}".strip(". "))[:_LONGEST_NOTE]


def _list_sections(toc: Element) -> Iterator[str]:
    for found in toc.iter():
        name = local(found)
        section = _SECTION.search(str(found.get("href", ""))) if name == "ref" else None
        if section:
            yield section[1].replace("\u2013", "-")
        elif name == "referenceItem":
            target = child(found, "target")
            number = label_of(plain_text(target if target is not None else child(found, "designator")))
            if number[:1].isdecimal():
                yield number


USLM: Final = Format(
    "uslm", "United States Code, XML of the OLRC (USLM 1.0 and 2.x, one title a file)", _recognises, _read
)
