"""The tool that changes a trip."""

from collections.abc import Sequence
from typing import Annotated, Literal, TypeAlias

from mcp.types import CallToolResult
from pydantic import Field

from metier.answer import Value
from metier.canonical import JSON
from metier.errors import InputError
from metier.servers.result import tool_result
from metier_maps.itinerary import Itinerary
from metier_maps.planning.edit import (
    AddPlace,
    AllowDriving,
    ChangePace,
    ChangeRequest,
    DropPlace,
    Edit,
    MovePlace,
    SetLunch,
    ShiftDates,
    SwapLodging,
    edit_trip,
)
from metier_maps.planning.plan import Plan
from metier_maps.planning.writing.differences import list_changes
from metier_maps.records import record_trip
from metier_maps.request import PlaceRef
from metier_maps.server.atlas import Atlas, OpenMap
from metier_maps.server.shapes import PlanResult
from metier_maps.server.trips import Notes, TripId, WholeTrip, annotate, tell_conflict, tell_trip

DayNumber = Annotated[int | None, Field(ge=1, le=31, description="Counted from 1.")]


class Drop(Value):
    """Take a sight out: by its id, or all of a category, on one day or on any."""

    kind: Literal["drop"]
    place: str = ""
    category: str = ""
    day: DayNumber = None


class Add(Value):
    """Make a place a must-see, on a day where that can be."""

    kind: Literal["add"]
    place: PlaceRef
    day: DayNumber = None


class Move(Value):
    """Visit a sight of the trip on another day."""

    kind: Literal["move"]
    place: str
    day: Annotated[int, Field(ge=1, le=31, description="Counted from 1.")]


class Swap(Value):
    """Sleep elsewhere in a night: in a lodging by its id, or anywhere else."""

    kind: Literal["swap_lodging"]
    night: Annotated[int, Field(ge=1, le=31, description="Counted from 1.")]
    lodging: str = ""


class Shift(Value):
    """Start and end so many days later; negative is earlier."""

    kind: Literal["shift_dates"]
    days: Annotated[int, Field(ge=-3660, le=3660)]


class Driving(Value):
    """Allow so many seconds more of driving a day; negative is less."""

    kind: Literal["driving"]
    seconds: Annotated[int, Field(ge=-86_400, le=86_400)]


class PaceBy(Value):
    """More relaxed (-1) or fuller (1)."""

    kind: Literal["pace"]
    by: Literal[-1, 1]


class Lunch(Value):
    """With or without a stop for lunch."""

    kind: Literal["lunch"]
    lunch: bool


class Patch(Value):
    """Merge a JSON merge patch (RFC 7396) into the trip's request: budget, pets, drive limit, dates."""

    kind: Literal["request"]
    patch: dict[str, JSON]


Change: TypeAlias = Annotated[
    Drop | Add | Move | Swap | Shift | Driving | PaceBy | Lunch | Patch, Field(discriminator="kind")
]


def edit_of(change: Change) -> Edit:
    """Returns the planner's edit that a change on the wire means."""
    match change:
        case Drop(place=place, category=category, day=day):
            return DropPlace(place, category, None if day is None else day - 1)
        case Add(place=ref, day=day):
            return AddPlace(ref, None if day is None else day - 1)
        case Move(place=place, day=day):
            return MovePlace(place, day - 1)
        case Swap(night=night, lodging=lodging):
            return SwapLodging(night - 1, lodging)
        case _:
            return _setting_of(change)


def _setting_of(change: Shift | Driving | PaceBy | Lunch | Patch) -> Edit:
    match change:
        case Shift(days=days):
            return ShiftDates(days)
        case Driving(seconds=seconds):
            return AllowDriving(seconds)
        case PaceBy(by=by):
            return ChangePace(by)
        case Lunch(lunch=lunch):
            return SetLunch(lunch)
        case Patch(patch=patch):
            return ChangeRequest(patch)


class EditTools:
    """The tool that changes itineraries."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas

    def edit_trip(
        self,
        changes: Annotated[list[Change], Field(min_length=1, max_length=20, description="Made in their order.")],
        trip: TripId = "",
        itinerary: WholeTrip = None,
        notes: Notes = [],  # noqa: B006  a default that the schema shows, never changed
    ) -> Annotated[CallToolResult, PlanResult]:
        """Returns the trip after the changes, with everything else kept as it was wherever it can be, and what changed.

        Adopt the new trip by its evidence id (`trip`). A change that cannot be made gives the conflict instead.
        """
        before = self._atlas.recall(trip, itinerary)
        opened = self._atlas.open(before.request.region)
        plan = apply_changes(before, changes, opened)
        if plan.itinerary is None:
            return tool_result(PlanResult(conflict=plan.conflict), tell_conflict(plan.conflict), evidence=plan.evidence)
        after = annotate(plan.itinerary, tuple(notes))
        record = record_trip(after)
        self._atlas.keep(record.id, after)
        differs = list_changes(before, after)
        others = tuple(record_trip(other).id for other in plan.alternatives)
        result = PlanResult(trip=record.id, itinerary=after, alternatives=others, changes=differs)
        text = "\n".join([*(f"Changed: {line}" for line in differs), tell_trip(after, record.id)])
        return tool_result(result, text, evidence=(*plan.evidence, record))


def apply_changes(before: Itinerary, changes: Sequence[Change], opened: OpenMap) -> Plan:
    """Returns the plan after all changes, one after the other; the first that cannot be made ends it.

    Raises InputError or MissingError for a change of what is not in the trip.
    """
    here, plan = before, None
    for change in changes:
        plan = edit_trip(here, edit_of(change), opened.gazetteer, opened.router).plan
        if plan.itinerary is None:
            return plan
        here = plan.itinerary
    if plan is None:
        raise InputError("There is no change to make.", hint="Say what to change.")
    return plan
