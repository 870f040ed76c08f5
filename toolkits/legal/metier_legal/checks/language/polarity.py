"""Whether a claim says the opposite of its quote: may against may not, shall against may, is against is not. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from metier_legal.checks.language import polarity_chinese
from metier_legal.checks.language.content import stem_of
from metier_legal.checks.language.negation import find_negation


class Force(StrEnum):
    """What a modal makes of what follows it."""

    MAY = "may"
    MUST = "must"
    FORBIDDEN = "may not"
    FREE = "need not"


REMEMBERED: Final = 512
_TOKEN: Final = re.compile(r"[a-z]+(?:['’]t)?|[.;:!?]")
_HARMLESS: Final = re.compile(
    r"\bwhether or not\b|\bnot only\b|\bno(?:t)? (?:later|less|more|fewer|earlier|sooner|longer) than\b|\bif not\b"
    r"|\bor not\b",
    re.IGNORECASE,
)
_I: Final = re.IGNORECASE
_BE: Final = r"\b(?:is|are|was|were|be)"
_PHRASES: Final = (
    (re.compile(rf"{_BE} (not )?(?:required|obliged|bound|obligated) to\b", _I), "must", "neednot"),
    (
        re.compile(rf"{_BE} (not )?(?:entitled|permitted|allowed|authori[sz]ed|free) to\b", re.IGNORECASE),
        "may",
        "maynot",
    ),
    (
        re.compile(r"\b(?:has|have|had) (no )?(?:the |a )?(?:right|power|authority) to\b", re.IGNORECASE),
        "may",
        "maynot",
    ),
    (re.compile(r"\bneeds? (not )(?:to )?", _I), "must", "neednot"),
    (re.compile(r"\b(?:has|have|had) (not )?to\b", _I), "must", "must"),
    (re.compile(rf"{_BE} (not )?(?:prohibited|forbidden|barred|precluded) from\b", _I), "maynot", "may"),
)
_MODALS: Final = {
    "may": Force.MAY, "can": Force.MAY, "shall": Force.MUST, "must": Force.MUST, "maynot": Force.FORBIDDEN,
    "cannot": Force.FORBIDDEN, "can't": Force.FORBIDDEN, "can’t": Force.FORBIDDEN, "neednot": Force.FREE,
}  # fmt: skip
_NOT: Final = frozenset(("not", "never"))
_NO: Final = frozenset(("no", "neither", "nothing", "nobody", "none"))
_GRAMMAR: Final = (
    "be been being have has had do does did the a an any also only then so nevertheless thereupon in at of to by such "
    "all this that these those not never very yet its his her their"
)
_SKIPPED: Final = frozenset(_GRAMMAR.split())
# Capital letters make a name, not a predicate, but for the words that deny or command.
_NAME: Final = re.compile(
    r"\b(?!(?:No|Not|Nothing|Neither|Nobody|None|Never|Without|May|Shall|Must|Can|Cannot|NOT|SHALL|MAY|MUST|NO)\b)[A-Z][\w.’'-]*"
)
_STOPS: Final = frozenset(".;:!?")
_CONDITION: Final = re.compile(r"\b(?:only|unless|until|without|except)\b|除非|只有|方可|未经|除外", re.IGNORECASE)
_FIRST: Final = re.compile(r"\b(?:before|requires?|required(?! to)|needs?(?! not)|first)\b", re.IGNORECASE)
_WITHOUT: Final = re.compile(r"\bwithout (?:an? |the |any )?(\w+)", re.IGNORECASE)
_REACH: Final = 10
_SUBJECT: Final = 24  # words a subject that denies ("no action for …") may have
_SHORTEST: Final = 3


@dataclass(frozen=True, slots=True)
class Stance:
    """What a text makes of words: the forces of modals over each stem, the stems it denies and those it affirms.

    `absent` are subjects that a text says there are none of: "no recovery shall be had".
    """

    forces: dict[str, frozenset[Force]]
    denied: frozenset[str]
    absent: frozenset[str]
    affirmed: frozenset[str]


def find_contradiction(claim: str, quote: str) -> str:
    """Returns how the claim turns its quote round ("“pay”: may not, but the quote says may"), or "" when it does not.

    A claim and a quote that both name a condition (only, unless) may deny and affirm the same, and are not compared.
    """
    if (_CONDITION.search(claim) or _FIRST.search(claim)) and _CONDITION.search(quote):
        return ""
    ours, theirs = _stance_of(claim), _stance_of(quote)
    for stem, forces in ours.forces.items():
        said = theirs.forces.get(stem)
        if said and not forces & said:
            return f"“{stem}”: {_tell(forces)}, but the quote says {_tell(said)}"
    spared = _without(claim) if find_negation(quote) else frozenset()
    for stem in sorted((ours.denied - spared - theirs.denied - theirs.absent) & theirs.affirmed - ours.affirmed):
        return f"“{stem}” is denied, but the quote affirms it"
    for stem in sorted((theirs.denied - theirs.affirmed) & ours.affirmed - ours.denied):
        return f"“{stem}” is affirmed, but the quote denies it"
    return polarity_chinese.find_contradiction(claim, quote)


def _without(text: str) -> frozenset[str]:
    """Returns what a text does without: to need no registration is to have the right without it."""
    return frozenset(stem_of(match[1].lower()) for match in _WITHOUT.finditer(text))


def _tell(forces: frozenset[Force]) -> str:
    return " and ".join(sorted(forces))


def _with_plain_modals(text: str) -> str:
    """Returns the text with "is entitled to" and the like as one modal each."""
    plain = _NAME.sub(" ", _HARMLESS.sub(" ", text))
    for pattern, yes, no in _PHRASES:
        plain = _replace(pattern, yes, no, plain)
    return plain


def _replace(pattern: re.Pattern[str], yes: str, no: str, text: str) -> str:
    return pattern.sub(lambda match: f" {no if match[1] else yes} ", text)


@lru_cache(maxsize=REMEMBERED)
def _stance_of(text: str) -> Stance:
    tokens = _TOKEN.findall(_with_plain_modals(text).lower())
    forces: dict[str, frozenset[Force]] = {}
    denied: set[str] = set()
    used: set[int] = set()
    for at, force in _modals(tokens):
        head = _head_after(tokens, at + 1)
        if head is not None:
            stem = stem_of(tokens[head])
            forces[stem] = forces.get(stem, frozenset()) | {force}
            if force in (Force.FORBIDDEN, Force.FREE):
                denied.add(stem)
                used.add(head)
    for head in _denied(tokens):
        denied.add(stem_of(tokens[head]))
        used.add(head)
    affirmed = {stem_of(token) for i, token in enumerate(tokens) if i not in used and len(token) >= _SHORTEST}
    absent = {stem_of(tokens[head]) for head in _heads_after_no(tokens)}
    return Stance(forces, frozenset(denied), frozenset(absent), frozenset(affirmed))


def _modals(tokens: list[str]) -> Iterator[tuple[int, Force]]:
    for at, token in enumerate(tokens):
        force = _MODALS.get(token)
        if force is None:
            continue
        negated = any(word in _NOT or word == "no" for word in tokens[at + 1 : at + 3]) or _has_no_subject(tokens, at)
        yield at, Force.FORBIDDEN if negated and force in (Force.MAY, Force.MUST) else force


def _has_no_subject(tokens: list[str], at: int) -> bool:
    """Returns whether the subject of the modal is "no person", "nothing in this Act" and the like."""
    for i in range(at - 1, max(-1, at - _SUBJECT - 1), -1):
        if tokens[i] in _STOPS or tokens[i] in _MODALS:
            return False
        if tokens[i] in _NO:
            return True
    return False


def _heads_after_no(tokens: list[str]) -> Iterator[int]:
    for at, token in enumerate(tokens):
        head = _head_after(tokens, at + 1) if token == "no" else None
        if head is not None:
            yield head


def _denied(tokens: list[str]) -> Iterator[int]:
    """Yields where words stand that are denied without a modal: "is not liable", "no right", "without notice"."""
    for at, token in enumerate(tokens):
        plain = token in _NOT and at and tokens[at - 1] not in _MODALS
        if (
            plain
            or token == "without"
            or token.endswith(("n't", "n’t"))
            or (token == "no" and not _has_modal(tokens, at))
        ):
            head = _head_after(tokens, at + 1)
            if head is not None:
                yield head
            if token == "without" and head is not None and (object_ := _head_after(tokens, head + 1)) is not None:
                yield object_  # "without giving a reason" denies both


def _has_modal(tokens: list[str], at: int) -> bool:
    for token in tokens[at + 1 : at + 1 + _SUBJECT]:
        if token in _STOPS:
            return False
        if token in _MODALS:
            return True
    return False


def _head_after(tokens: list[str], at: int) -> int | None:
    """Returns where the word stands that a modal or a "not" governs: the next that is none of grammar."""
    for i in range(at, min(at + 6, len(tokens))):
        if tokens[i] in _STOPS:
            return None
        if tokens[i] not in _SKIPPED and not tokens[i].endswith("ly"):
            return i
    return None
