"""What a page of HTML says of itself: title, language, dates, and where it was first published. Pure."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urljoin, urlsplit

from lxml import etree

from metier.canonical import JSON
from metier_research.reading.cleaning import one_line

_PUBLISHED: Final = (
    *(
        "article:published_time",
        "datepublished",
        "date",
        "dc.date.issued",
        "dc.date",
        "dcterms.created",
        "dcterms.date",
    ),
    *(
        "citation_publication_date",
        "citation_date",
        "citation_online_date",
        "sailthru.date",
        "parsely-pub-date",
        "pubdate",
    ),
)
_MODIFIED: Final = (
    *("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "dc.date.modified"),
    *("last-modified", "revised"),
)
_DATE: Final = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?\s?(Z|[+-]\d{2}:?\d{2})?)?"
)
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_LONGEST_DATA: Final = 200_000
_MOST_NODES: Final = 2_000


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of itself; empty where it says nothing. Dates are ISO 8601."""

    title: str = ""
    language: str = ""
    published: str = ""
    modified: str = ""
    canonical: str = ""


def read_metadata(root: etree._Element, url: str) -> Metadata:
    """Returns what the page says of itself; JSON-LD (schema.org) comes before meta elements, those before `time`."""
    told = _meta(root)
    data = _linked_data(root)
    language = (root.get("lang") or "").strip()
    return Metadata(
        title=_title(root, told),
        language=language if _LANGUAGE.fullmatch(language) else "",
        published=_first_date(
            [data.get("datePublished", ""), *(told.get(name, "") for name in _PUBLISHED), _time(root)]
        ),
        modified=_first_date([data.get("dateModified", ""), *(told.get(name, "") for name in _MODIFIED)]),
        canonical=_canonical(root, url),
    )


def read_date(written: str) -> str:
    """Returns the date or time at the beginning of a text in ISO 8601; empty for what is none."""
    found = _DATE.match(written.strip())
    if found is None:
        return ""
    try:
        day = date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return ""
    return f"{day}T{found[4]}{found[5] or ''}" if found[4] else day


def _title(root: etree._Element, told: dict[str, str]) -> str:
    named = next(("".join(element.itertext()) for element in root.iter("title")), "")
    heading = next(("".join(element.itertext()) for element in root.iter("h1")), "")
    return next((title for title in map(one_line, (named, told.get("og:title", ""), heading)) if title), "")[:300]


def _meta(root: etree._Element) -> dict[str, str]:
    told: dict[str, str] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        if name and (content := element.get("content")):
            told.setdefault(name.strip().lower(), content)
    return told


def _time(root: etree._Element) -> str:
    """Returns the moment of an element that says to be the time of publishing."""
    for element in root.iter("time"):
        if element.get("pubdate") is not None or "published" in (element.get("itemprop") or "").lower():
            return element.get("datetime") or ""
    return ""


def _first_date(written: list[str]) -> str:
    return next(filter(None, map(read_date, written)), "")


def _canonical(root: etree._Element, url: str) -> str:
    for element in root.iter("link"):
        if "canonical" in (element.get("rel") or "").lower().split():
            return absolute(url, element.get("href") or "")
    return ""


def absolute(base: str, reference: str) -> str:
    """Returns the address that a reference leads to, without its fragment; empty for what is not on the web."""
    try:
        joined = urljoin(base, reference.strip())
        parts = urlsplit(joined)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc or len(joined) > 2000:
        return ""
    return one_line(parts._replace(fragment="").geturl())


def _linked_data(root: etree._Element) -> dict[str, str]:
    """Returns the first dates in the page's JSON-LD."""
    found: dict[str, str] = {}
    for element in root.iter("script"):
        if (element.get("type") or "").strip().lower() != "application/ld+json":
            continue
        for name, value in _fields((element.text or "")[:_LONGEST_DATA]):
            found.setdefault(name, value)
    return found


def _fields(written: str) -> Iterator[tuple[str, str]]:
    try:
        waiting: list[JSON] = [json.loads(written)]
    except (ValueError, RecursionError):
        return
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        node = waiting.pop(0)
        if isinstance(node, list):
            waiting[:0] = node[:_MOST_NODES]
        elif isinstance(node, dict):
            for name in ("datePublished", "dateModified"):
                value = node.get(name)
                if isinstance(value, str):
                    yield name, value
            waiting.extend(value for value in node.values() if isinstance(value, dict | list))
