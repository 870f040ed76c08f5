"""Changing a trip: a typed edit becomes a new request, and as much as can stays where it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeAlias

from metier.canonical import JSON
from metier.errors import InputError, MissingError
from metier_maps.itinerary import Itinerary
from metier_maps.places.categories import find_category
from metier_maps.places.gazetteer import Gazetteer
from metier_maps.planning.conflict import find_certain
from metier_maps.planning.keeping import Wish, keep_trip
from metier_maps.planning.patch import apply_patch
from metier_maps.planning.plan import Plan, plan_trip
from metier_maps.planning.survey.collect import Sources
from metier_maps.planning.writing.differences import list_changes
from metier_maps.request import PlaceRef, TripRequest
from metier_maps.routing.router import Router


@dataclass(frozen=True, slots=True)
class DropPlace:
    """Take out a place by its id, or the sights of a category, on day `day` (from 0) or on any."""

    place: str = ""
    category: str = ""
    day: int | None = None


@dataclass(frozen=True, slots=True)
class AddPlace:
    """Make a place a must-see; on day `day` (from 0) where that can be."""

    place: PlaceRef
    day: int | None = None


@dataclass(frozen=True, slots=True)
class MovePlace:
    """Visit a sight of the trip on another day (from 0), where that can be."""

    place: str
    day: int


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """Merge a patch (RFC 7396) into the request: more driving, another budget, no lunch."""

    patch: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AllowDriving:
    """Change the daily drive limit by some seconds; without a limit there is nothing to change."""

    seconds: int


@dataclass(frozen=True, slots=True)
class ShiftDates:
    """Start and end so many days later (earlier when negative)."""

    days: int


@dataclass(frozen=True, slots=True)
class SwapLodging:
    """Sleep elsewhere in a night (from 0): in `lodging`, or anywhere but where it is now."""

    night: int
    lodging: str = ""


@dataclass(frozen=True, slots=True)
class ChangePace:
    """Make the trip more relaxed (-1) or fuller (+1)."""

    by: int = -1


@dataclass(frozen=True, slots=True)
class SetLunch:
    """Ask for a lunch stop, or do without."""

    lunch: bool


Edit: TypeAlias = (
    DropPlace | AddPlace | MovePlace | ChangeRequest | AllowDriving | ShiftDates | SwapLodging | ChangePace | SetLunch
)
PACES = ("relaxed", "normal", "full")


@dataclass(frozen=True, slots=True)
class Edited:
    """The plan after an edit, and what changed in words; `plan.conflict` says why when the edit cannot be made."""

    plan: Plan
    changes: tuple[str, ...]


def edit_trip(itinerary: Itinerary, edit: Edit, gazetteer: Gazetteer, router: Router) -> Edited:
    """Returns the trip after the edit, with lodgings and the order of the sights kept wherever they still can be.

    First the trip is kept as it is but for the edit; where that breaks a requirement, sights are moved or left out; and
    only when that fails too is the whole trip planned anew. Raises InputError or MissingError for an edit that names
    what is not in the trip.
    """
    request, wish = _turn(itinerary, edit)
    sources = Sources(gazetteer, router)
    kept = keep_trip(itinerary, request, wish, sources) if find_certain(request, sources) is None else None
    plan = kept if kept is not None else plan_trip(request, gazetteer, router)
    if plan.itinerary is None:
        return Edited(plan, ())
    return Edited(plan, list_changes(itinerary, plan.itinerary))


def _turn(itinerary: Itinerary, edit: Edit) -> tuple[TripRequest, Wish]:
    turns: dict[type, Callable[..., tuple[TripRequest, Wish]]] = {
        DropPlace: _drop,
        AddPlace: _add,
        MovePlace: _move,
        ChangeRequest: _change,
        AllowDriving: _allow_driving,
        ShiftDates: _shift,
        SwapLodging: _swap,
        ChangePace: _change_pace,
        SetLunch: _set_lunch,
    }
    return turns[type(edit)](itinerary, edit)


def _drop(itinerary: Itinerary, edit: DropPlace) -> tuple[TripRequest, Wish]:
    request = itinerary.request
    refs = _named_sights(itinerary, edit)
    if not refs:
        said = edit.category or edit.place
        raise MissingError(f"There is no {said} in the trip{_say_day(edit.day)}.", hint="Name a place of the trip.")
    keys = {ref.id for ref in refs}
    patched = request.model_copy(
        update={
            "must_see": tuple(ref for ref in request.must_see if ref.id not in keys),
            "dropped": (*(ref for ref in request.dropped if ref.id not in keys), *refs),
        }
    )
    return patched, Wish()


def _named_sights(itinerary: Itinerary, edit: DropPlace) -> list[PlaceRef]:
    word = find_category(edit.category) or edit.category
    found = []
    for number, day in enumerate(itinerary.days):
        if edit.day is not None and number != edit.day:
            continue
        for stop in day.stops:
            named = stop.place.id == edit.place or (word != "" and word in stop.categories)
            if stop.kind == "sight" and named:
                found.append(stop.place)
    return found


def _say_day(day: int | None) -> str:
    return "" if day is None else f" on day {day + 1}"


def _add(itinerary: Itinerary, edit: AddPlace) -> tuple[TripRequest, Wish]:
    request = itinerary.request
    key = edit.place.id
    patched = request.model_copy(
        update={
            "must_see": (*(ref for ref in request.must_see if ref.id != key), edit.place),
            "dropped": tuple(ref for ref in request.dropped if ref.id != key),
            "avoid": tuple(ref for ref in request.avoid if ref.id != key),
        }
    )
    return patched, Wish(days={} if edit.day is None else {key: edit.day})


def _move(itinerary: Itinerary, edit: MovePlace) -> tuple[TripRequest, Wish]:
    if not _named_sights(itinerary, DropPlace(place=edit.place)):
        raise MissingError("That place is not in the trip.", hint="Add it instead.")
    if not 0 <= edit.day < len(itinerary.days):
        raise MissingError(f"There is no day {edit.day + 1}.", hint=f"The trip has {len(itinerary.days)} days.")
    return itinerary.request, Wish(days={edit.place: edit.day})


def _change(itinerary: Itinerary, edit: ChangeRequest) -> tuple[TripRequest, Wish]:
    return apply_patch(itinerary.request, edit.patch), Wish(refill=True)


def _allow_driving(itinerary: Itinerary, edit: AllowDriving) -> tuple[TripRequest, Wish]:
    limit = itinerary.request.drive_limit_s
    if limit is None:
        raise InputError("The trip has no drive limit to change.", hint="Say how much driving a day is fine.")
    return _change(itinerary, ChangeRequest({"drive_limit_s": max(0, limit + edit.seconds)}))


def _shift(itinerary: Itinerary, edit: ShiftDates) -> tuple[TripRequest, Wish]:
    request, step = itinerary.request, timedelta(days=edit.days)
    try:
        first, last = request.start_date + step, request.end_date + step
    except OverflowError as error:
        raise InputError("There is no such date.", hint="Shift by fewer days.") from error
    return apply_patch(request, {"start_date": first.isoformat(), "end_date": last.isoformat()}), Wish()


def _swap(itinerary: Itinerary, edit: SwapLodging) -> tuple[TripRequest, Wish]:
    nights = [day.night for day in itinerary.days if day.night is not None]
    if not 0 <= edit.night < len(nights):
        raise MissingError(f"There is no night {edit.night + 1}.", hint=f"The trip has {len(nights)} nights.")
    here = nights[edit.night].place.id
    return itinerary.request, Wish(night=edit.night, lodging=edit.lodging, not_lodging=here)


def _change_pace(itinerary: Itinerary, edit: ChangePace) -> tuple[TripRequest, Wish]:
    at = PACES.index(itinerary.request.pace) + (1 if edit.by > 0 else -1)
    if not 0 <= at < len(PACES):
        raise InputError(f"The pace is {itinerary.request.pace} already.", hint="Drop or add places instead.")
    return apply_patch(itinerary.request, {"pace": PACES[at]}), Wish(refill=edit.by > 0)


def _set_lunch(itinerary: Itinerary, edit: SetLunch) -> tuple[TripRequest, Wish]:
    return apply_patch(itinerary.request, {"lunch": edit.lunch}), Wish()
