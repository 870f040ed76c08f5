"""Chinese laws as the state publishes them: Word (DOCX) and HTML, plain paragraphs without markup of articles."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any, Final

from docx import Document as open_docx
from docx.opc.exceptions import PackageNotFoundError
from lxml import etree

from metier.errors import InputError
from metier_legal.intake.batch import Batch, Fault
from metier_legal.intake.files.document import Document, read_whole
from metier_legal.intake.files.head import Head
from metier_legal.intake.format import Format
from metier_legal.intake.statutes.ledger import Ledger
from metier_legal.intake.statutes.zh.articles import read_articles
from metier_legal.intake.statutes.zh.laws import is_whole, make_work, read_dates, write_law
from metier_legal.intake.statutes.zh.markdown import version_of
from metier_legal.intake.texts.blocks import read_page
from metier_legal.intake.texts.decoding import decode_text
from metier_legal.intake.texts.hidden import is_white, strip_unseen

_ARTICLE: Final = re.compile("第一条|第[二三四五六七八九十百]+条")
_TEXT_ARTICLE: Final = re.compile(r"^[ \t\u3000]*第[一二三四五六七八九十百]+条", re.MULTILINE)
_LARGEST: Final = 32 * 1024 * 1024
_LARGEST_PARTS: Final = 256 * 1024 * 1024
_HINT: Final = "Open it in a word processor and save it again as DOCX."
_SPACE: Final = re.compile(r"[ \t\u00a0]+")


def _is_docx(head: Head) -> bool:
    return head.data.startswith(b"PK\x03\x04docx")


def _is_html(head: Head) -> bool:
    is_page = head.root.lower() == "html" or "<html" in head.text[:2000].lower()
    return is_page and bool(_ARTICLE.search(head.text))


def _is_text(head: Head) -> bool:
    return not head.root and not head.keys and not head.text.startswith("#") and bool(_TEXT_ARTICLE.search(head.text))


def _read_docx(document: Document) -> Iterator[Batch]:
    lines, hidden = _docx_lines(document)
    yield from _read_lines(document, lines, hidden)


def _read_html(document: Document) -> Iterator[Batch]:
    page = read_page(document)
    lines = [block.text for block in page.blocks]
    yield from _read_lines(document, lines, page.hidden)


def _read_text(document: Document) -> Iterator[Batch]:
    lines = decode_text(read_whole(document, limit=_LARGEST), document.name).split("\n")
    yield from _read_lines(document, lines, 0)


def _read_lines(document: Document, lines: list[str], hidden: int) -> Iterator[Batch]:
    law = read_articles(lines)
    if not law.title or not any(entry.number[:1].isdecimal() for entry in law.entries):
        fault = Fault(
            document.name, "It holds no Chinese law, for no article (第一条 ...) begins a line; it was left out."
        )
        yield Batch("1", (fault,))
        return
    ledger = Ledger(document.name)
    numbered = [entry for entry in law.entries if entry.number[:1].isdecimal()]
    dates = read_dates(law.info, "".join(numbered[-1].lines), version_of(document.name))
    work = make_work(law.title, where=document.name, made=dates.first)
    if hidden:
        ledger.fault("", f"{hidden} hidden run(s), element(s) or character(s) were left out.")
    write_law(ledger, law, work.model_copy(update={"complete": is_whole(law)}), dates)
    yield from ledger.rest()


def _docx_lines(document: Document) -> tuple[list[str], int]:
    """Returns the paragraphs of a DOCX, rows of tables in one line, and how many runs were hidden."""
    data = read_whole(document, limit=_LARGEST)
    _check_parts(data, document.name)
    try:
        opened = open_docx(io.BytesIO(data))
    except (PackageNotFoundError, KeyError, ValueError, zipfile.BadZipFile, etree.XMLSyntaxError) as error:
        raise InputError(f"{document.name} is no DOCX that can be read.", hint=_HINT) from error
    lines: list[str] = []
    hidden = 0
    for part in opened.iter_inner_content():
        rows = (
            [part] if not hasattr(part, "rows") else [p for row in part.rows for c in row.cells for p in c.paragraphs]
        )
        for paragraph in rows:
            text, count = _visible(paragraph)
            hidden += count
            lines.extend(_SPACE.sub(" ", line) for line in text.split("\n"))
    return lines, hidden


def _check_parts(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(info.file_size for info in archive.infolist())
    except zipfile.BadZipFile as error:
        raise InputError(f"{name} is no DOCX that can be read.", hint=_HINT) from error
    if size > _LARGEST_PARTS:
        raise InputError(f"{name} decompresses to more than {_LARGEST_PARTS >> 20} MB; it was not read.", hint=_HINT)


def _visible(paragraph: Any) -> tuple[str, int]:
    shown: list[str] = []
    hidden = 0
    for run in paragraph.runs:
        if run.font.hidden or _is_white(run):
            hidden += bool(run.text.strip())
        else:
            shown.append(run.text)
    text, unseen = strip_unseen("".join(shown))
    return text, hidden + unseen


def _is_white(run: Any) -> bool:
    colour = run.font.color
    return colour is not None and colour.rgb is not None and is_white(str(colour.rgb))


ZH_DOCX: Final = Format("zh-docx", "Chinese laws as official Word files (DOCX)", _is_docx, _read_docx)
ZH_HTML: Final = Format("zh-html", "Chinese laws as official HTML", _is_html, _read_html)
ZH_TEXT: Final = Format("zh-text", "Chinese laws as plain text (UTF-8, UTF-16 or GB18030)", _is_text, _read_text)
