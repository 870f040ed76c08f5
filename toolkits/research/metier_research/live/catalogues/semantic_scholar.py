"""Semantic Scholar: GET /graph/v1/paper/search, the key in x-api-key."""

from collections.abc import Sequence
from typing import Final

from metier.canonical import JSON
from metier_research.live.catalogues.works import Draft, make_work
from metier_research.live.fields.reading import Fields, answer_of, object_of, objects_of, text_of, whole_of
from metier_research.live.source import Access, Inquiry, Source, Wish
from metier_research.pages.shapes import Work

NAME: Final = "semantic_scholar"
_FIELDS: Final = "title,url,year,authors,venue,citationCount,abstract,externalIds,openAccessPdf"


def build_search(wish: Wish, access: Access) -> Inquiry:
    """Returns the request. Hyphens are spaces there: a word with one finds nothing otherwise."""
    query = {"query": wish.query.replace("-", " "), "limit": str(wish.limit), "fields": _FIELDS}
    return Inquiry(f"{access.address}/paper/search", query, {"x-api-key": access.key} if access.key else {})


def read_search(answer: JSON) -> Sequence[Work]:
    """Returns the works; nothing found is a total of 0 without a list. Raises ServerError for another answer."""
    if object_of(answer).get("total") == 0:
        return []
    return [work for one in answer_of(answer, "Semantic Scholar", "data") if (work := make_work(NAME, _draft(one)))]


def _draft(one: Fields) -> Draft:
    ids = object_of(one, "externalIds")
    arxiv = text_of(ids, "ArXiv")
    return Draft(
        title=text_of(one, "title"),
        url=text_of(one, "url") or (f"https://arxiv.org/abs/{arxiv}" if arxiv else ""),
        doi=text_of(ids, "DOI"),
        year=whole_of(one, "year"),
        authors=[text_of(each, "name") for each in objects_of(one, "authors")],
        venue=text_of(one, "venue"),
        cited_by=whole_of(one, "citationCount"),
        abstract=text_of(one, "abstract"),
        open_access_url=text_of(object_of(one, "openAccessPdf"), "url"),
    )


SEMANTIC_SCHOLAR: Final = Source(
    NAME,
    "Semantic Scholar",
    build_search,
    read_search,
    option="semantic_scholar_key",
    variable="SEMANTIC_SCHOLAR_API_KEY",
)
