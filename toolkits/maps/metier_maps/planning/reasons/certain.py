"""Reasons that follow from the data alone, without any search."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from zoneinfo import ZoneInfo

from metier_maps.hours.opening import closed_all
from metier_maps.place import Place
from metier_maps.places.categories import find_category
from metier_maps.planning.reasons.requirements import AVOID, MUST, REACH
from metier_maps.planning.survey.collect import PROOF_LODGINGS, Sources, is_near_road
from metier_maps.planning.survey.lodgings import allow_pets, allow_stars, find_lodgings, price_night
from metier_maps.planning.survey.sights import is_barred
from metier_maps.request import Lodging, TripRequest
from metier_maps.routing.router import Point

FILTERS = ("lodging", "stars", "pets")


def find_certain_reason(request: TripRequest, sources: Sources) -> tuple[tuple[str, ...], str] | None:
    """Returns a minimal set of requirements that cannot hold together and why, where the data alone says so."""
    musts = [sources.gazetteer.get(ref.id) for ref in request.must_see]
    for reason in (
        _avoided(request, musts),
        _unreachable(request, musts, sources),
        _closed(request, musts, sources),
        _unhoused(request, musts, sources),
    ):
        found = next(reason, None)
        if found is not None:
            return found
    return None


def _avoided(request: TripRequest, musts: Sequence[Place]) -> Iterator[tuple[tuple[str, ...], str]]:
    barred = {ref.id for ref in (*request.avoid, *request.dropped)}
    for place in musts:
        if place.id in barred:
            yield (MUST + place.id, AVOID + place.id), f"{place.name} is both to be seen and to be avoided."
        elif is_barred(place, request):
            kinds = [k for k in request.avoid_categories if (find_category(k) or k) in place.categories]
            yield (MUST + place.id, AVOID + kinds[0]), f"{place.name} is a {kinds[0]}, and those are to be avoided."


def _unreachable(
    request: TripRequest, musts: Sequence[Place], sources: Sources
) -> Iterator[tuple[tuple[str, ...], str]]:
    for place in musts:
        must = MUST + place.id
        if not is_near_road(sources.router, place, request):
            yield (must, REACH + place.id), f"No road for travelling by {request.mode} leads near {place.name}."
        elif not _has_way(request, place, sources):
            if _has_way_ever(request, place, sources):
                dates = f"{request.start_date} to {request.end_date}"
                yield (must, "dates"), f"The roads to {place.name} are closed from {dates}."
            else:
                yield (must, REACH + place.id), f"No road leads from {request.start.name} to {place.name} and back."


def _has_way(request: TripRequest, place: Place, sources: Sources) -> bool:
    """Returns whether one gets there on one of the dates, and away on the same or a later one."""
    there = [_gets(request, place, sources, day, there=True) for day in range(request.days)]
    if not any(there):
        return False
    first = there.index(True)
    return any(_gets(request, place, sources, day, there=False) for day in range(first, request.days))


def _gets(request: TripRequest, place: Place, sources: Sources, day: int, *, there: bool) -> bool:
    ref = request.start if there else request.end
    other = sources.gazetteer.get(ref.id)
    ends = (Point(other.lat, other.lon), Point(place.lat, place.lon))
    origin, destination = ends if there else ends[::-1]
    matrix = sources.router.matrix([origin], [destination], mode=request.mode, on=request.date_of(day))
    return matrix.durations_s[0][0] is not None


def _has_way_ever(request: TripRequest, place: Place, sources: Sources) -> bool:
    start = sources.gazetteer.get(request.start.id)
    points = [Point(start.lat, start.lon)], [Point(place.lat, place.lon)]
    return sources.router.matrix(*points, mode=request.mode, on=None).durations_s[0][0] is not None


def _closed(request: TripRequest, musts: Sequence[Place], sources: Sources) -> Iterator[tuple[tuple[str, ...], str]]:
    region = sources.gazetteer.region
    dates = [request.date_of(day) for day in range(request.days)]
    for place in musts:
        if closed_all(place, dates, ZoneInfo(region.timezone), region.country):
            when = str(dates[0]) if len(dates) == 1 else f"every day from {dates[0]} to {dates[-1]}"
            hours = f" (hours: {place.opening_hours.value})" if place.opening_hours.value else ""
            yield (MUST + place.id, "dates"), f"{place.name} is closed on {when}{hours}."


def _unhoused(request: TripRequest, musts: Sequence[Place], sources: Sources) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yields that too few lodgings fit what is asked of them, or that the cheapest of them cost too much."""
    if request.nights == 0:
        return
    asked = [name for name in FILTERS if _is_asked(request, name)]
    around = PROOF_LODGINGS if asked or request.budget is not None else 1
    lodgings = _all_lodgings(request, musts, sources, around)
    for size in range(len(asked) + 1):
        for names in combinations(asked, size):
            fitting = [place for place in lodgings if _fits(place, request, names)]
            found = _too_few(request, fitting, names) or _too_dear(request, fitting, names)
            if found is not None:
                yield found


def _all_lodgings(request: TripRequest, musts: Sequence[Place], sources: Sources, around: int) -> list[Place]:
    ends = [sources.gazetteer.get(ref.id) for ref in (request.start, request.end)]
    bare = request.model_copy(update={"lodging": Lodging()})
    barred = {ref.id for ref in (*request.avoid, *request.dropped)}
    return [
        place
        for place in find_lodgings(bare, sources.gazetteer, (*ends, *musts), around=around)
        if place.id not in barred and not is_barred(place, request)
    ]


def _is_asked(request: TripRequest, name: str) -> bool:
    lodging = request.lodging
    asked = {
        "lodging": bool(lodging.categories) or lodging.policy != "any",
        "stars": lodging.min_stars is not None,
        "pets": request.pets is not None,
    }
    return asked[name]


def _fits(place: Place, request: TripRequest, names: Sequence[str]) -> bool:
    kinds = {find_category(kind) or kind for kind in request.lodging.categories}
    return (
        ("lodging" not in names or not kinds or not kinds.isdisjoint(place.categories))
        and ("stars" not in names or allow_stars(place, request))
        and ("pets" not in names or allow_pets(place, request))
    )


def _needed(request: TripRequest, names: Sequence[str]) -> int:
    return request.nights if "lodging" in names and request.lodging.policy == "change" else 1


def _too_few(
    request: TripRequest, fitting: Sequence[Place], names: Sequence[str]
) -> tuple[tuple[str, ...], str] | None:
    needed = _needed(request, names)
    if len(fitting) >= needed:
        return None
    count = "No lodging fits" if not fitting else f"Only {len(fitting)} of the {needed} lodgings needed fit"
    requirements = tuple(names) if names else ("lodging",)
    return requirements, f"{count} what is asked of them."


def _too_dear(
    request: TripRequest, fitting: Sequence[Place], names: Sequence[str]
) -> tuple[tuple[str, ...], str] | None:
    if request.budget is None:
        return None
    prices = sorted(price for place in fitting if (price := price_night(place, request)) is not None)
    if len(prices) < _needed(request, names):
        return ("budget", *names), "The price of a night is known of too few lodgings to promise that a budget is kept."
    nights = prices[: request.nights] if _needed(request, names) > 1 else [prices[0]] * request.nights
    least = sum(nights)
    if least <= request.budget.cents:
        return None
    shown = request.budget.model_copy(update={"cents": least})
    return ("budget", *names), f"The cheapest lodgings cost {shown}, more than {request.budget}."
