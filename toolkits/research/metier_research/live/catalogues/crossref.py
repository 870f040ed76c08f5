"""Crossref: GET /works?query=. Abstracts are JATS; dates are lists of numbers."""

from collections.abc import Iterator, Sequence
from typing import Final

from metier.canonical import JSON
from metier.errors import ServerError
from metier_research.live.catalogues.works import Draft, make_work
from metier_research.live.fields.reading import Fields, answer_of, list_of, object_of, objects_of, text_of, whole_of
from metier_research.live.source import Access, Inquiry, Source, Wish
from metier_research.pages.shapes import Work

NAME: Final = "crossref"
_FIELDS: Final = "DOI,URL,title,author,issued,container-title,abstract,is-referenced-by-count,link,updated-by,publisher"


def build_search(wish: Wish, access: Access) -> Inquiry:
    """Returns the request; with an e-mail address as contact it is one of the polite pool."""
    query = {"query": wish.query, "rows": str(wish.limit), "select": _FIELDS}
    if "@" in access.contact:
        query["mailto"] = access.contact
    return Inquiry(f"{access.address}/works", query)


def read_search(answer: JSON) -> Sequence[Work]:
    """Returns the works; raises ServerError for an answer that says that it failed, or has none."""
    if object_of(answer).get("status") == "failed":
        raise ServerError("Crossref could not answer the query.", hint="Put it in fewer, plainer words.")
    return [work for one in answer_of(answer, "Crossref", "message", "items") if (work := make_work(NAME, _draft(one)))]


def _draft(one: Fields) -> Draft:
    return Draft(
        title=_first(one, "title"),
        url=text_of(one, "URL"),
        doi=text_of(one, "DOI"),
        year=_year(one),
        authors=_authors(one),
        venue=_first(one, "container-title") or text_of(one, "publisher"),
        cited_by=whole_of(one, "is-referenced-by-count"),
        abstract=text_of(one, "abstract"),
        retracted=any(text_of(each, "type") == "retraction" for each in objects_of(one, "updated-by")),
    )


def _first(one: Fields, name: str) -> str:
    return next((text for text in list_of(one, name) if isinstance(text, str) and text.strip()), "")


def _year(one: Fields) -> int | None:
    parts = list_of(one, "issued", "date-parts")
    inner = parts[0] if parts and isinstance(parts[0], list) else []
    return whole_of({"year": inner[0]}, "year") if inner else None


def _authors(one: Fields) -> Iterator[str]:
    for each in objects_of(one, "author"):
        yield " ".join(filter(None, (text_of(each, "given"), text_of(each, "family")))) or text_of(each, "name")


CROSSREF: Final = Source(NAME, "Crossref", build_search, read_search)
