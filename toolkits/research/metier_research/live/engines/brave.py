"""Brave Search API: GET /res/v1/web/search with the key in X-Subscription-Token."""

from collections.abc import Sequence
from typing import Final

from metier.canonical import JSON
from metier.errors import ServerError
from metier_research.live.engines.hits import make_hit
from metier_research.live.fields.locale import CHINA, JAPAN, KOREA, Locale
from metier_research.live.fields.reading import list_of, object_of, objects_of, text_of
from metier_research.live.source import Access, Inquiry, Source, Wish
from metier_research.pages.page import Hit

NAME: Final = "brave"
_MOST: Final = 20
_WORDS: Final = 50
_LANGUAGES: Final[dict[Locale, str]] = {CHINA: "zh-hans", JAPAN: "jp", KOREA: "ko"}


def build_search(wish: Wish, access: Access) -> Inquiry:
    """Returns the request; a query has at most 50 words there."""
    query = {
        "q": " ".join(wish.query.split()[:_WORDS]),
        "count": str(min(wish.limit, _MOST)),
        "country": wish.locale.country.upper(),
        "search_lang": _LANGUAGES.get(wish.locale, "en"),
        "result_filter": "web",
        "text_decorations": "false",
    }
    headers = {"X-Subscription-Token": access.key, "Accept": "application/json"}
    return Inquiry(access.address, query, headers)


def read_search(answer: JSON) -> Sequence[Hit]:
    """Returns the web results; an answer of type "search" without them found nothing. Raises ServerError for others."""
    fields = object_of(answer)
    if fields.get("type") != "search" and not isinstance(object_of(answer, "web").get("results"), list):
        raise ServerError("Brave answered with something that is not a search.", hint="Ask another source.")
    hits = []
    for one in objects_of(answer, "web", "results"):
        extra = [text for text in list_of(one, "extra_snippets")[:2] if isinstance(text, str)]
        snippet = " … ".join([text_of(one, "description"), *extra])
        date = text_of(one, "page_age", "age")
        if hit := make_hit(NAME, text_of(one, "title"), text_of(one, "url"), snippet, date):
            hits.append(hit)
    return hits


BRAVE: Final = Source(
    NAME, "Brave Search", build_search, read_search, option="brave_key", variable="BRAVE_API_KEY", needs_key=True
)
