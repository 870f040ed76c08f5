"""The nearest passage to a quote that does not hold. For repair only: nothing is ever accepted by it."""

from difflib import SequenceMatcher
from typing import Final

from rapidfuzz.fuzz import partial_ratio_alignment, ratio

from metier_legal.quoting.normal import normalise
from metier_legal.quoting.signs import is_cjk

LEAST: Final = 60.0
LONGEST_QUOTE: Final = 600
LONGEST_TEXT: Final = 20_000
MOST_EDITS: Final = 6
MOST_WORDS: Final = 2


def suggest(quote: str, text: str, *, language: str = "en") -> str:
    """Returns the passage of the text that is nearest to the quote, and the words that differ; "" for none near."""
    near = find_nearest(quote, text)
    if near is None:
        return ""
    changes = list_differences(quote, near, language=language)
    told = f" ({'; '.join(changes)})" if changes else ""
    return f"“{near}”{told}"


def find_nearest(quote: str, text: str) -> str | None:
    """Returns the passage of the text that is nearest to the quote by letters, or None when none is near."""
    quote, text = quote[:LONGEST_QUOTE], text[:LONGEST_TEXT]
    if not quote.strip() or not text.strip():
        return None
    found = partial_ratio_alignment(quote, text, score_cutoff=LEAST)
    if found is None:
        return None
    return max(_windows(text, found.dest_start, found.dest_end), key=lambda near: ratio(quote, near), default=None)


def _windows(text: str, start: int, end: int) -> list[str]:
    """Returns the passage with up to two words more on each side, half words never at its ends."""
    starts, ends = [_edge(text, start, -1)], [_edge(text, end, 1)]
    for _ in range(MOST_WORDS):
        starts.append(_edge(text, max(0, starts[-1] - 2), -1))
        ends.append(_edge(text, min(len(text), ends[-1] + 2), 1))
    passages = [" ".join(text[first:last].split()) for first in starts for last in ends if first < last]
    return [passage for passage in passages if passage]


def _edge(text: str, at: int, step: int) -> int:
    while 0 < at < len(text) and _is_latin(text[at - 1]) and _is_latin(text[at]):
        at += step
    return at


def _is_latin(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()


def list_differences(quote: str, passage: str, *, language: str) -> tuple[str, ...]:
    """Returns what to change in the quote to have the passage, words (Chinese: signs) by words, the first six."""
    ours, theirs = (_words(one, language) for one in (quote, passage))
    gap = "" if is_cjk(language) else " "
    found = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        said, stands = gap.join(ours[i1:i2]), gap.join(theirs[j1:j2])
        if kind == "replace":
            found.append(f"“{stands}”, not “{said}”")
        elif kind == "insert":
            found.append(f"“{stands}” is left out")
        elif kind == "delete":
            found.append(f"“{said}” is not there")
    return tuple(found[:MOST_EDITS])


def _words(text: str, language: str) -> list[str]:
    plain = normalise(text[:LONGEST_QUOTE], language=language).text
    return list(plain) if is_cjk(language) else plain.split()
