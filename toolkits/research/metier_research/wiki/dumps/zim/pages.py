"""The pages of a ZIM file, cluster by cluster, so that each is unpacked once."""

from array import array
from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import quote, unquote

from metier.errors import InputError
from metier_research.pages.page import Link
from metier_research.reading.document import read_document
from metier_research.wiki.address import wiki_url
from metier_research.wiki.dumps.zim.archive import Archive, Item
from metier_research.wiki.entries import Entry, Redirect, Skipped

LONGEST_PAGE: Final = 8 * 1024 * 1024
"""Bytes of the HTML of a page."""

_HERE: Final = "https://zim.invalid/C/"
"""Stands for the archive while a page is read: relative links are resolved against an address of the web."""

_PART: Final = 32


def read_zim(archive: Archive, name: str) -> Iterator[Entry]:
    """Yields the redirects, then the pages of a ZIM file; raises InputError for a damaged one.

    A page is known by its path in the archive, which its links name. Memory grows by 8 bytes a page.
    """
    places = array("Q")
    for index in range(archive.entries):
        item = archive.item(index)
        if item is None or item.namespace != archive.content:
            continue
        if item.target is not None:
            yield from _redirect(archive, item)
        elif item.kind.startswith("text/html"):
            places.append(item.cluster << _PART | index)
    date = _metadata(archive, "Date")
    at, blobs = -1, archive.cluster(0)[:0] if places else ()
    for place in sorted(places):
        cluster, index = place >> _PART, place & ((1 << _PART) - 1)
        if cluster != at:
            at, blobs = cluster, archive.cluster(cluster)
        item = archive.item(index)
        if item is not None:
            yield _read_page(item, blobs[item.blob] if item.blob < len(blobs) else b"", name, date)


def _redirect(archive: Archive, item: Item) -> Iterator[Entry]:
    target = archive.item(item.target) if item.target is not None else None
    if target is not None:
        yield Redirect(item.path, target.path)
        if item.title != item.path:
            yield Redirect(item.title, target.path)


def _read_page(item: Item, body: bytes | memoryview, name: str, date: str) -> Entry:
    if len(body) > LONGEST_PAGE:
        return Skipped(item.title, f"it is longer than {LONGEST_PAGE:,} bytes")
    url = f"{_HERE}{quote(item.path)}"
    try:
        page = read_document(bytes(body), url=url, kind="text/html", charset="utf-8")
    except InputError as error:
        return Skipped(item.title, error.message)
    return replace(
        page,
        url=wiki_url(name, item.path),
        title=item.title,
        links=tuple(link for found in page.links if (link := _link(found, name)) is not None),
        modified=page.modified or date,
        site=name,
        canonical="" if page.canonical.startswith(_HERE) else page.canonical,
    )


def _link(link: Link, name: str) -> Link | None:
    """Returns the link as it leads here; None for one to another part of the archive."""
    if link.url.startswith(_HERE):
        return Link(link.text, wiki_url(name, unquote(link.url.removeprefix(_HERE).partition("#")[0])))
    return link if link.url.startswith(("http://", "https://")) and ".invalid/" not in link.url else None


def _metadata(archive: Archive, name: str) -> str:
    """Returns a fact that the archive states of itself; empty where it does not."""
    low, high = 0, archive.entries
    while low < high:
        middle = (low + high) // 2
        item = archive.item(middle)
        if item is None or (item.namespace, item.path) < ("M", name):
            low = middle + 1
        else:
            high = middle
    item = archive.item(low) if low < archive.entries else None
    if item is None or (item.namespace, item.path) != ("M", name) or item.target is not None:
        return ""
    blobs = archive.cluster(item.cluster)
    return bytes(blobs[item.blob]).decode("utf-8", "replace")[:40].strip() if item.blob < len(blobs) else ""
