"""DOCX: what a reader sees, in its order; deleted and hidden words, comments and fields' instructions are left out."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import docx
from docx.exceptions import PythonDocxError
from docx.opc.exceptions import OpcError

from metier_research.files.package import opened_package, parse_markup
from metier_research.files.paging import make_page
from metier_research.pages.page import Page
from metier_research.reading.tables import markdown_rows

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED: Final = frozenset(
    (*(f"{_W}{name}" for name in ("del", "moveFrom", "instrText", "delText", "pPr", "rPr", "tbl")), _FALLBACK)
)
_BREAKS: Final = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_OFF: Final = ("0", "false", "off")
_NOTES: Final = {"/word/footnotes.xml": "footnote", "/word/endnotes.xml": "endnote"}


def read_word(data: bytes, name: str) -> Page:
    """Returns the page of a Word document: paragraphs, tables as Markdown, footnotes at the end.

    Says in a note how many hidden pieces and comments are left out. Raises InputError for a damaged document.
    """
    with opened_package(data, name, damage=(OpcError, PythonDocxError)):
        document = docx.Document(BytesIO(data))
        reader = _Reader(_hidden_styles(document))
        blocks = [*reader.blocks(document.element.body), *_read_notes(document, reader)]
        properties = document.core_properties
        return make_page(
            name,
            "\n\n".join(blocks),
            title=properties.title or "",
            modified=properties.modified.date().isoformat() if properties.modified else "",
            notes=_tell(reader.hidden, "hidden pieces of text") + _tell(_count_comments(document), "comments"),
        )


def _tell(count: int, what: str) -> tuple[str, ...]:
    return (f"Left out: {what} ({count}).",) if count else ()


@dataclass(slots=True)
class _Reader:
    """Reads paragraphs and tables, and counts what is hidden."""

    hidden_styles: frozenset[str]
    hidden: int = 0

    def blocks(self, root: Any) -> Iterator[str]:
        for element in root:
            if element.tag == f"{_W}p":
                yield self._heading_marks(element) + self._text_of(element)
            elif element.tag == f"{_W}tbl":
                yield self._table(element)
            elif element.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins"):
                yield from self.blocks(element)

    def _table(self, table: Any) -> str:
        rows = [
            [" ".join(self._text_of(paragraph) for paragraph in cell.iter(f"{_W}p")) for cell in row.iter(f"{_W}tc")]
            for row in table.iter(f"{_W}tr")
        ]
        return markdown_rows(rows)

    def _heading_marks(self, paragraph: Any) -> str:
        style = _value(paragraph.find(f"{_W}pPr"), "pStyle").lower()
        level = style.removeprefix("heading")
        return "#" * min(int(level), 6) + " " if level.isdigit() and level != style and int(level) else ""

    def _text_of(self, paragraph: Any) -> str:
        unseen = _value(paragraph.find(f"{_W}pPr"), "pStyle") in self.hidden_styles
        parts = []
        for node in _walk(paragraph):
            text = (node.text or "") if node.tag == f"{_W}t" else _BREAKS[node.tag]
            if unseen or self._is_hidden(node):
                self.hidden += bool(text.strip())
            else:
                parts.append(text)
        return "".join(parts)

    def _is_hidden(self, node: Any) -> bool:
        run = node.getparent()
        properties = None if run is None else run.find(f"{_W}rPr")
        return properties is not None and (
            _is_on(properties, "vanish")
            or _is_on(properties, "webHidden")
            or _value(properties, "color").upper() == "FFFFFF"
            or _value(properties, "rStyle") in self.hidden_styles
        )


def _walk(paragraph: Any) -> Iterator[Any]:
    """Returns the text and breaks of a paragraph in order, those of a text box within it too."""
    pending = list(reversed(paragraph))
    while pending:
        node = pending.pop()
        if node.tag in _SKIPPED:
            continue
        if node.tag == f"{_W}t" or node.tag in _BREAKS:
            yield node
        else:
            pending.extend(reversed(node))


def _hidden_styles(document: Any) -> frozenset[str]:
    found = ((style.style_id, style.element.find(f"{_W}rPr")) for style in document.styles)
    return frozenset(name for name, properties in found if properties is not None and _is_on(properties, "vanish"))


def _read_notes(document: Any, reader: _Reader) -> Iterator[str]:
    for part in document.part.package.iter_parts():
        kind = _NOTES.get(str(part.partname))
        if kind is None:
            continue
        for note in parse_markup(part.blob).iter(f"{_W}{kind}"):
            if note.get(f"{_W}type") in (None, "normal"):
                yield " ".join(reader.blocks(note))


def _count_comments(document: Any) -> int:
    parts = (part for part in document.part.package.iter_parts() if str(part.partname) == "/word/comments.xml")
    return sum(1 for part in parts for _ in parse_markup(part.blob).iter(f"{_W}comment"))


def _value(properties: Any, name: str) -> str:
    found = None if properties is None else properties.find(f"{_W}{name}")
    return "" if found is None else found.get(f"{_W}val") or ""


def _is_on(properties: Any, name: str) -> bool:
    found = properties.find(f"{_W}{name}")
    return found is not None and (found.get(f"{_W}val") or "1") not in _OFF
