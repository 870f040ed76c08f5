"""Text with links in it: a mention of a thing is written `[[id|words]]` until the page is whole."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from metier_research.pages.page import Link
from metier_research.wiki.address import wiki_url
from metier_research.world.truth.facts import Thing

_MENTION: Final = re.compile(r"\[\[([^|\]]+)\|([^\]]+)\]\]")


@dataclass(frozen=True, slots=True)
class Library:
    """The wiki whose pages are written: its name, and its things by id."""

    wiki: str
    things: Mapping[str, Thing]

    def url(self, thing: str) -> str:
        """Returns the address of the page of a thing."""
        return wiki_url(self.wiki, self.things[thing].title)

    def mention(self, thing: str) -> str:
        """Returns the markup of a thing's name, with its article where it takes one."""
        one = self.things[thing]
        return f"the [[{thing}|{one.name}]]" if one.kind_of.the else f"[[{thing}|{one.name}]]"

    def read(self, markup: str) -> tuple[str, tuple[Link, ...]]:
        """Returns the plain text of markup and its links in the order of the text."""
        links = tuple(Link(words, self.url(thing)) for thing, words in _MENTION.findall(markup))
        return _MENTION.sub(lambda found: found[2], markup), links


def capitalise(markup: str) -> str:
    """Returns the markup with its first letter large."""
    return markup if markup.startswith("[[") else markup[:1].upper() + markup[1:]


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Returns a table as rows of Markdown."""
    lines = (header, ("---",) * len(header), *rows)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
