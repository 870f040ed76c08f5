"""Which lodgings to consider: those the request allows, near what is to be seen."""

import math
from collections.abc import Iterable, Sequence

from metier.errors import InputError
from metier_maps.facts import Tri
from metier_maps.place import Place
from metier_maps.places.gazetteer import Gazetteer
from metier_maps.request import TripRequest
from metier_maps.routing.router import Point
from metier_maps.routing.sphere import measure

KIND = "lodging"
CELL_DEGREES = 0.03  # about 3 km
ROUGH_S = 5400  # what a tent or a hut costs that nobody asked for
ASK_S = 1800  # what a lodging costs whose pet policy must be asked
SILENT_S = 900  # what one costs without a phone number
ROUGH = frozenset({"camp site", "alpine hut"})
NEAR_M = 6000.0  # how far a lodging still serves a sight well


def find_lodgings(
    request: TripRequest, gazetteer: Gazetteer, fixed: Sequence[Place], *, around: int
) -> tuple[Place, ...]:
    """Returns the lodgings of the kinds asked for, `around` of them at most round each fixed place; by id."""
    kinds = request.lodging.categories or (KIND,)
    found: dict[str, Place] = {}
    for near in spread_anchors(fixed):
        for kind in kinds:
            for hit in _search(gazetteer, kind, near, around):
                found[hit.id] = hit
    return tuple(found[key] for key in sorted(found))


def spread_anchors(fixed: Sequence[Place]) -> list[Point]:
    """Returns the fixed places' positions, of those close together one."""
    cells = {(round(p.lat / CELL_DEGREES), round(p.lon / CELL_DEGREES)): Point(p.lat, p.lon) for p in fixed}
    return list(cells.values())


def _search(gazetteer: Gazetteer, kind: str, near: Point, around: int) -> list[Place]:
    try:
        hits = gazetteer.search(category=kind, near=near, limit=around)
    except InputError:
        return []
    return [hit.place for hit in hits]


def allow_pets(place: Place, request: TripRequest) -> bool:
    """Returns whether the pet policy allows it: no is no, and unknown is no where it must be confirmed."""
    pets = request.pets
    if pets is None or place.dogs.value is Tri.YES:
        return True
    return place.dogs.value is not Tri.NO and not pets.confirmed


def allow_stars(place: Place, request: TripRequest) -> bool:
    """Returns whether it has the stars asked for; unknown is fewer."""
    least = request.lodging.min_stars
    return least is None or (place.stars.value is not None and place.stars.value >= least)


def is_rough(place: Place, request: TripRequest) -> bool:
    """Returns whether one sleeps rough there and nobody asked for that."""
    return not request.lodging.categories and not ROUGH.isdisjoint(place.categories[:1])


def rate_bother(place: Place, request: TripRequest) -> int:
    """Returns what is troublesome about it, in seconds of driving that one would rather accept."""
    bother = ROUGH_S if is_rough(place, request) else 0
    if place.phone.value is None:
        bother += SILENT_S if place.website.value is not None else 2 * SILENT_S
    if request.pets is not None and place.dogs.value is not Tri.YES:
        bother += ASK_S
    return bother


def price_night(place: Place, request: TripRequest) -> int | None:
    """Returns the cents of a night for the whole party: the map's price, else the user's estimate, else None.

    Only a price in the budget's currency counts where there is a budget.
    """
    price, budget = place.price.value or request.lodging_price, request.budget
    if price is None or (budget is not None and budget.currency != price.currency):
        return None
    return price.cents * request.party.rooms


def choose_lodgings(
    lodgings: Iterable[Place], request: TripRequest, sights: Sequence[tuple[Place, int]], most: int
) -> tuple[Place, ...]:
    """Returns at most `most` lodgings that together lie near the sights; `sights` come with their weights.

    With a budget the cheapest third is taken first. Greedy cover: each one is the best beside those taken before.
    """
    left = list(lodgings)
    if len(left) <= most and request.budget is None:
        return tuple(left)
    taken: list[Place] = []
    if request.budget is not None:
        left = [place for place in left if price_night(place, request) is not None]
        taken = sorted(left, key=lambda p: (price_night(p, request) or 0, p.id))[: max(1, most // 3)]
        left = [place for place in left if place not in taken]
    weights = [weight for _, weight in sights]
    cover = [0.0] * len(sights)
    serves = {place.id: _serve(place, sights) for place in (*taken, *left)}
    for place in taken:
        cover = [max(a, b) for a, b in zip(cover, serves[place.id], strict=True)]
    while left and len(taken) < most:
        best = max(left, key=lambda place: (_gain(weights, cover, serves[place.id]) * _merit(place, request), place.id))
        left.remove(best)
        taken.append(best)
        cover = [max(a, b) for a, b in zip(cover, serves[best.id], strict=True)]
    return tuple(taken)


def _serve(place: Place, sights: Sequence[tuple[Place, int]]) -> list[float]:
    here = Point(place.lat, place.lon)
    return [math.exp(-measure(here, Point(sight.lat, sight.lon)) / NEAR_M) for sight, _ in sights]


def _gain(weights: Sequence[int], cover: Sequence[float], serves: Sequence[float]) -> float:
    gained = (w * (max(0.0, new - old) + 0.02 * new) for w, old, new in zip(weights, cover, serves, strict=True))
    return sum(gained)


def _merit(place: Place, request: TripRequest) -> float:
    known = sum(fact is not None for fact in (place.phone.value, place.website.value, place.stars.value))
    merit = (1.0 + 0.1 * known) * (0.4 if is_rough(place, request) else 1.0)
    if request.pets is not None and place.dogs.value is Tri.YES:
        merit *= 1.5
    return merit * (1.2 if place.price.value is not None else 1.0)
