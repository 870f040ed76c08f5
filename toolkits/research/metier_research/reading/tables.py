"""Tables as rows of Markdown (GitHub Flavored Markdown, section 4.10). Pure."""

from collections.abc import Iterable, Sequence
from typing import Final

from metier_research.reading.cleaning import one_line

_MOST_CELLS: Final = 500_000  # a table with one row of a million cells is not filled up


def markdown_rows(rows: Iterable[Sequence[str]]) -> str:
    """Returns the table, its first row as the head; rows of unequal length are filled up, empty ones left out."""
    cells = [[one_line(cell).replace("|", "\\|") for cell in row] for row in rows]
    full = [row for row in cells if any(row)]
    if not full:
        return ""
    width = max(map(len, full))
    if width * len(full) > _MOST_CELLS:
        width = len(full[0])
    lines = [_line(row, width) for row in full]
    return "\n".join((lines[0], _line(["---"] * width, width), *lines[1:]))


def _line(row: Sequence[str], width: int) -> str:
    return "| " + " | ".join([*row, *[""] * (width - len(row))]) + " |"
