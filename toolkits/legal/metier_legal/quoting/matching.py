"""Whether a quote stands in a text: exactly, after normalisation, and nowhere near it otherwise. Pure; linear time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from metier_legal.quoting.boundaries import is_inside_word, is_whole_sentence
from metier_legal.quoting.fragments import Fragment, count_words, read_fragments, split_ellipsis
from metier_legal.quoting.normal import Normal, normalise
from metier_legal.quoting.signs import is_cjk, is_turned

SHORTEST_WORDS: Final = 6
SHORTEST_SIGNS: Final = 12
SHORTEST_FRAGMENT_WORDS: Final = 4
SHORTEST_FRAGMENT_SIGNS: Final = 8
MOST_TRIES: Final = 100  # occurrences looked at before giving up: each costs its length
LONGEST: Final = 20_000
REMEMBERED: Final = 512
_EDGES: Final = " \t\r\n\"'“”‘’.,;:-"  # signs at the ends of a quote that are no part of its words


@dataclass(frozen=True, slots=True)
class QuoteMatch:
    """Whether the quote holds; where its fragments stand in the original text; without it, what the problem is."""

    holds: bool
    spans: tuple[tuple[int, int], ...] = ()
    problem: str = ""


@lru_cache(maxsize=REMEMBERED)
def match_quote(quote: str, text: str, *, language: str) -> QuoteMatch:
    """Returns whether the quote stands in the text by the quote rule, and where.

    Exact after `normalise`. An ellipsis leaves words out: the fragments stand in their order, each of at least 8
    Chinese signs or 4 words. Brackets may change the case of a letter, add a plural s, or say [sic] or [emphasis
    added]. A quote under 12 Chinese signs or 6 words must be a whole sentence. No quote begins or ends inside a word
    or a number.
    """
    if len(quote) > LONGEST:
        return QuoteMatch(False, problem=f"the quote is longer than {LONGEST} signs")
    if not normalise(quote, language=language, marks=False).text.strip(" '.,;:-"):
        return QuoteMatch(False, problem="the quote has no words")
    if is_turned(quote) and not is_turned(text):
        return QuoteMatch(False, problem="the quote has signs that turn or tag its words")
    if (exact := _find_exact(quote.strip(_EDGES), text, language)) is not None:
        return QuoteMatch(True, (exact,))
    problem = ""
    for fragments, normal in _ways(quote, text, language):
        if not fragments:
            continue
        spans = _place(fragments, normal, text)
        problem = problem if spans is None else _too_short(fragments, spans, text, language)
        if spans is not None and not problem:
            return QuoteMatch(True, spans)
    return QuoteMatch(False, problem=problem or "the words do not stand there")


def _find_exact(quote: str, text: str, language: str) -> tuple[int, int] | None:
    """Returns where a quote of enough words stands sign for sign, which needs no normalising; None where it does not.

    Most quotes are copies, and to normalise the text costs more than all else.
    """
    at = -1 if is_cjk(language) else text.find(quote)
    if at < 0 or count_words(quote) < SHORTEST_WORDS or is_inside_word(text, at, at + len(quote)):
        return None
    return at, at + len(quote)


def _ways(quote: str, text: str, language: str) -> Iterator[tuple[tuple[Fragment, ...], Normal]]:
    """Yields the readings of the quote with the text to look in: as it is, with words left out, with brackets read."""
    split = split_ellipsis(quote)
    literal = ((quote,), split) if len(split) > 1 or split != (quote,) else ((quote,),)
    for joined in (True, False):
        plain = normalise(text, language=language, marks=False, joined=joined)
        for parts in literal:
            yield read_fragments(parts, language, brackets=False, joined=joined), plain
        clean = normalise(text, language=language, marks=True, joined=joined)
        if "[" in quote or "［" in quote or clean.text != plain.text:
            yield read_fragments(split, language, brackets=True, joined=joined), clean
        if not _HYPHEN_END.search(text) and not _HYPHEN_END.search(quote):
            return


_HYPHEN_END: Final = re.compile(r"[-‐\u00ad][ \t]{0,8}\r?\n")


def _place(fragments: tuple[Fragment, ...], normal: Normal, text: str) -> tuple[tuple[int, int], ...] | None:
    """Returns where the fragments stand, in order and at word boundaries, as spans of the original; else None."""
    spans, at = [], 0
    for fragment in fragments:
        here = next(_occurrences(fragment, normal, text, at), None)
        if here is None:
            return None
        at = here + len(fragment.text)
        spans.append(normal.span(here, at))
    return tuple(spans)


def _occurrences(fragment: Fragment, normal: Normal, text: str, at: int) -> Iterator[int]:
    folded, wanted = _fold(normal.text), _fold(fragment.text)
    for _ in range(MOST_TRIES):
        here = folded.find(wanted, at)
        if here < 0:
            return
        end = here + len(wanted)
        if fragment.agrees(normal.text[here:end]) and not is_inside_word(text, *normal.span(here, end)):
            yield here
        at = here + 1


@lru_cache(maxsize=REMEMBERED)
def _fold(text: str) -> str:
    """Returns the text in small letters, sign for sign."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(c if len(c.lower()) != 1 else c.lower() for c in text)


def _too_short(fragments: tuple[Fragment, ...], spans: tuple[tuple[int, int], ...], text: str, language: str) -> str:
    """Returns why the fragments are too short, or ""."""
    cjk = is_cjk(language)
    unit = "signs" if cjk else "words"
    lengths = [len(f.text) if cjk else count_words(f.text) for f in fragments]
    least = SHORTEST_FRAGMENT_SIGNS if cjk else SHORTEST_FRAGMENT_WORDS
    if len(fragments) > 1:
        return f"a fragment between ellipses has fewer than {least} {unit}" if min(lengths) < least else ""
    whole = SHORTEST_SIGNS if cjk else SHORTEST_WORDS
    if lengths[0] >= whole or is_whole_sentence(text, *spans[0]):
        return ""
    return f"the quote has fewer than {whole} {unit} and is no whole sentence"
