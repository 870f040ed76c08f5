"""Chinese laws as JSONL, an article a line, with the versions and dates that the files beside it tell."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final, TypeAlias

from metier_legal.intake.batch import Batch
from metier_legal.intake.files.document import Document, read_whole
from metier_legal.intake.files.head import Head, read_head
from metier_legal.intake.format import Format
from metier_legal.intake.statutes.ledger import Ledger
from metier_legal.intake.statutes.zh.laws import COUNTRY, Dates, make_work, read_dates
from metier_legal.intake.texts.decoding import decode_text
from metier_legal.intake.texts.lines import stream_objects
from metier_legal.law.dates import read_iso
from metier_legal.law.numerals import parse_chinese
from metier_legal.law.provision import Provision, Status

_ARTICLE: Final = re.compile(r"第(.{1,12})条(?:之(.{1,4}))?$")
_FIELDS: Final = frozenset(("law", "article", "version_date", "path", "text"))
_METADATA: Final = "law_metadata.csv"
_BEGIN: Final = re.compile("(?:施行|实施|生效)")

Row: TypeAlias = dict[str, Any]
Key: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Version:
    dates: Dates
    end: date | None = None
    expired: bool = False


def _recognises(head: Head) -> bool:
    return set(head.keys) >= _FIELDS


def _read(document: Document) -> Iterator[Batch]:
    ledger = Ledger(document.name)
    versions = _find_versions(document, ledger)
    rows = (row for row in _rows(document, ledger))
    for key, group in groupby(rows, key=lambda row: _key(row[1])):
        _take_law(ledger, key, list(group), versions.get(key, _Version(Dates(_day(key[1]), None))))
        yield from ledger.full()
    yield from ledger.rest()


def _rows(document: Document, ledger: Ledger) -> Iterator[tuple[int, Row]]:
    for line, row in stream_objects(document):
        if row.get("law") and row.get("article"):
            yield line, row
        else:
            ledger.fault(f"line {line}", "The row names no law or no article; it was left out.")


def _take_law(ledger: Ledger, key: Key, rows: list[tuple[int, Row]], version: _Version) -> None:
    first = rows[0][1]
    where = f"{first.get('category') or ''}/{first.get('file') or ''}"
    numbers = [_number(str(row["article"])) for _, row in rows]
    work = make_work(key[0], where=where, made=version.dates.first)
    whole = _is_whole(numbers, [str(row.get("text") or "") for _, row in rows])
    ledger.add_work(work.model_copy(update={"complete": whole}))
    if version.dates.begins is None:
        ledger.fault(f"{key[0]} {key[1]}".strip(), "It is not told from when this version is law.")
    _tell_gaps(ledger, key, numbers, rows)
    for number, (_, row) in zip(numbers, rows, strict=True):
        part = row.get("part")
        provision = Provision(
            work=work.id,
            number=number,
            path=tuple(str(step) for step in ([part] if part else []) + list(row.get("path") or [])),
            text="",
            valid_from=version.dates.begins,
            valid_to=version.end,
            observed=version.dates.made,
            status=Status.REPEALED if version.expired and version.end is None else Status.IN_FORCE,
        )
        ledger.add_text(provision, str(row.get("text") or ""))


def _tell_gaps(ledger: Ledger, key: Key, numbers: list[str], rows: list[tuple[int, Row]]) -> None:
    last = 0
    for number, (line, _) in zip(numbers, rows, strict=True):
        stem = number.partition("-")[0]
        value = int(stem) if stem.isdecimal() else last
        if last and value > last + 1:
            ledger.fault(f"line {line}, {key[0]} {number}", f"The numbers jump from {last} to {value}.")
        last = value


def _is_whole(numbers: list[str], texts: list[str]) -> bool:
    plain = sorted({int(number) for number in numbers if number.isdecimal()})
    return plain == list(range(1, len(plain) + 1)) and any(_BEGIN.search(text) for text in texts[-3:])


def _number(article: str) -> str:
    match = _ARTICLE.fullmatch(article.strip())
    value = parse_chinese(match[1]) if match else None
    if match is None or value is None:
        return article.strip()
    suffix = parse_chinese(match[2]) if match[2] else None
    return f"{value}-{suffix}" if suffix else str(value)


def _key(row: Row) -> Key:
    return str(row["law"]), str(row.get("version_date") or "")


def _day(value: object) -> date | None:
    return read_iso(str(value)[:10])


def _find_versions(document: Document, ledger: Ledger) -> dict[Key, _Version]:
    """Returns the versions of each law that this file and those beside it hold, with their dates.

    A version ends when the next begins: on the day that its own text or law_metadata.csv tells, else on the day it
    was made.
    """
    if not document.again:
        ledger.fault("", "In a tar the other versions are not seen; unpack it to have their intervals.")
        return {}
    others = (document.sibling(name) for name in document.beside() if name.endswith(".jsonl"))
    endings: dict[Key, str] = {}
    for one in (document, *(other for other in others if other is not None and other.name != document.name)):
        if _recognises(read_head(one.name, one.head)):
            _collect_endings(stream_objects(one), endings)
    table = _read_metadata(document)
    by_law: dict[str, list[tuple[str, _Version]]] = {}
    for (law, version), text in sorted(endings.items()):
        by_law.setdefault(law, []).append((version, _date_version(law, version, text, table)))
    return {(law, version): found for law, many in by_law.items() for version, found in _close(many)}


def _collect_endings(rows: Iterable[tuple[int, Row]], endings: dict[Key, str]) -> None:
    for _, row in rows:
        key = (str(row.get("law") or ""), str(row.get("version_date") or ""))
        text = str(row.get("text") or "")
        if key not in endings or _BEGIN.search(text):
            endings[key] = text if _BEGIN.search(text) else endings.get(key, "")


def _date_version(law: str, version: str, text: str, table: dict[str, list[Row]]) -> _Version:
    made = _day(version)
    dates = read_dates((), text, made) if made else Dates(None, None)
    told = [
        row for row in table.get(_flat(law), []) if version and version in (row.get("publish"), row.get("valid_from"))
    ]
    begins = _day(told[0].get("valid_from")) if told else None
    if begins is not None and made is not None and begins < made:
        begins = None
    first = min((day for row in table.get(_flat(law), []) if (day := _day(row.get("publish")))), default=made)
    expired = bool(told) and told[0].get("expired") == "1"
    return _Version(Dates(made, begins or dates.begins, first), expired=expired)


def _close(many: list[tuple[str, _Version]]) -> Iterator[tuple[str, _Version]]:
    for index, (version, found) in enumerate(many):
        later = many[index + 1][1].dates if index + 1 < len(many) and version else None
        end = (later.begins or later.made) if later else None
        own = found.dates.begins or found.dates.made
        if end is not None and own is not None:
            end = max(end, own)
        yield version, _Version(found.dates, end, found.expired)


def _read_metadata(document: Document) -> dict[str, list[Row]]:
    beside = document.sibling(_METADATA)
    if beside is None:
        return {}
    table: dict[str, list[Row]] = {}
    for row in csv.DictReader(io.StringIO(decode_text(read_whole(beside), beside.name))):
        table.setdefault(_flat(row.get("name") or ""), []).append(dict(row))
    return table


def _flat(law: str) -> str:
    return law.replace(COUNTRY, "")


ZH_JSONL: Final = Format(
    "lawrefbook-jsonl",
    "Chinese laws as JSONL: law, article (第…条), version_date, path, text, part, category; law_metadata.csv beside it",
    _recognises,
    _read,
)
