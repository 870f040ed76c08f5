"""Measures of a ranking against what was judged relevant. Pure.

Each takes the ids found, best first and each once, the ids that are relevant (at least one), and how far down to look.
"""

from collections.abc import Collection, Sequence
from math import log2


def recall_at(found: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Returns the share of the relevant that is among the first `k`."""
    return sum(one in relevant for one in found[:k]) / len(relevant)


def mrr_at(found: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Returns one over the place of the first relevant one among the first `k`, or 0."""
    return next((1 / place for place, one in enumerate(found[:k], 1) if one in relevant), 0.0)


def ndcg_at(found: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Returns the gain of the first `k`, discounted by log2(place + 1), over that of the best order; relevance is 1."""
    gain = sum(1 / log2(place + 1) for place, one in enumerate(found[:k], 1) if one in relevant)
    return gain / sum(1 / log2(place + 1) for place in range(1, min(k, len(relevant)) + 1))
