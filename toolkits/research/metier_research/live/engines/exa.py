"""Exa: POST /search with the key in x-api-key; the passages that fit best come as highlights."""

from collections.abc import Sequence
from typing import Final

from metier.canonical import JSON
from metier_research.live.engines.hits import make_hit
from metier_research.live.fields.reading import Fields, answer_of, list_of, text_of
from metier_research.live.source import Access, Inquiry, Source, Wish
from metier_research.pages.page import Hit

NAME: Final = "exa"
_MOST: Final = 25  # from 26 on a search costs more


def build_search(wish: Wish, access: Access) -> Inquiry:
    """Returns the request."""
    body: dict[str, JSON] = {
        "query": wish.query,
        "numResults": min(wish.limit, _MOST),
        "contents": {"highlights": {"query": wish.query}},
        "userLocation": wish.locale.country.upper(),
    }
    return Inquiry(f"{access.address}/search", headers={"x-api-key": access.key}, body=body)


def read_search(answer: JSON) -> Sequence[Hit]:
    """Returns the results; raises ServerError for an answer without them."""
    return [
        hit
        for one in answer_of(answer, "Exa", "results")
        if (hit := make_hit(NAME, text_of(one, "title"), text_of(one, "url"), _snippet(one), one.get("publishedDate")))
    ]


def _snippet(one: Fields) -> str:
    marked = [text for text in list_of(one, "highlights")[:3] if isinstance(text, str)]
    return " … ".join(marked) or text_of(one, "summary", "text")


EXA: Final = Source(
    NAME,
    "Exa",
    build_search,
    read_search,
    option="exa_key",
    variable="EXA_API_KEY",
    needs_key=True,
    refusals={402: "The account's credits are used up"},
)
