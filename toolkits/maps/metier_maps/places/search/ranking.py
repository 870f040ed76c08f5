"""How well a name fits what was typed, and how much a place weighs against another of an equal name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from metier_maps.places.categories import ancestors_of
from metier_maps.places.search.names import words_of

EXACT: Final = 1.0
ALL_WORDS: Final = 0.9
WORDS_WITHIN: Final = 0.75
PREFIX: Final = 0.7
FUZZY: Final = 0.65
LEAST: Final = 0.4

# Below this likeness (0 to 1) two names are different names.
ALIKE: Final = 0.7
_WORDS_ALIKE: Final = 0.72
# Words that many names share and that tell little.
_SMALL_WORDS: Final = "a and d da das de del den der des di die do du el et i l la le les los of the und y"
_SMALL: Final = frozenset(_SMALL_WORDS.split())

# A signpost, a bus stop or a car park bears the name of what it stands for: that comes first where it is on the map.
_LITTLE: Final = 0.2
_LITTLE_SCORE: Final = 0.78

WEIGHTS: Final[Mapping[str, float]] = {
    "city": 1.0,
    "town": 0.98,
    "village": 0.95,
    "castle": 0.94,
    "museum": 0.93,
    "church": 0.92,
    "viewpoint": 0.92,
    "attraction": 0.92,
    "theme park": 0.9,
    "lake": 0.88,
    "national park": 0.9,
    "sight": 0.85,
    "peak": 0.82,
    "hamlet": 0.8,
    "district": 0.75,
    "nature": 0.7,
    "pass": 0.68,
    "valley": 0.65,
    "forest": 0.55,
    "lodging": 0.65,
    "settlement": 0.6,
    "airport": 0.7,
    "railway station": 0.6,
    "entertainment": 0.6,
    "sport": 0.55,
    "food": 0.5,
    "artwork": 0.5,
    "memorial": 0.6,
    "transport": 0.4,
    "shop": 0.35,
    "service": 0.4,
    "chair lift": 0.3,
    "signpost": 0.15,
    "bus stop": 0.15,
    "bicycle rental": 0.15,
    "parking": 0.15,
}
_OTHERWISE: Final = 0.3


@dataclass(frozen=True, slots=True)
class Match:
    """A place whose name fits: its number in the store, the score of the name, the name, its weight, its distance."""

    num: int
    score: float
    matched: str
    weight: float
    distance_m: float | None = None


def order_of(match: Match) -> tuple[float, float, int]:
    """Returns the sort key, best first: how the name fits, then how well, the weight and how near."""
    score = min(match.score, _LITTLE_SCORE) if match.weight < _LITTLE else match.score
    band = next((bound for bound in (EXACT, ALL_WORDS, WORDS_WITHIN, PREFIX) if score >= bound), 0.0)
    nearness = 0.0 if match.distance_m is None else max(0.0, 1 - match.distance_m / 100_000)
    return -band, -(score + 0.1 * match.weight + 0.15 * nearness), match.num


def weigh(categories: Sequence[str], tags: Mapping[str, str]) -> float:
    """Returns how much a place matters, in (0, 1]: by its kind, a little more where the map knows it well."""
    kind = max((_weight_of(word) for word in categories[:1]), default=_OTHERWISE)
    known = sum(("wikidata" in tags or "wikipedia" in tags, "website" in tags or "contact:website" in tags))
    known += sum(key.startswith("name:") for key in tags) >= 2
    return round(kind * (0.94 + 0.02 * known), 4)


def score_name(query: str, name: str) -> float:
    """Returns how well a name fits a query, both folded: 1 exact, less for words, prefix or likeness; 0 for no fit."""
    if query == name:
        return EXACT
    asked, there = words_of(query), words_of(name)
    if not asked or not there:
        return 0.0
    if sorted(asked) == sorted(there):
        return ALL_WORDS + 0.05
    coverage = len(query) / max(len(name), len(query))
    if _contains(there, asked):
        return WORDS_WITHIN + (ALL_WORDS - WORDS_WITHIN) * coverage
    if _begins(there, asked):
        return PREFIX + (WORDS_WITHIN - PREFIX) * coverage
    alike = _likeness(query, name, asked, there)
    return LEAST + (FUZZY - LEAST) * (alike - ALIKE) / (1 - ALIKE) if alike >= ALIKE else 0.0


def _contains(there: Sequence[str], asked: Sequence[str]) -> bool:
    if all(len(word) == 1 for word in asked):
        return any(tuple(there[i : i + len(asked)]) == tuple(asked) for i in range(len(there)))
    return set(asked) <= set(there)


def _begins(there: Sequence[str], asked: Sequence[str]) -> bool:
    *whole, last = asked
    return set(whole) <= set(there) and any(word.startswith(last) for word in there)


def _likeness(query: str, name: str, asked: Sequence[str], there: Sequence[str]) -> float:
    """Returns the likeness from 0 to 1: of the whole, or word by word, small words counting little."""
    whole = fuzz.ratio(query, name) / 100
    forward, backward = _cover(asked, there), _cover(there, asked)
    return max(whole, 0.75 * forward + 0.25 * backward if forward >= _WORDS_ALIKE else 0.0, 0.9 * backward * forward)


def _cover(words: Sequence[str], others: Sequence[str]) -> float:
    weights = [0.3 if word in _SMALL else float(min(len(word), 8)) for word in words]
    best = [max(fuzz.ratio(word, other) / 100 for other in others) for word in words]
    # a word that is unlike every other counts as missing, not as half there
    found = sum(w * (b if b >= ALIKE else 0.0) for w, b in zip(weights, best, strict=True))
    return found / sum(weights)


def _weight_of(word: str) -> float:
    return next((WEIGHTS[w] for w in (word, *ancestors_of(word)) if w in WEIGHTS), _OTHERWISE)
