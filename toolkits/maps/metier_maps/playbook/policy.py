"""The moves: look up, ask, plan, verify, adopt; or refuse with reasons."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from metier.answer import Adopted, Option, Question, Questions, Refusal
from metier.canonical import JSON
from metier.errors import MissingError
from metier.history import History, error_of, fields_of, rows_of
from metier.task import Task
from metier.toolkit import Call, Calls, Finish, Move, Observation
from metier_maps.itinerary import Conflict
from metier_maps.language import Draft, parse_request
from metier_maps.playbook.asking import Asked, complete, lookups
from metier_maps.playbook.changing import change_trip
from metier_maps.playbook.region import Chosen, choose_region, installed_names
from metier_maps.playbook.wording import tongue_of

NO_DATA: Final = (
    "Add an OpenStreetMap extract with `metier maps add FILE.osm.pbf`, or a sample with `metier maps sample`."
)
_WHOLE: Final = frozenset(("region", "start_date", "end_date", "start", "end"))


def play(task: Task, observations: Sequence[Observation], objections: Sequence[str]) -> Move:
    """Returns the next move of a travel task: one in words, a typed request, or a trip with an edit.

    Raises InputError or MissingError for a request that nobody can plan (a date that does not exist, no map data).
    """
    if objections:
        return Finish(Refusal(reasons=tuple(objections)), "The trip does not hold, and planning again gives the same.")
    history = History(observations)
    made = history.last("edit_trip") or history.last("plan_trip")
    if made is not None:
        return _conclude(made, history)
    first = history.last("list_regions")
    if first is None:
        return Calls((Call("list_regions", {}),), "Which maps are here, and which day is today?")
    if not installed_names(history):
        raise MissingError("There is no map data yet.", hint=NO_DATA)
    fixed = dict(task.constraints or {})
    if "trip" in fixed and "edit" in fixed:
        return change_trip(fixed["trip"], str(fixed["edit"]), history)
    if fixed.keys() >= _WHOLE:
        return plan(fixed, ())
    return _understand(task, fixed, history, _today(first))


def _understand(task: Task, fixed: Mapping[str, JSON], history: History, today: date) -> Move:
    """Returns the next step from words to a request."""
    draft = parse_request(task.text, today)
    tongue = tongue_of(draft.language)
    region = choose_region(draft, history, tongue=tongue, fixed=str(fixed.get("region") or ""))
    if isinstance(region, tuple):
        return Calls(region, "Which region has a place of that name?")
    if isinstance(region, Question):
        return _ask((region, *draft.questions), draft)
    missing = history.open_calls(lookups(region.draft, region.name))
    if missing:
        return Calls(missing, "Which places do the names mean?")
    failed = tuple(error_of(seen) for seen in history.of("search_places") if seen.is_error)
    if failed:
        return Finish(Refusal(reasons=tuple(dict.fromkeys(failed))), "The map cannot be searched.")
    return _request(region, history, fixed)


def _request(region: Chosen, history: History, fixed: Mapping[str, JSON]) -> Move:
    tongue = tongue_of(region.draft.language)
    found = complete(region.draft, history, region=region.name, tongue=tongue, fixed=fixed)
    if isinstance(found, Asked):
        return _ask(found.questions, region.draft)
    notes = (*found.notes[:1], *((region.note,) if region.note else ()), *found.notes[1:])
    return plan(found.request.model_dump(mode="json"), notes)


def plan(request: Mapping[str, JSON], notes: Sequence[str]) -> Move:
    """Returns the move that plans a whole request."""
    return Calls(
        (Call("plan_trip", {"request": dict(request), "notes": list(notes)}),), "The request is whole: plan it."
    )


def _ask(questions: Sequence[Question], draft: Draft) -> Finish:
    kept = tuple({question.text: question for question in questions}.values())
    return Finish(Questions(questions=kept, not_understood=draft.not_understood), "Some things must be known first.")


def _conclude(made: Observation, history: History) -> Move:
    """Returns what follows from a plan: its verification and weather, then the trip; or a refusal."""
    if made.is_error:
        return Finish(Refusal(reasons=(error_of(made),)), "The planner could not work on this request.")
    result = fields_of(made.value)
    if result.get("itinerary") is None:
        return Finish(refusal_of(result.get("conflict")), "The request cannot be kept.")
    trip = str(result.get("trip"))
    steps = [_by_id_or_whole(tool, trip, result["itinerary"], history) for tool in ("verify_trip", "weather")]
    missing = history.open_calls(steps)
    if missing:
        return Calls(missing, "Hold the trip against the map once more, and ask for the weather.")
    verified, weather = (history.answer(call) for call in steps)
    wrong = rows_of(verified.value, "violated") if verified is not None and not verified.is_error else ()
    if wrong:
        reasons = tuple(str(row.get("sentence")) for row in wrong)
        return Finish(Refusal(reasons=reasons), "The planner's own trip does not hold.")
    told = fields_of(weather.value).get("trip") if weather is not None and not weather.is_error else None
    return Finish(Adopted(evidence=str(told or trip)), "The trip holds.")


def _by_id_or_whole(tool: str, trip: str, itinerary: JSON, history: History) -> Call:
    """Returns the call that names the trip, or sends it whole where the server does not know it (a resumed run)."""
    named = Call(tool, {"trip": trip})
    seen = history.answer(named)
    return Call(tool, {"itinerary": itinerary}) if seen is not None and seen.is_error else named


def refusal_of(conflict: JSON) -> Refusal:
    """Returns the refusal that a conflict means: the requirements that clash, and the ways out with their costs."""
    if not isinstance(conflict, dict):
        return Refusal(reasons=("No trip that keeps the request was found.",))
    found = Conflict.model_validate(conflict)
    return Refusal(
        reasons=(found.explanation,) if found.explanation else found.texts,
        conflict=found.requirements,
        options=tuple(Option(change=way.change, cost=way.cost) for way in found.relaxations),
        citations=found.citations,
    )


def _today(first: Observation) -> date:
    return date.fromisoformat(str(fields_of(first.value).get("today")))
