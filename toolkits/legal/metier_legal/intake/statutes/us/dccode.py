"""The District of Columbia Official Code: the Council's XML, a file for each section, and JSONL cut from it."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from metier_legal.intake.batch import Batch
from metier_legal.intake.files.document import Document
from metier_legal.intake.files.head import Head
from metier_legal.intake.format import Format
from metier_legal.intake.statutes.ledger import Ledger
from metier_legal.intake.texts.elements import Element, child, local, plain_text, stream_elements
from metier_legal.intake.texts.lines import stream_objects
from metier_legal.intake.texts.markup import Markup, read_body
from metier_legal.law.dates import find_dates, read_iso
from metier_legal.law.provision import Provision, Status
from metier_legal.law.work import Style, Work

CODE: Final = Work(
    id="us/dc/code",
    jurisdiction="us/dc",
    title="District of Columbia Official Code",
    short="D.C. Code",
    aliases=("DC Code", "D.C. Official Code", "D.C. Code Ann."),
    style=Style.DC_CODE,
    source_url="https://code.dccouncil.gov",
    licence="public domain",
)

_NAMESPACE: Final = "https://code.dccouncil.us/schemas/dc-library"
_MARKUP: Final = Markup(
    units=frozenset(("para",)),
    blocks=frozenset(("text", "tr", "table", "aftertext", "include")),
    skipped=frozenset(("annotations", "annotation", "meta")),
    headings=frozenset(),
)
_OWN: Final = frozenset(("num", "heading", "reason"))
_STATUS: Final = {
    "repealed": Status.REPEALED,
    "expired": Status.EXPIRED,
    "omitted": Status.OMITTED,
    "transferred": Status.TRANSFERRED,
    "recodified": Status.TRANSFERRED,
    "renumbered": Status.TRANSFERRED,
    "redesignated": Status.TRANSFERRED,
    "reserved": Status.RESERVED,
    "not funded": Status.UNKNOWN,
    "not effective": Status.UNKNOWN,
    "unauthorized": Status.REPEALED,
    "disapproved": Status.REPEALED,
}
_DAY: Final = re.compile(r"(?<!\d)\d{4}-(?:0\d|1[0-2])-(?:[0-2]\d|3[01])(?!\d)")
_HISTORY: Final = re.compile(r"\b(?:[Rr]epeal|[Ee]xpir|[Tt]ransferr|[Rr]ecodif|not.{0,20}funded)")


def _is_xml(head: Head) -> bool:
    return head.namespace == _NAMESPACE


def _read_xml(document: Document) -> Iterator[Batch]:
    ledger = Ledger(document.name, counted=False)
    observed = _date_of(document.name)
    for element in stream_elements(document):
        if local(element) == "section" and child(element, "num") is not None:
            ledger.add_work(CODE)
            _take_section(ledger, element, observed)
    yield from ledger.rest()


def _take_section(ledger: Ledger, element: Element, observed: date | None) -> None:
    reason = plain_text(child(element, "reason"))
    number = plain_text(child(element, "num"))
    status, told = _status_of(reason)
    if not told:
        ledger.fault(number, f"The reason {reason!r} is not known; whether it is law is not known.")
    provision = Provision(
        work=CODE.id,
        number=number,
        heading=plain_text(child(element, "heading")).removesuffix("."),
        path=(f"Title {number.partition('-')[0]}",),
        text="",
        valid_from=_applicable(reason),
        observed=observed,
        status=status,
        note=_find_note(element, reason) if reason else "",
    )
    ledger.add_flow(provision, read_body(element, _MARKUP, _OWN))


def _status_of(reason: str) -> tuple[Status, bool]:
    """Returns the status that a reason stands for; False when the reason is not known."""
    if not reason or _applicable(reason):
        return Status.IN_FORCE, True
    status = _STATUS.get(reason.strip(" .").lower())
    return (status, True) if status is not None else (Status.UNKNOWN, False)


def _find_note(element: Element, reason: str) -> str:
    notes = (plain_text(found) for found in element.iter() if local(found) == "annotation")
    said = next((note for note in notes if _HISTORY.search(note)), "")
    return f"{reason}. {said}".strip()


def _is_jsonl(head: Head) -> bool:
    return {"title", "num", "heading", "text", "reason"} <= set(head.keys)


def _read_jsonl(document: Document) -> Iterator[Batch]:
    ledger = Ledger(document.name, ordered=False)
    ledger.add_work(CODE)
    for number, row in stream_objects(document):
        _take_row(ledger, number, row)
        yield from ledger.full()
    yield from ledger.rest()


def _take_row(ledger: Ledger, line: int, row: dict[str, Any]) -> None:
    number, heading, reason = (str(row.get(key) or "") for key in ("num", "heading", "reason"))
    if not number:
        ledger.fault(f"line {line}", "The section has no number; it was left out.")
        return
    status, told = _status_of(reason)
    if not told:
        ledger.fault(number, f"The reason {reason!r} is not known; whether it is law is not known.")
    text = str(row.get("text") or "")
    for part in (number, reason, heading):
        text = text.strip().removeprefix(part)
    provision = Provision(
        work=CODE.id,
        number=number,
        heading=heading.removesuffix("."),
        path=(f"Title {row.get('title')}",),
        text="",
        valid_from=_applicable(reason),
        observed=_date_of(row.get("date")),
        status=status,
        note=reason,
    )
    ledger.add_text(provision, text)


def _applicable(reason: str) -> date | None:
    """Returns the day of "Applicable October 1, 2025", from which such a section is law."""
    found = find_dates(reason) if reason.startswith(("Applicable", "Effective")) else ()
    return found[0].day if found else None


def _date_of(value: object) -> date | None:
    """Returns the publication date that stands in a field or in the path of a file, or None."""
    found = _DAY.search(value) if isinstance(value, str) else None
    return read_iso(found[0]) if found else None


DC_XML: Final = Format("dc-code", "D.C. Code, XML of the Council (a file for each section)", _is_xml, _read_xml)
DC_JSONL: Final = Format(
    "dc-sections-jsonl",
    "D.C. Code as JSONL: title, num, heading, text, reason (Repealed, Expired, ... or empty), date (optional)",
    _is_jsonl,
    _read_jsonl,
)
