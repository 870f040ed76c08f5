"""What must be known of a wiki to read its wikitext: where its pages are, and how its namespaces are called."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from metier_research.wiki.address import key_of, wiki_url

FILE: Final = 6
CATEGORY: Final = 14

_STANDARD: Final = {
    "talk": 1,
    "user": 2,
    "project": 4,
    "wikipedia": 4,
    "file": FILE,
    "image": FILE,
    "media": -2,
    "special": -1,
    "mediawiki": 8,
    "template": 10,
    "help": 12,
    "category": CATEGORY,
    "portal": 100,
    "draft": 118,
    "module": 828,
}
_ELSEWHERE: Final = -99
_SISTERS: Final = frozenset(
    ("b", "c", "commons", "d", "m", "meta", "mw", "n", "q", "s", "species", "v", "voy", "w", "wikt", "wiktionary")
)
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,8})*")


@dataclass(frozen=True, slots=True)
class Site:
    """A wiki. `name` is what it is called here; `base` is what addresses of its pages begin with, where known.

    `first_letter` says that titles begin with a capital. `namespaces` are its own names of namespaces, in small
    letters, with their numbers.
    """

    name: str
    base: str = ""
    language: str = ""
    first_letter: bool = True
    namespaces: Mapping[str, int] = field(default_factory=dict)

    def namespace(self, target: str) -> int:
        """Returns the number of the namespace that a link leads to: 0 for pages, another for what is no page here."""
        prefix, colon, _ = target.partition(":")
        name = key_of(prefix).casefold()
        if not colon or not name:
            return 0
        known = self.namespaces.get(name, _STANDARD.get(name, 0))
        return known or (_ELSEWHERE if name in _SISTERS or _LANGUAGE.fullmatch(prefix.strip()) else 0)

    def title(self, target: str) -> str:
        """Returns the title that a link names, without its section; empty for a link within the page."""
        key = key_of(target.partition("#")[0])
        return key[:1].upper() + key[1:] if self.first_letter and len(key[:1].upper()) == 1 else key

    def url(self, target: str) -> str:
        """Returns the address, on this machine, of the page that a link names."""
        return wiki_url(self.name, self.title(target))

    def origin(self, title: str) -> str:
        """Returns the address of a page where it was first published; empty where the wiki does not say."""
        return f"{self.base}{quote(title.replace(' ', '_'), safe='/:,()')}" if self.base else ""
