"""Evidence made of what was found and read, and what kind each piece is of.

Its value says what it is: `passage` (words of a page or file that was read), `record` (a scholarly work's entry),
`output` (what a program printed), `hit` (a search's pointer to a page that was not read: nothing to cite).
"""

from typing import Final

from metier.canonical import JSON
from metier.evidence import Evidence, record_evidence
from metier_research.pages.page import Hit, Page, Passage

PASSAGE: Final = "passage"
RECORD: Final = "record"
OUTPUT: Final = "output"
HIT: Final = "hit"
READ: Final = frozenset((PASSAGE, RECORD, OUTPUT))
"""The kinds that a claim may cite."""


def passage_evidence(page: Page, passage: Passage) -> Evidence:
    """Returns the evidence of a passage that was read: its words, and where they stand (RFC 5147, `char=from,to`)."""
    value: dict[str, JSON] = {
        "kind": PASSAGE,
        "url": page.url,
        "title": page.title,
        "site": page.site,
        "page": page.digest,
        "start": passage.start,
        "end": passage.end,
        "published": page.published,
        "modified": page.modified,
        "canonical": page.canonical,
        "outdated": page.outdated,
    }
    return record_evidence(
        source=page.site or page.url,
        locator=f"{page.url}#char={passage.start},{passage.end}",
        text=passage.text,
        value=value,
        recorded=page.modified or page.published,
    )


def hit_evidence(hit: Hit, query: str) -> Evidence:
    """Returns the evidence that a search named a page. It is no ground for a claim: the page was not read."""
    value: dict[str, JSON] = {"kind": HIT, "url": hit.url, "title": hit.title, "rank": hit.rank, "query": query}
    return record_evidence(
        source=hit.source, locator=hit.url, text=f"{hit.title}\n{hit.snippet}", value=value, recorded=hit.date
    )


def kind_of(evidence: Evidence) -> str:
    """Returns the kind of a piece of evidence; empty for one of another toolkit or server."""
    kind = evidence.value.get("kind") if isinstance(evidence.value, dict) else None
    return kind if isinstance(kind, str) else ""
