"""XLSX: every sheet that is shown, as rows of Markdown; formulas are never run: what they last gave is read."""

import datetime
import math
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

import openpyxl
from lxml import etree
from openpyxl.utils import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from metier.errors import InputError
from metier_research.files.package import opened_package
from metier_research.files.paging import make_page
from metier_research.pages.page import Page
from metier_research.reading.tables import markdown_rows

MOST_SHEET_BYTES: Final = 24 * 1024 * 1024
_MOST_CELLS: Final = 400_000
_WIDEST: Final = 16_384
_LONGEST: Final = 1_048_576
_SHEETS: Final = ("xl/worksheets/", "xl/sharedStrings.xml")


def read_sheets(data: bytes, name: str) -> Page:
    """Returns the page of a workbook: a heading and a table for each sheet, in the workbook's order.

    Hidden sheets, rows and columns and comments are left out and counted in a note. Raises InputError for a damaged
    workbook, and for one with more than 24 MB of cells.
    """
    with opened_package(data, name, damage=(InvalidFileException,)) as package:
        _check_size(package, name)
        book = openpyxl.load_workbook(BytesIO(data), data_only=True, keep_links=False)
        reader = _Reader()
        text = "\n\n".join(reader.read(book.worksheets))
        modified = book.properties.modified
        return make_page(
            name,
            text,
            title=book.properties.title or name,
            modified=modified.date().isoformat() if isinstance(modified, datetime.datetime) else "",
            notes=reader.notes(),
        )


def _check_size(package: zipfile.ZipFile, name: str) -> None:
    """Raises InputError for more cells than can be held; merged ones count, for each becomes a cell."""
    sheets = [member for member in package.infolist() if member.filename.startswith(_SHEETS)]
    size, merged = sum(member.file_size for member in sheets), 0
    if size <= MOST_SHEET_BYTES:
        merged = sum(_merged_cells(package.read(member)) for member in sheets if member.filename.endswith(".xml"))
    if size > MOST_SHEET_BYTES or merged > _MOST_CELLS:
        raise InputError(f"{name} holds more than can be read.", hint="Save the sheet you need as CSV.")


def _merged_cells(sheet: bytes) -> int:
    count = 0
    for _, merged in etree.iterparse(BytesIO(sheet), tag="{*}mergeCell", resolve_entities=False, no_network=True):
        left, top, right, bottom = range_boundaries(merged.get("ref") or "A1")
        count += ((right or _WIDEST) - (left or 1) + 1) * ((bottom or _LONGEST) - (top or 1) + 1)
    return count


class _Reader:
    """Reads sheets, and counts what is hidden in them."""

    def __init__(self) -> None:
        self._left_out = dict.fromkeys(("hidden sheets", "hidden rows", "hidden columns", "comments"), 0)
        self._cells = 0
        self._cut = False

    def read(self, sheets: list[Any]) -> Iterator[str]:
        for sheet in sheets:
            if sheet.sheet_state != "visible":
                self._left_out["hidden sheets"] += 1
                continue
            yield f"# {sheet.title}"
            yield markdown_rows(self._rows(sheet))

    def notes(self) -> tuple[str, ...]:
        counted = tuple(f"Left out: {what} ({count})." for what, count in self._left_out.items() if count)
        return (*counted, f"Left out: rows after the first {_MOST_CELLS:,} cells.") if self._cut else counted

    def _rows(self, sheet: Any) -> Iterator[list[str]]:
        columns = _hidden_columns(sheet)
        rows = {number for number, row in sheet.row_dimensions.items() if row.hidden}
        self._left_out["hidden columns"] += len(columns)
        for number, row in enumerate(sheet.iter_rows(), 1):
            self._left_out["comments"] += sum(1 for cell in row if cell.comment is not None)
            if number in rows:
                self._left_out["hidden rows"] += 1
                continue
            self._cells += len(row)
            if self._cells > _MOST_CELLS:
                self._cut = True
                return
            yield [_shown(cell.value) for cell in row if cell.column not in columns]


def _hidden_columns(sheet: Any) -> frozenset[int]:
    """Returns the numbers of hidden columns that hold cells; one entry of the file may stand for many columns."""
    hidden = [column for column in sheet.column_dimensions.values() if column.hidden and column.min and column.max]
    most = sheet.max_column
    return frozenset(n for column in hidden for n in range(column.min, min(column.max, most) + 1))


def _shown(value: object) -> str:
    """Returns a cell as text: dates as ISO 8601, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
    if isinstance(value, float) and math.isfinite(value) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
