"""CSV and its relatives: the delimiter is told from the text. Pure."""

import csv
import io
from typing import Final

from metier.errors import InputError
from metier_research.files.paging import make_page
from metier_research.pages.page import Page
from metier_research.reading.document import MOST_CHARACTERS
from metier_research.reading.sniffing import decode
from metier_research.reading.tables import markdown_rows

_DELIMITERS: Final = ",;\t|"
_SAMPLE: Final = 8_192
_BETWEEN: Final = len(" | ")


def read_table(data: bytes, name: str) -> Page:
    """Returns the page of a table with values apart by comma, semicolon, tab or bar: rows of Markdown.

    Rows that would not fit into two million characters are left out, and that is noted. Raises InputError for what is
    no table, as a value of more than 131,072 characters.
    """
    text = decode(data).replace("\x00", "")
    rows: list[list[str]] = []
    length = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter_of(text, name)):
            length += sum(len(value) + _BETWEEN for value in row) + 1
            if length > MOST_CHARACTERS:
                return make_page(name, markdown_rows(rows), title=name, notes=(f"Left out: rows after {len(rows):,}.",))
            rows.append(row)
    except csv.Error as error:
        raise InputError(f"{name} is no table of values: {error}.", hint="Check its quotation marks.") from error
    return make_page(name, markdown_rows(rows), title=name)


def _delimiter_of(text: str, name: str) -> str:
    if name.lower().endswith((".tsv", ".tab")):
        return "\t"
    try:
        return csv.Sniffer().sniff(text[:_SAMPLE], _DELIMITERS).delimiter
    except csv.Error:
        return ","
