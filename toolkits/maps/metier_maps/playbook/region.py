"""Which region a request is about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from rapidfuzz import fuzz

from metier.answer import Question
from metier.history import History, fields_of, rows_of
from metier.toolkit import Call
from metier_maps.language import Draft, Mention
from metier_maps.places.search.names import fold
from metier_maps.playbook.wording import Tongue

_WORD: Final = re.compile(r"\b(?:region|area|country)\b|地区", re.IGNORECASE)
_NEAR: Final = 80.0
_PART: Final = 0.75


@dataclass(frozen=True, slots=True)
class Chosen:
    """The region of a request, the request without the words that named it, and how they were read."""

    name: str
    draft: Draft
    note: str = ""


def installed_names(history: History) -> tuple[tuple[str, bool], ...]:
    """Returns the name of each region on this machine, once, and whether it is fictional."""
    seen = history.last("list_regions")
    rows = () if seen is None else rows_of(seen.value, "regions")
    return tuple(dict.fromkeys((str(row.get("name")), row.get("fictional") is True) for row in rows))


def choose_region(
    draft: Draft, history: History, *, tongue: Tongue, fixed: str = ""
) -> Chosen | Question | tuple[Call, ...]:
    """Returns the region, the question for it, or the searches that must be made first to know it."""
    regions = installed_names(history)
    names = [name for name, _ in regions]
    if fixed:
        return Chosen(fixed, draft)
    named = _by_name(draft, names, tongue)
    if named is not None:
        return named
    if draft.region is not None:
        return _by_place(draft, draft.region, names, history, tongue)
    real = [name for name, fictional in regions if not fictional]
    for choice in (names, real):
        if len(choice) == 1:
            note = tongue.say(f"no region was said: {choice[0]}", f"没有说地区：{choice[0]}")
            return Chosen(choice[0], draft, note)
    return Question(text=tongue.ask_region, choices=tuple(names))


def _by_name(draft: Draft, names: Sequence[str], tongue: Tongue) -> Chosen | None:
    """Returns the region that some words of the request name, exactly or but for a typo."""
    for said, rest in _ways_to_say(draft):
        text = _WORD.sub("", said).strip()
        alike = sorted(((fuzz.ratio(fold(text), fold(name)), name) for name in names), reverse=True)
        if alike and alike[0][0] == 100:
            return Chosen(alike[0][1], rest)
        if alike and alike[0][0] >= _NEAR and said == (draft.region.text if draft.region else None):
            note = tongue.say(f'"{text}" read as the region {alike[0][1]}', f"“{text}”读作地区 {alike[0][1]}")
            return Chosen(alike[0][1], rest, note)
    return None


def _ways_to_say(draft: Draft) -> list[tuple[str, Draft]]:
    """Returns every part of the request that may name its region, with the request without that part."""
    ways = [(draft.region.text, draft)] if draft.region is not None else []
    for mention in draft.must_see:
        others = tuple(other for other in draft.must_see if other != mention)
        ways.append((mention.text, replace(draft, must_see=others)))
    for end in ("start", "end"):
        called: Mention | None = getattr(draft, end)
        if called is not None:
            nowhere: dict[str, Any] = {end: None}
            ways.append((called.text, replace(draft, **nowhere)))
    for lost in draft.not_understood:
        words = tuple(other for other in draft.not_understood if other != lost)
        ways.append((lost, replace(draft, not_understood=words)))
    return ways


def _by_place(
    draft: Draft, mention: Mention, names: Sequence[str], history: History, tongue: Tongue
) -> Chosen | Question | tuple[Call, ...]:
    """Returns the one region that has a place of the name that was said for the region."""
    calls = tuple(Call("search_places", {"query": mention.text, "region": name, "limit": 3}) for name in names)
    missing = history.open_calls(calls)
    if missing:
        return missing
    places = {name: _best_place(history, call) for name, call in zip(names, calls, strict=True)}
    found = [name for name, place in places.items() if place]
    if len(found) == 1:
        note = tongue.say(
            f'"{mention.text}" read as the region {found[0]}, where {places[found[0]]} is',
            f"“{mention.text}”读作地区 {found[0]}（{places[found[0]]} 在那里）",
        )
        return Chosen(found[0], draft, note)
    text = tongue.say(f'There is no map of "{mention.text}" here.', f"这里没有“{mention.text}”的地图。")
    return Question(text=f"{text} {tongue.ask_region}", choices=tuple(found or names))


def _best_place(history: History, call: Call) -> str:
    seen = history.answer(call)
    for row in () if seen is None else rows_of(seen.value, "places"):
        score = row.get("score")
        matched = fold(str(fields_of(dict(row)).get("matched")))
        begins = matched.startswith(fold(str(call.arguments["query"])))
        if isinstance(score, int | float) and score >= _PART and begins:
            return str(row.get("name"))
    return ""
