"""What the changes that a text asks for may do to a trip's request. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from metier_maps.language.draft import EditDraft, EditKind
from metier_maps.request import TripRequest

MANY: Final = 1000  # "drop the museums" may take out any number of them
PACES: Final = ("relaxed", "normal", "full")
_SET: Final[Mapping[EditKind, str]] = {
    "drive_limit": "drive_limit_s",
    "budget": "budget",
    "lodging_price": "lodging_price",
    "pace": "pace",
    "pets": "pets",
    "lunch": "lunch",
    "day_start": "day_start",
    "day_end": "day_end",
}
# Lists of places, which a change names in words: how many may go out of each, and come into it, at one change.
_LISTS: Final[Mapping[EditKind, Mapping[str, tuple[int, int]]]] = {
    "drop": {"must_see": (1, 0), "dropped": (1, 1)},
    "add": {"must_see": (1, 1), "dropped": (1, 0), "avoid": (1, 0)},
    "avoid": {"avoid": (1, 1), "must_see": (1, 0)},
}


def list_strays(old: TripRequest, new: TripRequest, edits: Sequence[EditDraft]) -> tuple[str, ...]:
    """Returns the fields in which the new request differs from the old one otherwise than the edits ask."""
    wanted = _expect(old, edits)
    room = _rooms(edits)
    strays = []
    for name in TripRequest.model_fields:
        before, after = getattr(wanted, name), getattr(new, name)
        if name in room:
            out, into = room[name]
            gone, come = set(before) - set(after), set(after) - set(before)
            if len(gone) > out or len(come) > into:
                strays.append(name)
        elif (set(before) != set(after)) if isinstance(before, tuple) else (before != after):
            strays.append(name)
    return tuple(strays)


def _rooms(edits: Sequence[EditDraft]) -> dict[str, tuple[int, int]]:
    rooms: dict[str, tuple[int, int]] = {}
    for edit in edits:
        times = MANY if edit.kind == "drop" and edit.category else 1
        for name, (out, into) in _LISTS.get(edit.kind, {}).items():
            before = rooms.get(name, (0, 0))
            rooms[name] = (before[0] + times * out, before[1] + times * into)
    return rooms


def _expect(old: TripRequest, edits: Sequence[EditDraft]) -> TripRequest:
    """Returns the old request with every edit made that names no place."""
    request = old
    for edit in edits:
        request = request.model_copy(update=_update(request, edit))
    return request


def _update(request: TripRequest, edit: EditDraft) -> dict[str, Any]:
    value, update = edit.value, dict[str, Any]()
    match edit.kind:
        case "shift_start":
            update = {name: _later(getattr(request, name), value) for name in ("start_date", "end_date")}
        case "add_days":
            update = {"end_date": _later(request.end_date, value)}
        case "more_driving" if request.drive_limit_s is not None:
            update = {"drive_limit_s": max(0, request.drive_limit_s + value)}
        case "pace_by":
            at = PACES.index(request.pace) + value
            update = {"pace": PACES[min(max(at, 0), len(PACES) - 1)]}
        case "lodging_policy":
            update = {"lodging": request.lodging.model_copy(update={"policy": value})}
        case "avoid" if edit.category:
            update = {"avoid_categories": (*request.avoid_categories, edit.category)}
        case kind if kind in _SET:
            update = {_SET[kind]: value}
    return update


def _later(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return day
