"""Requests that are impossible: a possible one with a single flaw planted, whose reason is known from the data."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeAlias

from metier.errors import InputError
from metier.world import Chance
from metier_maps.facts import Money
from metier_maps.place import Place
from metier_maps.planning.dwell import SIGHTS_PER_DAY
from metier_maps.request import Lodging, Pets, TripRequest
from metier_maps.world.tasks.atlas import NEVER, Atlas, refer
from metier_maps.world.tasks.drawing import YEAR, draw_request, with_fields
from metier_maps.world.tasks.witness import keeps_lodging

ATTEMPTS = 60
NEAR_S = 45 * 60
RARE_KINDS = ("hostel", "alpine hut")
SUMMER = date(YEAR, 7, 1)  # every pass is open
PLAIN: dict[str, Any] = {"drive_limit_s": None, "budget": None}


@dataclass(frozen=True, slots=True)
class Planted:
    """A request that cannot be kept, the ids of the requirements that clash, and why in a sentence."""

    request: TripRequest
    conflict: tuple[str, ...]
    why: str


Planter: TypeAlias = Callable[[Atlas, Chance], Planted | None]


def plant_conflict(atlas: Atlas, kind: str, chance: Chance) -> Planted:
    """Returns an impossible request of a kind of PLANTERS. Raises InputError when no draw of many gives one."""
    for attempt in range(ATTEMPTS):
        planted = PLANTERS[kind](atlas, chance.stream(kind, str(attempt)))
        if planted is not None:
            return planted
    raise InputError(f"No impossible trip of kind {kind!r} was found.", hint="Use another seed.")


def _base(atlas: Atlas, chance: Chance, **fixed: Any) -> TripRequest:
    request = draw_request(atlas, chance.stream("base"), {"avoid_categories": (), **fixed}).request
    return with_fields(request, **PLAIN)


def _with_must(request: TripRequest, place: Place) -> TripRequest:
    return with_fields(request, must_see=(*request.must_see, refer(place)))


def _dates_of(request: TripRequest) -> list[date]:
    return [request.date_of(day) for day in range(request.days)]


def plant_closed(atlas: Atlas, chance: Chance) -> Planted | None:
    """Returns a trip with a sight that is closed on every day of it, and open soon after."""
    request = _base(atlas, chance, days=chance.whole(1, 2))
    start, dates = atlas.gazetteer.get(request.start.id), _dates_of(request)
    shut = [
        place
        for place in _others(atlas, request)
        if atlas.drive(start, place, "car", dates[0]) < NEAR_S
        and not any(atlas.windows(place, on) for on in dates)
        and any(atlas.windows(place, dates[-1] + timedelta(days=n)) for n in range(1, 15))
    ]
    if not shut:
        return None
    place = chance.pick(shut)
    why = f"{place.name} is closed on every day of the trip ({place.opening_hours.value})."
    return Planted(_with_must(request, place), ("dates", f"must_see:{place.id}"), why)


def plant_unreachable(atlas: Atlas, chance: Chance) -> Planted | None:
    """Returns a winter trip with a sight behind the closed pass."""
    first = date(YEAR, 1, 2) + timedelta(days=chance.whole(0, 80))
    days = chance.whole(1, 4)
    last = first + timedelta(days=days - 1)
    request = _base(atlas, chance, days=days, start_date=first, end_date=last)
    start = atlas.gazetteer.get(request.start.id)
    cut_off = [
        place
        for place in _others(atlas, request)
        if all(atlas.drive(start, place, "car", on) >= NEVER for on in _dates_of(request))
        and atlas.drive(start, place, "car", SUMMER) < NEVER
        and any(atlas.windows(place, on) for on in _dates_of(request))
    ]
    if not cut_off:
        return None
    place = chance.pick(cut_off)
    why = f"{place.name} lies behind a pass that is closed on every day of the trip; there is no other road."
    return Planted(_with_must(request, place), ("dates", f"must_see:{place.id}"), why)


def plant_far(atlas: Atlas, chance: Chance) -> Planted | None:
    """Returns a day trip with a sight further out and back, on any day of the year, than the drive limit allows."""
    request = with_fields(_base(atlas, chance, days=1), must_see=(), avoid=())
    request = with_fields(request, end=request.start)
    start, on = atlas.gazetteer.get(request.start.id), request.start_date
    far = [
        place
        for place in _others(atlas, request)
        if 3 * 3600 < _out_and_back(atlas, start, place, SUMMER) < 5 * 3600
        and _out_and_back(atlas, start, place, on) < 5 * 3600
        and any(w.opens.hour <= 10 and w.closes.hour >= 16 for w in atlas.windows(place, on))
    ]
    if not far:
        return None
    place = chance.pick(far)
    shortest = min(_out_and_back(atlas, start, place, day) for day in (on, SUMMER))
    limit = 1800 * int(0.85 * shortest / 1800)
    why = f"Out and back to {place.name} takes at least {shortest // 60} minutes; the limit is {limit // 60} a day."
    request = with_fields(_with_must(request, place), drive_limit_s=limit)
    return Planted(request, ("drive_limit", f"must_see:{place.id}"), why)


def _out_and_back(atlas: Atlas, start: Place, place: Place, on: date) -> int:
    return atlas.drive(start, place, "car", on) + atlas.drive(place, start, "car", on)


def plant_poor(atlas: Atlas, chance: Chance) -> Planted | None:
    """Returns a trip whose budget is below the cheapest lodging of all."""
    request = _base(atlas, chance, days=chance.whole(2, 4), lodging=Lodging(), pets=None)
    request = with_fields(request, must_see=())
    prices = [bed.price.value.cents for bed in atlas.lodgings if bed.price.value is not None]
    least = min(prices) * request.party.rooms * request.nights
    budget = Money(cents=100 * int(0.008 * least))
    why = f"The cheapest nights cost {least // 100} EUR; the budget is {budget.cents // 100} EUR."
    return Planted(with_fields(request, budget=budget), ("budget",), why)


def plant_unwelcome(atlas: Atlas, chance: Chance) -> Planted | None:
    """Returns a trip with a dog that must be allowed, in a kind of lodging where no house allows one."""
    kind = chance.pick(RARE_KINDS)
    dog = Pets(kind="dog", confirmed=True)
    request = _base(atlas, chance, days=2, lodging=Lodging(categories=(kind,)), pets=None)
    request = with_fields(request, pets=dog)
    if any(keeps_lodging(bed, request) for bed in atlas.lodgings):
        return None
    return Planted(request, ("lodging", "pets"), f"No {kind} of the region says that dogs are allowed.")


def plant_contradiction(atlas: Atlas, chance: Chance) -> Planted | None:
    """Returns a trip that must see a place and avoid it."""
    request = with_fields(_base(atlas, chance), avoid=())
    if not request.must_see:
        return None
    ref = chance.pick(request.must_see)
    conflict = (f"avoid:{ref.id}", f"must_see:{ref.id}")
    return Planted(with_fields(request, avoid=(ref,)), conflict, f"{ref.name} is to be seen and to be avoided.")


def plant_crowded(atlas: Atlas, chance: Chance) -> Planted | None:
    """Returns a relaxed day with more sights than a relaxed day holds, which a full day would."""
    most = SIGHTS_PER_DAY["relaxed"]
    request = _base(atlas, chance, days=1, pace="full", sights=most + 1)
    conflict = ("pace", *sorted(f"must_see:{ref.id}" for ref in request.must_see))
    why = f"A relaxed day holds at most {most} sights; {most + 1} must be seen on one day."
    return Planted(with_fields(request, pace="relaxed"), conflict, why)


def _others(atlas: Atlas, request: TripRequest) -> Sequence[Place]:
    named = {ref.id for ref in (*request.must_see, *request.avoid)}
    return [place for place in atlas.sights if place.id not in named]


PLANTERS: dict[str, Planter] = {
    "closed": plant_closed,
    "unreachable": plant_unreachable,
    "far": plant_far,
    "poor": plant_poor,
    "unwelcome": plant_unwelcome,
    "contradiction": plant_contradiction,
    "crowded": plant_crowded,
}
