"""Tables of wikitext as rows of Markdown."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from mwparserfromhell.nodes import Tag
from mwparserfromhell.wikicode import Wikicode

from metier_research.reading.tables import markdown_rows

_WIDEST: Final = 60
_TALLEST: Final = 200

Render: TypeAlias = Callable[[Wikicode], str]


@dataclass(slots=True)
class _Hanging:
    """A cell that reaches down into the rows below."""

    text: str
    rows: int


def table_rows(table: Tag, render: Render) -> str:
    """Returns the caption and the rows of a table; a cell over several rows or columns is said again in each row."""
    caption, rows = "", list[list[str]]()
    hanging: dict[int, _Hanging] = {}
    for cells in _rows_of(table):
        if len(cells) == 1 and (str(cells[0].tag) == "caption" or str(cells[0].contents).startswith("+")):
            caption = render(cells[0].contents).lstrip("+ ").strip()
        else:
            rows.append(_fill(cells, hanging, render))
    return f"{caption}\n\n{markdown_rows(rows)}".strip()


def _rows_of(table: Tag) -> Iterator[list[Tag]]:
    """Yields the cells of each row, a caption as a row; cells before the first mark of a row are the first row."""
    first: list[Tag] = []
    for tag in _tags_of(table):
        kind = str(tag.tag)
        if kind in ("td", "th") and not str(tag.contents).startswith("+"):
            first.append(tag)
            continue
        if first:
            yield first
            first = []
        if kind in ("tbody", "thead", "tfoot"):
            yield from _rows_of(tag)
        elif kind == "tr":
            yield [cell for cell in _tags_of(tag) if str(cell.tag) in ("td", "th")]
        elif kind in ("td", "caption"):
            yield [tag]
    if first:
        yield first


def _tags_of(tag: Tag) -> list[Tag]:
    return [node for node in tag.contents.nodes if isinstance(node, Tag)] if tag.contents is not None else []


def _fill(cells: list[Tag], hanging: dict[int, _Hanging], render: Render) -> list[str]:
    row: list[str] = []

    def take_hanging() -> None:
        while (above := hanging.get(len(row))) is not None:
            above.rows -= 1
            if not above.rows:
                del hanging[len(row)]
            row.append(above.text)

    for cell in cells:
        take_hanging()
        text = render(cell.contents)
        down = _span(cell, "rowspan", _TALLEST)
        for column in range(_span(cell, "colspan", _WIDEST)):
            shown = "" if column else text
            if down > 1:
                hanging[len(row)] = _Hanging(shown, down - 1)
            row.append(shown)
    take_hanging()
    return row


def _span(cell: Tag, name: str, most: int) -> int:
    value = str(cell.get(name).value).strip().strip("\"'") if cell.has(name) else ""
    return min(int(value), most) if value.isascii() and value.isdigit() and value != "0" * len(value) else 1
