"""A question taken apart: which relation is asked for, of what, and how that is named in turn."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from metier_research.playbook.phrases.lexicon import Concept, Heard, hear

LONGEST: Final = 2_000
DEEPEST: Final = 12
_LEAD: Final = re.compile(r"\A(?:please |can you |could you |tell me |find out |i want to know |,|:)+", re.IGNORECASE)
_SAME: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), said)
    for pattern, said in (
        (r"\A(?:what|which) year (?=was|were|did|is)", "in which year "),
        (r"\A(?:what|which) ((?:town|city|place|village)) (was|is|does|did) (.+) in\Z", r"in which \1 \2 \3"),
        (
            r"\A(?:what|which) (?:person|man|woman|artist|writer|author|painter|engineer|architect|botanist|director"
            r"|singer|composer|company|firm|shipyard|publisher|publishing house|studio|institution) (?=[a-z]+ )",
            "who ",
        ),
        (r"\A(?:at|from) (?:which|what) (?:university|school) did (.+) (?:study|graduate)\Z", r"where did \1 study"),
        (r"\A(.+) (?:was|is) ([a-z]+) by (?:whom|which [a-z]+)\Z", r"who \2 \1"),
        (r"\A(?:where|what) (?:is|are) the headquarters of (.+)\Z", r"where is \1 headquartered"),
        (r"\bthe name of (?=the )", ""),
        (r"\b(?:currently|presently|today) (?=[a-z])", ""),
        (r"\A(who) serves as ", r"\1 is "),
        (r"\A(?:how big|how large) is the population of ", "what is the population of "),
        (r"\Awhose (pupil|student) was (.+)\Z", r"who was the teacher of \2"),
    )
)
"""Other ways to ask the same, each as the lexicon has it."""
_WHAT_IS: Final = re.compile(
    r"\A(?:(?:who|what|which) (?:is|was|are|were)|name|give(?: me)?|find|state|look up) (?=the |[A-ZÀ-Þ])",
    re.IGNORECASE,
)
_THE: Final = re.compile(r"\A(?:the|a|an) ", re.IGNORECASE)
_NOUN: Final = re.compile(r"\A(?:the )?((?:[a-z]+ ){1,3})(?=[A-ZÀ-Þ0-9\"“])")
_BEFORE: Final = re.compile(r"\A(.+?) before (?:the year )?(\d{3,4})\Z", re.IGNORECASE)
_VERB: Final = "(?:was|is|has|studied|graduated|attended|crosses|spans|leads|lies|hangs|belongs)"
_PAIR: Final = re.compile(rf"\AWhich ([a-z ]+?) ({_VERB} .+?) and ({_VERB} .+)\Z", re.IGNORECASE)
_DANGLING: Final = re.compile(
    r"(?: (?:to|in|at|of|on|by|with|from|born|married|found|live|lie|stand|have|die|named))+\Z"
)
_QUOTES: Final = '"“”«»'


@dataclass(frozen=True, slots=True)
class Named:
    """Something by its name; `noun` says what it is where the question does."""

    name: str
    noun: str = ""


@dataclass(frozen=True, slots=True)
class Of:
    """What a relation of something leads to; `words` are the question's own for the relation."""

    concept: Concept
    inner: "Meaning"
    words: str


@dataclass(frozen=True, slots=True)
class Back:
    """What leads to something by a relation; `words` are the question's own, which say what sort of thing."""

    concept: Concept
    inner: "Meaning"
    words: str


@dataclass(frozen=True, slots=True)
class Office:
    """Who held an office: in a year, or directly before (`step` -1) or after (1) another."""

    concept: Concept
    inner: "Meaning"
    year: int = 0
    beside: str = ""
    step: int = 0


@dataclass(frozen=True, slots=True)
class Number:
    """How many things lead to something by a relation; only those of a year before `before` where that is not 0."""

    concept: Concept
    inner: "Meaning"
    words: str
    before: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """The one thing that meets two conditions."""

    noun: str
    first: Back
    second: Back


@dataclass(frozen=True, slots=True)
class Larger:
    """Which of two has the larger value; with `less` the smaller one."""

    concept: Concept
    one: "Meaning"
    other: "Meaning"
    less: bool
    words: str


Meaning: TypeAlias = Named | Of | Back | Office | Number | Pair | Larger


def read_question(text: str) -> Meaning | None:
    """Returns what a question asks, or None where it is not understood."""
    asked = _LEAD.sub("", " ".join(text[:LONGEST].split())).rstrip("?.! ")
    if meaning := _read_pair(asked) or _read_asked(asked):
        return meaning
    for pattern, said in _SAME:
        asked = pattern.sub(said, asked)
    return _read_asked(asked)


def _read_asked(asked: str) -> Meaning | None:
    counted = _BEFORE.match(asked)
    if counted and (many := hear(counted[1], "many")):
        return Number(many[0].concept, _read_noun(many[0].slots["x"], 0), many[0].words, int(counted[2]))
    heard = hear(asked, "ask", "in", "prior", "next", "back", "many", "more", "less")
    if heard:
        return _choose([_meaning_of(one, 0) for one in heard])
    named = _WHAT_IS.match(asked)
    meaning = _read_noun(asked[named.end() :], 0) if named else None
    return None if isinstance(meaning, Named) else meaning


def _choose(meanings: list["Meaning"]) -> "Meaning | None":
    """Returns the first meaning that ends in a whole name, or else the first."""
    return next((one for one in meanings if not _dangles(one)), meanings[0] if meanings else None)


def _dangles(meaning: "Meaning") -> bool:
    """Returns whether the name at the end has words of the question left at its own end."""
    if isinstance(meaning, Named):
        return bool(_DANGLING.search(meaning.name))
    return not isinstance(meaning, Pair | Larger) and _dangles(meaning.inner)


def _meaning_of(heard: Heard, depth: int) -> Meaning:
    if heard.mark in ("more", "less"):
        one, other = (_read_noun(heard.slots[slot], depth + 1) for slot in "ab")
        return Larger(heard.concept, one, other, heard.mark == "less", heard.words)
    inner = _read_noun(heard.slots["x"], depth + 1)
    match heard.mark:
        case "back":
            return Back(heard.concept, inner, heard.words)
        case "many":
            return Number(heard.concept, inner, heard.words)
        case "in" | "held":
            year = heard.slots["y"]
            return Office(heard.concept, inner, int(year) if year.isdecimal() and len(year) < 5 else 0)
        case "prior" | "next":
            return Office(heard.concept, inner, beside=heard.slots["h"], step=-1 if heard.mark == "prior" else 1)
        case _:
            return Of(heard.concept, inner, heard.words)


@lru_cache(maxsize=256)
def _read_noun(phrase: str, depth: int) -> Meaning:
    """Returns what a phrase means: a relation of something else, or a name."""
    bare = _THE.sub("", phrase)
    heard = (hear(bare, "noun", "back", "held") or hear(bare, "label")) if depth < DEEPEST else []
    if meaning := _choose([_meaning_of(one, depth) for one in heard]):
        return meaning
    noun = _NOUN.match(phrase)
    name = phrase[noun.end() :] if noun else phrase
    return Named(name.strip(_QUOTES), noun[1].strip() if noun and noun[1].strip() != "the" else "")


def _read_pair(asked: str) -> Pair | None:
    found = _PAIR.match(asked)
    if found is None:
        return None
    first, second = hear(found[2], "clause"), hear(found[3], "clause")
    if not first or not second:
        return None
    sides = [Back(one.concept, _read_noun(one.slots["x"], 0), found[1]) for one in (first[0], second[0])]
    return Pair(found[1], *sides)
