"""What is left of a statement without the words of its quotes and the citations that the store writes. Pure."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from metier_legal.checks.reading import Exhibit
from metier_legal.citations.citation import Pin
from metier_legal.citations.form import form_law
from metier_legal.memo import Statement
from metier_legal.records import ParagraphRecord, ProvisionRecord

GAP: Final = " … "
REMEMBERED: Final = 256
_FRAME: Final = re.compile(
    r"(?:[\s…“”\"'‘’「」《》:：,，.。;；()（）]|\bin \d{4}\b"
    r"|\b(?:provides|states|says|said|reads|held|holds|that|under|according to|in|and|the|court|section|article)\b"
    r"|规定|根据|依据|按照|依照|认为|指出|本院)*+",
    re.IGNORECASE,
)
_SHORTEST_NAME: Final = 6
# What makes a citation go on: a digit, a part of the provision, a word of the German or of a note.
_GOES_ON: Final = re.compile(r"[A-Za-z0-9(:§]|第|\s\(|[-.:][A-Za-z0-9]|\s(?:Abs|Satz|Nr|note)\b")


def is_bare(remainder: str, grounds: tuple[Exhibit, ...]) -> bool:
    """Returns whether a statement's own words only introduce its quotes ("provides:"), and so claim nothing besides.

    The court may be named that a ground is of, and a year, which other rules judge.
    """
    for exhibit in grounds:
        if isinstance(exhibit.source, ParagraphRecord) and exhibit.source.court:
            remainder = remainder.replace(exhibit.source.court, GAP)
    return GAP in remainder and _FRAME.fullmatch(remainder) is not None


def remainder_of(statement: Statement, grounds: tuple[Exhibit, ...]) -> str:
    """Returns the statement's own words.

    The words of its quotes are held against their source elsewhere, and a citation that is letter by letter the one
    written from the store needs no reading; what is left is all that could name something else.
    """
    quotes = {quote for one in grounds for quote in (one.cited.quote, one.quoted) if quote}
    return _plain(_without(statement.text, frozenset(quotes), frozenset(_citations_of(grounds))))


@lru_cache(maxsize=REMEMBERED)
def _plain(text: str) -> str:
    """Returns the text with letters that only look otherwise (ｎｏｔ, 𝐧𝐨𝐭) as they read, soft hyphens left out."""
    if text.isascii():
        return text
    return "".join(unicodedata.normalize("NFKC", c) if c.isalnum() else c for c in text if c != "\u00ad")


@lru_cache(maxsize=REMEMBERED)
def _without(text: str, quotes: frozenset[str], citations: frozenset[str]) -> str:
    for quote in sorted(quotes, key=len, reverse=True):
        text = text.replace(quote, GAP)
    for written in sorted(citations, key=len, reverse=True):
        at = text.find(written)
        while at >= 0:
            end = at + len(written)
            if not (text[at - 1 : at].isalnum() and text[at].isascii()) and not _GOES_ON.match(text, end):
                text, end = text[:at] + GAP + text[end:], at + len(GAP)
            at = text.find(written, end)
    return text


def _citations_of(grounds: tuple[Exhibit, ...]) -> set[str]:
    written = set[str]()
    for exhibit in grounds:
        source = exhibit.source
        if isinstance(source, ProvisionRecord):
            written.add(form_law(source.work, Pin(source.number, exhibit.cited.pin)))
        if source is not None and source.display:
            written.add(source.display)
        if isinstance(source, ParagraphRecord) and len(source.name) >= _SHORTEST_NAME:
            written.add(source.name)
    return written
