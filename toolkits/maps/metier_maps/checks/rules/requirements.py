"""What was asked for is kept: the request itself, its places, limits, dates and party."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import time

from pydantic import ValidationError

from metier.canonical import JSON
from metier.check import Check
from metier.errors import InputError
from metier.verdict import Finding
from metier_maps.checks.reading import Reading, Rule, clock, count, make_check, short, sights_of, words_of
from metier_maps.itinerary import Day, Itinerary
from metier_maps.language import list_strays, parse_edit
from metier_maps.places.categories import find_category
from metier_maps.planning.dwell import SIGHTS_PER_DAY
from metier_maps.request import PlaceRef, TripRequest

_EDIT = {"trip", "edit"}
IN_ANY_ORDER = ("must_see", "avoid", "avoid_categories", "interests", "dropped")


def _judge_request(reading: Reading, rule: Rule) -> Iterable[Finding]:
    stated = reading.task.constraints
    if stated is None:
        return
    if stated.keys() >= _EDIT:
        yield from _judge_edit(stated, reading.trip.request, rule)
        return
    kept = _plain(reading.trip.request.model_dump(mode="json"))
    try:
        asked = TripRequest.model_validate(dict(stated)).model_dump(mode="json", include=set(stated))
    except ValidationError:
        asked = dict(stated)
    wanted = _plain(asked)
    weakened = [name for name, value in wanted.items() if name not in kept or kept[name] != value]
    for name in weakened:
        found = f"the itinerary was made for {short(_spell(kept.get(name)))}"
        claimed = short(_spell(wanted[name]))
        yield rule.violated(name, claimed, found=found, repair="Keep the request as it was asked.")
    if not weakened:
        yield rule.holds("request", f"all {len(wanted)} values that were asked")


def _judge_edit(stated: Mapping[str, JSON], request: TripRequest, rule: Rule) -> Iterable[Finding]:
    """Holds the request of a changed trip: it differs from that of the trip as it was by what the change says."""
    try:
        old = Itinerary.model_validate(stated["trip"]).request
        edit = parse_edit(str(stated["edit"]))
    except (ValidationError, InputError) as error:
        found = short(str(error))
        yield rule.violated("edit", short(str(stated["edit"])), found=found, repair="Give a trip and a change of it.")
        return
    strays = list_strays(old, request, edit.edits)
    for name in strays:
        claimed = short(_spell(_plain(request.model_dump(mode="json")).get(name)))
        was = f"the change does not say so; it was {short(_spell(_plain(old.model_dump(mode='json')).get(name)))}"
        if edit.not_understood:
            lost = f"{was}; not all of the change could be read: {short('; '.join(edit.not_understood))}"
            yield rule.unknown(name, claimed, found=lost, repair="Ask whether this was meant.")
        else:
            yield rule.violated(name, claimed, found=was, repair="Change only what was asked.")
    if not strays:
        yield rule.holds("request", "only what the change says differs")


def _plain(request: Mapping[str, JSON]) -> dict[str, JSON]:
    """Returns the request with each place as its id alone, and lists whose order means nothing in one order."""
    plain: dict[str, JSON] = {}
    for name, value in request.items():
        if isinstance(value, list):
            items = [_id_of(item) for item in value]
            plain[name] = sorted(items, key=_spell) if name in IN_ANY_ORDER else items
        else:
            plain[name] = _id_of(value)
    return plain


def _spell(value: JSON) -> str:
    """Returns the value as JSON, also where it holds numbers that JSON has none of."""
    try:
        return json.dumps(value, sort_keys=True, ensure_ascii=False)
    except ValueError:  # an integer of thousands of digits
        return "a value beyond reason"


def _id_of(value: JSON) -> JSON:
    return value["id"] if isinstance(value, dict) and set(value) == {"id", "name"} else value


def _judge_ends(reading: Reading, rule: Rule) -> Iterable[Finding]:
    trip = reading.trip
    if not trip.days:
        yield rule.violated("/days", "no day", found="a trip has at least one", repair="Plan the days asked for.")
        return
    ends = (
        ("start", "/days/0/start", trip.days[0].start, trip.request.start),
        ("end", f"/days/{len(trip.days) - 1}/end", trip.days[-1].end, trip.request.end),
    )
    for word, subject, planned, asked in ends:
        if planned.id == asked.id:
            yield rule.holds(subject, f"{word} at {short(planned.name)}")
        else:
            yield rule.violated(
                subject,
                f"{word} at {short(planned.name)}",
                found=f"asked for {short(asked.name)}",
                repair=f"Let the trip {word} at {short(asked.name)}.",
            )


def _judge_must_see(reading: Reading, rule: Rule) -> Iterable[Finding]:
    seen = {stop.place.id: stop.place.name for _, _, stop in sights_of(reading.trip)}
    wanted = {place.id: place for place in reading.trip.request.must_see}
    for place in wanted.values():
        if place.id in seen:
            yield rule.holds(f"must_see:{place.id}", f"{short(seen[place.id])} is visited")
        else:
            name = short(place.name)
            yield rule.violated(f"must_see:{place.id}", name, found="not in the plan", repair=f"Add {name}.")
    for subject, _, stop in sights_of(reading.trip):
        if stop.must_see != (stop.place.id in wanted):
            found = "asked for as a must-see" if stop.place.id in wanted else "not asked for as a must-see"
            yield rule.violated(subject, short(stop.place.name), found=found, repair="Mark must-sees and only them.")


def _judge_avoid(reading: Reading, rule: Rule) -> Iterable[Finding]:
    request = reading.trip.request
    unwanted = {place.id: "to be avoided" for place in request.avoid}
    unwanted |= {place.id: "taken out" for place in request.dropped}
    kinds = {kind for category in request.avoid_categories if (kind := find_category(category))}
    for category in request.avoid_categories:
        if not find_category(category):
            repair = "Name a kind that the map tool knows."
            yield rule.unknown("avoid", short(category), found="no such kind of place", repair=repair)
    broken = False
    for subject, place in _visited(reading.trip):
        known = reading.find_place(place.id)
        shared = sorted(kinds.intersection(words_of(known.categories))) if known is not None else []
        why = unwanted.get(place.id) or (f"a {shared[0]}, to be avoided" if shared else "")
        if why:
            broken = True
            yield rule.violated(subject, short(place.name), found=why, repair="Leave it out.")
    if (unwanted or kinds) and not broken:
        yield rule.holds("avoid", f"{len(unwanted)} places and {len(kinds)} kinds are not in the plan")


def _visited(trip: Itinerary) -> Iterator[tuple[str, PlaceRef]]:
    for d, day in enumerate(trip.days):
        yield from ((f"/days/{d}/stops/{i}", stop.place) for i, stop in enumerate(day.stops))
        if day.night is not None:
            yield f"/days/{d}/night", day.night.place


def _judge_drive_limit(reading: Reading, rule: Rule) -> Iterable[Finding]:
    limit = reading.trip.request.drive_limit_s
    if limit is None:
        return
    for d, day in enumerate(reading.trip.days):
        driven = max(day.drive_s, sum(leg.duration_s for leg in day.legs))
        claimed = f"{count(driven, 's')} on the road"
        if driven <= limit:
            yield rule.holds(f"/days/{d}/drive_s", f"{claimed}, at most {count(limit, 's')}")
        else:
            repair = f"Cut {count(driven - limit, 's')} of driving."
            yield rule.violated(f"/days/{d}/drive_s", claimed, found=f"at most {count(limit, 's')}", repair=repair)


def _judge_day_window(reading: Reading, rule: Rule) -> Iterable[Finding]:
    request = reading.trip.request
    asked = f"{request.day_start:%H:%M} to {request.day_end:%H:%M}"
    for d, day in enumerate(reading.trip.days):
        claimed = f"{clock(day.depart, day.date)} to {clock(day.arrive, day.date)}"
        if _is_inside(day, request.day_start, request.day_end):
            yield rule.holds(f"/days/{d}", claimed)
        else:
            repair = "Start later or end earlier: leave out a sight."
            yield rule.violated(f"/days/{d}", claimed, found=f"the day is {asked}", repair=repair)


def _is_inside(day: Day, earliest: time, latest: time) -> bool:
    """Returns whether the day keeps its hours, as clocks show them; `_judge_zone` sees to the zone of its times."""
    same_date = day.depart.date() == day.arrive.date() == day.date
    first, last = earliest.replace(tzinfo=None), latest.replace(tzinfo=None)
    return same_date and first <= day.depart.time() and day.arrive.time() <= last


def _judge_pace(reading: Reading, rule: Rule) -> Iterable[Finding]:
    pace = reading.trip.request.pace
    most = SIGHTS_PER_DAY[pace]
    for d, day in enumerate(reading.trip.days):
        sights = sum(stop.kind == "sight" for stop in day.stops)
        claimed = f"{sights} sights"
        if sights <= most:
            yield rule.holds(f"/days/{d}/stops", f"{claimed}, {pace} pace")
        else:
            repair = "Spread them over more days."
            found = f"at most {most} a day at a {pace} pace"
            yield rule.violated(f"/days/{d}/stops", claimed, found=found, repair=repair)


def _judge_mode(reading: Reading, rule: Rule) -> Iterable[Finding]:
    mode = reading.trip.request.mode
    others = [
        (f"/days/{d}/legs/{i}", leg.mode)
        for d, day in enumerate(reading.trip.days)
        for i, leg in enumerate(day.legs)
        if leg.mode != mode
    ]
    if not others:
        yield rule.holds("mode", f"every leg is by {mode}")
    for subject, other in others:
        yield rule.violated(subject, f"by {other}", found=f"asked for {mode}", repair=f"Route it by {mode}.")


CHECKS: tuple[Check, ...] = (
    make_check("request", "The request is the one that was asked, nothing weakened.", _judge_request),
    make_check("ends", "The trip starts and ends where it was asked to.", _judge_ends),
    make_check("must_see", "Every must-see is visited, and marked as such.", _judge_must_see),
    make_check("avoid", "Nothing that is to be avoided, or was taken out, is in the plan.", _judge_avoid),
    make_check("drive_limit", "No day has more driving than was asked.", _judge_drive_limit),
    make_check("day_hours", "Each day starts and ends within the hours asked for.", _judge_day_window),
    make_check("pace", "No day has more sights than the pace allows.", _judge_pace),
    make_check("mode", "Every leg is by the mode asked for.", _judge_mode),
)
