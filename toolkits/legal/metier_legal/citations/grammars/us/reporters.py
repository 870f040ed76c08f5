"""Reporter citations by eyecite's tables: "410 U.S. 113", "373 P. 3d, at 3". The only module that loads eyecite.

eyecite runs on the stretches in which a number is followed by a capital, joined to pieces of bounded length: what it
costs is then linear in the text, and nothing where no such stretch is.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from eyecite.models import CitationToken
from eyecite.tokenizers import default_tokenizer

from metier_legal.citations.grammars.us.stretches import PIECE, find_stretches

BETWEEN: Final = "‖"  # no reporter has this sign, so no citation is read across it

_WORD: Final = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Reported:
    """A reporter citation: `short` with the page that is pinned ("556 U.S., at 678"), else with the first page.

    `source` is eyecite's table: reporters, laws or journals. `reporter` is its standard form where that is one.
    """

    start: int
    end: int
    source: str
    volume: str
    reporter: str
    page: str
    section: str
    short: bool


def find_reported(text: str) -> list[Reported]:
    """Returns the reporter citations in order, none overlapping another."""
    found = list[Reported]()
    for piece in _pieces(text):
        for token in _tokens(" ".join(piece.words)):
            begin, end = piece.place(token.start), piece.place(token.end - 1) + 1
            if not (found and begin < found[-1].end) and "§" not in text[max(0, begin - 3) : begin]:
                found.append(_reported(token, begin, end))
    return found


class _Piece:
    """Words of stretches, joined by single blanks (eyecite reads no citation over a line's end), and their places."""

    def __init__(self) -> None:
        self.words = list[str]()
        self.starts = list[int]()
        self.places = list[int]()
        self.length = 0

    def add(self, word: str, place: int) -> None:
        self.words.append(word)
        self.starts.append(self.length)
        self.places.append(place)
        self.length += len(word) + 1

    def place(self, position: int) -> int:
        """Returns where in the text the sign at this position of the joined words stands."""
        number = bisect_right(self.starts, position) - 1
        return self.places[number] + position - self.starts[number]


def _pieces(text: str) -> Iterator[_Piece]:
    piece = _Piece()
    for begin, end in find_stretches(text):
        if piece.length > PIECE:
            yield piece
            piece = _Piece()
        for word in _WORD.finditer(text, begin, end):
            piece.add(word[0], word.start())
        piece.add(BETWEEN, end)
    if piece.words:
        yield piece


def _tokens(piece: str) -> Iterator[Any]:
    """Yields eyecite's citation tokens by start, of overlapping ones the longest; equal ones made one."""
    makers = default_tokenizer.get_extractors(piece)
    found: list[Any] = [
        maker.get_token(match)
        for maker in makers
        if maker.constructor == CitationToken.from_match
        for match in maker.compiled_regex.finditer(piece)
    ]
    last = None
    for token in sorted(found, key=lambda one: (one.start, -one.end, one.short, not one.exact_editions)):
        if last is not None and token.start < last.end:
            last = last.merge(token) or last
            continue
        if last is not None:
            yield last
        last = token
    if last is not None:
        yield last


def _reported(token: Any, start: int, end: int) -> Reported:
    groups = token.groups
    editions = [*token.exact_editions] or [*token.variation_editions]
    sources = {edition.reporter.source for edition in (*token.exact_editions, *token.variation_editions)}
    page = groups.get("page") or ""
    return Reported(
        start,
        end,
        next((source for source in ("reporters", "laws", "journals") if source in sources), ""),
        groups.get("volume") or "",
        _standard(" ".join((groups.get("reporter") or "").split()), editions),
        "" if page.strip("_-—") == "" else page,
        groups.get("section") or "",
        token.short,
    )


def _standard(written: str, editions: Iterable[Any]) -> str:
    names = {edition.short_name for edition in editions}
    return names.pop() if len(names) == 1 else written
