"""From the lines of a Chinese law to its articles. Pure; Markdown, Word and HTML come here as lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from metier_legal.law.numerals import PLAIN_NUMERAL, parse_chinese

_GAP: Final = "[ \t\u3000\u00a0]"
_NUMBER: Final = f"(?:{PLAIN_NUMERAL}|[0-9]{{1,4}})"
_ARTICLE: Final = re.compile(
    rf"{_GAP}*\**第{_GAP}*({_NUMBER}){_GAP}*条(?:{_GAP}*之({PLAIN_NUMERAL}))?(?![文例款规])\**({_GAP}*)"
)
_REFERENCE: Final = re.compile(r"[、，,和及至或的所中第规与]")
_HEADING: Final = re.compile(rf"{_GAP}*第{_GAP}*{_NUMBER}{_GAP}*(分编|编|章|节|部分)(?:{_GAP}|$)")
_GLUED: Final = re.compile(rf"(?<=[。；])[ \t\u3000]*(第{_NUMBER}(?:分编|编|章|节){_GAP}+[^。；，]{{1,30}})$")
_ITEM: Final = re.compile(rf"{_GAP}*({PLAIN_NUMERAL})、")
_ATTACHMENT: Final = re.compile(
    rf"{_GAP}*(附{_GAP}*(?=[：:])|附(?:件|录|表|图){_GAP}*{_NUMBER}?(?={_GAP}|[：:]|$)){_GAP}*[：:]?{_GAP}*([^。；]{{0,60}})$"
)
_LABEL: Final = re.compile(rf"{_GAP}*【([^】]{{1,60}})】{_GAP}*")
_RESIDUE: Final = re.compile(r'\s*(?:HYPERLINK\b[^"\n]{0,40}"[^"\n]{0,200}"|\\l\s*"[^"\n]{0,80}")')
_MARK: Final = re.compile(r"(#{1,6})\s+(.*)$")
_COMMENT: Final = re.compile(r"<!--.*?-->")
_END_OF_INFO: Final = "<!-- INFO END -->"
_DEPTH: Final = {"编": 1, "部分": 1, "分编": 2, "章": 3, "节": 4}
_PREAMBLES: Final = frozenset(("序言", "前言"))
_INTRODUCTION: Final = "引言"
_DATED: Final = re.compile(r"\d{4}\s?年|[一二][〇零○一二三四五六七八九]{3}年|\d{4}-\d{1,2}-\d{1,2}")


@dataclass(slots=True)
class Entry:
    """An article, an item of an amending act, or text that is neither ("引言", "附件一")."""

    number: str
    path: tuple[str, ...]
    line: int
    heading: str = ""
    lines: list[str] = field(default_factory=list)


@dataclass(slots=True)
class LawText:
    """A law as its lines have it; `faults` are (line or number, what is wrong)."""

    title: str = ""
    subtitle: str = ""
    info: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)


def read_articles(lines: Sequence[str]) -> LawText:
    """Returns the law that the lines hold: title, the lines on its dates, and its entries in order.

    A line opens an article only as 第…条 (so 第三人… does not), and only as one that can come next. Where no line does,
    一、二、 open the entries. Gaps in the numbers, headings glued to an article and residue of Word are faults.
    """
    reader = _Reader(lines)
    for number, line in enumerate(lines, start=1):
        reader.take(number, line)
    law = reader.law
    law.entries = [entry for entry in law.entries if entry.lines or entry.heading]
    _check_gaps(law)
    return law


class _Reader:
    def __init__(self, lines: Sequence[str]) -> None:
        self.law = LawText()
        self._by_articles = any(_opens_article(line, 0) for line in lines)
        self._in_front = True
        self._marked_info = any(_END_OF_INFO in line for line in lines)
        self._path: dict[int, str] = {}
        self._last = 0
        self._entry: Entry | None = None

    def take(self, number: int, line: str) -> None:
        if self._in_front and _END_OF_INFO in line:
            self._in_front = False
            return
        body = self._clean(number, _COMMENT.sub("", line)).strip().strip("\u3000")
        if not body or body.replace("\u3000", "").replace(" ", "") in ("目录", "目次"):
            return
        if self._in_front and self._take_front(body):
            return
        self._in_front = False
        self._take_body(number, body)

    def _take_front(self, body: str) -> bool:
        marked = _MARK.match(body)
        if marked and len(marked[1]) == 1:
            self._take_title(marked[2].strip())
            return True
        if self._marked_info:
            self.law.info.append(body)
            return True
        if marked or _HEADING.match(body) or self._opens(body):
            return False
        if not self.law.title:
            self._take_title(body)
            return True
        if _DATED.search(body) and len(body) < 2000:
            self.law.info.append(body)
            return True
        return False

    def _take_title(self, title: str) -> None:
        title = title.replace("\u3000", "").strip()
        if not self.law.title:
            self.law.title = title
        elif not self.law.subtitle:
            self.law.subtitle = title

    def _take_body(self, number: int, body: str) -> None:
        marked = _MARK.match(body)
        if marked or _HEADING.match(body):
            self._take_heading(number, marked[2].strip() if marked else body, len(marked[1]) if marked else 0)
            return
        if self._opens(body):
            self._open(number, body)
            return
        attached = _ATTACHMENT.match(body)
        if attached and self.law.entries:
            self._begin(Entry(re.sub(rf"{_GAP}", "", attached[1]), (), number, heading=attached[2].strip()))
            return
        if self._entry is None:
            self._begin(Entry(_INTRODUCTION, self._headings(), number))
        self._add(number, body)

    def _take_heading(self, number: int, heading: str, depth: int) -> None:
        unit = _HEADING.match(heading)
        level = _DEPTH[unit[1]] if unit else 5 + depth
        heading = re.sub(rf"{_GAP}+", " ", heading)
        self._path = {above: text for above, text in self._path.items() if above < level and unit}
        self._path[level] = heading
        attached = _ATTACHMENT.match(heading)
        flat = heading.replace(" ", "")
        if flat in _PREAMBLES:
            self._begin(Entry(flat, (), number))
        elif attached and self.law.entries:
            self._begin(Entry(attached[1].replace(" ", ""), (), number, heading=attached[2].strip()))
        elif not self._by_articles or self._entry is None or self._entry.number in _PREAMBLES:
            self._entry = None

    def _opens(self, body: str) -> bool:
        return _opens_article(body, self._last) if self._by_articles else bool(_ITEM.match(body))

    def _open(self, number: int, body: str) -> None:
        match = (_ARTICLE if self._by_articles else _ITEM).match(body)
        if match is None:
            return
        value = parse_chinese(match[1]) or 0
        suffix = parse_chinese(match[2]) if self._by_articles and match[2] else None
        self._last = value
        rest = body[match.end() :]
        label = _LABEL.match(rest)
        entry = Entry(f"{value}-{suffix}" if suffix else str(value), self._headings(), number)
        if label:
            entry.heading, rest = label[1], rest[label.end() :]
        self._begin(entry)
        if rest.strip():
            self._add(number, rest.strip())

    def _add(self, number: int, body: str) -> None:
        glued = _GLUED.search(body)
        entry = self._entry
        if entry is None:
            return
        if glued is None:
            entry.lines.append(body)
            return
        entry.lines.append(body[: glued.start()].rstrip())
        self.law.faults.append((f"line {number}", f"The heading {glued[1]!r} was glued to article {entry.number}."))
        self._take_heading(number, glued[1], 0)

    def _begin(self, entry: Entry) -> None:
        self._entry = entry
        self.law.entries.append(entry)

    def _headings(self) -> tuple[str, ...]:
        above = tuple(self._path[level] for level in sorted(self._path))
        return (self.law.subtitle, *above) if self.law.subtitle else above

    def _clean(self, number: int, line: str) -> str:
        clean, count = _RESIDUE.subn("", line)
        if count:
            self.law.faults.append((f"line {number}", "A field code that Word left behind was taken out."))
        return clean


def _opens_article(line: str, last: int) -> bool:
    """Returns whether a line opens an article: spaced off from its text, or the next number and no reference."""
    match = _ARTICLE.match(line)
    if match is None:
        return False
    if match[3] or match.end() == len(line.rstrip()) or line[match.end()] in "【：:":
        return True
    return parse_chinese(match[1]) in (last + 1, last) and not _REFERENCE.match(line, match.end())


def _check_gaps(law: LawText) -> None:
    last = 0
    for entry in law.entries:
        value = entry.number.partition("-")[0]
        if not value.isdecimal():
            continue
        number = int(value)
        if last and number > last + 1:
            law.faults.append((entry.number, f"The numbers jump from {last} to {number}."))
        last = number
