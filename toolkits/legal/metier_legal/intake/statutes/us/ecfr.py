"""The Code of Federal Regulations as eCFR and govinfo publish it: DIV1 to DIV8."""

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
from metier_legal.intake.texts.elements import Element, child, drop, local, plain_text, stream_events
from metier_legal.intake.texts.markup import Markup, read_body
from metier_legal.law.dates import find_dates, read_iso
from metier_legal.law.provision import Provision, Status
from metier_legal.law.work import Level, Style, Work

_DIVISION: Final = re.compile(r"DIV\d$")
_MARKUP: Final = Markup(
    units=frozenset(),
    blocks=frozenset(
        ("P", "FP", "HD1", "HD2", "HD3", "EXTRACT", "TR", "ROW", "LI", "PSPACE", "FRP", "DIV", "TABLE", "MATH", "NOTE")
    ),
    skipped=frozenset(
        ("CITA", "EDNOTE", "AUTH", "SOURCE", "SECAUTH", "EFFDNOT", "FTNT", "APPRO", "CROSSREF", "XREF", "PARAUTH")
    ),
    headings=frozenset(),
)
_OWN: Final = frozenset(("HEAD", "SECTNO", "SUBJECT"))
_DAY: Final = re.compile(r"(?<!\d)(\d{4}-\d{2}-\d{2})(?!\d)")
_SIGN: Final = re.compile(r"^(?:\u00a7+|Sec\.)\s*")
_NUMBER: Final = re.compile(r"^(?:\u00a7+|Sec\.)?\s*[\w.-]+(?:\s*[-\u2013\u2014]\s*[\w.]+)?\s*")
_TITLE: Final = re.compile(r"[Tt]itle[-_ ]?(\d{1,2})\b")
_RESERVED: Final = "[Reserved]"


def _recognises(head: Head) -> bool:
    if head.root in ("ECFR", "DLPSTEXTCLASS", "CFRDOC", "CFRGRANULE"):
        return True
    return bool(_DIVISION.match(head.root)) and 'TYPE="' in head.text


def _read(document: Document) -> Iterator[Batch]:
    return read_pieces(_Title(document), stream_events(document))


class _Title:
    def __init__(self, document: Document) -> None:
        self._name = document.name
        self.ledger = Ledger(document.name)
        self._number = ""
        self._observed = _date_of(document.name)
        self._work: Work | None = None

    def take(self, found: tuple[str, Element]) -> None:
        event, element = found
        name = local(element)
        if event == "start":
            self._observed = self._observed or _date_of(" ".join(element.attrib.values()))
            if name == "DIV1" and element.get("TYPE", "TITLE") == "TITLE":
                self._number = str(element.get("N", ""))
            # one part or section alone, as the versioner of eCFR gives it, names its title only here
            placed = _TITLE.search(str(element.get("hierarchy_metadata", "")))
            self._number = self._number or (placed[1] if placed else "")
        elif name in ("AMDDATE", "DATE") and self._observed is None:
            self._observed = _written_day(plain_text(element))
        elif _DIVISION.match(name) and element.get("TYPE") == "SECTION":
            self._take_section(element)
        elif _DIVISION.match(name) and element.get("TYPE") == "APPENDIX":
            drop(element)

    def finish(self) -> None:
        if self._work is None:
            raise InputError(f'{self._name} holds no section of the CFR (TYPE="SECTION").', hint="Fetch it again.")

    def _take_section(self, element: Element) -> None:
        work = self._work or self._begin()
        head = plain_text(child(element, "HEAD"))
        written = _SIGN.sub("", str(element.get("N", "")) or plain_text(child(element, "SECTNO"))).strip()
        numbers, known = expand_numbers(written.replace("\u2013", "-"))
        if not known:
            self.ledger.fault(written, "The steps of this range are not known; only its ends are kept.")
        flow = read_body(element, _MARKUP, _OWN)
        reserved = _RESERVED in head
        for number in numbers:
            provision = Provision(
                work=work.id,
                number=number,
                heading=_NUMBER.sub("", head, count=1).removesuffix("."),
                path=_path(element),
                text="",
                observed=self._observed,
                status=Status.RESERVED if reserved else Status.IN_FORCE,
                note=head if reserved else "",
            )
            self.ledger.add_text(provision, flow.text())
        drop(element)

    def _begin(self) -> Work:
        named = _TITLE.search(self._name)
        number = self._number or (named[1] if named else "")
        if not number:
            raise InputError(
                f"{self._name} does not say which title of the CFR it is of.",
                hint='Name the file after its title, as in "title-29.xml".',
            )
        if self._observed is None:
            self.ledger.fault("", "Neither the file nor its name has a date.")
        self._work = Work(
            id=f"us/cfr/{number}",
            jurisdiction="us",
            title=f"Code of Federal Regulations, Title {number}",
            short=f"{number} C.F.R.",
            aliases=(f"{number} CFR", f"Title {number}, Code of Federal Regulations"),
            level=Level.REGULATION,
            style=Style.CFR,
            source_url="https://www.ecfr.gov",
            licence="public domain",
        )
        self.ledger.add_work(self._work)
        return self._work


def _path(element: Element) -> tuple[str, ...]:
    above = [plain_text(child(found, "HEAD")) for found in element.iterancestors() if _DIVISION.match(local(found))]
    return tuple(heading for heading in reversed(above) if heading)


def _date_of(text: str) -> date | None:
    found = _DAY.search(text)
    return read_iso(found[1]) if found else None


def _written_day(text: str) -> date | None:
    """Returns the day of an AMDDATE, "Dec. 29, 2022(fm)", or None."""
    written = find_dates(text)
    return written[0].day if written else None


ECFR: Final = Format("ecfr", "Code of Federal Regulations, XML of eCFR or govinfo (DIV1 to DIV8)", _recognises, _read)
