"""Legislation of the United Kingdom in the XML of legislation.gov.uk (Crown Legislation Markup Language)."""

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
from metier_legal.intake.statutes.uk.works import is_dots, make_uk_work, read_number
from metier_legal.intake.texts.elements import Element, child, drop, local, plain_text, stream_events, within
from metier_legal.intake.texts.markup import Markup, read_body
from metier_legal.law.dates import read_iso
from metier_legal.law.provision import Provision, Status
from metier_legal.law.work import Work

_NAMESPACE: Final = "http://www.legislation.gov.uk/namespaces/legislation"
_URI: Final = re.compile(r"legislation\.gov\.uk/(?:id/)?([a-z]{3,5})/(\d{4}|[A-Z][\w-]+/[\w-]+)/(\d+)(/[^?#]*)?")
_VERSION: Final = re.compile(r"(?:/(?:\d{4}-\d{2}-\d{2}|enacted|made|created|revision|data\.xml))*/?$")
_QUOTED: Final = frozenset(("BlockAmendment", "InlineAmendment", "BlockExtract"))
_OUTSIDE: Final = _QUOTED | frozenset(("P1", "Commentaries", "Footnotes", "Contents", "ExplanatoryNotes"))
_MARKUP: Final = Markup(
    units=frozenset(("P2", "P3", "P4", "P5", "P6", "P7", "ListItem")),
    blocks=frozenset(
        (
            "Text",
            "P1para",
            "P2para",
            "P3para",
            "P4para",
            "P5para",
            "P6para",
            "Para",
            "tr",
            "Tabular",
            "ListItem",
            "Where",
        )
    ),
    skipped=frozenset(("CommentaryRef", "FootnoteRef", "MarginNoteRef", "Footnote", "Commentary", "Image")),
    numbers=frozenset(("Pnumber",)),
    headings=frozenset(("Title",)),
    quoted=_QUOTED,
    bare=frozenset(("Pnumber",)),
)
_OWN: Final = frozenset(("Pnumber",))
_HEADED: Final = frozenset(("Part", "Chapter", "Pblock", "PsubBlock", "Schedule", "EUPart", "EUChapter", "EUSection"))
_STATUS: Final = {"repealed": Status.REPEALED, "dead": Status.OMITTED, "prospective": Status.UNKNOWN}


def _recognises(head: Head) -> bool:
    return head.root == "Legislation" and (head.namespace == _NAMESPACE or "legislation.gov.uk" in head.text)


def _read(document: Document) -> Iterator[Batch]:
    return read_pieces(_Act(document), stream_events(document))


class _Act:
    def __init__(self, document: Document) -> None:
        self._name = document.name
        self.ledger = Ledger(document.name)
        self._uri = ""
        self._work: Work | None = None
        self._observed: date | None = None

    def take(self, found: tuple[str, Element]) -> None:
        event, element = found
        name = local(element)
        if event == "start":
            if name == "Legislation" and not self._uri:
                self._uri = str(element.get("DocumentURI") or element.get("IdURI") or "")
        elif name == "Metadata":
            self._take_metadata(element)
        elif name == "P1" and not within(element, _OUTSIDE):
            self._take_provision(element)
        elif name in ("Commentaries", "Footnotes", "Contents"):
            drop(element)

    def finish(self) -> None:
        if self._work is None:
            raise InputError(f"{self._name} has no metadata: which act it is cannot be told.", hint="Fetch it again.")

    def _take_metadata(self, data: Element) -> None:
        found = {local(one): one for one in data.iter()}
        uri = _URI.search(self._uri) or _URI.search(plain_text(found.get("identifier")))
        title = plain_text(found.get("title"))
        if uri is None or not title:
            raise InputError(
                f"{self._name} does not say which act it is (DocumentURI, dc:title).", hint="Fetch data.xml again."
            )
        made = found.get("EnactmentDate", found.get("Made"))
        whole = bool(_VERSION.fullmatch(uri[4] or ""))
        work = make_uk_work(uri[1], uri[2], uri[3], title)
        promulgated = read_iso(str(made.get("Date", ""))[:10]) if made is not None else None
        self._work = work.model_copy(update={"promulgated": promulgated, "complete": whole})
        self._observed = read_iso(plain_text(found.get("valid"))[:10]) or promulgated
        self.ledger.add_work(self._work)

    def _take_provision(self, element: Element) -> None:
        if self._work is None:
            raise InputError(f"{self._name}: a section comes before the metadata.", hint="Fetch data.xml again.")
        number = read_number(plain_text(child(element, "Pnumber")))
        if not number:
            self.ledger.fault(f"line {element.sourceline}", "A provision has no number; it was left out.")
            drop(element)
            return
        number = f"{_schedule_of(element)}{number}"
        begins, ends = self._interval(element, number)
        flow = read_body(element, _MARKUP, _OWN)
        stated = next((str(found.get("Status")) for found in _upwards(element) if found.get("Status")), "")
        status = _STATUS.get(stated.lower(), Status.IN_FORCE)
        provision = Provision(
            work=self._work.id,
            number=number,
            heading=_heading_of(element),
            path=_path(element),
            text="",
            valid_from=begins,
            valid_to=ends,
            observed=None if status is Status.UNKNOWN else self._observed,
            status=Status.REPEALED if is_dots(flow.text()) else status,
            note="Prospective: not yet in force." if stated.lower() == "prospective" else stated,
        )
        self.ledger.add_flow(provision, flow)
        drop(element)

    def _interval(self, element: Element, number: str) -> tuple[date | None, date | None]:
        for found in _upwards(element):
            begin, end = (read_iso(str(found.get(name, ""))[:10]) for name in ("RestrictStartDate", "RestrictEndDate"))
            if begin is not None and end is not None and end < begin:
                self.ledger.fault(number, f"Its interval ends ({end}) before it begins ({begin}); neither is kept.")
                return None, None
            if begin is not None or end is not None:
                return begin, end
        return None, None


def _upwards(element: Element) -> Iterator[Element]:
    yield element
    yield from element.iterancestors()


def _heading_of(element: Element) -> str:
    above = element.getparent()
    return plain_text(child(above, "Title")) if above is not None and local(above) == "P1group" else ""


def _schedule_of(element: Element) -> str:
    above = next((found for found in element.iterancestors() if local(found) == "Schedule"), None)
    if above is None:
        return ""
    number = read_number(plain_text(child(above, "Number")))
    return f"Sch. {number} para. " if number else "Sch. para. "


def _path(element: Element) -> tuple[str, ...]:
    above = (found for found in element.iterancestors() if local(found) in _HEADED)
    headings = (f"{plain_text(child(found, 'Number'))} {_title_of(found)}".strip() for found in above)
    return tuple(heading for heading in reversed(tuple(headings)) if heading)


def _title_of(element: Element) -> str:
    title = child(element, "Title", "TitleBlock")
    return plain_text(title)


CLML: Final = Format("clml", "Legislation of the United Kingdom, XML of legislation.gov.uk", _recognises, _read)
