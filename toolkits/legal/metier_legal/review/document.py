"""A document to verify, as its text and where each part of it stands. Pure."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

GAP: Final = "\n\n"


class Kind(StrEnum):
    """What a block is. A PAGE is a page of a PDF, whose sentences may go on in the next."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    QUOTE = "quote"
    TABLE = "table"
    FOOTNOTE = "footnote"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a cell, a note or a page.

    `page` is 0 where the file does not say it. `note` is the mark of a footnote, "" for any other block; `marks` are
    where notes are called in this block's text: (offset in it, mark).
    """

    text: str
    page: int = 0
    kind: Kind = Kind.PARAGRAPH
    note: str = ""
    marks: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The blocks in their order. `warnings` tell what was found while reading, hidden text above all."""

    blocks: tuple[Block, ...]
    warnings: tuple[str, ...] = ()
    text: str = field(init=False)
    starts: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        starts, at = [], 0
        for block in self.blocks:
            starts.append(at)
            at += len(block.text) + len(GAP)
        object.__setattr__(self, "starts", tuple(starts))
        object.__setattr__(self, "text", GAP.join(block.text for block in self.blocks))

    def block_at(self, offset: int) -> int:
        """Returns the index of the block in which a place of `text` lies."""
        return max(bisect_right(self.starts, offset) - 1, 0)

    def page_at(self, offset: int) -> int:
        """Returns the page on which a place of `text` lies, 0 when not known."""
        return self.blocks[self.block_at(offset)].page if self.blocks else 0

    def end_of(self, index: int) -> int:
        """Returns where in `text` a block ends."""
        return self.starts[index] + len(self.blocks[index].text)


def make_document(blocks: Iterable[Block], warnings: Iterable[str] = ()) -> Document:
    """Returns a document of the blocks that have text."""
    return Document(tuple(block for block in blocks if block.text.strip()), tuple(warnings))


def tell_hidden(count: int) -> tuple[str, ...]:
    """Returns the warning that hidden text was left out, or none."""
    places = "1 place" if count == 1 else f"{count} places"
    return (f"Hidden text was left out ({places}): it was not verified and has no say.",) if count else ()
