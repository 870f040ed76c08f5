"""A trip that can be done: drawn first, so that the request made from it is possible by construction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise, permutations

from metier.world import Chance
from metier_maps.facts import Tri
from metier_maps.place import Place
from metier_maps.planning.dwell import SIGHTS_PER_DAY, Pace, estimate_dwell
from metier_maps.request import TripRequest
from metier_maps.routing.router import Mode
from metier_maps.world.tasks.atlas import NEVER, Atlas, entrance_of

LUNCH_AND_SLACK = timedelta(minutes=90)
NEAR_S = {"car": 45 * 60, "bicycle": 40 * 60, "foot": 30 * 60}
NIGHT_NEAR_S = 50 * 60


@dataclass(frozen=True, slots=True)
class Outline:
    """What a trip is drawn for: everything of the request that is fixed before the places are."""

    dates: tuple[date, ...]
    start: Place
    end: Place
    mode: Mode
    pace: Pace
    sights: int
    policy: str
    beds: tuple[Place, ...]
    priced: bool
    day_start: time
    day_end: time


@dataclass(frozen=True, slots=True)
class Witness:
    """A trip that keeps every limit set above it: sights by day, a lodging per night, and the longest day's drive."""

    days: tuple[tuple[Place, ...], ...]
    nights: tuple[Place, ...]
    longest_drive_s: int


def find_witness(atlas: Atlas, outline: Outline, chance: Chance) -> Witness | None:
    """Returns a trip that fits the outline, or None when this draw finds none."""
    plan = _spread(outline.sights, len(outline.dates), chance)
    here, longest = outline.start, 0
    days: list[tuple[Place, ...]] = []
    nights: list[Place] = []
    for number, on in enumerate(outline.dates):
        sights = _choose_sights(atlas, outline, here, plan[number], [*sum(days, ()), outline.start], on, chance)
        last = number == len(outline.dates) - 1
        goal = outline.end if last else _choose_bed(atlas, outline, sights[-1] if sights else here, nights, on, chance)
        if goal is None:
            return None
        drives = [_drive_of(atlas, outline, (here, *order, goal), on) for order in permutations(sights)]
        if not drives or min(drives) >= NEVER:
            return None
        longest = max(longest, min(drives))
        days.append(tuple(sights))
        nights += [] if last else [goal]
        here = goal
    return Witness(tuple(days), tuple(nights), longest) if sum(map(len, days)) == outline.sights else None


def _spread(count: int, days: int, chance: Chance) -> list[int]:
    plan = [0] * days
    for _ in range(count):
        plan[chance.whole(0, days - 1)] += 1
    return plan


def _choose_sights(  # noqa: PLR0913 - a day's choice depends on all of these
    atlas: Atlas, outline: Outline, here: Place, count: int, used: Sequence[Place], on: date, chance: Chance
) -> list[Place]:
    reach = NEAR_S[outline.mode]
    near = [
        place
        for place in atlas.sights
        if place not in used
        and atlas.drive(here, place, outline.mode, on) < reach
        and atlas.windows(place, on)
        and not (outline.priced and entrance_of(place) is None)
    ]
    return chance.sample(near, count)


def _choose_bed(
    atlas: Atlas, outline: Outline, near: Place, taken: Sequence[Place], on: date, chance: Chance
) -> Place | None:
    if outline.policy == "stay" and taken:
        return taken[0]
    fits = [
        bed
        for bed in outline.beds
        if atlas.drive(near, bed, outline.mode, on) < NIGHT_NEAR_S
        and not (outline.policy == "change" and bed in taken)
        and not (outline.priced and bed.price.value is None)
    ]
    return chance.pick(fits) if fits else None


def _drive_of(atlas: Atlas, outline: Outline, stops: Sequence[Place], on: date) -> int:
    """Returns the day's drive in seconds; NEVER where the day does not fit between its hours and opening times."""
    moment = datetime.combine(on, outline.day_start, atlas.zone)
    total = 0
    for a, b in pairwise(stops):
        drive = atlas.drive(a, b, outline.mode, on)
        if drive >= NEVER:
            return NEVER
        total += drive
        moment += timedelta(seconds=drive)
        if b is not stops[-1]:
            left = _visit(atlas, outline, b, moment)
            if left is None:
                return NEVER
            moment = left
    late = moment + LUNCH_AND_SLACK > datetime.combine(on, outline.day_end, atlas.zone)
    return NEVER if late or len(stops) - 2 >= SIGHTS_PER_DAY[outline.pace] else total


def _visit(atlas: Atlas, outline: Outline, place: Place, moment: datetime) -> datetime | None:
    """Returns when the visit ends, with three quarters of an hour to spare, or None where the place is shut."""
    dwell = timedelta(seconds=estimate_dwell(place.categories, outline.pace))
    for window in atlas.windows(place, moment.date()):
        begin = max(moment, window.opens)
        if (
            begin + timedelta(minutes=45) <= window.last_entry
            and begin + dwell + timedelta(minutes=45) <= window.closes
        ):
            return begin + dwell
    return None


def cost_of(witness: Witness, request: TripRequest) -> int:
    """Returns the cents of a witness for the whole party: rooms of two, an entrance each."""
    nights = sum(bed.price.value.cents for bed in witness.nights if bed.price.value is not None)
    entrances = sum(entrance_of(place) or 0 for day in witness.days for place in day)
    return nights * request.party.rooms + entrances * request.party.people


def keeps_lodging(bed: Place, request: TripRequest) -> bool:
    """Returns whether a lodging keeps the pets, the stars and the kinds asked for."""
    pets, wanted = request.pets, request.lodging
    if pets is not None and (bed.dogs.value is Tri.NO or (pets.confirmed and bed.dogs.value is not Tri.YES)):
        return False
    if wanted.min_stars is not None and (bed.stars.value is None or bed.stars.value < wanted.min_stars):
        return False
    return not wanted.categories or not set(wanted.categories).isdisjoint(bed.categories)
