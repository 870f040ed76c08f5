"""Changes of a trip in English."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TypeAlias

from metier_maps.language.draft import EditDraft, EditKind, Mention
from metier_maps.language.english.names import read_name
from metier_maps.language.english.numerals import HOURS, MONEY, NUMBER, money_of, number_of, seconds_of
from metier_maps.language.sheet import TAKEN, Rule, rule
from metier_maps.language.vocabulary import category_of

Edits: TypeAlias = tuple[EditDraft, ...]

_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "last": -1}
_ORDINAL = "|".join(_ORDINALS)
_NAME = rf"([^{TAKEN},.;:!?\n]{{1,100}}?)"
_DAY = (
    rf"(?: (?:on|from|for|of|in|to|at) )?(?:the )?(?:(?:day|night) (\d{{1,2}}|one|two|three|four|five|six|seven)|"
    rf"({_ORDINAL}|\d{{1,2}}(?:st|nd|rd|th)) (?:day|night))"
)
_END = rf"(?=\s*(?:[{TAKEN},.;:!?\n]|$|\band\b|\bthen\b|\bbut\b|\bplease\b))"
_STAY = r"(?:hotel|lodging|accommodation|hostel|place to stay|guest[\s-]?house|camp\s?site)s?"


def day_number(number: str | None, ordinal: str | None) -> int | None:
    """Returns the day of "day 2" or "the second day", counted from 1; -1 for the last; None when none was said."""
    if number:
        value = number_of(number)
        return None if value is None else int(value)
    if ordinal:
        plain = ordinal.lower()
        return _ORDINALS.get(plain) or int(re.sub(r"\D", "", plain))
    return None


def about(kind: EditKind, name: str, day: int | None) -> EditDraft | None:
    """Returns the change of a place, or of a category of places, that a name says."""
    named = read_name(name)
    if named is None:
        return None
    place = Mention(name.strip().removeprefix("the ")) if named[1] < len(name.strip()) else named[0]
    category = category_of(place.text)
    return EditDraft(kind, place=None if category else place, category=category, day=day)


def _placed(kind: EditKind) -> Callable[[re.Match[str], Edits, date], Edits | None]:
    def read(m: re.Match[str], edits: Edits, today: date) -> Edits | None:
        day = day_number(m.group(2), m.group(3)) if m.re.groups >= 3 else None
        change = about(kind, m.group(1), day)
        return None if change is None else (*edits, change)

    return read


def _swap(m: re.Match[str], edits: Edits, today: date) -> Edits:
    return (*edits, EditDraft("swap_lodging", day=day_number(m.group(1), m.group(2))))


def _swap_named(m: re.Match[str], edits: Edits, today: date) -> Edits:
    day = day_number(m.group(1), m.group(2))
    return (*edits, EditDraft("swap_lodging", place=Mention(m.group(3).strip()), day=day))


def _counted(kind: EditKind, sign: int) -> Callable[[re.Match[str], Edits, date], Edits | None]:
    def read(m: re.Match[str], edits: Edits, today: date) -> Edits | None:
        count = number_of(m.group(1))
        return None if count is None else (*edits, EditDraft(kind, value=sign * int(count)))

    return read


def _driving(sign: int) -> Callable[[re.Match[str], Edits, date], Edits | None]:
    def read(m: re.Match[str], edits: Edits, today: date) -> Edits | None:
        text = re.sub(r"\b(?:more|less|extra|additional|further) ", "", m.group(1), flags=re.IGNORECASE)
        seconds = seconds_of(text)
        return None if seconds is None else (*edits, EditDraft("more_driving", value=sign * seconds))

    return read


def _budget(m: re.Match[str], edits: Edits, today: date) -> Edits | None:
    money = money_of(m.group(1))
    return None if money is None else (*edits, EditDraft("budget", value=money))


def _pace(by: int) -> Callable[[re.Match[str], Edits, date], Edits]:
    def read(m: re.Match[str], edits: Edits, today: date) -> Edits:
        return (*edits, EditDraft("pace_by", value=by))

    return read


def _every_day(m: re.Match[str], edits: Edits, today: date) -> Edits | None:
    return None if not edits else (*edits[:-1], replace(edits[-1], day=None))


_DROP = r"(?:drop|remove|delete|cancel|skip|leave out|take out|cut|omit|forget(?: about)?|lose|without|no more)"
_ADD = (
    r"(?:add|include|insert|also (?:visit|see|stop at|go to)|(?:i|we) (?:also )?(?:want|would like|must)"
    r" to (?:also )?(?:see|visit)|put in|fit in)"
)
_SWAP = r"(?:swap|change|replace|find|give (?:me|us)|take|use|book|choose|switch|i want|we want|exchange)"
_DRIVE = r"(?:of )?(?:driving|drive|in the car|on the road|behind the wheel)"
_MORE_HOURS = HOURS.replace(r"[\s-]?(?:hours?", r"[\s-]?(?:more |extra |additional |less )?(?:hours?").replace(
    r"[\s-]?(?:minutes?", r"[\s-]?(?:more |extra |additional |less )?(?:minutes?"
)
EDIT_RULES: tuple[Rule[Edits], ...] = (
    rule(rf"\b(?:more|extra|additional) ({HOURS})(?: {_DRIVE})?", _driving(1)),
    rule(
        rf"\b({HOURS}) (?:more|longer|extra)(?: {_DRIVE})(?: (?:a|per|each|every) day)?(?: (?:is|would be)"
        rf" (?:fine|ok|okay|all right|good))?",
        _driving(1),
    ),
    rule(rf"\b({HOURS}) less(?: {_DRIVE})(?: (?:a|per|each|every) day)?", _driving(-1)),
    rule(
        rf"\b((?:one|an|\w+) more (?:hours?|minutes?)) {_DRIVE}(?: (?:a|per|each|every) day)?(?: (?:is|would be)"
        rf" (?:fine|ok|okay|all right|good))?",
        _driving(1),
    ),
    rule(rf"\b((?:one|an|\w+) less (?:hours?|minutes?)) {_DRIVE}(?: (?:a|per|each|every) day)?", _driving(-1)),
    rule(rf"\bdrive ({HOURS}) (?:more|longer)(?: (?:a|per|each|every) day)?", _driving(1)),
    rule(rf"\bmove {_NAME}{_DAY}", _placed("move")),
    rule(
        rf"\b{_SWAP} (?:to )?(?:the |a |my |our |another |different |new )*{_STAY}{_DAY} (?:for|with|to|by|into)"
        rf" {_NAME}{_END}",
        _swap_named,
    ),
    rule(rf"\b{_SWAP} (?:to )?(?:the |a |my |our |for |another |different |new |other )*{_STAY}(?:{_DAY})?", _swap),
    rule(rf"\b(?:another|a different|a new) {_STAY}{_DAY}", _swap),
    rule(
        rf"\b(?:start|begin|leave|go|shift|move|postpone|delay)(?: (?:it|everything|the trip|the whole trip|"
        rf"the start))?(?: (?:by|on))? ({NUMBER}) days? (?:later|after)",
        _counted("shift_start", 1),
    ),
    rule(
        rf"\b(?:postpone|delay|push back)(?: (?:it|everything|the trip|the whole trip|the start))? (?:by )"
        rf"?({NUMBER}) days?",
        _counted("shift_start", 1),
    ),
    rule(
        rf"\b(?:start|begin|leave|go|shift|move|bring forward)(?: (?:it|everything|the trip|the whole trip|"
        rf"the start))?(?: by)? ({NUMBER}) days? (?:earlier|sooner|before)",
        _counted("shift_start", -1),
    ),
    rule(rf"\b({NUMBER}) days? later\b", _counted("shift_start", 1)),
    rule(rf"\b({NUMBER}) days? earlier\b", _counted("shift_start", -1)),
    rule(rf"\b(?:stay |add |make it |with )*({NUMBER}) (?:more|extra|additional) days?\b", _counted("add_days", 1)),
    rule(rf"\b(?:stay |add |make it |for )*({NUMBER}) days? (?:more|longer|extra)\b", _counted("add_days", 1)),
    rule(rf"\badd ({NUMBER}) days?\b", _counted("add_days", 1)),
    rule(rf"\b(?:make it |with )*({NUMBER}) (?:fewer|less) days?\b", _counted("add_days", -1)),
    rule(rf"\b(?:make it )?({NUMBER}) days? (?:less|shorter|fewer)\b", _counted("add_days", -1)),
    rule(
        rf"\b(?:(?:raise|lower|increase|set|cut|change|the|new|my|our|reduce) )*budget (?:(?:is|now|of|to|at|up|"
        rf"down) )*({MONEY})",
        _budget,
    ),
    rule(
        r"\b(?:make it |a bit |a little |much |please |slightly )*(?:more (?:relaxed|leisurely|relaxing)|slower|"
        r"less (?:full|packed|busy|stress(?:ful)?)|easier|calmer|fewer (?:stops|sights|places))(?: pace)?\b",
        _pace(-1),
    ),
    rule(
        r"\b(?:make it |a bit |a little |much |please )*(?:fuller|more (?:packed|intense|sights|stops|places)|"
        r"faster|busier)(?: pace)?\b",
        _pace(1),
    ),
    rule(rf"\b{_DROP} (?!lunch|the lunch){_NAME}{_DAY}", _placed("drop")),
    rule(rf"\b{_ADD} {_NAME}{_DAY}", _placed("add")),
    rule(rf"\b{_DROP} (?!lunch|the lunch){_NAME}{_END}", _placed("drop")),
    rule(rf"\b{_ADD} {_NAME}{_END}", _placed("add")),
)
