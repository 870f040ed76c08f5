"""Pages as JSON lines: WikiExtractor's, those of the Hugging Face data sets of Wikipedia, or plain ones.

A line is an object with `title` and `text`, and, as far as known, `url`, `links`, `published`, `modified`, `language`
and `redirect`, which is the title of the page that this one is another name for. A link is an object of `text` and
`url`, or a title of the same wiki.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from typing import Final
from urllib.parse import unquote

from metier.canonical import JSON
from metier.errors import InputError
from metier_research.pages.page import Link, Page
from metier_research.reading.cleaning import one_line, tidy
from metier_research.wiki.address import wiki_url
from metier_research.wiki.dumps.streams import Stream
from metier_research.wiki.entries import Entry, Redirect, Skipped

LONGEST_LINE: Final = 16 * 1024 * 1024
_ANCHOR: Final = re.compile(r'(?:<|&lt;)a href=(?:"|&quot;)(.*?)(?:"|&quot;)(?:>|&gt;)(.*?)(?:<|&lt;)/a(?:>|&gt;)')
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]*>")
_EXTERNAL: Final = ("http://", "https://", "wiki://")


def read_lines(stream: Stream, name: str) -> Iterator[Entry]:
    """Yields an entry for each line; raises InputError naming the line for one that is no JSON object."""
    for number, line in enumerate(stream.lines(longest=LONGEST_LINE), 1):
        clean = line.decode("utf-8", "replace").lstrip("\ufeff").strip()
        if clean:
            yield _entry_of(_parse(clean, f"{stream.name}, line {number}"), f"line {number}", name)


def _parse(line: str, where: str) -> dict[str, JSON]:
    try:
        parsed = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where} is no JSON: {error}.", hint="Was the file cut off? Nothing was added.") from error
    if not isinstance(parsed, dict):
        raise InputError(f"{where} is no JSON object.", hint='A line is {"title": ..., "text": ...}.')
    return parsed


def _entry_of(line: dict[str, JSON], where: str, name: str) -> Entry:
    title, text = _text_of(line, "title"), _text_of(line, "text")
    if not title:
        return Skipped(where, "it has no title")
    if target := _text_of(line, "redirect"):
        return Redirect(title, target)
    url = _text_of(line, "url")
    canonical = url if url.startswith(_EXTERNAL[:2]) else ""
    home = canonical[: canonical.rfind("/") + 1]
    links = [found for value in _list_of(line, "links") if (found := _link_of(value, name, home)) is not None]
    body, anchors = _take_anchors(text, name, home)
    return Page(
        url=wiki_url(name, title),
        title=one_line(title),
        text=tidy(_without_title(body, title)),
        links=(*links, *anchors),
        published=_day_of(line, "published"),
        modified=_day_of(line, "modified") or _day_of(line, "timestamp"),
        language=_text_of(line, "language"),
        site=name,
        canonical=_text_of(line, "canonical") or canonical,
        outdated=_text_of(line, "outdated"),
    )


def _text_of(line: dict[str, JSON], field: str) -> str:
    value = line.get(field)
    return value if isinstance(value, str) else ""


def _list_of(line: dict[str, JSON], field: str) -> list[JSON]:
    value = line.get(field)
    return value if isinstance(value, list) else []


def _day_of(line: dict[str, JSON], field: str) -> str:
    """Returns a date or time of ISO 8601 as it is given, and nothing for another."""
    value = _text_of(line, field)
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return ""
    return value


def _link_of(value: JSON, name: str, home: str) -> Link | None:
    if isinstance(value, str):
        return Link(one_line(value), wiki_url(name, value)) if value.strip() else None
    if not isinstance(value, dict):
        return None
    words, url = _text_of(value, "text"), _text_of(value, "url")
    return Link(one_line(words or url), _address(url or words, name, home)) if url or words else None


def _address(target: str, name: str, home: str) -> str:
    """Returns where a link leads: into this wiki for a title or for an address beside the page's own."""
    if home and target.startswith(home):
        return wiki_url(name, unquote(target.removeprefix(home).partition("#")[0]))
    if target.startswith(_EXTERNAL):
        return target
    return wiki_url(name, unquote(target.rpartition("/wiki/")[2].partition("#")[0]))


def _take_anchors(text: str, name: str, home: str) -> tuple[str, list[Link]]:
    """Returns the text without the tags that WikiExtractor leaves, and the links that they were."""
    if "a href=" not in text:
        return text, []
    links: list[Link] = []

    def take(anchor: re.Match[str]) -> str:
        words = unescape(_TAG.sub("", unescape(anchor[2])))
        if anchor[1] and words.strip():
            links.append(Link(one_line(words), _address(unescape(anchor[1]), name, home)))
        return words

    return _ANCHOR.sub(take, text), links


def _without_title(text: str, title: str) -> str:
    first, newline, rest = text.lstrip().partition("\n")
    return rest if newline and first.strip() == title.strip() else text
