"""Text as a tree of HTML, in time that grows with its length and no faster."""

import re
from collections.abc import Mapping
from itertools import islice
from typing import Final

from lxml import etree, html

MOST_ATTRIBUTES: Final = 200
DEEPEST: Final = 250
"""Elements within each other; those further in are left out, and their words stand in the one around them."""
_NAME: Final = re.compile(r"[^&<>/\"'{}\s\x00-\x1f]+")
_NAMELESS: Final = "span"
_NO_TEXT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def parse_markup(text: str) -> etree._Element:
    """Returns the tree of a page; that of an empty page for what is none. Comments are left out."""
    parser = html.HTMLParser(
        target=_Builder(), remove_comments=True, remove_pis=True, no_network=True, recover=True, encoding="utf-8"
    )
    body = text.replace("\x00", "").encode("utf-8", "replace")
    try:
        root: etree._Element | None = etree.fromstring(body, parser) if body.strip() else None
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):
        root = None
    return html.document_fromstring(b"<html><body></body></html>") if root is None else root


class _Builder:
    """Builds the tree: a tag with many attributes would cost libxml2 time with their square, so few are kept."""

    def __init__(self) -> None:
        self._tree = etree.TreeBuilder(element_factory=html.html_parser.makeelement)
        self._open: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._open.append(tag if _NAME.fullmatch(tag) else _NAMELESS)
        if len(self._open) <= DEEPEST:
            kept = islice(attributes.items(), MOST_ATTRIBUTES)
            self._tree.start(self._open[-1], {name: _clean(value) for name, value in kept if _NAME.fullmatch(name)})

    def end(self, tag: str) -> None:
        opened = self._open.pop()
        if len(self._open) < DEEPEST:
            self._tree.end(opened)

    def data(self, data: str) -> None:
        self._tree.data(_clean(data))

    def close(self) -> etree._Element:
        return self._tree.close()


def _clean(text: str) -> str:
    """Returns the text without signs that no tree can hold."""
    return _NO_TEXT.sub("", text)
