"""HTML as the lines that a reader sees, each with the classes of its element."""

import re
from dataclasses import dataclass, field
from typing import Final

from lxml import etree
from lxml import html as lxml_html

from metier.errors import InputError
from metier_legal.intake.files.document import Document, read_whole
from metier_legal.intake.texts.decoding import decode_text
from metier_legal.intake.texts.elements import Element, entity_text, local
from metier_legal.intake.texts.flow import Flow
from metier_legal.intake.texts.hidden import is_hidden_style

_BLOCKS: Final = frozenset(
    ("p", "div", "li", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "blockquote", "br")
)
_UNSEEN: Final = frozenset(("script", "style", "noscript", "template", "head", "iframe", "object", "svg", "textarea"))
_CHARSET: Final = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_LABEL_LENGTH: Final = 8
_LARGEST: Final = 32 * 1024 * 1024


@dataclass(slots=True)
class Block:
    """A paragraph, heading or table row; `classes` are its own and those of what it is in, innermost first."""

    text: str
    classes: tuple[str, ...] = ()
    quoted: bool = False


@dataclass(slots=True)
class Page:
    """The blocks of a page; `hidden` counts the elements and characters that a reader would not see."""

    title: str = ""
    language: str = ""
    blocks: list[Block] = field(default_factory=list)
    hidden: int = 0


def read_page(document: Document) -> Page:
    """Returns the page of an HTML document, what is hidden left out.

    Raises InputError for what is no HTML, is larger than 32 MB or does not decode.
    """
    data = read_whole(document, limit=_LARGEST)
    text = _decode(data, document.name)
    parser = lxml_html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = lxml_html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise InputError(f"{document.name} is no HTML that can be read.", hint="Save the page again.") from error
    page = Page(title=" ".join((root.findtext(".//title") or "").split()), language=str(root.get("lang") or ""))
    _Walker(page).walk(root)
    return page


def _decode(data: bytes, name: str) -> str:
    """Returns the text by the charset that the page states when that decodes, else as any text."""
    stated = _CHARSET.search(data[:4096])
    if stated and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        encoding = stated[1].decode("ascii").lower()
        encoding = "gb18030" if encoding in ("gb2312", "gbk", "gb18030") else encoding
        if encoding in ("gb18030", "iso-8859-1", "windows-1252", "iso-8859-15"):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                return decode_text(data, name)
    return decode_text(data, name)


class _Walker:
    def __init__(self, page: Page) -> None:
        self._page = page
        self._flow = Flow()
        self._classes: list[str] = []
        self._tables = 0

    def walk(self, element: Element) -> None:
        name = local(element)
        if not name:
            self._flow.add(entity_text(element))
        elif name in _UNSEEN:
            return
        elif is_hidden_style(str(element.get("style", ""))) or element.get("hidden") is not None:
            self._page.hidden += 1
        elif name in _BLOCKS:
            self._walk_block(element, name)
        else:
            self._walk_inside(element)
        if name == "html":
            self._end_block()

    def _walk_block(self, element: Element, name: str) -> None:
        if name == "br":
            self._end_block()
            return
        self._end_block()
        classes = str(element.get("class", "")).split()
        self._classes[:0] = classes
        self._tables += name == "table"
        if name == "tr":
            self._walk_row(element)
        else:
            self._walk_inside(element)
        self._end_block()
        self._tables -= name == "table"
        del self._classes[: len(classes)]

    def _walk_row(self, row: Element) -> None:
        """A row whose first cell is a label, "(a)", is one line with what the label stands for."""
        cells = [cell for cell in row if local(cell) in ("td", "th")]
        label = " ".join("".join(cells[0].itertext()).split()) if len(cells) > 1 else ""
        if label and len(label) <= _LABEL_LENGTH:
            self._flow.add_number(label)
            cells = cells[1:]
        for cell in cells:
            self._walk_inside(cell)
            self._flow.add(" ")

    def _walk_inside(self, element: Element) -> None:
        self._flow.add(element.text or "")
        for inner in element:
            self.walk(inner)
            self._flow.add(inner.tail or "")

    def _end_block(self) -> None:
        text = self._flow.text()
        if self._flow.waits():
            return
        if text:
            self._page.blocks.append(Block(text, tuple(self._classes), self._tables > 0))
        self._page.hidden += self._flow.unseen
        self._flow = Flow()
