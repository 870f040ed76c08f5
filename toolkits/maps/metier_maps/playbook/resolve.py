"""From a name in a text to a place of the map: taken, asked, or not there. Nothing is chosen in silence."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from rapidfuzz import fuzz

from metier.answer import Question
from metier.canonical import JSON
from metier.history import History, error_of, rows_of
from metier.toolkit import Call
from metier_maps.language import Mention
from metier_maps.places.categories import find_category
from metier_maps.places.search.names import fold
from metier_maps.playbook.wording import Tongue
from metier_maps.request import PlaceRef

Role: TypeAlias = Literal["end", "sight", "lodging"]

ID: Final = re.compile(r"osm:(?:node|way|relation)/\d{1,19}")
HITS: Final = 6
_EXACT: Final = 0.99
_TYPO: Final = 84.0
_LEAD: Final = 6.0
_FITS: Final[Mapping[Role, frozenset[str]]] = {
    "end": frozenset(("settlement", "transport", "lodging")),
    "sight": frozenset(("sight", "entertainment", "sport", "nature")),
    "lodging": frozenset(("lodging",)),
}
_SETTLED: Final = "settlement"
_STOPS: Final = frozenset(("bus stop", "tram stop", "stop", "platform"))


@dataclass(frozen=True, slots=True)
class Taken:
    """A name and the place it means; `note` says how it was read where it was not exactly that name."""

    place: PlaceRef
    note: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a search gave."""

    id: str
    name: str
    matched: str
    score: float
    categories: frozenset[str]
    kind: str
    alike: float

    @property
    def label(self) -> str:
        """Returns what tells it from others of its name."""
        return f"{self.name} ({self.kind}, {self.id})"


def search_for(mention: Mention, region: str) -> Call:
    """Returns the call that looks a name, or an id, up."""
    if ID.fullmatch(mention.text):
        return Call("place_details", {"place_id": mention.text, "region": region})
    return Call("search_places", {"query": mention.text, "region": region, "limit": HITS})


def resolve(
    mention: Mention, role: Role, history: History, *, region: str, tongue: Tongue, called: str = ""
) -> Taken | Question:
    """Returns the place that a name means, or the question to ask. The search must have been made.

    `called` is the region's name for people, where `region` is its id.
    """
    seen = history.answer(search_for(mention, region))
    if seen is not None and seen.is_error:
        return Question(text=error_of(seen))
    if ID.fullmatch(mention.text):
        place = {} if seen is None or not isinstance(seen.value, dict) else seen.value.get("place")
        if isinstance(place, dict):
            return Taken(PlaceRef(id=str(place["id"]), name=str(place["name"])))
        return Question(text=tongue.no_such_place(mention.text, called or region))
    rows = () if seen is None else rows_of(seen.value, "places")
    found = [_candidate(row, mention.text) for row in rows]
    return choose(mention.text, role, found, region=called or region, tongue=tongue)


def choose(text: str, role: Role, found: Sequence[Candidate], *, region: str, tongue: Tongue) -> Taken | Question:
    """Returns the one candidate that the text can mean in its role, or the question which of them it is."""
    fitting = [c for c in found if c.categories & _FITS[role]]
    for exact in ([c for c in fitting if c.score >= _EXACT], [c for c in found if _is_named(c, role)]):
        best = _prefer(exact, role)
        if len(best) == 1:
            others = [c for c in found if c.score >= _EXACT and c.id != best[0].id]
            return _taken(
                best[0], text, tongue.other_kind(text, best[0].kind, others[0].kind) if others else "", tongue
            )
        if best:
            return _which(text, best, tongue)
    close = sorted((c for c in fitting if c.alike >= _TYPO), key=lambda c: -c.alike)
    if close and (len(close) == 1 or close[0].alike - close[1].alike >= _LEAD or close[1].matched == close[0].matched):
        same = [c for c in close if c.matched == close[0].matched]
        best = _prefer(same, role)
        return _taken(best[0], text, "", tongue) if len(best) == 1 else _which(text, best, tongue)
    part = [c for c in fitting if _holds(c.matched, text) or _holds_but_kind(c, text)]
    if len(part) == 1:
        return _taken(part[0], text, "", tongue)
    if part or close:
        return _which(text, part or close, tongue)
    return Question(text=tongue.no_such_place(text, region), choices=tuple(c.label for c in (fitting or found)[:5]))


def _is_named(candidate: Candidate, role: Role) -> bool:
    """Returns whether it has exactly the name and may serve the role though it is of another kind."""
    return candidate.score >= _EXACT and (role != "lodging") and bool(candidate.categories & {_SETTLED, "food", "shop"})


def _prefer(found: Sequence[Candidate], role: Role) -> list[Candidate]:
    """Returns those of the kind that the role wants first: towns for ends, before hotels of the same name."""
    if role == "end":
        towns = [c for c in found if _SETTLED in c.categories]
        if towns:
            return towns[:1] if len({c.kind for c in towns}) > 1 else towns
        return [c for c in found if c.kind not in _STOPS] or list(found)
    return list(found)


def _taken(candidate: Candidate, text: str, note: str, tongue: Tongue) -> Taken:
    same = fold(candidate.matched) == fold(text)
    read = "" if same else tongue.read_as(text, candidate.name, candidate.kind)
    return Taken(PlaceRef(id=candidate.id, name=candidate.name), note or read)


def _which(text: str, found: Sequence[Candidate], tongue: Tongue) -> Question:
    return Question(text=tongue.which_place(text), choices=tuple(c.label for c in found[:5]))


def _holds(name: str, text: str) -> bool:
    words = fold(text).split()
    return bool(words) and set(words) <= set(fold(name).split())


def _holds_but_kind(candidate: Candidate, text: str) -> bool:
    """Returns whether the text is the name with a word for its kind: "Hôtel Hermitage" for the hotel Hermitage."""
    words, name = fold(text).split(), fold(candidate.matched).split()
    rest = [word for word in words if find_category(word) not in candidate.categories]
    return bool(name) and rest == name and rest != words


def _candidate(row: Mapping[str, JSON], text: str) -> Candidate:
    categories = row.get("categories")
    words = [str(word) for word in categories] if isinstance(categories, list) else []
    score = row.get("score")
    matched = str(row.get("matched") or row.get("name"))
    return Candidate(
        id=str(row.get("id")),
        name=str(row.get("name")),
        matched=matched,
        score=float(score) if isinstance(score, int | float) else 0.0,
        categories=frozenset(words),
        kind=words[0] if words else "place",
        alike=fuzz.ratio(fold(text), fold(matched)),
    )
