"""Results of one query in order, each once, with their ranks. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from metier_research.live.fields.addresses import url_key
from metier_research.pages.page import Hit
from metier_research.pages.shapes import Work


def merge_hits(hits: Iterable[Hit], limit: int) -> tuple[Hit, ...]:
    """Returns the hits without those whose page came before, ranked from 1, at most `limit`."""
    first: dict[str, Hit] = {}
    for hit in hits:
        first.setdefault(url_key(hit.url), hit)
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(list(first.values())[:limit], start=1))


def merge_works(works: Iterable[Work], limit: int) -> tuple[Work, ...]:
    """Returns the works, ranked from 1, at most `limit`; entries of one DOI and version, or of one address, are one.

    What the first entry lacks is taken from those after it; one retracted entry makes the work retracted.
    """
    first: dict[str, Work] = {}
    for work in works:
        key = f"doi:{work.doi} {work.version}" if work.doi else url_key(work.url)
        first[key] = _filled(first[key], work) if key in first else work
    ranked = enumerate(list(first.values())[:limit], start=1)
    return tuple(work.model_copy(update={"rank": rank}) for rank, work in ranked)


def merge_queries(queries: Sequence[str]) -> tuple[str, ...]:
    """Returns the queries, each once, in the order asked."""
    return tuple(dict.fromkeys(queries))


def _filled(work: Work, other: Work) -> Work:
    lacking = {
        name: getattr(other, name)
        for name in ("year", "authors", "venue", "cited_by", "abstract", "open_access_url")
        if getattr(work, name) in (None, "", ())
    }
    return work.model_copy(update={**lacking, "retracted": work.retracted or other.retracted})
