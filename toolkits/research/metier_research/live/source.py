"""A live source as two pure functions: what it is asked for a query, and what its answer says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from metier.canonical import JSON
from metier_research.live.fields.locale import Locale, locale_of
from metier_research.pages.hits import shorten
from metier_research.pages.page import Hit
from metier_research.pages.shapes import Work
from metier_research.reading.cleaning import one_line

Found = TypeVar("Found", Hit, Work)
LONGEST_QUERY: Final = 400
"""Characters of a query; Brave and Tavily take no more."""


@dataclass(frozen=True, slots=True)
class Access:
    """How a source is reached: its address, the user's key for it, and how metier names itself and whom to write to."""

    address: str
    key: str = field(default="", repr=False)
    agent: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is searched for: the words, and how many results at most."""

    query: str
    limit: int

    @property
    def locale(self) -> Locale:
        """Returns in which country and language to ask."""
        return locale_of(self.query)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One request: a GET with a query, or a POST of a JSON `body`. Keys travel in `headers`, or in `query`."""

    url: str
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: JSON = None


@dataclass(frozen=True, slots=True)
class Source(Generic[Found]):
    """A live source.

    `name` is the provider's, `title` how people call it. `build` makes the request, `read` reads the answer (JSON, or
    text when `is_text`): it raises ServerError for what is no answer, and leaves out what has no title or no address.
    `refusals` say what the source means by a status of its own, when it will not answer and another source may.
    `option` and `variable` name the key; `needs_key` says that nothing is asked without one.
    """

    name: str
    title: str
    build: Callable[[Wish, Access], Inquiry]
    read: Callable[[JSON], Sequence[Found]]
    option: str = ""
    variable: str = ""
    needs_key: bool = False
    is_text: bool = False
    refusals: Mapping[int, str] = field(default_factory=dict)


def read_wish(query: str, limit: int) -> Wish:
    """Returns the wish for a query as a model wrote it: one line, without hidden signs, not too long."""
    return Wish(shorten(one_line(query), LONGEST_QUERY).removesuffix("…").rstrip(), limit)
