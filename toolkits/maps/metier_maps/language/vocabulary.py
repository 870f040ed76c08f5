"""The categories that words of a request may name."""

import re
from itertools import pairwise
from typing import Final

from metier_maps.places.categories import find_category, kinds_of

LODGINGS: Final = frozenset(kinds_of("lodging"))
SIGHTS: Final = frozenset(kind for group in ("sight", "entertainment", "nature") for kind in (group, *kinds_of(group)))
_TOPICS: Final = {
    "history": "historic site", "historic sites": "historic site", "art": "gallery",
    "arts": "gallery",     "views": "viewpoint", "mountain views": "viewpoint",
    "panoramas": "viewpoint", "hiking": "nature",
    "sightseeing": "sight", "sights": "sight", "历史": "historic site", "艺术": "gallery",
    "风景": "viewpoint", "景色": "viewpoint", "徒步": "nature", "景点": "sight",
}  # fmt: skip


def category_of(words: str) -> str:
    """Returns the category that the words name, in English or Chinese, singular or plural; empty when none."""
    plain = re.sub(r"\s+", " ", words.strip().lower())
    return find_category(plain) or find_category(_TOPICS.get(plain, "")) or ""


def lodgings_in(text: str) -> tuple[str, ...]:
    """Returns the kinds of lodging that a text names; the general word ("lodging", "place to stay") names none."""
    words = re.findall(r"[a-z]+|&", text.lower())
    pairs = [" ".join(pair) for pair in pairwise(words)]
    found = (category_of(word) for word in (*pairs, *words))
    return tuple(dict.fromkeys(c for c in found if c in LODGINGS and c != "lodging"))
