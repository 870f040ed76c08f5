"""The sentences of a text, in English and Chinese, by where they stand. Pure."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

REMEMBERED: Final = 1_024
_ABBREVIATED: Final = (
    "Mr Mrs Ms Dr Prof St Sr Jr Gen Col Capt Lt Sgt Rev Hon Gov Sen Rep vs etc Inc Ltd Co Corp Bros No Nos Vol Fig Eq "
    "al ca cf approx Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec pp op ed eds Mt Ft"
)
_ABBREVIATIONS: Final = frozenset(_ABBREVIATED.split())
_STOP: Final = re.compile(r"(?P<latin>[.!?…]+[\"'”’)\]]*)(?=\s|\Z)|[。！？；]+[”’」』）]*|\n+")
_BEFORE: Final = re.compile(r"([^\W\d_][\w]*)\Z")
_SMALL_NEXT: Final = re.compile(r"\s+[a-z]")


@lru_cache(maxsize=REMEMBERED)
def find_sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Returns the spans of the sentences in order, without white space at their ends. A line ends a sentence.

    A full stop after an abbreviation or an initial ends none.
    """
    return tuple(_trim(text))


def sentences_of(text: str) -> tuple[str, ...]:
    """Returns the sentences of a text."""
    return tuple(text[start:end] for start, end in find_sentences(text))


def widen(text: str, start: int, end: int) -> tuple[int, int]:
    """Returns the span from the beginning of the first sentence that the span touches to the end of the last one."""
    touched = [(a, b) for a, b in find_sentences(text) if a < end and start < b]
    return (min(start, touched[0][0]), max(end, touched[-1][1])) if touched else (start, end)


def _trim(text: str) -> Iterator[tuple[int, int]]:
    for start, end in _pieces(text):
        piece = text[start:end]
        first, last = start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
        if first < last:
            yield first, last


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for stop in _STOP.finditer(text):
        if stop["latin"] is not None and _goes_on(text, stop):
            continue
        yield at, stop.end()
        at = stop.end()
    yield at, len(text)


def _goes_on(text: str, stop: re.Match[str]) -> bool:
    """Returns whether the full stop ends an abbreviation, an initial, or stands before a small letter."""
    if stop["latin"][0] != ".":
        return False
    before = _BEFORE.search(text, max(0, stop.start() - 12), stop.start())
    word = before[1] if before else ""
    initial = before is not None and len(word) == 1 and word.isupper() and text[: before.start()][-1:] != "°"
    short = word in _ABBREVIATIONS or initial
    return short or (stop["latin"] == "." and _SMALL_NEXT.match(text, stop.end()) is not None)
