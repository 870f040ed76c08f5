"""Paragraphs of a decision before and after they have their numbers. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from metier_legal.law.case import Paragraph, Part

BLANK: Final = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)*\n")
_STAR: Final = re.compile(r"\*{1,2}\s?(\d{1,6})\b")
_LEAP: Final = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph before it has its number. `page` is the reporter's page on which it begins."""

    text: str
    page: str = ""


@dataclass(frozen=True, slots=True)
class Opinion:
    """One opinion of a case, its paragraphs in order."""

    part: Part
    author: str = ""
    pieces: tuple[Piece, ...] = ()


def number_paragraphs(opinions: Sequence[Opinion]) -> tuple[Paragraph, ...]:
    """Returns the paragraphs of all opinions, numbered through from 1. Empty ones are left out."""
    placed = [(opinion, piece) for opinion in opinions for piece in opinion.pieces if piece.text.strip()]
    return tuple(
        Paragraph(number=number, text=piece.text, part=opinion.part, author=opinion.author, page=piece.page)
        for number, (opinion, piece) in enumerate(placed, 1)
    )


def split_text(text: str, *, first_page: str = "", lines: bool = False) -> tuple[Piece, ...]:
    """Returns the paragraphs of a plain text: by blank lines, or one a line when `lines`.

    Texts are exact but for white space at their ends. Page stars (*114) stay in them and give the pages.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    parts = text.split("\n") if lines else BLANK.split(text)
    return tuple(_page(part.strip() for part in parts if part.strip()) if "*" in text else _leaf(parts, first_page))


def _leaf(parts: Iterable[str], page: str) -> Iterator[Piece]:
    return (Piece(part.strip(), page) for part in parts if part.strip())


def _page(texts: Iterable[str]) -> Iterator[Piece]:
    page = ""
    for text in texts:
        begins = _STAR.match(text)
        if begins and _leads_on(page, begins[1]):
            page = begins[1]
        yield Piece(text, page)
        for star in _STAR.finditer(text):
            if _leads_on(page, star[1]):
                page = star[1]


def _leads_on(page: str, following: str) -> bool:
    """Returns whether a star can turn the page: one that leaps or goes back is a note mark or a multiplication."""
    return not page or 0 < int(following) - int(page) <= _LEAP
