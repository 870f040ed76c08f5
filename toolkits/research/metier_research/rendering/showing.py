"""Texts of strangers made fit to be shown: nothing in them hides, reorders or overprints anything. Pure."""

import re
from itertools import groupby
from typing import Final
from unicodedata import combining
from urllib.parse import urlsplit

from metier_research.reading.cleaning import clean

_RULE: Final = re.compile(r"^\|[ \t|:-]{3,}\|[ \t]*(?:\n|\Z)", re.MULTILINE)
_EDGE: Final = re.compile(r"^\|[ \t]?|[ \t]?\|[ \t]*$", re.MULTILINE)
_BAR: Final = re.compile(r"[ \t]*\|[ \t]*")
MOST_MARKS: Final = 4  # combining marks on one letter; more of them overprint the lines around it
_LINKED: Final = ("http", "https")


def shown(text: str) -> str:
    """Returns the text without signs that are not seen, and with at most four combining marks on a letter."""
    plain = clean(text)
    if plain.isascii():
        return plain
    parts = []
    for marks, signs in groupby(plain, key=lambda sign: combining(sign) > 0):
        run = "".join(signs)
        parts.append(run[:MOST_MARKS] if marks else run)
    return "".join(parts)


def plain_rows(text: str) -> str:
    """Returns the text with its tables as lines of cells, for eyes that do not read Markdown."""
    return _BAR.sub(" · ", _EDGE.sub("", _RULE.sub("", text))) if "|" in text else text


def one_line(text: str) -> str:
    """Returns the text as it may be shown, on one line."""
    return " ".join(shown(text).split())


def link_of(address: str) -> str:
    """Returns the address when a page may link to it (http or https, with a host), else ""."""
    plain = one_line(address)
    try:
        parts = urlsplit(plain)
    except ValueError:
        return ""
    return plain if parts.scheme in _LINKED and parts.hostname and " " not in plain else ""
