"""The tools `search` and `scholar` as a model sees them, the same whoever answers: this machine or a live source.

With the option `names=seed` they have the names, words and arguments that the Tongyi-DeepResearch weights were trained
to see; those words are an interface, and kept letter by letter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field

from metier.errors import InputError
from metier.toolkit import Settings

SEARCH: Final = "search"
SCHOLAR: Final = "scholar"
NAMES_OPTION: Final = "names"
SEED: Final = "seed"
MOST_QUERIES: Final = 16
HITS_OPTION: Final = "hits"
HITS: Final = 10
MOST_HITS: Final = 50


@dataclass(frozen=True, slots=True)
class Face:
    """A tool as a model sees it: its name, what it does, and the type of its one argument `query`."""

    name: str
    description: str
    queries: Any


def as_list(given: object) -> object:
    """Returns a list of one for a single text, and anything else as it is."""
    return [given] if isinstance(given, str) else given


_FORGIVING: Final = BeforeValidator(as_list)  # a single text is taken for a list of one, which no schema says
_Query = Annotated[str, Field(description="The search query.")]
_PLAIN: Final = {
    SEARCH: Face(
        SEARCH,
        "Searches for pages and returns their titles, addresses and snippets, best first, for each query. A hit is a "
        "pointer and no evidence: visit a page before you rest a claim on it.",
        Annotated[
            list[str],
            Field(min_length=1, max_length=MOST_QUERIES, description="What to search for; several are asked at once."),
            _FORGIVING,
        ],
    ),
    SCHOLAR: Face(
        SCHOLAR,
        "Searches for scholarly works and returns their records: title, authors, venue, year, DOI, version, citations "
        "and abstract, for each query. A record can be cited for what it says itself.",
        Annotated[
            list[str],
            Field(min_length=1, max_length=MOST_QUERIES, description="What to search for; several are asked at once."),
            _FORGIVING,
        ],
    ),
}
_SEED: Final = {
    SEARCH: Face(
        "search",
        "Perform Google web searches then returns a string of the top search results. Accepts multiple queries.",
        Annotated[list[_Query], Field(min_length=1, description="The list of search queries."), _FORGIVING],
    ),
    SCHOLAR: Face(
        "google_scholar",
        "Leverage Google Scholar to retrieve relevant information from academic publications. Accepts multiple "
        "queries. This tool will also return results from google search",
        Annotated[
            list[_Query], Field(min_length=1, description="The list of search queries for Google Scholar."), _FORGIVING
        ],
    ),
}


def face_of(tool: str, settings: Settings) -> Face:
    """Returns how `tool` (SEARCH or SCHOLAR) is shown under these settings."""
    seed = settings.options.get(NAMES_OPTION, "").strip() == SEED
    return (_SEED if seed else _PLAIN)[tool]


def read_hits(options: Mapping[str, str]) -> int:
    """Returns how many hits a query may have; raises InputError for what is no such number."""
    written = options.get(HITS_OPTION, "").strip() or str(HITS)
    number = int(written) if written.isascii() and written.isdecimal() and len(written) < 4 else 0
    if not 1 <= number <= MOST_HITS:
        raise InputError(f"{HITS_OPTION}={written[:20]} is no number of hits.", hint=f"Give 1 to {MOST_HITS}.")
    return number
