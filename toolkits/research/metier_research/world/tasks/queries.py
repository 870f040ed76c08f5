"""What a question asks, as a formula over the facts, and its answers by the meaning of sets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from metier_research.world.truth.facts import Fact, Object, Truth


@dataclass(frozen=True, slots=True)
class One:
    """The thing itself."""

    thing: str


@dataclass(frozen=True, slots=True)
class Along:
    """What a relation of `inner` leads to; `back` is what leads to `inner` by it."""

    inner: "Query"
    relation: str
    back: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """Who held an office of `inner`: in a year, or next to another holder (`step` -1 before, +1 after)."""

    inner: "Query"
    relation: str
    year: int = 0
    holder: str = ""
    step: int = 0


@dataclass(frozen=True, slots=True)
class Both:
    """What answers both formulas."""

    one: "Query"
    other: "Query"


@dataclass(frozen=True, slots=True)
class Count:
    """How many things lead to `inner` by a relation; `before` counts those of an earlier year only."""

    inner: "Query"
    relation: str
    before: int = 0


@dataclass(frozen=True, slots=True)
class More:
    """Which of two things has the larger value; with `less` the smaller one."""

    one: "Query"
    other: "Query"
    relation: str
    less: bool = False


Query: TypeAlias = One | Along | Held | Both | Count | More


@dataclass(frozen=True, slots=True)
class Solution:
    """An answer and the facts that lead to it, in the order in which one finds them."""

    answer: Object
    proof: tuple[Fact, ...]


def solve(truth: Truth, query: Query) -> list[Solution]:
    """Returns every answer of a query, each once, with one proof; none where there is no answer."""
    found: dict[Object, Solution] = {}
    for solution in _solve(truth, query):
        found.setdefault(solution.answer, solution)
    return list(found.values())


def _solve(truth: Truth, query: Query) -> Iterator[Solution]:
    match query:
        case One(thing):
            yield Solution(thing, ())
        case Along():
            yield from _follow(truth, query)
        case Held():
            yield from _holders(truth, query)
        case Both():
            yield from _meeting(truth, query)
        case Count():
            yield from _number(truth, query)
        case More():
            yield from _larger(truth, query)


def _meeting(truth: Truth, query: Both) -> Iterator[Solution]:
    second = {solution.answer: solution for solution in solve(truth, query.other)}
    for solution in solve(truth, query.one):
        if solution.answer in second:
            yield Solution(solution.answer, solution.proof + second[solution.answer].proof)


def _inner(truth: Truth, query: Query) -> Iterator[tuple[str, tuple[Fact, ...]]]:
    for solution in solve(truth, query):
        if isinstance(solution.answer, str):
            yield solution.answer, solution.proof


def _follow(truth: Truth, query: Along) -> Iterator[Solution]:
    for thing, proof in _inner(truth, query.inner):
        if query.back:
            yield from (Solution(fact.subject, (*proof, fact)) for fact in truth.leading_to(thing, query.relation))
        else:
            facts = (fact for fact in truth.about(thing, query.relation) if not fact.until)
            yield from (Solution(fact.object, (*proof, fact)) for fact in facts)


def _holders(truth: Truth, query: Held) -> Iterator[Solution]:
    for thing, proof in _inner(truth, query.inner):
        facts = truth.about(thing, query.relation)
        for place, fact in enumerate(facts):
            if (
                _is_beside(facts, place, query)
                if query.step
                else fact.since <= query.year <= (fact.until or query.year)
            ):
                yield Solution(fact.object, (*proof, fact))


def _is_beside(facts: Sequence[Fact], place: int, query: Held) -> bool:
    other = place - query.step
    return 0 <= other < len(facts) and facts[other].object == query.holder


def year_of(truth: Truth, thing: str) -> int:
    """Returns the year of a thing, 0 where no page states it."""
    dated = truth.things[thing].kind_of.dated
    facts = [fact for fact in truth.about(thing, dated.key) if fact.stated] if dated else []
    value = facts[0].object if facts else 0
    return value if isinstance(value, int) else int(str(value)[:4])


def _number(truth: Truth, query: Count) -> Iterator[Solution]:
    for thing, proof in _inner(truth, query.inner):
        facts = truth.leading_to(thing, query.relation)
        counted = [fact for fact in facts if not query.before or year_of(truth, fact.subject) < query.before]
        yield Solution(len(counted), (*proof, *counted))


def _larger(truth: Truth, query: More) -> Iterator[Solution]:
    for one, proof in _inner(truth, query.one):
        for other, second in _inner(truth, query.other):
            left, right = truth.about(one, query.relation), truth.about(other, query.relation)
            if left and right and left[0].object != right[0].object:
                larger = str(left[0].object).zfill(12) > str(right[0].object).zfill(12)
                yield Solution(one if larger != query.less else other, (*proof, left[0], *second, right[0]))


def hops_of(query: Query) -> int:
    """Returns how many relations must be followed: a comparison looks at both things, a count at one list."""
    match query:
        case One():
            return 0
        case Both(one, other):
            return hops_of(one) + hops_of(other)
        case More(one, other, _, _):
            return hops_of(one) + hops_of(other) + 2
        case _:
            return 1 + hops_of(query.inner)
