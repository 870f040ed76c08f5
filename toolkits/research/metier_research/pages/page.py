"""A page, a hit of a search, and a passage of a page."""

from dataclasses import dataclass
from functools import cached_property

from metier.canonical import digest_of


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page: the words that are clicked, and the address that they lead to (absolute)."""

    text: str
    url: str


@dataclass(frozen=True)
class Page:
    """A page as text. Every span of it is stable: the same document gives the same text, letter by letter.

    `url` is its own address: http or https, `wiki://NAME/Title` for a wiki on this machine, `file:NAME` for a file that
    the user named. `text` is the main text in Unicode's form C, paragraphs apart by an empty line, tables as rows of
    Markdown. `published` and `modified` are the dates that the page gives for itself (ISO 8601, else empty). `site`
    names whose page it is: a host, or a wiki. `canonical` is where the page says that it was first published, when it
    says so. `outdated` is what marks the page as no longer true, where the source says so. `rendered` says that
    scripts of the page made its text in a browser.
    """

    url: str
    title: str
    text: str
    links: tuple[Link, ...] = ()
    published: str = ""
    modified: str = ""
    language: str = ""
    site: str = ""
    canonical: str = ""
    outdated: str = ""
    rendered: bool = False

    @cached_property
    def digest(self) -> str:
        """Returns the first 16 hexadecimal digits of the hash of its address and text."""
        return digest_of([self.url, self.text])[:16]


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a page's text: the characters from `start` up to `end`, which is not included."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """What a search found: a page not yet read. `rank` counts from 1, `date` is ISO 8601 or empty.

    `source` says who found it: a provider or a wiki.
    """

    title: str
    url: str
    snippet: str
    source: str
    rank: int
    date: str = ""
