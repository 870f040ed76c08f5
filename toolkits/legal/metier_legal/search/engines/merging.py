"""Hits of several languages as one list. Pure."""

from collections.abc import Iterable

from metier_legal.search.backend import Found, Hit


def merge_hits(hits: Iterable[Hit], limit: int) -> Found:
    """Returns the `limit` best hits, one per group; equal scores are in the order of their ids."""
    best: dict[str, Hit] = {}
    for hit in sorted(hits, key=lambda hit: (-hit.score, hit.id)):
        best.setdefault(hit.group, hit)
    kept = tuple(best.values())[: max(0, limit)]
    return Found("GROUNDED", kept) if kept else Found("NO_MATCH", reason="Nothing in the index has these terms.")
