"""DuckDuckGo's page for browsers without scripts, read as HTML: it has no interface for programs.

The page has a row with the link, one with the snippet and one with the displayed address. Links lead over a counter
(`/l/?uddg=`), which is unwrapped; advertisements lead over `/y.js` and are left out. Classes of the older page at
html.duckduckgo.com are read too. A page with neither results nor the words that there are none is a wall.
"""

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from lxml import etree, html

from metier.canonical import JSON
from metier.errors import ServerError
from metier_research.live.engines.hits import make_hit
from metier_research.live.fields.addresses import clean_url
from metier_research.live.fields.locale import CHINA, JAPAN, KOREA, Locale
from metier_research.live.source import Access, Inquiry, Source, Wish
from metier_research.pages.page import Hit

NAME: Final = "duckduckgo"
WALL_S: Final = 300.0  # the pause after it took us for what we are, a program
_BASE: Final = "https://duckduckgo.com/"
_REGIONS: Final[dict[Locale, str]] = {CHINA: "cn-zh", JAPAN: "jp-jp", KOREA: "kr-kr"}
_LINKS: Final = frozenset(("result-link", "result__a"))
_SNIPPETS: Final = frozenset(("result-snippet", "result__snippet"))
_NOTHING: Final = frozenset(("no-results", "result--no-result"))
_WALLS: Final = ("anomaly", "challenge-form", "Unfortunately, bots use DuckDuckGo too")


def build_search(wish: Wish, access: Access) -> Inquiry:
    """Returns the request for the page of results."""
    return Inquiry(f"{access.address}/", {"q": wish.query, "kl": _REGIONS.get(wish.locale, "us-en")})


def read_search(answer: JSON) -> Sequence[Hit]:
    """Returns the results on the page; raises ServerError for a wall, and for a page that is another."""
    page = answer if isinstance(answer, str) else ""
    marked = list(_marked(_parse(page)))
    hits = [hit for hit in _pair(marked) if hit is not None]
    if any(kind == "link" for kind, _, _ in marked):
        return hits
    if any(kind == "nothing" for kind, _, _ in marked) or "No results." in page or "No results found" in page:
        return []
    if any(sign in page for sign in _WALLS):
        raise ServerError(
            "DuckDuckGo asks for proof that a person is searching, and gives none of its results to programs.",
            hint="Wait, or name a provider with a key.",
            retry_after_s=WALL_S,
        )
    raise ServerError("DuckDuckGo answered with a page that is no list of results.", hint="Ask another source.")


def _parse(page: str) -> html.HtmlElement | None:
    try:
        return html.document_fromstring(page.encode(errors="replace"), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.LxmlError, ValueError):
        return None


def _marked(tree: html.HtmlElement | None) -> Iterator[tuple[str, str, str]]:
    """Yields what is marked as part of a result, in the order of the page: its kind, its words, its address."""
    if tree is None:
        return
    for element in tree.iter(etree.Element):
        classes = frozenset((element.get("class") or "").split())
        kind = "link" if classes & _LINKS else "snippet" if classes & _SNIPPETS else ""
        if kind:
            yield kind, element.text_content(), element.get("href") or ""
        elif classes & _NOTHING:
            yield "nothing", "", ""


def _pair(marked: Sequence[tuple[str, str, str]]) -> Iterator[Hit | None]:
    """Yields a hit for each link, with the snippet that follows it before the next link does."""
    for at, (kind, words, address) in enumerate(marked):
        if kind == "link":
            following = marked[at + 1] if at + 1 < len(marked) else ("", "", "")
            url = clean_url(address, _BASE)
            own = (urlsplit(url).hostname or "").endswith("duckduckgo.com") if url else True
            yield None if own else make_hit(NAME, words, url, following[1] if following[0] == "snippet" else "")


DUCKDUCKGO: Final = Source(
    NAME,
    "DuckDuckGo",
    build_search,
    read_search,
    is_text=True,
)
