"""The United States Code in the text format of its Office of the Law Revision Counsel (-CITE-, -HEAD-, -STATUTE-)."""

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
from metier_legal.intake.texts.lines import stream_lines
from metier_legal.law.provision import Provision, Status
from metier_legal.law.work import Level, Style, Work

_FIELD: Final = re.compile(r"-([A-Za-z]+\d?)-\s*$")
_CITE: Final = re.compile(r"\s*(\d+[A-Z]?) USC (.*)$")
_DAY: Final = re.compile(r"\b(\d{2})/(\d{2})/(\d{4})\b")
_HEAD: Final = re.compile(r"\[?(?:Secs?\.|\u00a7+|Rules?)\s+([\w., -]*?\w)\.?(?:\]|\s+(?=[A-Z\"'\u201c(])|$)")
_STATUS: Final = {
    "repealed": Status.REPEALED,
    "abrogated": Status.REPEALED,
    "omitted": Status.OMITTED,
    "vacant": Status.OMITTED,
    "transferred": Status.TRANSFERRED,
    "renumbered": Status.TRANSFERRED,
    "reserved": Status.RESERVED,
    "expired": Status.EXPIRED,
}
_ABROGATED: Final = re.compile(r"\((?:Abrogated|Repealed)\b[^)]*\)\.?$")
_LISTED: Final = re.compile(r" {4}\[?(\d+[A-Z]*)\. ")
_CHAPTER_ROW: Final = re.compile(r" {4,}\S.*\s(\d+[A-Z]*)\s*$")
_LIST_HEAD: Final = re.compile(r"\s+(?:Chap\.\s+)?Sec\.\s*$")
_LONGEST_NOTE: Final = 600
_INDENT: Final = 4


def _recognises(head: Head) -> bool:
    return "-CITE-" in head.text[:2000] and "-EXPCITE-" in head.text


def _read(document: Document) -> Iterator[Batch]:
    return read_pieces(_Title(document.name), _entries(document))


def _entries(document: Document) -> Iterator[dict[str, list[str]]]:
    """Returns the entries from -CITE- to -End- as their fields; a field that comes twice goes on."""
    fields: dict[str, list[str]] = {}
    lines: list[str] = []
    for number, line in stream_lines(document):
        mark = _FIELD.match(line)
        if mark is None:
            lines.append(line)
        elif mark[1] == "End":
            yield fields
            fields = {}
        elif mark[1] == "CITE" and fields:
            raise InputError(
                f"{document.name}, line {number}: an entry begins before the last one ends.", hint="Fetch it again."
            )
        else:
            lines = fields.setdefault(mark[1], [])
    if fields:
        raise InputError(f"{document.name}: the last entry does not end; the file is cut off.", hint="Fetch it again.")


class _Title:
    def __init__(self, name: str) -> None:
        self._name = name
        self.ledger = Ledger(name)
        self._works: dict[str, Work] = {}
        self._listed: set[str] = set()
        self._seen: set[str] = set()
        self._forms = 0

    def take(self, fields: dict[str, list[str]]) -> None:
        cite = _join(fields.get("CITE", []))
        named = _CITE.match(cite)
        if named is None:
            raise InputError(f"{self._name}: {cite[:60]!r} names no title of the Code.", hint="Fetch it again.")
        head = _join(fields.get("HEAD", []))
        numbered = _HEAD.match(head)
        if numbered is None or "Form " in head[:6]:
            self._forms += head.lstrip("[").startswith("Form ")
            self._listed.update(_list_sections(fields.get("MISC1", [])))
            return
        work = self._find_work(named[1], "APPENDIX" in cite, fields)
        self._take_section(work, fields, numbered, head)

    def finish(self) -> None:
        if not self._works:
            raise InputError(f"{self._name} holds no section of the Code.", hint="Fetch it again.")
        if self._forms:
            self.ledger.fault("", f"{self._forms} form(s) are no provisions and were left out.")
        missing = self._listed - self._seen
        if missing:
            listed = ", ".join(sorted(missing)[:5])
            self.ledger.fault("", f"{len(missing)} section(s) of its tables of contents are missing: {listed}.")
        elif self._listed:
            for work in self._works.values():
                self.ledger.add_work(work.model_copy(update={"complete": True}))

    def _find_work(self, title: str, appendix: bool, fields: dict[str, list[str]]) -> Work:
        above = _lines(fields.get("EXPCITE", []))
        work = _rules_of(title, above) if appendix else _title_of(title, above)
        if work.id not in self._works:
            self._works[work.id] = work
            self.ledger.add_work(work)
        return work

    def _take_section(self, work: Work, fields: dict[str, list[str]], numbered: re.Match[str], head: str) -> None:
        heading = head[numbered.end() :].strip(" []")
        day = _DAY.search(" ".join(fields["CITE"]))
        if day is None:
            self.ledger.fault(numbered[1], "The entry has no date.")
        first = heading.partition(" ")[0].strip(".,").lower()
        status = _STATUS.get(first, Status.REPEALED if _ABROGATED.search(heading) else Status.IN_FORCE)
        text = unwrap(fields.get("STATUTE", []))
        numbers, known = expand_numbers(numbered[1])
        if not known:
            self.ledger.fault(numbered[1], "The steps of this range are not known; only its ends are kept.")
        for number in numbers:
            self._seen.add(number)
            provision = Provision(
                work=work.id,
                number=number,
                heading=heading.removesuffix("."),
                path=tuple(_lines(fields.get("EXPCITE", []))),
                text="",
                observed=date(int(day[3]), int(day[1]), int(day[2])) if day else None,
                status=status,
                note=_note(heading, fields) if status is not Status.IN_FORCE else "",
            )
            self.ledger.add_text(provision, text)


