"""Quotes in a document: between quotation marks of any script, and block quotes. Pure; linear time."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from metier_legal.review.document import Document, Kind

LONGEST: Final = 6000
LEAST_WORDS: Final = 4
LEAST_SIGNS: Final = 8

# What opens a quote, and what closes it. „ is closed by “ in German and by ” elsewhere.
_PAIRS: Final = {"“": "”", "„": "“”", "«": "»", "»": "«", "「": "」", "『": "』", '"': '"', "＂": "＂"}
_MARKS: Final = re.compile(f"[{re.escape(''.join(sorted(set(''.join([*_PAIRS, *_PAIRS.values()])))))}]")
_OPENS: Final = re.compile(r"(?<!\w)[‘](?=\S)")
_CLOSES: Final = re.compile(r"(?<=\S)’(?!\w)")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote: the words are `document.text[start:end]`, without their marks.

    `sure` says that the document plainly names its source; otherwise the source is only the nearest citation.
    """

    start: int
    end: int
    text: str
    block: bool = False
    sure: bool = False


def find_quotes(document: Document) -> tuple[Quote, ...]:
    """Returns the quotes in the order of the text; one within another is part of that.

    Left out are terms and names between quotation marks: fewer than LEAST_WORDS words (Chinese: LEAST_SIGNS signs).
    """
    found: list[Quote] = []
    for start, end, kind in _runs(document):
        if kind is Kind.QUOTE:
            found.append(_trim(document.text, start, end, block=True))
        else:
            found.extend(
                _outermost((*_find_marked(document.text, start, end), *_find_single(document.text, start, end)))
            )
    return tuple(quote for quote in found if is_quote(quote.text))


def is_quote(text: str) -> bool:
    """Returns whether words are long enough to be a quote rather than a term."""
    han = len(_HAN.findall(text))
    return han >= LEAST_SIGNS if han * 2 > len(text) else len(_WORD.findall(text)) >= LEAST_WORDS


def _runs(document: Document) -> Iterator[tuple[int, int, Kind]]:
    """Returns the spans in which a quote may begin and end: a block each, and pages that follow each other as one."""
    begin = 0
    for index, block in enumerate(document.blocks):
        following = document.blocks[index + 1] if index + 1 < len(document.blocks) else None
        if block.kind is Kind.PAGE and following is not None and following.kind is Kind.PAGE:
            continue
        yield document.starts[begin], document.end_of(index), block.kind
        begin = index + 1


def _find_marked(text: str, start: int, end: int) -> Iterator[Quote]:
    opened: deque[tuple[int, str]] = deque()
    for match in _MARKS.finditer(text, start, end):
        mark, at = match[0], match.start()
        while opened and at - opened[0][0] > LONGEST:
            opened.popleft()  # a mark that nothing closes
        if opened and mark in opened[-1][1]:
            begin, _ = opened.pop()
            if not opened:
                yield _trim(text, begin + 1, at)
        elif mark in _PAIRS and not (mark == '"' and _is_inch(text, at)):
            opened.append((at, _PAIRS[mark]))


def _find_single(text: str, start: int, end: int) -> Iterator[Quote]:
    """Yields quotes in single marks, as in British use; an apostrophe closes nothing where a better mark follows."""
    openers = [match.start() for match in _OPENS.finditer(text, start, end)]
    for at, following in zip(openers, [*openers, end][1:], strict=True):
        closers = list(_CLOSES.finditer(text, at + 1, min(following, at + LONGEST)))
        plain = (one for one in closers if one.start() > at + 1 and _is_end(text, one.start()))
        close = next(plain, closers[-1] if closers else None)
        if close is not None:
            yield _trim(text, at + 1, close.start())


def _is_end(text: str, at: int) -> bool:
    return text[at - 1] in ".,;:!?" or text[at + 1 : at + 2] in (".", ",", ";", ":", "!", "?", ")")


def _outermost(quotes: Iterable[Quote]) -> Iterator[Quote]:
    """Yields the quotes in the order of the text without those that stand within another."""
    reached = -1
    for quote in sorted(quotes, key=lambda quote: (quote.start, -quote.end)):
        if quote.end > reached:
            yield quote
            reached = quote.end


def _is_inch(text: str, at: int) -> bool:
    return at > 0 and text[at - 1].isdigit() and (at + 1 >= len(text) or not text[at + 1].isalnum())


def _trim(text: str, start: int, end: int, *, block: bool = False) -> Quote:
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    return Quote(start, start + len(words.strip()), words.strip(), block)
