"""Changes of a trip: from words to typed changes of its itinerary."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from rapidfuzz import fuzz

from metier.answer import Question, Questions
from metier.canonical import JSON
from metier.errors import InputError
from metier.history import History, rows_of
from metier.toolkit import Call, Calls, Finish, Move
from metier_maps.itinerary import Itinerary, Stop
from metier_maps.language import EditDraft, Mention, parse_edit
from metier_maps.places.search.names import fold
from metier_maps.playbook.resolve import Role, resolve, search_for
from metier_maps.playbook.wording import CHINESE, ENGLISH, Tongue

_ALIKE: Final = 80.0
_KEPT_NOTES: Final = ("understood: ", "changed: ", "理解为：", "修改：")
_SIMPLE: Final = {
    "shift_start": ("shift_dates", "days"),
    "more_driving": ("driving", "seconds"),
    "pace_by": ("pace", "by"),
    "lunch": ("lunch", "lunch"),
}
_FIELDS: Final = {"drive_limit": "drive_limit_s"}


def change_trip(trip: JSON, text: str, history: History) -> Move:
    """Returns the next step of a change: searches, the edit, or questions. Raises InputError for no itinerary."""
    try:
        itinerary = Itinerary.model_validate(trip)
    except ValidationError as error:
        raise InputError("The trip to change is no itinerary.", hint="Give the itinerary of a run.") from error
    tongue = CHINESE if any("\u4e00" <= sign <= "\u9fff" for sign in text) else ENGLISH
    read = parse_edit(text)
    if not read.edits:
        what = tongue.say("What should be changed in the trip?", "要改哪里？")
        return Finish(Questions(questions=(Question(text=what),), not_understood=read.not_understood))
    changing = Changing(itinerary, history, tongue)
    missing = history.open_calls(tuple(call for draft in read.edits for call in changing.searches(draft)))
    if missing:
        return Calls(missing, "Which places do the names mean?")
    turned = [changing.turn(draft) for draft in read.edits]
    questions = tuple(each for each in turned if isinstance(each, Question))
    changes: list[JSON] = [each for each in turned if not isinstance(each, Question)]
    if questions:
        return Finish(Questions(questions=questions, not_understood=read.not_understood))
    kept = [line for line in itinerary.assumptions if line.startswith(_KEPT_NOTES)]
    lost = [tongue.say(f'not understood: "{words}"', f"没有理解：“{words}”") for words in read.not_understood]
    notes = [*kept, tongue.say(f"changed: {text}", f"修改：{text}"), *lost]
    arguments: dict[str, JSON] = {"changes": changes, "itinerary": trip, "notes": [*notes]}
    return Calls((Call("edit_trip", arguments),), "The change is clear: make it.")


class Changing:
    """Turns drafts of edits into changes of one itinerary, with what was searched so far."""

    def __init__(self, itinerary: Itinerary, history: History, tongue: Tongue) -> None:
        self._trip = itinerary
        self._history = history
        self._tongue = tongue
        self._region = itinerary.region.id

    def searches(self, draft: EditDraft) -> Iterator[Call]:
        """Yields the searches that a draft needs."""
        if draft.kind == "add" and draft.category:
            yield self._around(draft)
        elif draft.place is not None and draft.kind in ("add", "swap_lodging", "avoid"):
            yield search_for(draft.place, self._region)

    def turn(self, draft: EditDraft) -> dict[str, JSON] | Question:
        """Returns the change that a draft means, or what must be asked."""
        match draft.kind:
            case "drop" | "move":
                return self._existing(draft)
            case "add":
                return self._add(draft)
            case "swap_lodging":
                return self._swap(draft)
            case "avoid":
                return self._avoid(draft)
            case _:
                return self._setting(draft)

    def _existing(self, draft: EditDraft) -> dict[str, JSON] | Question:
        day = self._day(draft)
        stops = list(self._stops(day if draft.kind == "drop" else None))
        found = {stop.place.id: stop for stop in stops if _is_meant(stop, draft)}
        name = draft.place.text if draft.place else draft.category
        choices = tuple(dict.fromkeys(stop.place.name for stop in (found.values() or stops)))
        if len(found) != 1:
            return Question(text=self._which(name, bool(found)), choices=choices)
        (place,) = found
        if draft.kind == "drop":
            return {"kind": "drop", "place": place, "day": day}
        if day is None:
            return Question(text=self._tongue.say(f"To which day should {name} move?", f"把{name}移到哪一天？"))
        return {"kind": "move", "place": place, "day": day}

    def _which(self, name: str, several: bool) -> str:
        if several:
            return self._tongue.say(f'Which "{name}" of the trip is meant?', f"指的是行程里的哪一个“{name}”？")
        return self._tongue.say(
            f'There is no "{name}" there in the trip. Which?', f"行程里那里没有“{name}”。指的是哪一个？"
        )

    def _stops(self, day: int | None) -> Iterator[Stop]:
        for number, each in enumerate(self._trip.days, start=1):
            if day in (None, number):
                yield from (stop for stop in each.stops if stop.kind == "sight")

    def _day(self, draft: EditDraft) -> int | None:
        return len(self._trip.days) if draft.day == -1 else draft.day

    def _around(self, draft: EditDraft) -> Call:
        """Returns the search for a category near the day that is meant."""
        day = self._trip.days[min(self._day(draft) or 1, len(self._trip.days)) - 1]
        near = day.stops[0].place.id if day.stops else day.start.id
        return Call("search_places", {"category": draft.category, "near": near, "region": self._region, "limit": 5})

    def _add(self, draft: EditDraft) -> dict[str, JSON] | Question:
        if draft.place is None:
            seen = self._history.answer(self._around(draft))
            rows = () if seen is None else rows_of(seen.value, "places")
            names = tuple(f"{row.get('name')} ({row.get('id')})" for row in rows)
            text = self._tongue.say(f"Which {draft.category} should be added?", f"加哪一个{draft.category}？")
            return Question(text=text, choices=names)
        found = self._look_up(draft.place, "sight")
        return found if isinstance(found, Question) else {"kind": "add", "place": found, "day": self._day(draft)}

    def _look_up(self, mention: Mention, role: Role) -> dict[str, JSON] | Question:
        name = self._trip.region.name
        found = resolve(mention, role, self._history, region=self._region, tongue=self._tongue, called=name)
        return found if isinstance(found, Question) else found.place.model_dump(mode="json")

    def _swap(self, draft: EditDraft) -> dict[str, JSON] | Question:
        nights = [day.night for day in self._trip.days if day.night is not None]
        night = len(nights) if draft.day == -1 else draft.day or (1 if len(nights) == 1 else None)
        if night is None:
            choices = tuple(f"night {n}: {each.place.name}" for n, each in enumerate(nights, start=1))
            return Question(text=self._tongue.say("In which night?", "哪一晚？"), choices=choices)
        if draft.place is None:
            return {"kind": "swap_lodging", "night": night}
        found = self._look_up(draft.place, "lodging")
        return (
            found if isinstance(found, Question) else {"kind": "swap_lodging", "night": night, "lodging": found["id"]}
        )

    def _avoid(self, draft: EditDraft) -> dict[str, JSON] | Question:
        request = self._trip.request
        if draft.place is None:
            return _patch({"avoid_categories": [*dict.fromkeys((*request.avoid_categories, draft.category))]})
        found = self._look_up(draft.place, "sight")
        if isinstance(found, Question):
            return found
        avoided: list[JSON] = [ref.model_dump(mode="json") for ref in request.avoid if ref.id != found["id"]]
        wanted: list[JSON] = [ref.model_dump(mode="json") for ref in request.must_see if ref.id != found["id"]]
        return _patch({"avoid": [*avoided, found], "must_see": wanted})

    def _setting(self, draft: EditDraft) -> dict[str, JSON]:
        if draft.kind in _SIMPLE:
            kind, field = _SIMPLE[draft.kind]
            return {"kind": kind, field: draft.value}
        if draft.kind == "lodging_policy":
            return _patch({"lodging": {"policy": draft.value}})
        if draft.kind != "add_days":
            return _patch({_FIELDS.get(draft.kind, draft.kind): _plain(draft.value)})
        last = self._trip.request.end_date + timedelta(days=draft.value)
        if last < self._trip.request.start_date:
            raise InputError("The trip would have no day left.", hint="Take away fewer days.")
        return _patch({"end_date": last.isoformat()})


def _is_meant(stop: Stop, draft: EditDraft) -> bool:
    if draft.category:
        return draft.category in stop.categories
    if draft.place is None:
        return False
    if stop.place.id == draft.place.text:
        return True
    said, name = fold(draft.place.text), fold(stop.place.name)
    return fuzz.ratio(said, name) >= _ALIKE or (bool(said) and set(said.split()) <= set(name.split()))


def _patch(patch: dict[str, Any]) -> dict[str, JSON]:
    return {"kind": "request", "patch": patch}


def _plain(value: object) -> JSON:
    if isinstance(value, BaseModel):
        plain: JSON = value.model_dump(mode="json")
        return plain
    return value if isinstance(value, str | int | float | bool) else str(value)
