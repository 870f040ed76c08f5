"""SearXNG, a search server of the user's own: GET /search with format=json, which its settings must allow."""

from collections.abc import Sequence
from typing import Final

from metier.canonical import JSON
from metier_research.live.engines.hits import make_hit
from metier_research.live.fields.locale import CHINA
from metier_research.live.fields.reading import answer_of, text_of
from metier_research.live.source import Access, Inquiry, Source, Wish
from metier_research.pages.page import Hit

NAME: Final = "searxng"


def build_search(wish: Wish, access: Access) -> Inquiry:
    """Returns the request. A language is set only where the letters tell it: the server has a default of its own."""
    query = {"q": wish.query, "format": "json", "categories": "general"}
    if wish.locale.is_cjk:
        query["language"] = "zh-CN" if wish.locale == CHINA else wish.locale.language
    return Inquiry(f"{access.address}/search", query)


def read_search(answer: JSON) -> Sequence[Hit]:
    """Returns the results; raises ServerError for an answer without them."""
    return [
        hit
        for one in answer_of(answer, "SearXNG", "results")
        if (
            hit := make_hit(
                NAME, text_of(one, "title"), text_of(one, "url"), text_of(one, "content"), one.get("publishedDate")
            )
        )
    ]


SEARXNG: Final = Source(
    NAME,
    "SearXNG",
    build_search,
    read_search,
    refusals={403: 'It does not allow "json" among its search.formats, or refuses this machine'},
)
