"""Live search engines and scholarly catalogues, each a provider of the toolkit's own `search` or `scholar`.

Nothing here is asked unless the user names it in the order of providers.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from metier.canonical import JSON
from metier.late import late
from metier.toolkit import Provider

HOUR_S: Final = 3_600.0
_SEARCH: Final = ("search",)
_SCHOLAR: Final = ("scholar",)


def _provider(
    name: str, summary: str, tools: tuple[str, ...], *, secrets: tuple[str, ...] = (), terms: str, **policy: JSON
) -> Provider:
    whole: Mapping[str, JSON] = {
        "limit_key": name,
        "ttl_s": HOUR_S,
        "store": True,
        "attempts": 2,
        "timeout_s": 90.0,
        **policy,
    }
    make: Any = partial(late("metier_research.live.serving", "make_provider"), name)
    return Provider(
        name=name, summary=summary, tools=tools, make=make, policy={"*": whole}, secrets=secrets, terms=terms
    )


PROVIDERS: Final = (
    _provider(
        "serper",
        "Google's results by Serper; a key (option serper_key).",
        _SEARCH,
        secrets=("serper_key", "SERPER_API_KEY"),
        terms="Paid by the search after 2,500 free ones; metier asks at most 5 times a second, its own measure.",
    ),
    _provider(
        "brave",
        "Brave's own index of the web; a key (option brave_key).",
        _SEARCH,
        secrets=("brave_key", "BRAVE_API_KEY"),
        store=False,
        terms="1 request a second on small plans; keeping results needs a plan that grants it, so none are stored.",
    ),
    _provider(
        "tavily",
        "Tavily, a search made for programs; a key (option tavily_key).",
        _SEARCH,
        secrets=("tavily_key", "TAVILY_API_KEY"),
        terms="100 requests a minute with a development key; a basic search costs one credit.",
    ),
    _provider(
        "exa",
        "Exa, a search by meaning; a key (option exa_key).",
        _SEARCH,
        secrets=("exa_key", "EXA_API_KEY"),
        terms="Paid by the search and by its highlights; metier asks at most 5 times a second.",
    ),
    _provider(
        "searxng",
        "A SearXNG server of your own (option searxng_url), which must allow the format json.",
        _SEARCH,
        terms="Your server asks engines in your name: their terms are yours to keep.",
    ),
    _provider(
        "duckduckgo",
        "DuckDuckGo's page for browsers without scripts, no key. It may refuse a program at any time.",
        _SEARCH,
        store=False,
        concurrency=1,
        attempts=1,
        terms="There is no interface for programs, and automated use is not granted: ask DuckDuckGo before more than "
        "a trial. One request in 3 s, nothing stored; when it asks for a human, metier stops.",
    ),
    _provider(
        "openalex",
        "OpenAlex, an open catalogue of scholarly works; better with a free key (option openalex_key).",
        _SCHOLAR,
        secrets=("openalex_key", "OPENALEX_API_KEY"),
        terms="CC0. Search is metered: a small allowance a day without a key, ten times that with a free one.",
    ),
    _provider(
        "crossref",
        "Crossref, the registry of most DOIs; no key. Set the option agent to your e-mail address.",
        _SCHOLAR,
        concurrency=1,
        terms="Open metadata, abstracts with rights of their own; name a contact. One request a second, one at a time.",
    ),
    _provider(
        "arxiv",
        "arXiv's preprints with their versions; no key.",
        _SCHOLAR,
        concurrency=1,
        terms="Metadata is CC0, papers are not. One request in 3 s, one at a time. Thank arXiv where you use it.",
    ),
    _provider(
        "semantic_scholar",
        "Semantic Scholar; better with a free key (option semantic_scholar_key).",
        _SCHOLAR,
        secrets=("semantic_scholar_key", "SEMANTIC_SCHOLAR_API_KEY"),
        concurrency=1,
        terms="1 request a second with a key; without one all the world shares an allowance. It asks to be named.",
    ),
    _provider(
        "serper_scholar",
        "Google Scholar by Serper; the same key as serper.",
        _SCHOLAR,
        secrets=("serper_key", "SERPER_API_KEY"),
        terms="As serper. Its entries have no DOI.",
    ),
)
