"""The legal citations that stand in the text of a statement. Pure."""

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Final

from metier_legal.citations.citation import Citation
from metier_legal.citations.finding import ALL, find_citations

REMEMBERED: Final = 512
# "410 U.S. 113", "17 U.S.C. § 101", "Fed. R. Civ. P. 12": without one the American grammar has nothing to find.
_REPORTER: Final = re.compile(
    r"\b\d{1,4}\s+[A-Z][A-Za-z0-9.'’&]{0,12}(?:\s[A-Za-z0-9.'’&]{1,10}){0,4}?\s+(?:§+\s*)?\d"
    r"|\b(?:U\.?\s?S\.?\s?C|C\.?\s?F\.?\s?R|Fed\.\s?R|F\.R\.|Stat\.|Const\.|Code\s+§)",
)
_SIGNS: Final = re.compile(r"[\d§《〈]|\bArt|[一二三四五六七八九十]条|[本该]法")
_OTHERS: Final = tuple(system for system in ALL if system != "us")


def find_mentions(text: str, names: Collection[str] = ()) -> tuple[Citation, ...]:
    """Returns the citations of a text. `names` are further names that mean laws."""
    known = frozenset(name for name in names if name in text)
    return _find(text, known) if _SIGNS.search(text) or known else ()


@lru_cache(maxsize=REMEMBERED)
def _find(text: str, names: frozenset[str]) -> tuple[Citation, ...]:
    return find_citations(text, systems=ALL if _REPORTER.search(text) else _OTHERS, names=names)
