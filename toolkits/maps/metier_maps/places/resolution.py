"""Which place a person means: one, several to choose from, or none with the nearest names. Pure over a Gazetteer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from metier_maps.place import Place
from metier_maps.places.gazetteer import Gazetteer, Hit
from metier_maps.places.search.names import fold
from metier_maps.routing.router import Point
from metier_maps.routing.sphere import measure

# Hits as good as the best, and further apart than this, are different places.
SAME_M: Final = 400.0
# From this score on a name is what was typed, all words of it; below, it is only like it.
SURE: Final = 0.9
LIKELY: Final = 0.58
_CLEARLY: Final = 0.08
_TOWNS: Final = ("city", "town", "village", "hamlet")
_ORDER: Final = ("city", "town", "village", "sight", "hamlet", "settlement", "lodging")
_NO_TOWN: Final = _ORDER.index("sight")
_LOOKED_AT: Final = 12
_SHOWN: Final = 6


@dataclass(frozen=True, slots=True)
class Choice:
    """A place that may be meant, with what tells it from the others: "church, near Canillo"."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a text means, one of three.

    `place` is clear, and `exact` says whether its name is what was typed; or there are several `choices`; or there is
    none, and `near` are the names most like it (may be empty).
    """

    place: Place | None = None
    exact: bool = False
    choices: tuple[Choice, ...] = ()
    near: tuple[str, ...] = ()


def resolve_place(gazetteer: Gazetteer, text: str, *, category: str = "") -> Resolved:
    """Returns the place that `text` means. Of equal names the town, then the sight, is meant before the shop.

    Equal names of equal weight far apart are choices; a misspelt name is taken where nothing else is as like it.
    Raises InputError for an unknown category.
    """
    hits = gazetteer.search(text, category=category, limit=_LOOKED_AT) if text.strip() else ()
    if not hits:
        return Resolved()
    best = hits[0]
    rivals = [hit for hit in hits if _rivals(hit, best)]
    if best.score < LIKELY:
        return Resolved(near=tuple(dict.fromkeys(hit.place.name for hit in hits))[:_SHOWN])
    if len(rivals) == 1:
        return Resolved(place=best.place, exact=best.score >= SURE)
    return Resolved(choices=tuple(Choice(hit.place, describe_place(gazetteer, hit.place)) for hit in rivals[:_SHOWN]))


def describe_place(gazetteer: Gazetteer, place: Place) -> str:
    """Returns what tells a place from its namesakes: "church, near Canillo"."""
    kind = place.categories[0] if place.categories else "place"
    if kind in _TOWNS:
        return kind
    here = Point(place.lat, place.lon)
    towns = [hit for kinds in ("town", "village") for hit in gazetteer.search(category=kinds, near=here, limit=1)]
    nearest = min(towns, key=lambda hit: hit.distance_m or 0.0, default=None)
    return f"{kind}, near {nearest.place.name}" if nearest else kind


def _rivals(hit: Hit, best: Hit) -> bool:
    if hit is best:
        return True
    level = hit.score >= best.score if best.score >= SURE else best.score - hit.score < _CLEARLY
    # a town stands before whatever is named after it, and of equal names the weightier kind is meant
    if best.score >= SURE or fold(hit.matched) == fold(best.matched) or _rank(best.place.categories) < _NO_TOWN:
        level = level and _rank(hit.place.categories) <= _rank(best.place.categories)
    return level and measure(_point(hit), _point(best)) > SAME_M


def _rank(categories: Sequence[str]) -> int:
    return next((i for i, word in enumerate(_ORDER) if word in categories), len(_ORDER))


def _point(hit: Hit) -> Point:
    return Point(hit.place.lat, hit.place.lon)
