"""EPUB (W3C EPUB 3.3): the chapters in the order of the spine, each read as the web page it is."""

import posixpath
import zipfile
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from lxml import etree

from metier.errors import InputError
from metier_research.files.package import opened_package, parse_markup
from metier_research.files.paging import address_of, make_page
from metier_research.pages.page import Page
from metier_research.reading.document import MOST_CHARACTERS, read_document

MEDIA_TYPE: Final = b"application/epub+zip"
_CONTAINER: Final = "META-INF/container.xml"
_HTML: Final = ("application/xhtml+xml", "text/html")


def read_book(data: bytes, name: str) -> Page:
    """Returns the page of a book: its chapters one after the other. Raises InputError for a damaged or locked one."""
    with opened_package(data, name) as package:
        place = _package_file(package, name)
        root = parse_markup(package.read(place))
        chapters = list(_chapters(package, root, posixpath.dirname(place), name))
        title = root.findtext(".//{http://purl.org/dc/elements/1.1/}title") or ""
        modified = root.xpath("string(//*[local-name()='meta'][@property='dcterms:modified'])")
        return make_page(name, "\n\n".join(chapters), title=title, modified=str(modified)[:10])


def _package_file(package: zipfile.ZipFile, name: str) -> str:
    if "META-INF/encryption.xml" in package.namelist() and "META-INF/rights.xml" in package.namelist():
        raise InputError(f"{name} is locked to a reader.", hint="Use a copy that is not.")
    paths = parse_markup(package.read(_CONTAINER)).xpath("//*[local-name()='rootfile']/@full-path")
    if not isinstance(paths, list) or not paths:
        raise InputError(f"{name} is no book: it names no contents.")
    return str(paths[0])


def _chapters(package: zipfile.ZipFile, root: etree._Element, folder: str, name: str) -> Iterator[str]:
    items = {
        item.get("id"): posixpath.normpath(posixpath.join(folder, unquote(item.get("href") or "")))
        for item in root.iter("{*}item")
        if item.get("media-type") in _HTML
    }
    length = 0
    for entry in root.iter("{*}itemref"):
        path = items.get(entry.get("idref"))
        if path is None or entry.get("linear") == "no" or path not in package.namelist() or length > MOST_CHARACTERS:
            continue
        text = _chapter(package.read(path), f"{name}/{path}")
        length += len(text)
        yield text


def _chapter(data: bytes, name: str) -> str:
    try:
        return read_document(data, url=address_of(name), kind="text/html").text
    except InputError:  # a cover or a page of pictures
        return ""
