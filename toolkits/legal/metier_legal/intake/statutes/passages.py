"""Numbered passages of rulebooks as JSONL, as ObliQA has them."""

from collections.abc import Iterator
from typing import Any, Final

from metier_legal.intake.batch import Batch
from metier_legal.intake.files.document import Document
from metier_legal.intake.files.head import Head
from metier_legal.intake.format import Format
from metier_legal.intake.statutes.ledger import Ledger
from metier_legal.intake.texts.lines import stream_objects
from metier_legal.law.dates import read_iso
from metier_legal.law.provision import Provision
from metier_legal.law.work import Level, Style, Work

_FIELDS: Final = frozenset(("document", "passage", "text"))
_PLACE: Final = "ae/adgm"


def _recognises(head: Head) -> bool:
    return set(head.keys) >= _FIELDS


def _read(document: Document) -> Iterator[Batch]:
    ledger = Ledger(document.name, ordered=False)
    works: dict[str, Work] = {}
    for line, row in stream_objects(document):
        number = str(row.get("passage") or "").strip().rstrip(".")
        if not number or row.get("document") in (None, ""):
            ledger.fault(f"line {line}", "The passage has no number or no document; it was left out.")
            continue
        key = str(row["document"])
        if key not in works:
            works[key] = _make_work(key, row)
            ledger.add_work(works[key])
        _take(ledger, works[key], number, row)
        yield from ledger.full()
    yield from ledger.rest()


def _take(ledger: Ledger, work: Work, number: str, row: dict[str, Any]) -> None:
    day = row.get("date")
    provision = Provision(
        work=work.id,
        number=number,
        heading=str(row.get("heading") or ""),
        text="",
        observed=read_iso(day) if isinstance(day, str) and len(day) == 10 else None,
    )
    ledger.add_text(provision, str(row.get("text") or ""))


def _make_work(key: str, row: dict[str, Any]) -> Work:
    place = str(row.get("jurisdiction") or _PLACE)
    title = str(row.get("title") or f"Rulebook {key}")
    return Work(
        id=f"{place}/rulebook/{key}",
        jurisdiction=place,
        title=title,
        short=title,
        level=Level.REGULATION,
        language=str(row.get("language") or "en"),
        style=Style.PLAIN,
    )


PASSAGES: Final = Format(
    "passages-jsonl",
    "Rulebooks as JSONL: document, passage (its number), text; optional title, heading, jurisdiction, language, date",
    _recognises,
    _read,
)
