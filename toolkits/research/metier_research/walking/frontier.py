"""The links that a walk may click next, the most promising first. Pure."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from metier_research.pages.page import Link, Page
from metier_research.walking.relevance import Relevance
from metier_research.walking.site import Site, key_of, shape_of

DEEPEST: Final = 8  # clicks from the start
OF_A_PAGE: Final = 400  # links
OF_ALL: Final = 4_000
AROUND: Final = 120  # characters before and after a link that say what it is about
_NO_PAGE: Final = re.compile(
    r"\.(?:png|jpe?g|gif|svg|webp|ico|css|js|mp[34]|avi|mov|zip|gz|tar|exe|dmg|iso|woff2?|ttf|rss|atom)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A link that may be clicked: how many clicks from the start it is, and how promising."""

    link: Link
    depth: int
    promise: float
    order: int


@dataclass
class Frontier:
    """What is left to click of a site. `refused` counts the links that lead off it."""

    site: Site
    relevance: Relevance
    refused: int = 0
    _seen: set[str] = field(default_factory=set)
    _open: list[Candidate] = field(default_factory=list)
    _useless: Counter[str] = field(default_factory=Counter)

    def __len__(self) -> int:
        return len(self._open)

    def mark(self, url: str) -> bool:
        """Notes that a page was read; returns whether it had not been noted before."""
        key = key_of(url)
        is_new = key not in self._seen
        self._seen.add(key)
        return is_new

    def add(self, links: Sequence[Link], *, depth: int, page: Page | None = None) -> None:
        """Adds the links of a page that stay on the site and were not seen yet; those that leave it are counted."""
        near = self.relevance.of(page.text) if page is not None else 0.0
        for link in links[:OF_A_PAGE]:
            if not self.site.holds(link.url):
                self.refused += 1
            elif depth <= DEEPEST and len(self._open) < OF_ALL and _may_be_page(link.url) and self.mark(link.url):
                promise = self._promise(link, page) + 0.5 * near - 0.05 * depth
                self._open.append(Candidate(link, depth, promise, len(self._seen)))

    def best(self, count: int) -> tuple[Candidate, ...]:
        """Returns the most promising links, the earliest found first where they are alike."""
        return tuple(sorted(self._open, key=lambda one: (-self._worth(one), one.order))[:count])

    def take(self, candidate: Candidate) -> None:
        """Takes a link off the frontier: it is clicked now."""
        self._open.remove(candidate)

    def note_useless(self, url: str) -> None:
        """Notes that a page was of no use: addresses that differ from it by numbers only are worth less now."""
        self._useless[shape_of(url)] += 1

    def _worth(self, candidate: Candidate) -> float:
        return candidate.promise - 0.4 * self._useless[shape_of(candidate.link.url)]

    def _promise(self, link: Link, page: Page | None) -> float:
        place = urlsplit(link.url)
        path = unquote(f"{place.path} {place.query}")
        return 3.0 * self.relevance.of(link.text) + self.relevance.of(_around(link, page)) + self.relevance.of(path)


def _around(link: Link, page: Page | None) -> str:
    at = page.text.find(link.text) if page is not None and link.text else -1
    return "" if page is None or at < 0 else page.text[max(at - AROUND, 0) : at + len(link.text) + AROUND]


def _may_be_page(url: str) -> bool:
    return _NO_PAGE.search(urlsplit(url).path) is None
