"""DOCX as a reader sees it: body, tables, text boxes and footnotes; hidden and deleted runs left out."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

import docx
from docx.opc.exceptions import OpcError
from lxml import etree

from metier.errors import InputError
from metier_legal.intake.texts.hidden import is_white, strip_unseen
from metier_legal.review.document import Block, Document, Kind, make_document, tell_hidden

MOST_MEMBERS: Final = 5000
MOST_UNPACKED: Final = 256 * 1024 * 1024
MOST_RATIO: Final = 200
_RATIO_FROM: Final = 8 * 1024 * 1024

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED: Final = frozenset((f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}pPr", f"{_W}rPr", _FALLBACK))
_BREAKS: Final = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_NOTES: Final = {f"{_W}footnoteReference": "f", f"{_W}endnoteReference": "e"}
_QUOTE_STYLES: Final = ("quote", "block text", "引用", "zitat", "citation")
_TWIPS: Final = 500  # about 9 mm on both sides: a block quote
_TINY: Final = 4  # in half points
_HINT: Final = "Open it in a word processor and save it anew as .docx."
_ERRORS: Final = (zipfile.BadZipFile, OpcError, etree.XMLSyntaxError, KeyError, ValueError, EOFError, OSError)


def read_word(data: bytes, name: str) -> Document:
    """Returns the document in the bytes of a DOCX file.

    Raises InputError for what is no DOCX, is damaged, or unpacks to more than its size allows.
    """
    _check_archive(data, name)
    try:
        package = docx.Document(BytesIO(data))
        reader = _Reader(_hidden_styles(package), _quote_styles(package))
        blocks = [*reader.read(package.element.body), *_read_notes(package, reader)]
    except _ERRORS as error:
        raise InputError(f"{name} is no sound Word file.", hint=_HINT) from error
    return make_document(_place_notes(blocks), tell_hidden(reader.hidden))


def _check_archive(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, EOFError) as error:
        raise InputError(f"{name} is damaged and cannot be opened.", hint=_HINT) from error
    size = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or size > MOST_UNPACKED or (size > _RATIO_FROM and size > MOST_RATIO * len(data)):
        raise InputError(f"{name} unpacks to far more than its size allows; it was not read.", hint=_HINT)
    if any(member.flag_bits & 1 for member in members):
        raise InputError(f"{name} is encrypted.", hint="Save it without a password.")
    if not any(member.filename == "word/document.xml" for member in members):
        raise InputError(f"{name} is an archive, but no Word file.", hint="Use .docx, .pdf, .md or .txt.")


def _hidden_styles(package: Any) -> frozenset[str]:
    return frozenset(
        style.style_id
        for style in package.styles
        if style.element.find(f"{_W}rPr") is not None and _is_hidden(style.element.find(f"{_W}rPr"), frozenset())
    )


def _quote_styles(package: Any) -> frozenset[str]:
    return frozenset(
        style.style_id for style in package.styles if any(word in (style.name or "").lower() for word in _QUOTE_STYLES)
    )


class _Reader:
    """Reads paragraphs; counts what was hidden."""

    def __init__(self, hidden_styles: frozenset[str], quote_styles: frozenset[str]) -> None:
        self._hidden_styles = hidden_styles
        self._quote_styles = quote_styles
        self.hidden = 0

    def read(self, root: Any, *, kind: Kind | None = None, note: str = "") -> Iterator[Block]:
        """Returns a block for each paragraph below `root`, in the order of the document."""
        for paragraph in root.iter(f"{_W}p"):
            if any(above.tag == _FALLBACK for above in paragraph.iterancestors()):
                continue
            text, marks = self._read_paragraph(paragraph)
            yield Block(text, kind=kind or self._kind(paragraph), note=note, marks=marks)

    def _kind(self, paragraph: Any) -> Kind:
        properties = paragraph.find(f"{_W}pPr")
        style = _value(properties, "pStyle")
        if style in self._quote_styles or _is_indented(properties):
            return Kind.QUOTE
        if style.lower().startswith(("heading", "title")):
            return Kind.HEADING
        inside = any(above.tag == f"{_W}tbl" for above in paragraph.iterancestors())
        return Kind.TABLE if inside else Kind.PARAGRAPH

    def _read_paragraph(self, paragraph: Any) -> tuple[str, tuple[tuple[int, str], ...]]:
        parts: list[str] = []
        marks: list[tuple[int, str]] = []
        length = 0
        concealed = _value(paragraph.find(f"{_W}pPr"), "pStyle") in self._hidden_styles
        for node in _walk(paragraph):
            if node.tag in _NOTES:
                marks.append((length, _NOTES[node.tag] + (node.get(f"{_W}id") or "")))
                continue
            text, unseen = strip_unseen((node.text or "") if node.tag == f"{_W}t" else _BREAKS[node.tag])
            self.hidden += unseen
            if concealed or self._hides(node):
                self.hidden += bool(text.strip())
                continue
            parts.append(text)
            length += len(text)
        return "".join(parts), tuple(marks)

    def _hides(self, node: Any) -> bool:
        run = node.getparent()
        properties = run.find(f"{_W}rPr") if run is not None else None
        return properties is not None and _is_hidden(properties, self._hidden_styles)


def _walk(paragraph: Any) -> Iterator[Any]:
    """Returns the text, breaks and note marks of a paragraph; not of a paragraph in a text box within it."""
    pending = list(reversed(paragraph))
    while pending:
        node = pending.pop()
        if node.tag in _SKIPPED or node.tag == f"{_W}p":
            continue
        if node.tag == f"{_W}t" or node.tag in _BREAKS or node.tag in _NOTES:
            yield node
        else:
            pending.extend(reversed(node))


def _value(properties: Any, name: str) -> str:
    found = None if properties is None else properties.find(f"{_W}{name}")
    return "" if found is None else found.get(f"{_W}val") or ""


def _is_on(properties: Any, name: str) -> bool:
    found = properties.find(f"{_W}{name}")
    return found is not None and (found.get(f"{_W}val") or "1") not in ("0", "false", "off")


def _is_hidden(properties: Any, styles: frozenset[str]) -> bool:
    size = _value(properties, "sz")
    shaded = properties.find(f"{_W}shd") is not None or properties.find(f"{_W}highlight") is not None
    return (
        _is_on(properties, "vanish")
        or _is_on(properties, "webHidden")
        or (size.isdigit() and int(size) <= _TINY)
        or (is_white(_value(properties, "color")) and not shaded)
        or _value(properties, "rStyle") in styles
    )


def _is_indented(properties: Any) -> bool:
    found = None if properties is None else properties.find(f"{_W}ind")
    if found is None or (properties is not None and properties.find(f"{_W}numPr") is not None):
        return False
    sides = [found.get(f"{_W}left") or found.get(f"{_W}start"), found.get(f"{_W}right") or found.get(f"{_W}end")]
    return all(side is not None and side.isdigit() and int(side) >= _TWIPS for side in sides)


def _read_notes(package: Any, reader: _Reader) -> Iterator[Block]:
    for part in package.part.package.iter_parts():
        kind = {"/word/footnotes.xml": "footnote", "/word/endnotes.xml": "endnote"}.get(str(part.partname))
        if kind is None:
            continue
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        for note in etree.fromstring(part.blob, parser=parser).iter(f"{_W}{kind}"):
            if note.get(f"{_W}type") in (None, "normal"):
                yield from reader.read(note, kind=Kind.FOOTNOTE, note=kind[0] + (note.get(f"{_W}id") or ""))


def _place_notes(blocks: list[Block]) -> Iterator[Block]:
    """Returns the blocks, each note behind the block that calls it; one that none calls at the end."""
    notes = [block for block in blocks if block.note]
    called: set[str] = set()
    for block in (block for block in blocks if not block.note):
        yield block
        for _, mark in block.marks:
            called.add(mark)
            yield from (note for note in notes if note.note == mark)
    yield from (note for note in notes if note.note not in called)