def _title_of(title: str, above: list[str]) -> Work:
    name = above[0].partition(" - ")[2].strip().title() if above else ""
    return Work(
        id=f"us/usc/{title.lower()}",
        jurisdiction="us",
        title=f"United States Code, Title {title}" + (f", {name}" if name else ""),
        short=f"{title} U.S.C.",
        aliases=(f"{title} USC", f"Title {title}, United States Code"),
        style=Style.US_CODE,
        source_url="https://uscode.house.gov",
        licence="public domain",
    )


def _rules_of(title: str, above: list[str]) -> Work:
    name = (above[1] if len(above) > 1 else f"Appendix to Title {title}").partition(" AND OFFICIAL")[0].title()
    name = name.replace(" Of ", " of ")
    return Work(
        id=f"us/usc/{title.lower()}a",
        jurisdiction="us",
        title=name,
        short="Fed. R. Bankr. P." if "Bankruptcy Procedure" in name else name,
        aliases=("Bankruptcy Rule",) if "Bankruptcy Procedure" in name else (),
        level=Level.REGULATION,
        style=Style.US_CODE,
        source_url="https://uscode.house.gov",
        licence="public domain",
    )


def unwrap(lines: list[str]) -> str:
    """Returns the text of printed lines with a line for each paragraph: a paragraph's first line is set in."""
    paragraphs: list[str] = []
    inner = -1
    for line in lines:
        body = line.strip()
        if not body:
            inner = -1
            continue
        indent = len(line) - len(line.lstrip())
        if paragraphs and inner >= 0 and indent <= inner:
            last = paragraphs[-1]
            glued = last.endswith("-") and last[-2:-1].isalnum() and body[0].isalnum()
            paragraphs[-1] = f"{last}{'' if glued else ' '}{body}"
        else:
            paragraphs.append(body)
            inner = max(indent - 2, _INDENT)
    return "\n".join(paragraphs)


def _lines(lines: list[str]) -> list[str]:
    return [line.strip() for line in lines if line.strip()]


def _join(lines: list[str]) -> str:
    return " ".join(_lines(lines))


def _note(heading: str, fields: dict[str, list[str]]) -> str:
    first = unwrap(fields.get("MISC1", [])).partition("\n")[0]
    return f"{heading.removesuffix('.')}. {first}".strip()[:_LONGEST_NOTE]


def _list_sections(lines: list[str]) -> Iterator[str]:
    inside = chapters = False
    for line in lines:
        if _LIST_HEAD.match(line):
            inside, chapters = True, "Chap." in line
        elif not line.strip():
            inside = False
        elif inside:
            found = (_CHAPTER_ROW if chapters else _LISTED).match(line)
            if found:
                yield found[1]


OLRC: Final = Format(
    "olrc-text", "United States Code, text of the OLRC with -CITE-, -HEAD-, -STATUTE- fields", _recognises, _read
)
