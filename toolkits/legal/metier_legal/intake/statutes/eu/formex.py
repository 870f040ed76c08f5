"""Acts of the European Union in Formex 4, single (ACT) and consolidated (CONS.ACT)."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from metier.errors import InputError
from metier_legal.intake.batch import Batch
from metier_legal.intake.files.document import Document
from metier_legal.intake.files.head import Head
from metier_legal.intake.format import Format
from metier_legal.intake.statutes.eu.celex import celex_of, consolidated_day, make_eu_work
from metier_legal.intake.statutes.ledger import Ledger, read_pieces
from metier_legal.intake.texts.elements import Element, child, drop, local, plain_text, stream_elements, within
from metier_legal.intake.texts.markup import Markup, read_body
from metier_legal.law.dates import read_iso
from metier_legal.law.provision import Provision
from metier_legal.law.work import Work

_ROOTS: Final = frozenset(("ACT", "CONS.ACT", "CONS.DOC"))
_QUOTED: Final = frozenset(("QUOT.S",))
_OUTSIDE: Final = _QUOTED | frozenset(("ARTICLE", "PREAMBLE", "ANNEX", "CONS.ANNEX", "TOC"))
_MARKUP: Final = Markup(
    units=frozenset(("PARAG", "NP", "POINT")),
    blocks=frozenset(("ALINEA", "P", "LIST", "ITEM", "TXT", "ROW", "TBL", "STI.ART", "GR.SEQ", "SUBDIV", "DLIST.ITEM")),
    skipped=frozenset(("NOTE", "MODREF", "MARGIN", "INCL.ELEMENT", "IE")),
    numbers=frozenset(("NO.PARAG", "NO.P")),
    headings=frozenset(("TITLE",)),
    quoted=_QUOTED,
)
_OWN: Final = frozenset(("TI.ART", "STI.ART"))
_NUMBER: Final = re.compile(r"\d+\s?[a-z]{0,2}(?![a-z])")
_FIRST: Final = re.compile(r"\b(?:premier|einziger|sole|unique)\b", re.IGNORECASE)
_DAY: Final = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})$")


def _recognises(head: Head) -> bool:
    return head.root in _ROOTS


def _read(document: Document) -> Iterator[Batch]:
    return read_pieces(_Act(document), stream_elements(document))


class _Act:
    def __init__(self, document: Document) -> None:
        self._name = document.name
        self.ledger = Ledger(document.name)
        self._work: Work | None = None
        self._title = ""
        self._reference = ""
        self._language = "en"
        self._published: date | None = None
        self._begins = _iso(consolidated_day(document.name))
        self._ends: date | None = None
        self._whole = True

    def take(self, element: Element) -> None:
        name = local(element)
        if name == "INFO.CONSLEG":
            self._reference = str(element.get("CONSLEG.REF", ""))
            self._begins = self._begins or _iso(str(element.get("START.DATE", "")))
            self._ends = _iso(str(element.get("END.DATE", element.get("END", ""))))
        elif name == "LG.DOC":
            self._language = plain_text(element).lower()[:2] or "en"
        elif name == "DATE" and self._published is None and not within(element, _OUTSIDE):
            self._published = _iso(str(element.get("ISO", "")))
        elif name == "TITLE" and not self._title and not within(element, _OUTSIDE | frozenset(("ENACTING.TERMS",))):
            self._title = plain_text(element)
        elif name == "ARTICLE" and not within(element, _OUTSIDE):
            self._take_article(element)

    def finish(self) -> None:
        work = self._work
        if work is None:
            raise InputError(f"{self._name} holds no article (<ARTICLE>).", hint="Fetch the act's main file again.")
        if self._whole:
            self.ledger.add_work(work.model_copy(update={"complete": True}))

    def _begin(self) -> Work:
        celex = celex_of(self._title, f"{self._name} 3{self._reference}" if self._reference else self._name)
        if not celex:
            raise InputError(
                f"{self._name} does not say which act it is.",
                hint='Name the file after its CELEX number, as in "32016R0679.xml".',
            )
        self._work = make_eu_work(celex, self._title, self._language)
        self.ledger.add_work(self._work)
        if self._begins is None:
            self.ledger.fault("", "It is not told from when this text is law.")
        return self._work

    def _take_article(self, element: Element) -> None:
        work = self._work or self._begin()
        title = plain_text(child(element, "TI.ART"))
        number = number_of(title) or str(element.get("IDENTIFIER", "")).lstrip("0").lower()
        if not number:
            self.ledger.fault(f"line {element.sourceline}", "An article has no number; it was left out.")
            self._whole = False
            drop(element)
            return
        flow = read_body(element, _MARKUP, _OWN)
        provision = Provision(
            work=work.id,
            number=number,
            heading=plain_text(child(element, "STI.ART")),
            path=_path(element),
            text="",
            valid_from=self._begins,
            valid_to=self._ends,
            observed=self._published,
        )
        self.ledger.add_flow(provision, flow)
        drop(element)


def number_of(title: str) -> str:
    """Returns the number in "Article 6" or "Artikel 12a"; "1" for "Article premier" or a sole article, else ""."""
    found = _NUMBER.search(title)
    return found[0].replace(" ", "") if found else "1" if _FIRST.search(title) else ""


def _path(element: Element) -> tuple[str, ...]:
    above = [found for found in element.iterancestors() if local(found) == "DIVISION"]
    headings = (plain_text(child(found, "TITLE")) for found in reversed(above))
    return tuple(heading for heading in headings if heading)


def _iso(text: str) -> date | None:
    found = _DAY.match(text)
    return read_iso("-".join(found.groups())) if found else None


FORMEX: Final = Format("formex", "Acts of the European Union in Formex 4", _recognises, _read)
