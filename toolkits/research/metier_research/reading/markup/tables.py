"""Tables of HTML made regular: every row has a cell for every column, whatever spans it."""

from collections import deque
from typing import Final

from lxml import etree

_MOST_SPAN: Final = 50
_MOST_CELLS: Final = 20_000  # that are written again, in a page
_LONGEST: Final = 300  # characters of a cell that is written again
_CELLS: Final = frozenset(("td", "th"))


def expand_spans(root: etree._Element) -> None:
    """Writes a cell that spans columns or rows once for each of them, so that each value stands in its column.

    A caption becomes a paragraph before its table.
    """
    made = 0
    for table in list(root.iter("table")):
        _lift_caption(table)
        waiting: dict[int, tuple[int, etree._Element]] = {}
        for row in table.iter("tr"):
            if made > _MOST_CELLS:
                break
            made += _expand(row, waiting)
    for cell in root.iter("td", "th"):  # also where too much was spanned: who reads on would span it again
        cell.attrib.pop("rowspan", None)
        cell.attrib.pop("colspan", None)


def _expand(row: etree._Element, waiting: dict[int, tuple[int, etree._Element]]) -> int:
    """Rewrites a row and returns how many cells were made; `waiting` are those above that reach into it, by column."""
    cells = deque(cell for cell in row if cell.tag in _CELLS)
    line: list[etree._Element] = []
    made = 0
    while cells or len(line) in waiting:
        at = len(line)
        if at in waiting:
            left, above = waiting.pop(at)
            line.append(_copy(above))
            made += 1
            if left > 1:
                waiting[at] = (left - 1, above)
            continue
        cell = cells.popleft()
        down = _span(cell, "rowspan")
        for column in range(_span(cell, "colspan")):
            line.append(cell if column == 0 else _copy(cell))
            made += column > 0
            if down > 1:
                waiting[at + column] = (down - 1, cell)
    if made:
        row[:] = line
    return made


def _lift_caption(table: etree._Element) -> None:
    caption = table.find("caption")
    if caption is not None and table.getparent() is not None:
        paragraph = table.makeelement("p")
        paragraph.text = "".join(caption.itertext())
        table.remove(caption)
        table.addprevious(paragraph)


def _copy(cell: etree._Element) -> etree._Element:
    """Returns a cell with the words of another, empty where that has too many to be said again and again."""
    copy = cell.makeelement(cell.tag)
    words = "".join(cell.itertext())
    copy.text = words if len(words) <= _LONGEST else ""
    return copy


def _span(cell: etree._Element, name: str) -> int:
    written = cell.get(name, "1").strip()
    return min(max(int(written), 1), _MOST_SPAN) if written.isascii() and written.isdigit() and len(written) < 6 else 1
