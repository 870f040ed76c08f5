"""Google Scholar by Serper: POST /scholar. Authors, venue and year stand in one line, which is taken apart."""

import re
from collections.abc import Sequence
from typing import Final

from metier.canonical import JSON
from metier_research.live.catalogues.works import Draft, make_work
from metier_research.live.engines.serper import ask_serper
from metier_research.live.fields.reading import Fields, answer_of, text_of, whole_of
from metier_research.live.source import Access, Inquiry, Source, Wish
from metier_research.pages.shapes import Work

NAME: Final = "serper_scholar"
_YEAR: Final = re.compile(r"(?:^|,)\s*(\d{4})\s*$")
_DASH: Final = re.compile(r"\s[-\u2013]\s")


def build_search(wish: Wish, access: Access) -> Inquiry:
    """Returns the request."""
    return ask_serper("scholar", wish, access)


def read_search(answer: JSON) -> Sequence[Work]:
    """Returns the works; raises ServerError for an answer without them."""
    return [work for one in answer_of(answer, "Serper", "organic") if (work := make_work(NAME, _draft(one)))]


def read_publication(line: str) -> tuple[list[str], str, int | None]:
    """Returns authors, venue and year of a line such as "A Ito, B Sand… - Journal of Salt, 2017 - example.org"."""
    names, *rest = _DASH.split(line)
    middle = rest[0] if len(rest) > 1 else ""
    found = _YEAR.search(middle)
    venue = middle[: found.start()] if found else middle
    authors = [name.strip(" …") for name in names.split(",")] if rest else []
    return authors, venue.strip(" ,…"), int(found[1]) if found else None


def _draft(one: Fields) -> Draft:
    authors, venue, year = read_publication(text_of(one, "publicationInfo"))
    return Draft(
        title=text_of(one, "title"),
        url=text_of(one, "link") or text_of(one, "pdfUrl", "htmlUrl"),
        year=year if (told := whole_of(one, "year")) is None else told,
        authors=authors,
        venue=venue,
        cited_by=whole_of(one, "citedBy"),
        abstract=text_of(one, "snippet"),
        open_access_url=text_of(one, "pdfUrl"),
    )


SERPER_SCHOLAR: Final = Source(
    NAME,
    "Google Scholar by Serper",
    build_search,
    read_search,
    option="serper_key",
    variable="SERPER_API_KEY",
    needs_key=True,
)
