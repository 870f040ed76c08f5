"""A page cut into passages, and those that fit a goal best by their words. Pure; the same page, the same passages."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from metier_research.pages.page import Page, Passage

LEAST: Final = 300
MOST: Final = 1200
LONGEST_ROW: Final = 6_000
_PIECE: Final = MOST - LEAST - 10  # a heading and the paragraph under it fit into one passage
_K1: Final = 1.2
_B: Final = 0.75
_BLOCK: Final = re.compile(r"\n(?:[ \t]*\n)+")
_SENTENCE: Final = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+|(?<=[。！？；])")
_SIGNS: Final = r"\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_UNSPACED: Final = re.compile(f"[{_SIGNS}]")
_WORD: Final = re.compile(rf"[{_SIGNS}]+|[^\W_{_SIGNS}]+(?:['’][^\W_{_SIGNS}]+)*")
_COMMON: Final = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be by did do does for from had has have how in is it its of on or that the their this to "
        "was were what when where which who whom whose why will with",
    )
)


def cut(page: Page) -> tuple[Passage, ...]:
    """Returns the passages of the page's text, in its order and without overlap; only white space is between them.

    Each has 300 to 1200 characters, the last of the page perhaps fewer. They end where a paragraph does, or else a
    line, a sentence or a word. A row of a table is not split, even a longer one, up to LONGEST_ROW characters.
    """
    pieces = [span for block in _blocks(page.text) for span in _split(page.text, *block)]
    return tuple(Passage(start, end, page.text[start:end]) for start, end in _merge(pieces))


def rank(passages: Sequence[Passage], goal: str, limit: int) -> tuple[Passage, ...]:
    """Returns at most `limit` passages, the one that fits the goal's words best first (Okapi BM25, Robertson 1994).

    Passages with none of the words are left out, unless none has any: then the first ones are returned. Of equals the
    earlier comes first.
    """
    scores = _scores([Counter(words_of(passage.text)) for passage in passages], words_of(goal))
    order = sorted(range(len(passages)), key=lambda index: (-scores[index], index))
    fit = [index for index in order if scores[index] > 0]
    return tuple(passages[index] for index in (fit or range(len(passages)))[: max(limit, 0)])


def words_of(text: str) -> list[str]:
    """Returns the words that a search compares, in small letters: Chinese and the like by pairs of signs."""
    return [word for found in _WORD.finditer(text) for word in _terms(found[0].casefold())]


def _terms(word: str) -> Iterator[str]:
    if _UNSPACED.match(word):
        yield from (word[at : at + 2] for at in range(max(len(word) - 1, 1)))
    elif word not in _COMMON:
        yield _stem(word)


def _stem(word: str) -> str:
    """Returns the word without an English plural or possessive."""
    word = word.removesuffix("'s").removesuffix("’s")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _scores(counts: Sequence[Counter[str]], goal: Sequence[str]) -> list[float]:
    lengths = [sum(count.values()) for count in counts]
    mean = sum(lengths) / len(lengths) if any(lengths) else 1.0
    scores = [0.0] * len(counts)
    for word in dict.fromkeys(goal):
        holding = [index for index, count in enumerate(counts) if word in count]
        weight = math.log(1 + (len(counts) - len(holding) + 0.5) / (len(holding) + 0.5))
        for index in holding:
            often = counts[index][word]
            scores[index] += weight * often * (_K1 + 1) / (often + _K1 * (1 - _B + _B * lengths[index] / mean))
    return scores


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Yields the spans between empty lines, without white space at their ends."""
    at = 0
    for gap in _BLOCK.finditer(text):
        yield from _trim(text, at, gap.start())
        at = gap.end()
    yield from _trim(text, at, len(text))


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yields the span in pieces of at most _PIECE characters: by lines, then sentences, then words."""
    if end - start <= _PIECE:
        yield start, end
        return
    at = start
    for line in [*re.finditer("\n", text[start:end]), None]:
        stop = end if line is None else start + line.start()
        for first, last in _trim(text, at, stop):
            if last - first <= (LONGEST_ROW if text.startswith("|", first) else _PIECE):
                yield first, last
            else:
                yield from _sentences(text, first, last)
        at = stop + 1


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for stop in [*(start + gap.end() for gap in _SENTENCE.finditer(text[start:end])), end]:
        for first, last in _trim(text, at, stop):
            yield from _words(text, first, last)
        at = stop


def _words(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _PIECE:
        space = text.rfind(" ", start + LEAST, start + _PIECE)
        stop = space if space > 0 else start + _PIECE
        yield from _trim(text, start, stop)
        start = stop
    yield from _trim(text, start, end)


def _merge(pieces: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yields neighbours as one until LEAST is reached, as long as they stay within MOST."""
    here: tuple[int, int] | None = None
    for start, end in pieces:
        if here is None:
            here = (start, end)
        elif here[1] - here[0] < LEAST and end - here[0] <= MOST:
            here = (here[0], end)
        else:
            yield here
            here = (start, end)
    if here is not None:
        yield here


def _trim(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    first = start + len(piece) - len(piece.lstrip())
    last = start + len(piece.rstrip())
    if last > first:
        yield first, last
