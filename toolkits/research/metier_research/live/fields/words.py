"""Words out of what a source sent: without markup, entities, and signs that nobody sees. Pure."""

import re
from html import unescape
from typing import Final

from metier_research.pages.hits import shorten
from metier_research.reading.cleaning import one_line

LONGEST: Final = 4_000  # characters of a text that are kept
_READ: Final = 40_000  # and those that are looked at
_SILENT: Final = re.compile(r"<(script|style|template)\b[^<>]{0,2000}>[^<]{0,20000}</\1\s{0,9}>", re.I)
_COMMENT: Final = re.compile(r"<!--[^<>]{0,2000}-->")
_TAG: Final = re.compile(r"</?[A-Za-z][\w:.-]{0,40}(?:\s[^<>=]{0,60}=[^<>]{0,2000})?\s{0,9}/?>")
_INLINE: Final = re.compile(r"</?(?:b|i|em|strong|mark|sub|sup|u|span|font|jats:(?:bold|italic|sub|sup|sc))\b", re.I)


def plain_text(written: str, longest: int = LONGEST) -> str:
    """Returns the words of a title or snippet that may hold HTML or JATS, on one line, at most `longest` characters.

    Markup and what it hides go, entities are read once, and characters that nobody sees go. A "<" that begins no tag
    ("a < b") stays.
    """
    text = _SILENT.sub(" ", written[:_READ])
    return shorten(one_line(unescape(_TAG.sub(_gap, _COMMENT.sub(" ", text)))), longest)


def _gap(tag: re.Match[str]) -> str:
    """A tag within a word leaves nothing behind; any other parts two words."""
    return "" if _INLINE.match(tag[0]) else " "
