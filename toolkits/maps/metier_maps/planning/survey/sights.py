"""Which sights to consider: those that must be seen, those asked for, and well-described ones spread over the way."""

from collections.abc import Mapping, Sequence

from metier.errors import InputError
from metier_maps.facts import Tri
from metier_maps.place import Place
from metier_maps.places.categories import find_category
from metier_maps.places.gazetteer import Gazetteer
from metier_maps.planning.survey.lodgings import CELL_DEGREES, spread_anchors
from metier_maps.request import TripRequest
from metier_maps.routing.router import Point
from metier_maps.routing.sphere import measure

KIND = "sight"
AROUND = 100  # sights looked at round each fixed place
HIGHEST = 30
NAMELESS = 5
INTEREST = 12
CROWD = 3  # half points that each better sight of the same cell costs
ALIKE = 2  # better sights of the same kind that cost one point
KM_PER_POINT = 8.0  # what the distance to the nearest fixed place costs
WORTH: Mapping[str, int] = {
    "castle": 5,
    "palace": 5,
    "museum": 4,
    "viewpoint": 5,
    "national park": 4,
    "waterfall": 4,
    "cathedral": 4,
    "monastery": 4,
    "theme park": 4,
    "zoo": 4,
    "aquarium": 4,
    "cave": 3,
    "garden": 3,
    "hot spring": 3,
    "church": 3,
    "ruins": 3,
    "tower": 3,
    "lake": 2,
    "beach": 3,
    "park": 1,
    "attraction": 3,
    "memorial": -3,
    "artwork": -4,
    "fountain": -4,
    "statue": -3,
    "bridge": -1,
    "square": -1,
    "peak": -6,
    "pass": -3,
    "cliff": -8,
    "forest": -8,
    "valley": -8,
    "island": -4,
    "spring": -6,
    "glacier": -6,
    "volcano": -4,
}
TOLD: Mapping[str, int] = {"wikidata": 3, "wikipedia": 4, "description": 1, "heritage": 3, "image": 1, "name:en": 1}


def choose_sights(
    request: TripRequest, gazetteer: Gazetteer, fixed: Sequence[Place], most: int
) -> tuple[tuple[Place, int], ...]:
    """Returns at most `most` sights that may be left out, with their scores (1 to 30), best first.

    `fixed` are the start, the end and the places that must be seen: distance counts from the nearest of them.
    """
    wanted = _find_wanted(request, gazetteer, fixed)
    pool = {place.id: place for place in wanted.values()}
    for anchor in spread_anchors(fixed):
        for hit in gazetteer.search(category=KIND, near=anchor, limit=AROUND):
            pool.setdefault(hit.place.id, hit.place)
    barred = {place.id for place in fixed} | {ref.id for ref in (*request.avoid, *request.dropped)}
    scored = [
        (place, _score(place, fixed) + (INTEREST if place.id in wanted else 0))
        for place in pool.values()
        if place.id not in barred and _is_welcome(place, request)
    ]
    return _thin(scored, most)


def is_barred(place: Place, request: TripRequest) -> bool:
    """Returns whether one of its categories is to be avoided."""
    words = {find_category(category) or category for category in request.avoid_categories}
    return not words.isdisjoint(place.categories)


def _is_welcome(place: Place, request: TripRequest) -> bool:
    if is_barred(place, request) or not place.name:
        return False
    budget, price = request.budget, place.price.value
    if budget is None or price is None:
        return budget is None or place.fee.value is not Tri.YES
    return price.currency == budget.currency


def _find_wanted(request: TripRequest, gazetteer: Gazetteer, fixed: Sequence[Place]) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for interest in request.interests:
        for anchor in spread_anchors(fixed):
            try:
                hits = gazetteer.search(category=interest, near=anchor, limit=AROUND // 4)
            except InputError:
                hits = gazetteer.search(interest, category=KIND, limit=AROUND // 8)
            found.update((hit.place.id, hit.place) for hit in hits)
    return found


def _score(place: Place, fixed: Sequence[Place]) -> int:
    told = sum(points for key, points in TOLD.items() if key in place.tags or key in place.names)
    told += (2 if place.opening_hours.value else 0) + (1 if place.website.value else 0)
    worth = next((WORTH[c] for c in place.categories if c in WORTH), 0)
    here = Point(place.lat, place.lon)
    away = min(measure(here, Point(p.lat, p.lon)) for p in fixed) / 1000
    told -= NAMELESS if not place.names else 0
    return round(4 + told + worth - away / KM_PER_POINT)


def _thin(scored: Sequence[tuple[Place, int]], most: int) -> tuple[tuple[Place, int], ...]:
    """Returns the best, where each better one of the same cell, and of the same kind, costs points."""
    crowd: dict[tuple[int, int], int] = {}
    alike: dict[str, int] = {}
    kept: list[tuple[int, str, Place]] = []
    for place, score in sorted(scored, key=lambda entry: (-entry[1], entry[0].id)):
        cell = (round(place.lat / CELL_DEGREES), round(place.lon / CELL_DEGREES))
        kind = place.categories[0] if place.categories else ""
        thinned = score - CROWD * crowd.get(cell, 0) // 2 - alike.get(kind, 0) // ALIKE
        crowd[cell] = crowd.get(cell, 0) + 1
        alike[kind] = alike.get(kind, 0) + 1
        if thinned > 0:
            kept.append((-thinned, place.id, place))
    kept.sort(key=lambda entry: entry[:2])
    return tuple((place, min(HIGHEST, -score)) for score, _, place in kept[:most])
