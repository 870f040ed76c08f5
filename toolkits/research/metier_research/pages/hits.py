"""The hits of a query: as structured content, and as a model reads them. The same whoever found them. Pure."""

from collections.abc import Sequence
from typing import Final

from metier_research.pages.page import Hit
from metier_research.pages.shapes import QueryHits, SearchHit

SNIPPET: Final = 400  # characters that a model is shown; the structured content has the whole


def shape_hits(query: str, hits: Sequence[Hit], note: str = "") -> QueryHits:
    """Returns the hits of a query as structured content."""
    shaped = (
        SearchHit(rank=hit.rank, title=hit.title, url=hit.url, snippet=hit.snippet, source=hit.source, date=hit.date)
        for hit in hits
    )
    return QueryHits(query=query, hits=tuple(shaped), note=note)


def tell_hits(found: QueryHits) -> str:
    """Returns what a model is told of a query's hits, a line or two each. None of these pages was read."""
    lines = [f"Search for {found.query!r}: {count(len(found.hits), 'page')}."]
    for hit in found.hits:
        about = ", ".join(filter(None, (hit.date, hit.source)))
        lines.append(f"{hit.rank}. [{hit.title}]({hit.url}) ({about})\n   {shorten(hit.snippet, SNIPPET)}".rstrip())
    return "\n".join([*lines, *([found.note] if found.note else [])])


def shorten(text: str, longest: int) -> str:
    """Returns the text, cut after a word and marked with an ellipsis when it is longer than `longest` characters."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    kept, space, _ = head.rpartition(" ")
    return (kept if space and len(kept) > longest // 2 else head).rstrip() + "…"


def count(number: int, thing: str) -> str:
    """Returns a number of things in words: "1 page", "2 pages"."""
    return f"1 {thing}" if number == 1 else f"{number} {thing}s"
