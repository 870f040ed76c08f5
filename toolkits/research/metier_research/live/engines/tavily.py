"""Tavily: POST /search with the key as bearer token."""

from collections.abc import Sequence
from typing import Final

from metier.canonical import JSON
from metier_research.live.engines.hits import make_hit
from metier_research.live.fields.reading import answer_of, text_of
from metier_research.live.source import Access, Inquiry, Source, Wish
from metier_research.pages.page import Hit

NAME: Final = "tavily"
_MOST: Final = 20
_SPENT: Final = "The plan's searches are used up"


def build_search(wish: Wish, access: Access) -> Inquiry:
    """Returns the request: a basic search, which costs one credit, without an answer made by a model."""
    body: dict[str, JSON] = {
        "query": wish.query,
        "max_results": min(wish.limit, _MOST),
        "search_depth": "basic",
        "include_answer": False,
    }
    if wish.locale.is_cjk:
        body["country"] = wish.locale.place.lower()
    return Inquiry(f"{access.address}/search", headers={"Authorization": f"Bearer {access.key}"}, body=body)


def read_search(answer: JSON) -> Sequence[Hit]:
    """Returns the results; raises ServerError for an answer without them."""
    return [
        hit
        for one in answer_of(answer, "Tavily", "results")
        if (
            hit := make_hit(
                NAME, text_of(one, "title"), text_of(one, "url"), text_of(one, "content"), one.get("published_date")
            )
        )
    ]


TAVILY: Final = Source(
    NAME,
    "Tavily",
    build_search,
    read_search,
    option="tavily_key",
    variable="TAVILY_API_KEY",
    needs_key=True,
    refusals={432: _SPENT, 433: _SPENT},
)
