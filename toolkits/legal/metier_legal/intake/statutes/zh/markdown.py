"""Chinese laws in Markdown, as LawRefBook keeps them: # title, lines on dates, <!-- INFO END -->, ## 第一章, 第一条."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from metier_legal.intake.batch import Batch, Fault
from metier_legal.intake.files.document import Document, read_whole
from metier_legal.intake.files.head import Head
from metier_legal.intake.format import Format
from metier_legal.intake.statutes.ledger import Ledger
from metier_legal.intake.statutes.zh.articles import LawText, read_articles
from metier_legal.intake.statutes.zh.laws import Dates, is_whole, make_work, read_dates, write_law
from metier_legal.intake.texts.decoding import decode_text

_TITLE: Final = re.compile(r"^#[ \t\u3000]+\S", re.MULTILINE)
_OPENING: Final = re.compile(
    r"^[ \t\u3000]*(?:第[零〇一二三四五六七八九十百千]+条|[一二三四五六七八九十]+、)|INFO END", re.MULTILINE
)
_DIGEST: Final = re.compile(
    r"^#+[ \t\u3000]*(?:裁判要点|裁判要旨|基本案情|裁判结果|裁判理由|典型意义|申请人请求|处理结果|案例分析)",
    re.MULTILINE,
)
_VERSION: Final = re.compile(r"[(（](\d{4})-(\d{1,2})-(\d{1,2})[)）]")
_LARGEST: Final = 16 * 1024 * 1024


def _recognises(head: Head) -> bool:
    if head.root or head.keys or not head.text or _DIGEST.search(head.text):
        return False
    return bool(_TITLE.search(head.text[:2000]) and _OPENING.search(head.text)) and "第" in head.text


def _read(document: Document) -> Iterator[Batch]:
    law = _parse(document)
    if not law.title or not law.entries:
        fault = Fault(document.name, "It has no title line (# ...) or no article (第一条 ...); it was left out.")
        yield Batch("1", (fault,))
        return
    dates = _date(document, law)
    work = make_work(law.title, where=document.name, made=dates.first)
    ledger = Ledger(document.name)
    write_law(ledger, law, work.model_copy(update={"complete": is_whole(law)}), dates, _find_end(document, dates))
    yield from ledger.rest()


def _parse(document: Document) -> LawText:
    return read_articles(decode_text(read_whole(document, limit=_LARGEST), document.name).split("\n"))


def _date(document: Document, law: LawText) -> Dates:
    named = version_of(document.name)
    last = "".join(law.entries[-1].lines[-1:]) if law.entries else ""
    numbered = [entry for entry in law.entries if entry.number[:1].isdecimal()]
    if numbered:
        last = "".join(numbered[-1].lines)
    return read_dates(law.info, last, named)


def version_of(name: str) -> date | None:
    """Returns the date in the name of a file, "公司法(2018-10-26).md"; None when there is none or it is no day."""
    found = _VERSION.findall(name.rpartition("/")[2])
    if not found:
        return None
    try:
        return date(*map(int, found[-1]))
    except ValueError:
        return None


def _find_end(document: Document, dates: Dates) -> date | None:
    """Returns from when the next version, a file beside this one of the same name, is law."""
    own = version_of(document.name)
    folder_name = document.name.rpartition("/")[2]
    stem = _VERSION.sub("", folder_name)
    if own is None:
        return None
    later = sorted(
        (version, name)
        for name in document.beside()
        if _VERSION.sub("", name) == stem and (version := version_of(name)) is not None and version > own
    )
    for version, name in later:
        sibling = document.sibling(name)
        if sibling is not None:
            begins = _date(sibling, _parse(sibling)).begins or version
            return max(begins, dates.begins or begins)
    return None


ZH_MARKDOWN: Final = Format(
    "zh-markdown", "Chinese laws in Markdown, a file for each version (as in LawRefBook/Laws)", _recognises, _read
)
