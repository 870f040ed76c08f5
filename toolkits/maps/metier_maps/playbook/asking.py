"""From a draft to a whole request: what to look up, what to ask, and how everything was understood."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from metier.answer import Question
from metier.canonical import JSON
from metier.errors import InputError
from metier.history import History
from metier.toolkit import Call
from metier_maps.language import Draft, Mention
from metier_maps.language.draft import shown
from metier_maps.playbook.resolve import Role, Taken, resolve, search_for
from metier_maps.playbook.wording import Tongue
from metier_maps.request import PlaceRef, TripRequest

_NOT_SAID: Final = ("language", "notes", "questions", "not_understood", "end_date")
_PETS: Final = {"dog": "狗", "cat": "猫"}
_PLAIN: Final = (
    "start_date",
    "end_date",
    "mode",
    "avoid_categories",
    "interests",
    "pets",
    "drive_limit_s",
    "budget",
    "lodging_price",
    "pace",
    "lunch",
    "day_start",
    "day_end",
)


@dataclass(frozen=True, slots=True)
class Understood:
    """A whole request, and how it was read."""

    request: TripRequest
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What must be answered before there is a request."""

    questions: tuple[Question, ...]


def lookups(draft: Draft, region: str) -> tuple[Call, ...]:
    """Returns the searches for every place that the draft names."""
    calls = {repr(call): call for _, mention, _ in _mentions(draft) for call in (search_for(mention, region),)}
    return tuple(calls.values())


def _mentions(draft: Draft) -> Iterator[tuple[str, Mention, Role]]:
    if draft.start is not None:
        yield "start", draft.start, "end"
    if draft.end is not None:
        yield "end", draft.end, "end"
    for mention in draft.must_see:
        yield "must_see", mention, "sight"
        if mention.phrase and mention.phrase != mention.text:
            yield "phrase", Mention(mention.phrase), "sight"
    for mention in draft.avoid:
        yield "avoid", mention, "sight"


def complete(
    draft: Draft, history: History, *, region: str, tongue: Tongue, fixed: Mapping[str, JSON]
) -> Understood | Asked:
    """Returns the request that draft and fixed constraints make, or everything that is still to be asked.

    Raises InputError for values that fit no request.
    """
    places: dict[str, list[PlaceRef]] = {"start": [], "end": [], "must_see": [], "avoid": []}
    notes: list[str] = list(draft.notes)
    questions = [*draft.questions, *_missing(draft, tongue, fixed)]
    for field, mention, role in _named(draft, history, region, tongue):
        found = resolve(mention, role, history, region=region, tongue=tongue)
        if isinstance(found, Question):
            questions.append(found)
        else:
            places[field].append(found.place)
            notes += [found.note] if found.note else []
    if questions:
        return Asked(_once(questions))
    values = {**_values(draft, places), "region": region, **fixed}
    if not places["end"] and "end" not in fixed:
        values["end"] = values["start"]
        notes.append(tongue.round_trip)
    if draft.children and draft.adults is None and "party" not in fixed:
        notes.append(tongue.one_adult)
    return Understood(_validated(values), (*_summary(draft, tongue), *dict.fromkeys(notes)))


def _named(draft: Draft, history: History, region: str, tongue: Tongue) -> Iterator[tuple[str, Mention, Role]]:
    """Yields the mentions to resolve: a list is one name where the map has a place of exactly that name."""
    whole: set[str] = set()
    for field, mention, role in _mentions(draft):
        if field == "phrase":
            continue
        phrase = Mention(mention.phrase)
        if field == "must_see" and mention.phrase and mention.phrase != mention.text:
            found = resolve(phrase, role, history, region=region, tongue=tongue)
            if isinstance(found, Taken) and not found.note:
                if mention.phrase not in whole:
                    whole.add(mention.phrase)
                    yield field, phrase, role
                continue
        yield field, mention, role


def _once(questions: Sequence[Question]) -> tuple[Question, ...]:
    return tuple({question.text: question for question in questions}.values())


def _missing(draft: Draft, tongue: Tongue, fixed: Mapping[str, JSON]) -> Iterator[Question]:
    asked = " ".join(question.text for question in draft.questions)
    if draft.start_date is None and "start_date" not in fixed and "day" not in asked and "哪一天" not in asked:
        yield Question(text=tongue.ask_date)
    if draft.end_date is None and draft.days is None and "end_date" not in fixed:
        yield Question(text=tongue.ask_days)
    if draft.start is None and "start" not in fixed:
        yield Question(text=tongue.ask_start)


def _values(draft: Draft, places: Mapping[str, Sequence[PlaceRef]]) -> dict[str, Any]:
    values: dict[str, Any] = {name: value for name in _PLAIN if (value := getattr(draft, name)) not in (None, ())}
    values |= {name: places[name][0] for name in ("start", "end") if places[name]}
    values |= {name: tuple(dict.fromkeys(places[name])) for name in ("must_see", "avoid")}
    party = {name: value for name in ("adults", "children") if (value := getattr(draft, name)) is not None}
    lodging = {"policy": draft.lodging_policy, "categories": draft.lodging_categories, "min_stars": draft.min_stars}
    values["party"] = party
    values["lodging"] = {name: value for name, value in lodging.items() if value not in (None, ())}
    return values


def _validated(values: Mapping[str, Any]) -> TripRequest:
    try:
        return TripRequest.model_validate(dict(values))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the request"
        raise InputError(
            f"This cannot be planned: {where}: {first['msg']}.", hint="Correct it and ask again."
        ) from error


def _summary(draft: Draft, tongue: Tongue) -> Iterator[str]:
    """Yields one line with everything that was understood, one on the dog, and what was not understood."""
    said = [f"{label} {value}" for label, value in _said(draft)]
    if said:
        yield tongue.say("understood: ", "理解为：") + "; ".join(said)
    if draft.pets is not None and not draft.pets.confirmed:
        kind = draft.pets.kind
        yield tongue.say(
            f"with my {kind}: lodgings that say no are left out, those that say nothing are listed to be asked; say"
            f' "{kind}-friendly hotels only" to require it',
            f"带{_PETS.get(kind, '宠物')}：写明不接受的住处不选，没有写明的列出来请电话询问；"
            "如果必须接受，请写“酒店必须允许带宠物”",
        )
    for lost in draft.not_understood:
        yield tongue.say(f'not understood: "{lost}"', f"没有理解：“{lost}”")


def _said(draft: Draft) -> Iterator[tuple[str, str]]:
    for name in Draft.__dataclass_fields__:
        value = getattr(draft, name)
        if name == "drive_limit_s" and value is not None:
            yield "driving a day at most", f"{value // 60} min"
        elif name not in _NOT_SAID and value not in (None, ()):
            yield name.replace("_", " "), _show(value)


def _show(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(_show(one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return shown(value)
