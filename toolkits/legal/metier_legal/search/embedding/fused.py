"""An engine with a second opinion: its hits and the nearest vectors, fused by reciprocal rank."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from metier.errors import MetierError, ServerError
from metier_legal.search.backend import Entry, Explanation, Filters, Found, Hit, SearchBackend
from metier_legal.search.embedding.endpoint import Endpoint
from metier_legal.search.embedding.vectors import Vectors
from metier_legal.search.engines.merging import merge_hits

LEXICAL: Final = 0.8
NEAREST: Final = 0.2
FLATNESS: Final = 20
"""The weights and the constant of the fusion that measured best on ObliQA with a small model."""

_CANDIDATES: Final = 100
_AT_ONCE: Final = 32


def open_fused(backend: SearchBackend, path: Path, endpoint: Endpoint, *, fresh: bool) -> SearchBackend:
    """Returns the backend with vectors in the file `path`; those that are still to be made are asked for now."""
    fused = Fused(backend, Vectors(path, fresh=fresh), endpoint)
    fused.fill()
    return fused


class Fused:
    """A SearchBackend (see there) over another. A dead endpoint leaves the other's hits, and `reason` says so."""

    def __init__(self, backend: SearchBackend, vectors: Vectors, endpoint: Endpoint) -> None:
        self._backend = backend
        self._vectors = vectors
        self._endpoint = endpoint
        self._problem = ""

    def index(self, entries: Iterable[Entry]) -> int:
        """Returns how many entries were added or replaced."""
        count = self._backend.index(self._noted(entries))
        self.fill()
        return count

    def fill(self) -> None:
        """Asks for the vectors that are still to be made, as far as the endpoint gives them."""
        try:
            while waiting := self._vectors.waiting(_AT_ONCE):
                vectors = self._endpoint.embed(list(waiting.values()))
                self._vectors.keep(zip(waiting, vectors, strict=True))
            self._problem = ""
        except ServerError as error:
            self._problem = f"{self._vectors.count_waiting()} texts have no vector yet: {error.message}"

    def search(self, query: str, *, filters: Filters, limit: int) -> Found:
        """Returns at most `limit` hits, one per group; `reason` tells when words alone were searched."""
        lexical = self._backend.search(query, filters=filters, limit=max(limit, _CANDIDATES))
        if lexical.state == "UNAVAILABLE":
            return lexical
        try:
            near = self._nearest(query, filters, max(limit, _CANDIDATES))
        except MetierError as error:
            reason = f"{lexical.reason} Only words were searched: {error.message}".lstrip()
            return replace(lexical, hits=lexical.hits[: max(0, limit)], reason=reason)
        found = fuse(lexical.hits, near, limit)
        return replace(found, reason=" ".join(filter(None, (found.reason, self._problem))))

    def delete(self, sources: Sequence[str]) -> int:
        """Returns how many entries of these sources were removed."""
        self._vectors.drop(sources)
        return self._backend.delete(sources)

    def explain(self, query: str, entry_id: str, *, filters: Filters) -> Explanation | None:
        """Returns why the entry is found: its terms, and its likeness where it is among the nearest."""
        lexical = self._backend.explain(query, entry_id, filters=filters)
        try:
            near = self._nearest(query, filters, _CANDIDATES)
        except MetierError:
            return lexical
        parts = [(self._endpoint.model, "vector", hit.score) for hit in near if hit.id == entry_id]
        if lexical is None and not parts:
            return None
        known = lexical or Explanation(entry_id, 0.0)
        return Explanation(entry_id, known.score + sum(part for *_, part in parts), (*known.parts, *parts))

    def _nearest(self, query: str, filters: Filters, limit: int) -> list[Hit]:
        if not query.strip():
            return []
        return self._vectors.nearest(self._endpoint.embed([query])[0], filters, limit)

    def _noted(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        batch: list[Entry] = []
        for entry in entries:
            batch.append(entry)
            if len(batch) == _AT_ONCE:
                self._vectors.put(batch)
                batch = []
            yield entry
        self._vectors.put(batch)


def fuse(lexical: Sequence[Hit], near: Sequence[Hit], limit: int) -> Found:
    """Returns the hits of both by the sum of weight / (FLATNESS + place); a group keeps its lexical entry. Pure."""
    scores: dict[str, float] = {}
    hits: dict[str, Hit] = {}
    for weight, ranked in ((LEXICAL, lexical), (NEAREST, near)):
        for place, hit in enumerate(ranked, 1):
            scores[hit.group] = scores.get(hit.group, 0.0) + weight / (FLATNESS + place)
            hits.setdefault(hit.group, hit)
    return merge_hits([replace(hit, score=scores[group]) for group, hit in hits.items()], limit)
