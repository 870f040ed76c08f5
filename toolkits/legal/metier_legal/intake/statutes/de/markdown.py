"""German federal statutes in Markdown, as bundestag/gesetze keeps them: jurabk in front, ##### § 1 headings."""

import re
from collections.abc import Iterator
from typing import Final

from metier.errors import InputError
from metier_legal.intake.batch import Batch
from metier_legal.intake.files.document import Document
from metier_legal.intake.files.head import Head
from metier_legal.intake.format import Format
from metier_legal.intake.statutes.de.numbers import make_work, read_number, status_of
from metier_legal.intake.statutes.ledger import Ledger, read_pieces
from metier_legal.intake.statutes.numbers import expand_numbers
from metier_legal.intake.texts.lines import stream_lines
from metier_legal.law.dates import find_dates
from metier_legal.law.provision import Provision
from metier_legal.law.work import Work

_FRONT: Final = re.compile(r"(\w+):\s*(.*)$")
_HEADING: Final = re.compile(r"(#{1,6})\s+(.*)$")
_NUMBERED: Final = re.compile(
    r"((?:\(XXXX\)\s*)?(?:\u00a7+|Art(?:ikel|\.)?)\s*\d+[a-z]?(?:\s*(?:bis|und|,)\s*(?:\u00a7+\s*)?\d+[a-z]?)*)(?:\s+(.*))?$"
)
_APPENDIX: Final = re.compile(
    r"(Anlage(?:\s+\w{1,6})?|Anhang(?:\s+\w{1,6})?|Eingangsformel|Pr\u00e4ambel|Schlu\u00dfformel|Schlussformel)(?:\s+(.*))?$"
)
_NOTE: Final = re.compile(r"\[\^[^\]\s]{1,60}\](?!:)")
_NOTE_BEGIN: Final = re.compile(r"\[\^[^\]\s]{1,60}\]:")
_ESCAPE: Final = re.compile(r"\\([\\`*_{}\[\]()#+\-.!<>|])")
_LIST: Final = re.compile(r"(\d+[a-z]?\.|[a-z]{1,2}\))\s+")
_DEFINITION: Final = re.compile(r":\s{1,4}")


def _recognises(head: Head) -> bool:
    front = head.text.lstrip()
    return front.startswith("---") and "jurabk:" in front[:2000]


def _read(document: Document) -> Iterator[Batch]:
    return read_pieces(_Law(document), stream_lines(document))


class _Law:
    def __init__(self, document: Document) -> None:
        self._name = document.name
        self.ledger = Ledger(document.name)
        self._front: dict[str, str] = {}
        self._in_front = 0
        self._work: Work | None = None
        self._path: dict[int, str] = {}
        self._open: tuple[str, str, int] | None = None
        self._lines: list[str] = []
        self._article: tuple[str, int] = ("", 0)

    def take(self, numbered: tuple[int, str]) -> None:
        number, line = numbered
        if self._in_front < 2:
            self._take_front(number, line)
            return
        heading = _HEADING.match(line)
        if heading is None:
            self._lines.append(line)
            return
        if len(heading[1]) == 1 and self._work is None:
            self._lines = []
            return
        self._close()
        self._take_heading(len(heading[1]), heading[2].strip())

    def finish(self) -> None:
        self._close()
        if self._work is None:
            raise InputError(f"{self._name} has no front matter with jurabk.", hint="See bundestag/gesetze.")

    def _take_front(self, number: int, line: str) -> None:
        if line.strip() == "---":
            self._in_front += 1
            return
        field = _FRONT.match(line)
        if field:
            self._front[field[1].lower()] = field[2].strip().strip("\"'")
        if number > 100:
            raise InputError(f"{self._name}: the front matter does not end.", hint="Close it with a line of ---.")

    def _begin(self) -> Work:
        if not self._front.get("jurabk"):
            raise InputError(f"{self._name} does not say which law it is (jurabk).", hint="See bundestag/gesetze.")
        work = make_work(self._front["jurabk"], self._front.get("title", ""), (), complete=True)
        dated = find_dates(" ".join(self._lines[:40]))
        self._work = work.model_copy(update={"promulgated": dated[0].day if dated else None})
        self.ledger.add_work(self._work)
        self.ledger.fault("", "The file does not tell since when this text is law.")
        return self._work

    def _take_heading(self, depth: int, heading: str) -> None:
        numbered = _NUMBERED.match(heading)
        appendix = _APPENDIX.match(heading)
        found = numbered or appendix
        if found and depth > 1:
            written = read_number(found[1]) if numbered else found[1]
            if found[1].startswith("Art"):
                self._article = (written, depth)
            elif self._article[0] and depth >= self._article[1]:
                written = f"{self._article[0]} \u00a7 {written}"
            self._open = (written, (found[2] or "").strip(" -"), depth)
            return
        if depth <= self._article[1]:
            self._article = ("", 0)
        if depth > 1:
            self._path = {level: text for level, text in self._path.items() if level < depth}
            self._path[depth] = heading

    def _close(self) -> None:
        work = self._work or self._begin()
        lines, self._lines = self._lines, []
        if self._open is None:
            return
        written, heading, depth = self._open
        self._open = None
        text = unwrap(lines)
        article, _, section = written.rpartition(" \u00a7 ")
        numbers, known = expand_numbers(section.replace("\u00a7", "").strip())
        numbers = tuple(f"{article} \u00a7 {number}" for number in numbers) if article else numbers
        if not known:
            self.ledger.fault(written, "The steps of this range are not known; only its ends are kept.")
        status = status_of(heading, text)
        for number in numbers:
            provision = Provision(
                work=work.id,
                number=number,
                heading=heading,
                path=tuple(self._path[level] for level in sorted(self._path) if level < depth),
                text="",
                status=status,
            )
            self.ledger.add_text(provision, text)


def unwrap(lines: list[str]) -> str:
    """Returns the text with a line for each paragraph and list item; footnotes and their marks are left out."""
    paragraphs: list[str] = []
    fresh, in_note = True, False
    for line in lines:
        body = _NOTE.sub("", line).strip()
        in_note = bool(_NOTE_BEGIN.match(line)) or (in_note and (not line.strip() or line.startswith((" ", "\t"))))
        if in_note or not body:
            fresh = True
            continue
        body = _ESCAPE.sub(r"\1", _DEFINITION.sub("", body, count=1) if line.startswith(":") else body)
        item = _LIST.match(body)
        body = f"{item[1]} {body[item.end() :]}" if item else body
        if paragraphs and not fresh:
            paragraphs[-1] = f"{paragraphs[-1]} {body}"
        else:
            paragraphs.append(body)
        fresh = False
    return "\n".join(paragraphs)


GERMAN_MARKDOWN: Final = Format(
    "german-markdown", "German federal statutes in Markdown (as in bundestag/gesetze)", _recognises, _read
)
