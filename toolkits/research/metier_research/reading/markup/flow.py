"""A tree as text: paragraphs apart by an empty line, tables as rows of Markdown, lists as lines. Pure.

Reads HTML and what trafilatura makes of it (TEI), for their elements mean the same.
"""

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from metier_research.reading.cleaning import tidy
from metier_research.reading.tables import markdown_rows

_BREAKS: Final = frozenset(("br", "lb"))
_ITEMS: Final = frozenset(("li", "item", "dt", "dd"))
_ROWS: Final = frozenset(("tr", "row"))
_CELLS: Final = frozenset(("td", "th", "cell"))
_INLINE: Final = frozenset(
    (
        *(
            "a",
            "abbr",
            "acronym",
            "b",
            "bdi",
            "bdo",
            "big",
            "cite",
            "code",
            "data",
            "del",
            "dfn",
            "em",
            "font",
            "hi",
            "i",
        ),
        *(
            "img",
            "ins",
            "kbd",
            "label",
            "mark",
            "meter",
            "nobr",
            "output",
            "q",
            "ref",
            "rt",
            "ruby",
            "s",
            "samp",
            "small",
        ),
        *("span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "math", "mi", "mn", "mo", "mrow"),
    )
)
_SPACE: Final = re.compile(r"[ \t\n\r\f\xa0]+")
_MOST_NESTED: Final = 3


def text_of(root: etree._Element) -> str:
    """Returns the text of a tree."""
    writer = _Writer()
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            writer.open(element)
        else:
            writer.close(element)
    return tidy(writer.text())


class _Writer:
    """Gathers text; a paragraph ends where a block begins or ends."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._table: etree._Element | None = None

    def open(self, element: etree._Element) -> None:
        """Writes what comes before the children of an element."""
        if self._table is not None:
            return
        if element.tag == "table" and is_data(element):
            self._table = element
            self._pieces.append(f"\n\n{markdown_rows(_cells(element))}\n\n")
            return
        self._pieces.append(_before(element.tag))
        self._pieces.append(_SPACE.sub(" ", element.text or ""))

    def close(self, element: etree._Element) -> None:
        """Writes what comes after an element."""
        if self._table is not None and element is not self._table:
            return
        if self._table is None:
            self._pieces.append(_after(element.tag))
        self._table = None
        self._pieces.append(_SPACE.sub(" ", element.tail or ""))

    def text(self) -> str:
        """Returns what was written."""
        return "".join(self._pieces)


def is_data(table: etree._Element) -> bool:
    """Returns whether a table holds data, and does not only lay out a page: no table in it, short cells."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    cells = [len("".join(cell.itertext())) for cell in table.iterdescendants(*_CELLS)]
    return len(cells) > 1 and max(cells) <= 1500


def _cells(table: etree._Element) -> Iterator[list[str]]:
    for row in table.iterdescendants(*_ROWS):
        yield [" ".join(cell.itertext()) for cell in row.iterchildren(*_CELLS)]


def _before(tag: str) -> str:
    if tag in _INLINE or tag in _BREAKS:
        return ""
    return "\n- " if tag in _ITEMS else "\n\n"


def _after(tag: str) -> str:
    if tag in _BREAKS:
        return "\n"
    if tag in _CELLS:
        return " "
    if tag in _INLINE or tag in _ITEMS:
        return ""
    return "\n\n"
