"""A work made of what a catalogue sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from metier_research.live.fields.addresses import clean_doi, clean_url
from metier_research.live.fields.words import plain_text
from metier_research.pages.shapes import Work

TITLE: Final = 500  # characters
NAME: Final = 120
ABSTRACT: Final = 4_000
_AUTHORS: Final = 60
_DOI_SIGNS: Final = "/():;._-"
_YEARS: Final = range(1400, 2200)


@dataclass(frozen=True, slots=True)
class Draft:
    """A work as a catalogue wrote it, field by field, unread: markup, resolvers and doubtful addresses included."""

    title: str
    url: str = ""
    doi: str = ""
    version: str = ""
    year: int | None = None
    authors: Iterable[str] = ()
    venue: str = ""
    cited_by: int | None = None
    abstract: str = ""
    open_access_url: str = ""
    retracted: bool = False


def make_work(source: str, draft: Draft) -> Work | None:
    """Returns the work, None for one without a title, or with neither an address nor a DOI that gives it one.

    Its rank is given by whoever puts the works in order.
    """
    doi = clean_doi(draft.doi)
    url = clean_url(draft.url) or (f"https://doi.org/{quote(doi, _DOI_SIGNS)}" if doi else "")
    title = plain_text(draft.title, TITLE)
    if not title or not url:
        return None
    names = [name for one in draft.authors if (name := plain_text(one, NAME))]
    return Work(
        rank=0,
        title=title,
        url=url,
        doi=doi,
        version=plain_text(draft.version, NAME),
        year=draft.year if draft.year in _YEARS else None,
        authors=tuple(names[:_AUTHORS]),
        venue=plain_text(draft.venue, TITLE),
        cited_by=draft.cited_by,
        abstract=plain_text(draft.abstract, ABSTRACT),
        open_access_url=clean_url(draft.open_access_url),
        source=source,
        retracted=draft.retracted,
    )
