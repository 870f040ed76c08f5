"""BM25 over a small collection kept in memory, by its textbook formula. Pure."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from math import log
from typing import Final, Generic, TypeVar

Term = TypeVar("Term", bound=Hashable)

K1: Final = 1.2
B: Final = 0.75
MOST_POSTINGS: Final = 50_000
"""Postings that one search reads, the rarest terms first, so that common ones cannot make it slow."""


class Counts(Generic[Term]):
    """Documents as counted terms; a document is named by its place in the collection."""

    def __init__(self, documents: Iterable[Sequence[Term]]) -> None:
        counted = [Counter(document) for document in documents]
        lengths = [counter.total() for counter in counted]
        mean = sum(lengths) / len(lengths) if any(lengths) else 1.0
        self._postings: dict[Term, list[tuple[int, float]]] = {}
        for place, counter in enumerate(counted):
            for term, count in counter.items():
                self._postings.setdefault(term, []).append((place, float(count)))
        for term, postings in self._postings.items():
            rarity = log(1 + (len(counted) - len(postings) + 0.5) / (len(postings) + 0.5))
            self._postings[term] = [
                (place, rarity * count * (K1 + 1) / (count + K1 * (1 - B + B * lengths[place] / mean)))
                for place, count in postings
            ]

    def score(self, terms: Iterable[Term]) -> dict[int, float]:
        """Returns the score of every document that has one of `terms`; each term counts once."""
        known = [self._postings[term] for term in dict.fromkeys(terms) if term in self._postings]
        scores: dict[int, float] = {}
        left = MOST_POSTINGS
        for postings in sorted(known, key=len):
            if (left := left - len(postings)) < 0:
                break
            for place, part in postings:
                scores[place] = scores.get(place, 0.0) + part
        return scores
