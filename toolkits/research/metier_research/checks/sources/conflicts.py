"""CONFLICTS-SHOWN: where sources contradict each other, both sides are shown; what is old says so. Pure."""

import re
from collections.abc import Iterator
from typing import Final

from metier_research.checks.contradictions import Stated
from metier_research.checks.reading import Exhibit, Fault, Reading, short
from metier_research.checks.sources.independence import group_sources
from metier_research.language.amounts import Amount, find_amounts
from metier_research.language.dates import find_days
from metier_research.report import Conflict, Statement

_LEAST_SIDES: Final = 2
_DATED: Final = re.compile(
    r"\b(?:as of|as at|until|formerly|at the time|at that time|in those days|back then|outdated|out of date|superseded|"
    r"(?:older|old|earlier) (?:page|source|figure|yearbook)|no longer|"
    r"(?:in|for|of|by|from) (?:\w+ )?\d{4})\b|截至|当时|曾|以前|旧|年",
    re.IGNORECASE,
)


def judge_conflicts(reading: Reading, subject: str, statement: Statement) -> Iterator[Fault]:
    """Yields that a statement gives one side of a contradiction as the truth, or what is old as current."""
    exhibits = tuple(one for one in reading.exhibits(subject) if one.item is not None)
    old = [one for one in exhibits if one.field("outdated")]
    if old and len(old) == len(exhibits) and not _DATED.search(statement.text):
        yield Fault(
            f"{old[0].cited.evidence} is outdated ({short(old[0].field('outdated'))})",
            "Cite a newer page, or say as of when it was so.",
            evidence=tuple(one.cited.evidence for one in old),
        )
    if subject.startswith("/conflicts/"):
        yield from _judge_sides(reading, subject)
        return
    for one, other in reading.contradictions:
        for mine, theirs in ((one, other), (other, one)):
            if _is_about(statement, exhibits, mine) and not _is_excused(reading, statement, mine, theirs):
                yield Fault(
                    f"{theirs.evidence} says otherwise: “{short(theirs.words)}”",
                    f"Show the conflict: a side that cites {mine.evidence} and one that cites {theirs.evidence}.",
                    evidence=(mine.evidence, theirs.evidence),
                )


def _judge_sides(reading: Reading, subject: str) -> Iterator[Fault]:
    """Yields that a conflict has no two sides with sources of their own; told at its first side."""
    place = subject.split("/")
    if place[-1] != "0":
        return
    conflict = reading.report.conflicts[int(place[2])]
    sides = [reading.exhibits(f"/conflicts/{place[2]}/sides/{at}") for at in range(len(conflict.sides))]
    sources = group_sources([one for side in sides for one in side if one.item is not None])
    ids = {frozenset(one.cited.evidence for one in side) for side in sides}
    if len(sides) < _LEAST_SIDES or len(ids) < _LEAST_SIDES:
        yield Fault("the conflict has one side", "Give each side a statement with its own source.")
    elif len(sources) < _LEAST_SIDES:
        yield Fault("both sides rest on copies of one source", "Leave the conflict out, or cite both sources.")
    elif _is_same(conflict):
        yield Fault("both sides say the same", "State what the sources disagree on, or leave the conflict out.")


def _is_same(conflict: Conflict) -> bool:
    said = [_numbers(side.text) for side in conflict.sides]
    texts = {" ".join(side.text.lower().split()) for side in conflict.sides}
    return len(texts) == 1 or (all(said) and all(one == said[0] for one in said[1:]))


def _numbers(text: str) -> frozenset[str]:
    amounts = {f"{one.base} {one.measures}" for one in find_amounts(text)}
    return frozenset(amounts | {f"{one.first}-{one.month}-{one.day}" for one in find_days(text)})


def _is_about(statement: Statement, exhibits: tuple[Exhibit, ...], stated: Stated) -> bool:
    """Returns whether the statement cites the sentence that states the value, and gives the value."""
    cites = any(
        one.cited.evidence == stated.evidence
        and one.span is not None
        and one.span[0] < stated.end
        and stated.start < one.span[1]
        for one in exhibits
    )
    return cites and _gives(statement.text, stated)


def _gives(text: str, stated: Stated) -> bool:
    value = stated.value
    if isinstance(value, Amount):
        return any(one.is_said_by(value) for one in find_amounts(text))
    return any(one.is_said_by(value) for one in find_days(text))


def _is_excused(reading: Reading, statement: Statement, mine: Stated, theirs: Stated) -> bool:
    """Returns whether the other side is shown as well, or is outdated where this one is not, or the other way round."""
    if _is_outdated(reading, theirs) or (_is_outdated(reading, mine) and _DATED.search(statement.text)):
        return True
    if _gives(statement.text, theirs) and theirs.evidence in {one.evidence for one in statement.citations}:
        return True
    return any(_shows(conflict, mine) and _shows(conflict, theirs) for conflict in reading.report.conflicts)


def _shows(conflict: Conflict, stated: Stated) -> bool:
    return any(_gives(side.text, stated) for side in conflict.sides)


def _is_outdated(reading: Reading, stated: Stated) -> bool:
    item = reading.find(stated.evidence)
    return item is not None and isinstance(item.value, dict) and bool(item.value.get("outdated"))
