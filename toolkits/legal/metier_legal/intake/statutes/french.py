"""The French Civil Code as JSONL, a line for each version of an article: article, date, act, change, path, text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from metier_legal.intake.batch import Batch
from metier_legal.intake.files.document import Document
from metier_legal.intake.files.head import Head
from metier_legal.intake.format import Format
from metier_legal.intake.statutes.ledger import Ledger
from metier_legal.intake.statutes.numbers import order_key
from metier_legal.intake.texts.lines import stream_objects
from metier_legal.law.dates import find_dates, read_iso
from metier_legal.law.provision import Provision, Status
from metier_legal.law.work import Style, Work

CODE: Final = Work(
    id="fr/code-civil",
    jurisdiction="fr",
    title="Code civil",
    short="Code civil",
    aliases=("C. civ.", "C. civil", "Code civil français"),
    language="fr",
    style=Style.FRENCH,
    source_url="https://www.legifrance.gouv.fr",
    licence="Licence Ouverte",
)

_FIELDS: Final = frozenset(("article", "date", "act", "change", "text"))
_NOT_KNOWN: Final = date(1970, 1, 1)
_TITLE: Final = re.compile(r"\s*Article [^\n]*\n-+[ \t]*\n")
_IN_FORCE: Final = re.compile(r"en vigueur le\s+", re.IGNORECASE)
_LAST_ACT: Final = re.compile(r"(?:Cr\u00e9\u00e9|Modifi\u00e9|Transf\u00e9r\u00e9) par ")
_CORRECTION: Final = re.compile(r"rectificatif.*", re.DOTALL)
_MOST_ROWS: Final = 500_000


@dataclass(frozen=True, slots=True)
class _Version:
    line: int
    row: dict[str, Any]
    begins: date | None


def _recognises(head: Head) -> bool:
    return set(head.keys) >= _FIELDS


def _read(document: Document) -> Iterator[Batch]:
    ledger = Ledger(document.name, ordered=False)
    ledger.add_work(CODE)
    articles: dict[str, list[_Version]] = {}
    for line, row in stream_objects(document):
        number = str(row.get("article") or "").strip()
        if not number or line > _MOST_ROWS:
            ledger.fault(f"line {line}", "The row names no article or there are too many rows; it was left out.")
            continue
        articles.setdefault(number, []).append(_Version(line, row, _begin_of(row)))
    for number in sorted(articles, key=order_key):
        _take_article(ledger, number, articles[number])
        yield from ledger.full()
    yield from ledger.rest()


def _take_article(ledger: Ledger, number: str, versions: list[_Version]) -> None:
    """Puts the versions of an article in the order of the file, which is that of the acts."""
    for index, version in enumerate(versions):
        if version.row.get("change") == "D":
            continue
        later = versions[index + 1] if index + 1 < len(versions) else None
        vague = later is not None and later.begins is None
        removed = later if later is not None and later.row.get("change") == "D" else None
        provision = Provision(
            work=CODE.id,
            number=number,
            path=tuple(str(version.row.get("path") or "").split("/")[:-1]),
            text="",
            valid_from=version.begins,
            valid_to=_end_of(ledger, number, versions, index),
            # until when it was law cannot be told where the next version has no date
            status=Status.UNKNOWN if vague else Status.IN_FORCE,
            note=_note(version, removed),
        )
        ledger.add_text(provision, unwrap(str(version.row.get("text") or "")))


def _end_of(ledger: Ledger, number: str, versions: list[_Version], index: int) -> date | None:
    """Returns the day on which the next version of a known date begins; one that begins earlier leaves no interval."""
    begins = versions[index].begins
    ends = next((later.begins for later in versions[index + 1 :] if later.begins is not None), None)
    if begins is not None and ends is not None and ends < begins:
        ledger.fault(
            number, f"A version of {ends} stands after that of {begins}, which is taken never to have been law."
        )
        return begins
    return ends


def _note(version: _Version, end: _Version | None) -> str:
    note = str(version.row.get("act") or "")
    return f"{note}; abrogé: {end.row.get('act') or ''}".strip("; ") if end else note


def _begin_of(row: dict[str, Any]) -> date | None:
    """Returns the day from which a version is law: the commit's; before 1970 git kept none, and the act may tell."""
    day = read_iso(str(row.get("date") or ""))
    if day is not None and day > _NOT_KNOWN:
        return day
    act = _CORRECTION.sub("", _LAST_ACT.split(str(row.get("act") or ""))[-1])
    stated = _IN_FORCE.search(act)
    dated = find_dates(act[stated.end() :] if stated else act)
    return dated[-1].day if dated and dated[-1].day <= _NOT_KNOWN else None


def unwrap(text: str) -> str:
    """Returns the text without its title line, a line for each alinéa: the file wraps lines and parts by blank ones."""
    body = _TITLE.sub("", text, count=1)
    return "\n".join(" ".join(part.split()) for part in re.split(r"\n[ \t]*\n", body) if part.strip())


CODE_CIVIL: Final = Format(
    "fr-versions-jsonl",
    "French Civil Code as JSONL: article, date, act, change (A, M, D), path, text; a line for each version",
    _recognises,
    _read,
)
