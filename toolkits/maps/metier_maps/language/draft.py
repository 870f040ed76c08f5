"""What a text says, as far as it was understood: drafts of a request and of edits."""

from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any, Literal, TypeAlias

from metier.answer import Question
from metier_maps.facts import Money
from metier_maps.request import Pets
from metier_maps.routing.router import Mode

Language: TypeAlias = Literal["en", "zh", "none"]
Pace: TypeAlias = Literal["relaxed", "normal", "full"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A place as the text names it. `phrase` is the whole list it was cut from: "Arts and Crafts" may be one name."""

    text: str
    phrase: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A travel request as far as its text says it. None and empty mean: not said.

    `notes` state every interpretation that a reader might have meant otherwise; `questions` are what must be asked
    before a plan can be made; `not_understood` are the parts of the text that no rule could read.
    """

    language: Language = "none"
    region: Mention | None = None
    start: Mention | None = None
    end: Mention | None = None
    start_date: date | None = None
    end_date: date | None = None
    days: int | None = None
    must_see: tuple[Mention, ...] = ()
    avoid: tuple[Mention, ...] = ()
    avoid_categories: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    pets: Pets | None = None
    adults: int | None = None
    children: int | None = None
    mode: Mode | None = None
    drive_limit_s: int | None = None
    budget: Money | None = None
    lodging_price: Money | None = None
    lodging_policy: Literal["any", "change", "stay"] | None = None
    lodging_categories: tuple[str, ...] = ()
    min_stars: float | None = None
    pace: Pace | None = None
    lunch: bool | None = None
    day_start: time | None = None
    day_end: time | None = None
    notes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    not_understood: tuple[str, ...] = ()


EditKind: TypeAlias = Literal[
    "drop",
    "add",
    "move",
    "swap_lodging",
    "avoid",
    "shift_start",
    "add_days",
    "more_driving",
    "drive_limit",
    "budget",
    "lodging_price",
    "pace",
    "pace_by",
    "pets",
    "lunch",
    "lodging_policy",
    "day_start",
    "day_end",
]


@dataclass(frozen=True, slots=True)
class EditDraft:
    """One change of a trip as its text says it.

    `place` or `category` is what it is about; `day` counts from 1 as people do, -1 is the last; `value` depends on the
    kind: days, seconds, Money, a pace (or -1 for more relaxed, 1 for fuller), Pets, a time, a lodging policy or a truth
    value.
    """

    kind: EditKind
    place: Mention | None = None
    category: str = ""
    day: int | None = None
    value: Any = None


@dataclass(frozen=True, slots=True)
class EditDrafts:
    """All changes of a text, and what of it was not understood."""

    edits: tuple[EditDraft, ...]
    not_understood: tuple[str, ...] = ()


def say(draft: Draft, field: str, value: object) -> Draft:
    """Returns the draft with the field said; a second, different saying becomes a question."""
    before = getattr(draft, field)
    if before is None or before == value:
        said: dict[str, Any] = {field: value}
        return replace(draft, **said)
    name = field.removesuffix("_s").replace("_", " ")
    text = worded(
        draft,
        f"The request says two things of the {name}: which one holds?",
        f"请求里有两种说法（{name}）：以哪个为准？",
    )
    return ask(draft, text, (shown(before), shown(value)))


def also(draft: Draft, field: str, values: tuple[object, ...]) -> Draft:
    """Returns the draft with the values added to a field that holds many; nothing is held twice."""
    before: tuple[object, ...] = getattr(draft, field)
    more: dict[str, Any] = {field: before + tuple(v for v in dict.fromkeys(values) if v not in before)}
    return replace(draft, **more)


def note(draft: Draft, text: str) -> Draft:
    """Returns the draft with a statement of how something was read."""
    return also(draft, "notes", (text,))


def ask(draft: Draft, text: str, choices: tuple[str, ...] = ()) -> Draft:
    """Returns the draft with one more question."""
    return also(draft, "questions", (Question(text=text, choices=choices),))


def worded(draft: Draft, english: str, chinese: str) -> str:
    """Returns the sentence in the language of the request."""
    return chinese if draft.language == "zh" else english


def shown(value: object) -> str:
    """Returns a said value as a person would write it."""
    if isinstance(value, Mention):
        return value.text
    if isinstance(value, Pets):
        return f"{value.kind}, confirmed by the lodging" if value.confirmed else value.kind
    return str(value)
