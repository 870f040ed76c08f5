"""Comparing the words of a quote with a text, and saying what is the matter when they do not stand there. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz, process

from metier_legal.quoting.matching import match_quote
from metier_legal.quoting.normal import normalise
from metier_legal.quoting.suggestion import suggest
from metier_legal.review.verdicts.items import Code, Finding

SHORT_WORDS: Final = 6
SHORT_SIGNS: Final = 12
NEAR: Final = 85  # of 100: so alike that the quote can hardly mean any other passage
ALIKE: Final = 60
LONGEST_QUOTE: Final = 600
LONGEST_TEXT: Final = 20_000
_GAP: Final = 300
_LEAST_LETTERS: Final = 12
_RUN: Final = re.compile(r"[^\W\d_]+(?:\s+[^\W\d_]+)*")
_WORD: Final = re.compile(r"\w+")
_NO_LETTER: Final = re.compile(r"[\W\d_]+")
_NO_SIGN: Final = re.compile(r"[\W_]+")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_LINE_HYPHEN: Final = re.compile(r"[-‐\u00ad][ \t]{0,8}\n")
_CUT: Final = re.compile(r"\[[^\[\]]{0,200}\]|［[^［］]{0,200}］|…+|\.\s?\.\s?\.(?:\s?\.)?")


@dataclass(frozen=True, slots=True)
class Sought:
    """The words of a quote. `sure` says that its document plainly names the source they are sought in."""

    text: str
    sure: bool = True


def stands(quote: str, text: str, language: str) -> bool:
    """Returns whether the quote stands in the text by the quote rule, or letter by letter if it is too short for it."""
    if match_quote(quote, text, language=language).holds:
        return True
    if not is_short(quote):
        return False
    words, whole = (normalise(one, language=language).text.casefold().strip(" .,;:") for one in (quote, text))
    return bool(words) and words in whole


def is_short(quote: str) -> bool:
    """Returns whether a quote has fewer words or signs than the quote rule asks for."""
    quote = _LINE_HYPHEN.sub("", quote)
    signs = len(_HAN.findall(quote))
    return signs < SHORT_SIGNS if signs * 2 > len(quote) else len(_WORD.findall(quote)) < SHORT_WORDS


@lru_cache(maxsize=4096)
def squeeze(text: str) -> str:
    """Returns the letters of a text: enough to rule a passage out, never to accept one."""
    return _NO_LETTER.sub("", text.casefold())


def key_of(quote: str) -> str:
    """Returns the longest run of words in a quote, as its letters."""
    runs = _RUN.findall(_CUT.sub("\n", quote))
    return squeeze(max(runs, key=len)) if runs else ""


def judge_miss(quote: Sought, texts: Sequence[str], language: str, *, complete: bool = True) -> Finding:
    """Returns the verdict on a quote that stands in none of the texts, which are where it should stand.

    Unknown are: a source of which the corpus has not all; words that the author has put in by brackets, or left out in
    pieces too short to compare; and, where the source is only the nearest citation, words that are not near any there.
    """
    if not complete:
        return Finding("unknown", Code.NOT_IN_CORPUS, "The words are not in what the corpus has of it; it has not all.")
    cut = [text[:LONGEST_TEXT] for text in texts]
    near = process.extractOne(quote.text[:LONGEST_QUOTE], cut, scorer=fuzz.partial_ratio, score_cutoff=ALIKE)
    nearest = suggest(quote.text, near[0], language=language) if near is not None else ""
    shown = f"Nearest: {nearest}" if nearest else ""
    if any(_is_altered(quote.text, text) for text in cut):
        says = "The author has changed words by brackets, or left some out; the rest stands there."
        return Finding("unknown", Code.QUOTE_MISMATCH, says, shown)
    means_it = near is not None and near[1] >= NEAR and not is_short(quote.text)
    if means_it or (quote.sure and not (is_short(quote.text) and not nearest)):
        return Finding("wrong", Code.QUOTE_MISMATCH, "The words do not stand there.", shown)
    says = "The words do not stand there; they may be of another source, or a term."
    return Finding("unknown", Code.QUOTE_MISMATCH, says, shown)


def _is_altered(quote: str, text: str) -> bool:
    """Returns whether a quote with brackets or ellipses stands in the text but for these, its pieces in their order."""
    if _CUT.search(quote) is None:
        return False
    pieces = [piece for part in _CUT.split(quote) if (piece := _letters(part))]
    if sum(map(len, pieces)) < _LEAST_LETTERS:
        return False
    whole = _letters(text)
    start = whole.find(pieces[0])
    while start >= 0:
        if _follow(pieces, whole, start):
            return True
        start = whole.find(pieces[0], start + 1)
    return False


def _follow(pieces: Sequence[str], whole: str, start: int) -> bool:
    at = start + len(pieces[0])
    for piece in pieces[1:]:
        here = whole.find(piece, at, at + _GAP + len(piece))
        if here < 0:
            return False
        at = here + len(piece)
    return True


def _letters(text: str) -> str:
    return _NO_SIGN.sub("", text.casefold())
