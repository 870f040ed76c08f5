"""Serper (serper.dev): Google's results as JSON. POST /search with the key in X-API-KEY."""

from collections.abc import Sequence
from typing import Final

from metier.canonical import JSON
from metier_research.live.engines.hits import make_hit
from metier_research.live.fields.reading import answer_of, text_of
from metier_research.live.source import Access, Inquiry, Source, Wish
from metier_research.pages.page import Hit

NAME: Final = "serper"


def build_search(wish: Wish, access: Access) -> Inquiry:
    """Returns the request; country, language and place as the seed gives them."""
    return ask_serper("search", wish, access)


def ask_serper(path: str, wish: Wish, access: Access) -> Inquiry:
    """Returns the request of one of Serper's searches."""
    locale = wish.locale
    body: dict[str, JSON] = {"q": wish.query, "num": wish.limit, "gl": locale.country, "hl": locale.language}
    if path == "search":
        body["location"] = locale.place
    return Inquiry(f"{access.address}/{path}", headers={"X-API-KEY": access.key}, body=body)


def read_search(answer: JSON) -> Sequence[Hit]:
    """Returns the organic results; raises ServerError for an answer without them."""
    return [
        hit
        for one in answer_of(answer, "Serper", "organic")
        if (
            hit := make_hit(NAME, text_of(one, "title"), text_of(one, "link"), text_of(one, "snippet"), one.get("date"))
        )
    ]


SERPER: Final = Source(
    NAME, "Serper", build_search, read_search, option="serper_key", variable="SERPER_API_KEY", needs_key=True
)
