"""Who comes along: people and pets, in English."""

import re
from dataclasses import replace
from datetime import date

from metier_maps.language.draft import Draft, also, ask, say
from metier_maps.language.english.numerals import NUMBER, number_of
from metier_maps.language.sheet import Rule, fixed, rule
from metier_maps.language.vocabulary import lodgings_in
from metier_maps.request import Pets

_STAY = (
    r"(?:hotels?|lodgings?|accommodations?|hostels?|places? to (?:stay|sleep)|guest[\s-]?houses?|camp\s?sites?|"
    r"rooms?|stays?|places?)"
)
_PET = r"(dogs?|cats?|pets?|pupp(?:y|ies)|animals?)"
_ALLOW = (
    r"(?:allow(?:s|ed|ing)?|accept(?:s|ed|ing)?|welcom(?:e|es|ed|ing)|take(?:s|n)?|taking|permit(?:s|ted|ting)?|"
    r"fine with|ok with)"
)
_MY = r"(?:my|our|a|an|the|one|two|three|\d)"
_MUST = r"(?:(?:that|which) )?(?:(?:must|should|have to|has to|need to|needs to|do|really|explicitly) )*"
_KIN = r"(?:wife|husband|partner|girlfriend|boyfriend|friend|spouse|mother|father|mum|mom|dad|sister|brother)"


def pet_of(word: str) -> str:
    """Returns the kind of pet that a word names."""
    plain = word.lower()
    return "dog" if plain.startswith(("dog", "pup")) else "cat" if plain.startswith("cat") else "pet"


def _pet(m: re.Match[str], draft: Draft, today: date) -> Draft:
    if draft.pets is not None and draft.pets.confirmed:
        kind = pet_of(m.group(1)) if draft.pets.kind == "pet" else draft.pets.kind
        return replace(draft, pets=Pets.model_validate({"kind": kind, "confirmed": True}))
    return say(draft, "pets", Pets.model_validate({"kind": pet_of(m.group(1)), "confirmed": False}))


def _confirmed(m: re.Match[str], draft: Draft, today: date) -> Draft:
    draft = say(draft, "pets", Pets.model_validate({"kind": pet_of(m.group(1)), "confirmed": True}))
    return also(draft, "lodging_categories", lodgings_in(m.group()))


def _people(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    count = number_of(m.group(1))
    return None if count is None or not 1 <= count <= 50 else say(draft, "adults", int(count))


def _children(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    count = number_of(m.group(1))
    return None if count is None or count > 50 else say(draft, "children", int(count))


def _family(m: re.Match[str], draft: Draft, today: date) -> Draft:
    return ask(draft, f'"{m.group().strip()}": how many adults and how many children travel?')


_WITH = r"(?:\b(?:and|with|plus|of|for|we are|there are|in|as) )?"
COMPANY_RULES: tuple[Rule[Draft], ...] = (
    rule(rf"\b(?:only )?(?:in |at )?{_PET}[\s-](?:friendly|welcoming)(?: {_STAY})?(?: only)?\b", _confirmed),
    rule(
        rf"\b(?:(?:only|in|every|all|each|the) )*{_STAY},? {_MUST}{_ALLOW} (?:my |our |a |the )?{_PET}(?: only)?\b",
        _confirmed,
    ),
    rule(rf"\b{_STAY} where (?:my |our |the )?{_PET} (?:is|are) {_ALLOW}\b", _confirmed),
    rule(rf"\b(?:it |they )?(?:must|should|has to|have to) {_ALLOW} {_PET}\b", _confirmed),
    rule(rf"\b{_PET} (?:must be |should be |are |is )?{_ALLOW}\b", _confirmed),
    rule(
        rf"\b(?:and )?(?:with|bring(?:ing)?|tak(?:e|ing) along|taking|plus|and|i have|we have) {_MY} (?:\w+ )"
        rf"?{_PET}\b(?: along| with (?:me|us))?",
        _pet,
    ),
    rule(rf"\bwith {_PET}\b", _pet),
    rule(rf"{_WITH}\b(?:({NUMBER}) (?:adults?|grown-ups?))\b".replace("\\b(?:(", "(?:("), _people),
    rule(
        rf"{_WITH}({NUMBER}) (?:small |young |little |older )?(?:child(?:ren)?|kids?|toddlers?|babies|baby)\b",
        _children,
    ),
    rule(rf"{_WITH}({NUMBER}) (?:people|persons?|travell?ers|friends|of us|guests|pax)\b", _people),
    rule(
        r"\bfor (one|two|three|four|five|six|seven|eight)\b(?! (?:\w+ )?(?:days?|nights?|weeks?|hours?|hundred|"
        r"thousand))",
        _people,
    ),
    rule(r"\b(?:on my own|alone|solo|by myself|just me)\b", fixed("adults", 1)),
    rule(rf"\b(?:with my {_KIN}|(?:as|for) a couple|my {_KIN} and (?:i|me)|me and my {_KIN})\b", fixed("adults", 2)),
    rule(r"\b(?:with |and )*(?:my|our|a|one) (?:child|kid|son|daughter|baby|toddler)\b", fixed("children", 1)),
    rule(rf"\b(?:as |for |we are )*(?:a |our |my )family(?: of {NUMBER})?\b", _family),
    rule(r"\bwith (?:my|our|the) (?:family|kids|children|friends)\b", _family),
)
