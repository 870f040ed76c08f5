"""Acts of the European Union as EUR-Lex shows them: XHTML with oj-ti-art, ti-art or title-article-norm."""

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
from metier_legal.intake.statutes.eu.formex import number_of
from metier_legal.intake.statutes.ledger import Ledger
from metier_legal.intake.texts.blocks import Block, Page, read_page
from metier_legal.law.dates import find_dates, read_iso
from metier_legal.law.provision import Provision

_ARTICLE: Final = frozenset(("oj-ti-art", "ti-art", "title-article-norm"))
_HEADING: Final = frozenset(("oj-sti-art", "sti-art", "stitle-article-norm"))
_SECTION: Final = frozenset(
    ("oj-ti-section-1", "ti-section-1", "oj-ti-section-2", "ti-section-2", "title-division-1", "title-division-2")
)
_TITLE: Final = frozenset(("oj-doc-ti", "doc-ti", "title-doc-first", "title-doc-last"))
_END: Final = frozenset(
    ("oj-final", "final", "oj-signatory", "signatory", "oj-note", "note", "oj-doc-end", "doc-end", "separator-annex")
)
_CLASSES: Final = re.compile(
    r"class=[\"'][^\"']*\b(?:oj-ti-art|ti-art|title-article-norm|oj-doc-ti|doc-ti|eli-main-title)\b"
)
_CHANGE: Final = frozenset(("modref",))  # ▼M1: which act the text is of; no words of it
_CONSOLIDATED: Final = frozenset(("title-article-norm",))
_REFERENCE: Final = re.compile(r"0\d{4}[A-Z]{1,2}\d{4}\s*\W\s*[A-Z]{2}\s*\W\s*(\d\d)\.(\d\d)\.(\d{4})\b")
_MARKER: Final = re.compile(r"(?:\d{1,3}[a-z]{0,2}\.|\([a-z0-9]{1,5}\)|[\u2014\u2013\u2022-])$")
_DEPTHS: Final = (
    re.compile(r"(?:part|teil|partie)\b", re.I),
    re.compile(r"(?:title|titel|titre)\b", re.I),
    re.compile(r"(?:chapter|kapitel|chapitre)\b", re.I),
    re.compile(r"(?:section|abschnitt)\b", re.I),
)


def _recognises(head: Head) -> bool:
    is_page = head.root.lower() == "html" or "<html" in head.text[:2000].lower()
    return is_page and bool(_CLASSES.search(head.text))


def _read(document: Document) -> Iterator[Batch]:
    page = read_page(document)
    title = " ".join(block.text for block in page.blocks if _is(block, _TITLE))[:2000] or page.title
    celex = celex_of(title, document.name)
    if not celex:
        raise InputError(
            f"{document.name} does not say which act it is.",
            hint='Name the file after its CELEX number, as in "32016R0679.html".',
        )
    ledger = Ledger(document.name)
    work = make_eu_work(celex, title, page.language[:2] or "en")
    ledger.add_work(work)
    articles = _Articles(page)
    begins = read_iso(consolidated_day(document.name)) or read_iso(consolidated_day(page.title)) or _day_of(page)
    # a consolidated text is not that of the day on which the act was made
    made = None if any(_is(block, _CONSOLIDATED) for block in page.blocks) else _first_day(title)
    _write(ledger, articles, work.id, begins, made)
    if not articles.found:
        raise InputError(f"{document.name} holds no article (class ti-art).", hint="Save the act's page again.")
    if articles.unbroken():
        ledger.add_work(work.model_copy(update={"complete": True}))
    if page.hidden:
        ledger.fault("", f"{page.hidden} hidden element(s) or character(s) were left out.")
    yield from ledger.rest()


def _write(ledger: Ledger, articles: "_Articles", work: str, begins: date | None, made: date | None) -> None:
    if begins is None:
        ledger.fault("", "It is not told from when this text is law.")
    for number, heading, path, lines in articles.found:
        provision = Provision(
            work=work, number=number, heading=heading, path=path, text="", valid_from=begins, observed=made
        )
        ledger.add_text(provision, "\n".join(lines))


class _Articles:
    """The articles of a page: number, heading, path, lines."""

    def __init__(self, page: Page) -> None:
        self.found: list[tuple[str, str, tuple[str, ...], list[str]]] = []
        self._path: dict[int, str] = {}
        self._open: list[str] | None = None
        self._last = ""
        for block in page.blocks:
            self._take(block)

    def unbroken(self) -> bool:
        """Returns whether the articles go from 1 on without a gap."""
        numbers = [int(number) for number, *_ in self.found if number.isdecimal()]
        return numbers == list(range(1, len(numbers) + 1))

    def _take(self, block: Block) -> None:
        if _is(block, _ARTICLE) and not block.quoted and number_of(block.text):
            self._open = []
            self._last = "article"
            self.found.append((number_of(block.text), "", self._headings(), self._open))
        elif _is(block, _SECTION) and not block.quoted:
            self._take_section(block.text)
        elif _is(block, _HEADING) and self._open is not None and not self._open and not block.quoted:
            number, heading, path, lines = self.found[-1]
            self.found[-1] = (number, f"{heading} {block.text}".strip(), path, lines)
        elif _is(block, _END) or (_is(block, _TITLE) and self.found):
            self._open = None
        elif self._open is not None and not _is(block, _CHANGE):
            self._add(block.text, self._open)

    @staticmethod
    def _add(text: str, lines: list[str]) -> None:
        # a consolidated text has number and words of a point in two columns
        if lines and _MARKER.match(lines[-1]):
            lines[-1] = f"{lines[-1]} {text}"
        else:
            lines.append(text)

    def _take_section(self, text: str) -> None:
        depth = next((level for level, pattern in enumerate(_DEPTHS) if pattern.match(text)), None)
        self._open = None
        if depth is None:
            deepest = max(self._path, default=0)
            self._path[deepest] = f"{self._path.get(deepest, '')} {text}".strip()
            return
        self._path = {level: heading for level, heading in self._path.items() if level < depth}
        self._path[depth] = text

    def _headings(self) -> tuple[str, ...]:
        return tuple(self._path[level] for level in sorted(self._path))


def _is(block: Block, classes: frozenset[str]) -> bool:
    return bool(block.classes) and block.classes[0] in classes


def _day_of(page: Page) -> date | None:
    """Returns the day of a consolidated text, as it stands at its head: "02015R0757 — EN — 01.01.2024 — 004.001"."""
    for block in page.blocks[:20]:
        if found := _REFERENCE.match(block.text):
            return read_iso(f"{found[3]}-{found[2]}-{found[1]}")
    return None


def _first_day(title: str) -> date | None:
    found = find_dates(title)
    return found[0].day if found else None


EURLEX: Final = Format("eurlex-html", "Acts of the European Union, XHTML of EUR-Lex", _recognises, _read)
