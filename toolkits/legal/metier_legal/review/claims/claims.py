"""The claims of a document: each citation with the quotes that belong to it. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from metier_legal.citations.citation import Citation
from metier_legal.citations.finding import ALL, find_citations
from metier_legal.review.claims.attribution import attribute
from metier_legal.review.claims.quotes import Quote, find_quotes, is_quote
from metier_legal.review.document import Document

AROUND: Final = 240
_LEAD: Final = re.compile(r"[\s(（\[—–-]*$")


@dataclass(frozen=True, slots=True)
class Claim:
    """A citation, the quotes that are said to stand there, and the words around it."""

    citation: Citation
    quotes: tuple[Quote, ...] = ()
    around: str = ""


def find_claims(
    document: Document, *, systems: Collection[str] = ALL, names: Collection[str] = ()
) -> tuple[Claim, ...]:
    """Returns the claims of a document in its order.

    `systems` and `names` are as in `citations.finding.find_citations`. A quote without a citation near it is none.
    """
    citations = find_citations(document.text, systems=systems, names=names)
    quotes = find_quotes(document)
    owned: dict[int, list[Quote]] = {}
    for number, owner in attribute(document, citations, quotes).items():
        quote = replace(_without(quotes[number], citations[owner.index]), sure=owner.sure)
        owned.setdefault(owner.index, []).append(quote)
    return tuple(
        Claim(citation, tuple(owned.get(index, ())), _around(document, citation))
        for index, citation in enumerate(citations)
    )


def _without(quote: Quote, citation: Citation) -> Quote:
    """Returns the quote without the citation that stands at its end, as in a block quote that names its source."""
    if not quote.start < citation.start < quote.end:
        return quote
    words = quote.text[: citation.start - quote.start]
    cut = _LEAD.sub("", _drop_name(words))
    return replace(quote, end=quote.start + len(cut), text=cut) if is_quote(cut) else quote


def _drop_name(words: str) -> str:
    """Returns the words without a case name that leads up to the citation, on the last line or behind a dash."""
    head, sign, tail = words.rpartition("\n")
    if sign and len(tail) < 200 and re.match(r"\s*[—–(（-]|.*\bv\.? ", tail):
        return head
    at = max(
        words.rfind("— "), words.rfind("– "), words.rfind("――"), words.rfind("——"), words.rfind("("), words.rfind("（")
    )
    return words[:at] if at > 0 and len(words) - at < 200 else words


def _around(document: Document, citation: Citation) -> str:
    index = document.block_at(citation.start)
    start = max(document.starts[index], citation.start - AROUND)
    return document.text[start : min(document.end_of(index), citation.end + AROUND)]
