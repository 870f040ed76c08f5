"""A document as a page: bytes in, text with stable spans out. Pure: the same bytes give the same page."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from lxml import etree

from metier.errors import InputError
from metier.late import late
from metier_research.pages.page import Page
from metier_research.reading.cleaning import one_line, tidy
from metier_research.reading.sniffing import Kind, decode, sniff
from metier_research.reading.tables import markdown_rows

MOST_CHARACTERS: Final = 2_000_000
_read_html: Callable[..., Page] = late("metier_research.reading.markup.page", "read_html")
_read_pdf: Callable[..., Page] = late("metier_research.reading.pdf", "read_pdf")


def read_document(body: bytes, *, url: str, kind: str, charset: str = "") -> Page:
    """Returns the page that the document is; `url` is its address, `kind` and `charset` what came with it, or empty.

    Reads HTML, PDF, JSON, XML, CSV, Markdown and plain text, by what the bytes are: a PDF that is called text/html is
    a PDF. Text beyond 2 million characters is left out. Raises InputError for what has no text: pictures, archives,
    programs, empty documents, damaged or encrypted PDFs.
    """
    match sniff(body, kind):
        case Kind.PDF:
            page = _read_pdf(body, url=url)
        case Kind.HTML:
            page = _read_html(decode(body, charset), url=url)
        case Kind.JSON:
            page = _plain(_json_text(decode(body, charset)), url)
        case Kind.XML:
            page = _plain(_xml_text(body, charset), url)
        case Kind.TABLE:
            page = _plain(_table_text(decode(body, charset), kind), url)
        case Kind.TEXT:
            page = _plain(decode(body, charset), url)
    if not page.text:
        raise InputError("The document has no text that can be seen.")
    return replace(page, text=page.text[:MOST_CHARACTERS].rstrip(), site=_site_of(url))


def _site_of(url: str) -> str:
    """Returns whose page it is: the host of an address on the web, else empty."""
    parts = urlsplit(url)
    return (parts.hostname or "") if parts.scheme in ("http", "https") else ""


def _plain(text: str, url: str) -> Page:
    shown = tidy(text[:MOST_CHARACTERS])
    first = shown.partition("\n")[0].lstrip("# ")
    return Page(url=url, title=one_line(first)[:200], text=shown)


def _json_text(text: str) -> str:
    """Returns JSON a value a line, so that it can be cut into passages; what is not JSON as it is."""
    try:
        return json.dumps(json.loads(text), indent=1, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def _xml_text(body: bytes, charset: str) -> str:
    """Returns the text of every element as a paragraph; what is no XML as it is. No entity is ever resolved."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True, recover=True
    )
    text = decode(body, charset)
    try:
        root = etree.fromstring(_without_declaration(text).encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return text
    if root is None:
        return text
    return "\n\n".join(" ".join(piece.split()) for piece in root.itertext(etree.Element) if piece.strip())


def _without_declaration(text: str) -> str:
    """Returns the text without `<?xml ...?>`: it may name another charset than the one it is in now."""
    start = text.lstrip()
    return start.partition("?>")[2] if start.startswith("<?xml") else start


def _table_text(text: str, kind: str) -> str:
    delimiter = "\t" if kind == "text/tab-separated-values" else ","
    try:
        rows = list(csv.reader(io.StringIO(text.replace("\x00", "")[:MOST_CHARACTERS]), delimiter=delimiter))
    except csv.Error:
        return text
    return markdown_rows(rows)
