"""MediaWiki's XML export (schema 0.3 and later): `pages-articles.xml`, as it is or packed. One page at a time.

Nothing in it is trusted: no entity is resolved, bytes that are not UTF-8 are replaced, and pages beyond what MediaWiki
itself allows are left out.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from metier.errors import InputError
from metier_research.pages.page import Page
from metier_research.reading.cleaning import one_line
from metier_research.wiki.dumps.streams import Stream
from metier_research.wiki.dumps.wikitext.rendering import render
from metier_research.wiki.dumps.wikitext.site import Site
from metier_research.wiki.entries import Entry, Redirect, Skipped

LONGEST_PAGE: Final = 2_100_000
"""Characters of wikitext. MediaWiki's own limit is 2 MiB."""

_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_REDIRECT: Final = re.compile(r"\s*#\w+\s*:?\s*\[\[([^\]|#]+)[^\]]*\]\]", re.IGNORECASE)
_NOT_XML: Final = bytes(set(range(32)) - {9, 10, 13})


@dataclass(slots=True)
class _Revision:
    moment: str = ""
    text: str = ""
    model: str = ""


def read_export(stream: Stream, name: str) -> Iterator[Entry]:
    """Yields the pages and redirects of the main namespace, of each page the newest revision.

    Raises InputError where it is no XML or ends in the middle.
    """
    reader = _Reader(name)
    # text nodes beyond libxml2's own limits end the reading: `huge_tree` stays off
    parser = etree.XMLPullParser(
        events=("end",),
        tag=("{*}siteinfo", "{*}revision", "{*}page"),
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    try:
        for piece in stream.pieces():
            parser.feed(decode(piece.translate(None, _NOT_XML)).encode())
            for _, element in parser.read_events():
                yield from reader.take(element)
        parser.close()
    except etree.XMLSyntaxError as error:
        raise InputError(
            f"{stream.name} is no sound XML, or was cut off: {error}.", hint="Fetch it again. Nothing was added."
        ) from error


class _Reader:
    """Makes entries of the elements of an export, which are emptied when they are read: memory stays flat."""

    def __init__(self, name: str) -> None:
        self._site = Site(name)
        self._newest: _Revision | None = None

    def take(self, element: etree._Element) -> Iterator[Entry]:
        kind = etree.QName(element).localname
        if kind == "siteinfo":
            self._site = _read_site(element, self._site.name)
        elif kind == "revision":
            self._keep(_read_revision(element))
            _forget(element)
        else:
            entry = self._read_page(element)
            self._newest = None
            _forget(element)
            if entry is not None:
                yield entry

    def _keep(self, revision: _Revision) -> None:
        if self._newest is None or revision.moment >= self._newest.moment:
            self._newest = revision

    def _read_page(self, element: etree._Element) -> Entry | None:
        """Returns what a page is; None for one of another namespace."""
        title = one_line(_text(element, "title"))
        if _text(element, "ns") not in ("", "0"):
            return None
        redirect = element.find("{*}redirect")
        if redirect is not None:
            return Redirect(title, self._site.title(str(redirect.get("title", ""))))
        newest = self._newest or _Revision()
        if newest.model not in ("", "wikitext"):
            return Skipped(title, f"its text is {newest.model}")
        if len(newest.text) > LONGEST_PAGE:
            return Skipped(title, f"it is longer than {LONGEST_PAGE:,} characters")
        told = _REDIRECT.match(newest.text[:500])
        if told is not None:
            return Redirect(title, self._site.title(told[1]))
        return self._make_page(title, newest)

    def _make_page(self, title: str, revision: _Revision) -> Page:
        rendered = render(revision.text, self._site)
        return Page(
            url=self._site.url(title),
            title=title,
            text=rendered.text,
            links=rendered.links,
            modified=revision.moment,
            language=self._site.language,
            site=self._site.name,
            canonical=self._site.origin(title),
            outdated=rendered.outdated,
        )


def _read_site(element: etree._Element, name: str) -> Site:
    base = _text(element, "base")
    root = element.getparent()
    namespaces = {
        (space.text or "").strip().casefold(): int(space.get("key", "0"))
        for space in element.iterfind("{*}namespaces/{*}namespace")
        if str(space.get("key", "0")).lstrip("-").isdigit()
    }
    return Site(
        name,
        base=base[: base.rfind("/") + 1] if base.startswith(("http://", "https://")) else "",
        language=str(root.get("{http://www.w3.org/XML/1998/namespace}lang", "")) if root is not None else "",
        first_letter=_text(element, "case") != "case-sensitive",
        namespaces={space: key for space, key in namespaces.items() if space},
    )


def _read_revision(element: etree._Element) -> _Revision:
    moment = _text(element, "timestamp")
    return _Revision(
        moment if _MOMENT.fullmatch(moment) else "", element.findtext("{*}text") or "", _text(element, "model")
    )


def _text(element: etree._Element, name: str) -> str:
    return (element.findtext(f"{{*}}{name}") or "").strip()


def _forget(element: etree._Element) -> None:
    """Takes what was read out of the tree, and what stood before it."""
    parent = element.getparent()
    element.clear()
    if parent is not None:
        while (before := element.getprevious()) is not None and etree.QName(before).localname in ("page", "revision"):
            parent.remove(before)
