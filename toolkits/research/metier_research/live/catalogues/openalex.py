"""OpenAlex: GET /works?search=, the key as `api_key`. Abstracts come as an inverted index, which is turned back."""

from collections.abc import Mapping, Sequence
from typing import Final

from metier.canonical import JSON
from metier_research.live.catalogues.works import Draft, make_work
from metier_research.live.fields.reading import Fields, answer_of, object_of, objects_of, text_of, whole_of
from metier_research.live.source import Access, Inquiry, Source, Wish
from metier_research.pages.shapes import Work

NAME: Final = "openalex"
_FIELDS: Final = (
    "id,doi,display_name,publication_year,authorships,primary_location,best_oa_location,open_access,cited_by_count,"
    "abstract_inverted_index,is_retracted"
)
_MOST_WORDS: Final = 3_000


def build_search(wish: Wish, access: Access) -> Inquiry:
    """Returns the request; the contact goes with it where the user gave an e-mail address."""
    query = {"search": wish.query, "per_page": str(wish.limit), "select": _FIELDS}
    if access.key:
        query["api_key"] = access.key
    if "@" in access.contact:
        query["mailto"] = access.contact
    return Inquiry(f"{access.address}/works", query)


def read_search(answer: JSON) -> Sequence[Work]:
    """Returns the works; raises ServerError for an answer without them."""
    return [work for one in answer_of(answer, "OpenAlex", "results") if (work := make_work(NAME, _draft(one)))]


def restore_abstract(index: Mapping[str, JSON]) -> str:
    """Returns the text of an inverted index: each word at the places that the index gives it."""
    placed = [
        (place, word)
        for word, places in index.items()
        if isinstance(places, list)
        for place in places[:_MOST_WORDS]
        if isinstance(place, int) and not isinstance(place, bool) and place >= 0
    ]
    return " ".join(word for _, word in sorted(placed)[:_MOST_WORDS])


def _draft(one: Fields) -> Draft:
    place = object_of(one, "primary_location")
    return Draft(
        title=text_of(one, "display_name", "title"),
        url=text_of(place, "landing_page_url") or text_of(one, "doi", "id"),
        doi=text_of(one, "doi"),
        version=text_of(place, "version"),
        year=whole_of(one, "publication_year"),
        authors=[text_of(object_of(each, "author"), "display_name") for each in objects_of(one, "authorships")],
        venue=text_of(object_of(place, "source"), "display_name"),
        cited_by=whole_of(one, "cited_by_count"),
        abstract=restore_abstract(object_of(one, "abstract_inverted_index")),
        open_access_url=text_of(object_of(one, "best_oa_location"), "pdf_url", "landing_page_url")
        or text_of(object_of(one, "open_access"), "oa_url"),
        retracted=one.get("is_retracted") is True,
    )


OPENALEX: Final = Source(
    NAME,
    "OpenAlex",
    build_search,
    read_search,
    option="openalex_key",
    variable="OPENALEX_API_KEY",
    refusals={403: "It says that it was asked too often"},
)
