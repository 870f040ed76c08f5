"""Requests that are possible: an outline is drawn, a witness found, and the limits set above what it needs."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from metier.errors import InputError
from metier.world import Chance
from metier_maps.facts import Money
from metier_maps.place import Place
from metier_maps.request import Lodging, Party, Pets, TripRequest
from metier_maps.world.tasks.atlas import Atlas, refer
from metier_maps.world.tasks.witness import Outline, Witness, cost_of, find_witness, keeps_lodging

ATTEMPTS = 300
YEAR = 2027
CLOCK_CHANGES = (date(YEAR, 3, 28), date(YEAR, 10, 31))
HOLIDAYS = (
    date(YEAR, 1, 1),
    date(YEAR, 3, 29),
    date(YEAR, 5, 6),
    date(YEAR, 8, 15),
    date(YEAR, 10, 26),
    date(YEAR, 12, 8),
)
INTERESTS = ("castle", "museum", "viewpoint", "garden", "church")
SHUNNED = ("zoo", "theme park", "monument", "church")
KINDS = ("hotel", "guest house", "apartment")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A request that is possible, and the trip that shows it."""

    request: TripRequest
    witness: Witness


def draw_request(atlas: Atlas, chance: Chance, fixed: Mapping[str, Any]) -> Drawn:
    """Returns a possible request. `fixed` are fields that are not left to chance.

    Raises InputError when no draw of many gives one.
    """
    for attempt in range(ATTEMPTS):
        draw = chance.stream("attempt", str(attempt))
        request = _draw_frame(atlas, draw, fixed)
        beds = tuple(bed for bed in atlas.lodgings if keeps_lodging(bed, request))
        priced = draw.happens(0.35) and "budget" not in (fixed)
        outline = _outline(atlas, request, beds, draw, {**fixed, "priced": priced})
        witness = find_witness(atlas, outline, draw.stream("witness")) if beds or not request.nights else None
        if witness is not None:
            return Drawn(_set_limits(atlas, request, witness, draw, priced=priced), witness)
    raise InputError("No possible trip was found in many draws.", hint="Widen what is fixed.")


def draw_dates(chance: Chance, days: int) -> tuple[date, ...]:
    """Returns consecutive dates of 2027: some over a change of clocks, some over a holiday, most anywhere."""
    kind = chance.deal({"any": 0.76, "clocks": 0.1, "holiday": 0.14})
    first = date(YEAR, 1, 2) + timedelta(days=chance.whole(0, 355))
    if kind != "any":
        target = chance.pick(CLOCK_CHANGES if kind == "clocks" else HOLIDAYS)
        first = target - timedelta(days=chance.whole(0, days - 1))
    return tuple(first + timedelta(days=n) for n in range(days))


def _draw_frame(atlas: Atlas, draw: Chance, fixed: Mapping[str, Any]) -> TripRequest:
    mode = fixed.get("mode", "car")
    days = fixed.get("days") or (int(draw.deal({"1": 15, "2": 25, "3": 25, "4": 20, "5": 15})) if mode == "car" else 1)
    dates = draw_dates(draw.stream("dates"), days)
    start = draw.pick(atlas.settlements)
    end = start if draw.happens(0.75) or mode != "car" else draw.pick(atlas.settlements)
    fields: dict[str, Any] = {
        "region": atlas.region.name,
        "start_date": dates[0],
        "end_date": dates[-1],
        "start": refer(start),
        "end": refer(end),
        "mode": mode,
        "party": _draw_party(draw),
        "pets": _draw_pets(draw) if days > 1 else None,
        "lodging": _draw_lodging(draw, days - 1),
        "pace": draw.deal({"normal": 60, "relaxed": 25, "full": 15}),
        "interests": (draw.pick(INTERESTS),) if draw.happens(0.3) else (),
        "avoid_categories": (draw.pick(SHUNNED),) if draw.happens(0.12) else (),
        "lunch": not draw.happens(0.08),
    }
    if draw.happens(0.15):
        fields |= {"day_start": time(8, 0)} if draw.happens(0.5) else {"day_end": time(20, 0)}
    known = {key: value for key, value in fixed.items() if key in TripRequest.model_fields}
    return TripRequest.model_validate({**fields, **known})


def _draw_party(draw: Chance) -> Party:
    return Party(
        adults=int(draw.deal({"1": 30, "2": 50, "3": 10, "4": 10})),
        children=int(draw.deal({"0": 80, "1": 10, "2": 10})),
    )


def _draw_pets(draw: Chance) -> Pets | None:
    kind = draw.deal({"none": 62, "confirmed": 23, "asked": 15})
    return None if kind == "none" else Pets(kind="dog", confirmed=kind == "confirmed")


def _draw_lodging(draw: Chance, nights: int) -> Lodging:
    if not nights:
        return Lodging()
    policy = draw.deal({"any": 60, "change": 20, "stay": 20}) if nights > 1 else "any"
    kinds = (draw.pick(KINDS),) if draw.happens(0.15) else ()
    stars = float(draw.whole(2, 3)) if kinds in ((), ("hotel",)) and draw.happens(0.15) else None
    return Lodging.model_validate({"policy": policy, "categories": kinds, "min_stars": stars})


def _outline(
    atlas: Atlas, request: TripRequest, beds: tuple[Place, ...], draw: Chance, fixed: Mapping[str, Any]
) -> Outline:
    most = 2 * request.days if request.mode == "car" else 2
    sights = min(most, int(draw.deal({"0": 10, "1": 25, "2": 30, "3": 20, "4": 15})))
    sights = fixed.get("sights", sights)
    barred = set(request.avoid_categories)
    return Outline(
        dates=tuple(request.date_of(day) for day in range(request.days)),
        start=atlas.gazetteer.get(request.start.id),
        end=atlas.gazetteer.get(request.end.id),
        mode=request.mode,
        pace=request.pace,
        sights=sights,
        policy=request.lodging.policy,
        beds=tuple(bed for bed in beds if not barred & set(bed.categories)),
        priced=fixed["priced"],
        day_start=request.day_start,
        day_end=request.day_end,
    )


def _set_limits(atlas: Atlas, request: TripRequest, witness: Witness, draw: Chance, *, priced: bool) -> TripRequest:
    must = [place for day in witness.days for place in day]
    categories = {category for place in must for category in place.categories}
    shunned = tuple(c for c in request.avoid_categories if c not in categories and c not in request.interests)
    changes: dict[str, Any] = {
        "must_see": tuple(refer(place) for place in draw.shuffled(must)),
        "avoid_categories": shunned,
    }
    if draw.happens(0.5):
        changes["drive_limit_s"] = 1800 * math.ceil((1.2 * witness.longest_drive_s + 900) / 1800)
    if draw.happens(0.15):
        others = [place for place in atlas.sights if place not in must]
        changes["avoid"] = (refer(draw.pick(others)),)
    if priced:
        spent = cost_of(witness, request)
        changes["budget"] = Money(cents=2000 * math.ceil((1.25 * spent + 1000) / 2000))
    return request.model_copy(update=changes)


def with_fields(request: TripRequest, **changes: Any) -> TripRequest:
    """Returns the request with fields changed, validated again."""
    return TripRequest.model_validate({**request.model_dump(), **changes})
