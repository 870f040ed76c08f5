"""What lies on the desk: what the searches found and the pages that were read, as the observations have them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from metier.canonical import JSON
from metier.evidence import Evidence
from metier.history import History, rows_of
from metier.toolkit import Call, Observation
from metier_research.pages.evidence import PASSAGE, kind_of
from metier_research.playbook.seen.sheet import Piece, Sheet

SPAN: Final = 7_500  # characters asked for at once
VISITED: Final = 3  # pages in one visit: each is shown whole when it is short


@dataclass(frozen=True, slots=True)
class Pointer:
    """A hit of a search."""

    title: str
    url: str
    snippet: str


@dataclass(frozen=True)
class Desk:
    """The observations of a run, read as searches and pages. Anything malformed in them is left out."""

    observations: Sequence[Observation]

    @cached_property
    def history(self) -> History:
        """Returns the observations by their calls."""
        return History(self.observations)

    def hits(self, query: str) -> tuple[Pointer, ...]:
        """Returns what a query found, best first, each page once."""
        found: dict[str, Pointer] = {}
        for seen in self.history.of("search"):
            for row in rows_of(seen.value, "queries"):
                for hit in rows_of(dict(row), "hits") if row.get("query") == query else ():
                    one = Pointer(_text(hit, "title"), _text(hit, "url"), _text(hit, "snippet"))
                    if one.url:
                        found.setdefault(one.url, one)
        return tuple(found.values())

    @cached_property
    def _moved(self) -> Mapping[str, str]:
        """Returns the address that a page turned out to have, by the one that was asked for."""
        moved: dict[str, str] = {}
        for seen in self.history.of("visit"):
            asked = seen.call.arguments.get("url")
            pages = rows_of(seen.value, "pages")
            if isinstance(asked, list) and len(asked) == len(pages):
                for one, page in zip(asked, pages, strict=True):
                    if isinstance(one, str) and not page.get("error"):
                        moved[one.partition("#")[0]] = _text(page, "url") or one
        return moved

    @cached_property
    def _sheets(self) -> Mapping[str, Sheet]:
        rows: dict[str, Mapping[str, JSON]] = {}
        links: dict[str, dict[str, str]] = {}
        pieces: dict[str, dict[tuple[int, int], Piece]] = {}
        marks: dict[str, Mapping[str, JSON]] = {}
        for seen in self.history.of("visit"):
            for row in rows_of(seen.value, "pages"):
                url = _text(row, "url")
                rows.setdefault(url, row)
                for link in rows_of(dict(row), "links"):
                    links.setdefault(url, {}).setdefault(_text(link, "text"), _text(link, "url"))
            for item in seen.evidence:
                if kind_of(item) == PASSAGE and (piece := _piece(item)) and isinstance(item.value, dict):
                    url = _text(item.value, "url")
                    pieces.setdefault(url, {})[piece.start, piece.end] = piece
                    marks.setdefault(url, item.value)
        return {
            url: Sheet(
                url,
                _text(row, "title"),
                _text(marks.get(url, row), "outdated"),
                _text(marks.get(url, row), "canonical"),
                _whole(row, "characters"),
                links.get(url, {}),
                tuple(_apart(pieces.get(url, {}))),
            )
            for url, row in rows.items()
            if url and not row.get("error")
        }

    def sheet(self, url: str) -> Sheet | None:
        """Returns what was read of a page; None where it was not, or could not be read."""
        url = url.partition("#")[0]
        return self._sheets.get(self._moved.get(url, url))

    @property
    def sheets(self) -> Sequence[Sheet]:
        """Returns every page that was read, in the order of the visits."""
        return tuple(self._sheets.values())

    @property
    def queries(self) -> tuple[str, ...]:
        """Returns what was searched for."""
        asked = (seen.call.arguments.get("query") for seen in self.history.of("search"))
        return tuple(dict.fromkeys(str(one) for some in asked if isinstance(some, list) for one in some))


def search(*queries: str) -> tuple[Call, ...]:
    """Returns the call that searches for queries, each once."""
    return (Call("search", {"query": [*dict.fromkeys(queries)]}),)


def visit(urls: Sequence[str], goal: str) -> tuple[Call, ...]:
    """Returns the calls that read pages."""
    groups = [list(urls[at : at + VISITED]) for at in range(0, len(urls), VISITED)]
    return tuple(Call("visit", {"url": [*group], "goal": goal}) for group in groups)


def read_on(sheet: Sheet, goal: str) -> tuple[Call, ...]:
    """Returns the calls that read what is left of a page."""
    spans = [(at, min(at + SPAN, end)) for start, end in sheet.unread for at in range(start, end, SPAN)]
    return tuple(Call("visit", {"url": [f"{sheet.url}#char={start},{end}"], "goal": goal}) for start, end in spans)


def _apart(pieces: Mapping[tuple[int, int], Piece]) -> Iterator[Piece]:
    """Yields the pieces in the order of the page, those left out that stand in another one."""
    end = -1
    for _, piece in sorted(pieces.items(), key=lambda pair: (pair[0][0], -pair[0][1])):
        if piece.end > end:
            end = piece.end
            yield piece


def _piece(item: Evidence) -> Piece | None:
    value = item.value if isinstance(item.value, dict) else {}
    start, end = value.get("start"), value.get("end")
    if not isinstance(start, int) or not isinstance(end, int):
        return None
    return Piece(start, end, item.text, item.id)


def _text(row: Mapping[str, JSON], name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _whole(row: Mapping[str, JSON], name: str) -> int:
    value = row.get(name)
    return value if isinstance(value, int) and 0 <= value < 10_000_000 else 0
