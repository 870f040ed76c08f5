"""Acts in Akoma Ntoso 3.0: legislation.gov.uk, EUR-Lex and whoever else publishes them so."""

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
from metier_legal.intake.statutes.uk.works import find_work, is_dots, read_number
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
from metier_legal.intake.texts.markup import Markup, read_body
from metier_legal.law.dates import read_iso
from metier_legal.law.provision import Provision, Status
from metier_legal.law.work import Work

_PROVISIONS: Final = frozenset(("section", "article", "rule", "regulation"))
_CONTAINERS: Final = frozenset(
    ("book", "part", "title", "chapter", "subchapter", "division", "subpart", "subtitle", "crossHeading", "schedule")
)
_QUOTED: Final = frozenset(("quotedStructure", "embeddedStructure", "quotedText", "embeddedText"))
_OUTSIDE: Final = _QUOTED | frozenset(("preface", "preamble", "recitals", "meta", "toc", "note", "coverPage"))
_MARKUP: Final = Markup(
    units=frozenset(
        ("subsection", "paragraph", "subparagraph", "clause", "subclause", "point", "indent", "level", "list", "item")
    ),
    blocks=frozenset(
        ("p", "intro", "wrapUp", "content", "alinea", "hcontainer", "listIntroduction", "tr", "table", "blockList")
    ),
    skipped=frozenset(("noteRef", "authorialNote", "note", "remark", "meta", "marker")),
    headings=frozenset(("heading", "subheading", "crossHeading")),
    quoted=_QUOTED,
)
_OWN: Final = frozenset(("num", "heading", "subheading"))
_GONE: Final = {"repealed": Status.REPEALED, "removed": Status.REPEALED, "omitted": Status.OMITTED}


def _recognises(head: Head) -> bool:
    if head.root != "akomaNtoso":
        return False
    return bool(re.search(r"<(?:\w+:)?(?:act|bill|doc|documentCollection)[\s>]", head.text))


def _read(document: Document) -> Iterator[Batch]:
    return read_pieces(_Act(document), stream_elements(document))


class _Act:
    def __init__(self, document: Document) -> None:
        self._name = document.name
        self.ledger = Ledger(document.name)
        self._work: Work | None = None
        self._observed: date | None = None
        self._days: dict[str, date] = {}
        self._periods: dict[str, tuple[date | None, date | None]] = {}
        self._prefaced = ""

    def take(self, element: Element) -> None:
        name = local(element)
        if name == "meta":
            self._begin(element)
        elif name in ("shortTitle", "docTitle") and not self._prefaced:
            self._prefaced = plain_text(element)
        elif _is_provision(element) and not within(element, _OUTSIDE | _PROVISIONS):
            self._take_provision(element)

    def finish(self) -> None:
        if self._work is None:
            raise InputError(f"{self._name} has no <meta>: which act it is cannot be told.", hint="Fetch it again.")
        if self._prefaced and not self._work.title:
            self.ledger.add_work(self._work.model_copy(update={"title": self._prefaced, "short": self._prefaced}))

    def _begin(self, meta: Element) -> None:
        if self._work is not None:
            return
        for found in meta.iter():
            name = local(found)
            if name == "eventRef":
                self._take_event(found)
            elif name == "temporalGroup":
                self._take_period(found)
        uris = [str(found.get("value", "")) for found in meta.iter() if local(found) in ("FRBRuri", "FRBRthis")]
        title = next((plain_text(found) for found in meta.iter() if local(found) == "title"), "")
        alias = next((str(found.get("value", "")) for found in meta.iter() if local(found) == "FRBRalias"), "")
        country = next((str(found.get("value", "")) for found in meta.iter() if local(found) == "FRBRcountry"), "")
        language = next((str(found.get("language", "")) for found in meta.iter() if local(found) == "FRBRlanguage"), "")
        self._observed = _expression_day(meta)
        if self._observed is None:
            self.ledger.fault("meta", "The document does not tell of which day its text is.")
        self._work = find_work(uris, title or alias, country, language, self._name)
        self.ledger.add_work(self._work)

    def _take_event(self, event: Element) -> None:
        day = read_iso(str(event.get("date", ""))[:10])
        key = attribute(event, "eId") or attribute(event, "id")
        if day is not None and key:
            self._days[key] = day

    def _take_period(self, group: Element) -> None:
        key = attribute(group, "eId") or attribute(group, "id")
        interval = child(group, "timeInterval")
        if key and interval is not None:
            ends = (str(interval.get(name, "")).lstrip("#") for name in ("start", "end"))
            begin, end = (self._days.get(one) for one in ends)
            self._periods[key] = (begin, end)

    def _take_provision(self, element: Element) -> None:
        if self._work is None:
            return
        number = read_number(plain_text(child(element, "num")))
        number = f"{_schedule_of(element)}{number}"
        if not number:
            self.ledger.fault(f"line {element.sourceline}", "A provision has no number; it was left out.")
            drop(element)
            return
        begins, ends = self._interval(element)
        flow = read_body(element, _MARKUP, _OWN)
        stated = _GONE.get(str(element.get("status", "")).lower(), Status.IN_FORCE)
        provision = Provision(
            work=self._work.id,
            number=number,
            heading=plain_text(child(element, "heading")),
            path=_path(element),
            text="",
            valid_from=begins,
            valid_to=ends,
            observed=self._observed,
            status=Status.REPEALED if is_dots(flow.text()) else stated,
        )
        self.ledger.add_flow(provision, flow)
        drop(element)

    def _interval(self, element: Element) -> tuple[date | None, date | None]:
        for found in (element, *element.iterancestors()):
            key = str(found.get("period", "")).lstrip("#")
            if key:
                return self._periods.get(key, (None, None))
        return None, None


def _is_provision(element: Element) -> bool:
    name = local(element)
    if name == "hcontainer":
        return str(element.get("name", "")) in _PROVISIONS
    in_schedule = name == "paragraph" and bool(_schedule_of(element))
    return name in _PROVISIONS or (in_schedule and not within(element, frozenset(("paragraph",))))


def _schedule_of(element: Element) -> str:
    for above in element.iterancestors():
        if local(above) == "hcontainer" and above.get("name") == "schedule":
            number = read_number(plain_text(child(above, "num")))
            return f"Sch. {number} para. " if number else "Sch. para. "
    return ""


def _path(element: Element) -> tuple[str, ...]:
    above = (found for found in element.iterancestors() if local(found) in (*_CONTAINERS, "hcontainer"))
    headings = (f"{plain_text(child(found, 'num'))} {plain_text(child(found, 'heading'))}".strip() for found in above)
    return tuple(heading for heading in reversed(tuple(headings)) if heading)


def _expression_day(meta: Element) -> date | None:
    """Returns the day of the expression: legislation.gov.uk calls it validFrom."""
    for expression in meta.iter():
        if local(expression) == "FRBRExpression":
            dates = [found for found in expression if local(found) == "FRBRdate"]
            dates.sort(key=lambda found: found.get("name") != "validFrom")
            return next((day for found in dates if (day := read_iso(str(found.get("date", ""))[:10]))), None)
    return None


AKN: Final = Format("akn", "Acts in Akoma Ntoso 3.0 (legislation.gov.uk, EU and others)", _recognises, _read)
