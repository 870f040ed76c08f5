"""Things and the facts about them: what the pages are written from and the answers of tasks are computed from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeAlias

from metier.world import Country
from metier_research.world.truth.kinds import Kind, read_kinds

Object: TypeAlias = str | int | date


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that has a page. `role` is what a person does or which sort of institution it is; else empty.

    `name` is what running text calls it, `title` what its page is called: longer where a namesake has a page too.
    """

    id: str
    kind: str
    name: str
    title: str
    role: str = ""
    pronoun: str = "it"

    @property
    def called(self) -> str:
        """Returns the name with its article where it takes one."""
        return f"the {self.name}" if self.kind_of.the else self.name

    @property
    def kind_of(self) -> Kind:
        """Returns its kind."""
        return read_kinds()[self.kind]

    @property
    def noun(self) -> str:
        """Returns the noun for what it is."""
        return self.role or self.kind_of.noun


@dataclass(frozen=True, slots=True)
class Fact:
    """A relation that holds: from a thing to another's id, a number, a year or a day.

    `since` and `until` are years, 0 where the fact has no such bound. `stated` is whether any page says it.
    """

    subject: str
    relation: str
    object: Object
    since: int = 0
    until: int = 0
    stated: bool = True


@dataclass(frozen=True, slots=True)
class Rumour:
    """A page that says otherwise: the fact, what that page gives for it, and whether which is right is known.

    `year` is that of the outdated figure, 0 where the two sources stand against each other.
    """

    fact: Fact
    other: Object
    year: int = 0


@dataclass(frozen=True)
class Truth:
    """All that is so, in the order in which it was made."""

    country: Country
    things: Mapping[str, Thing]
    facts: tuple[Fact, ...]
    rumours: tuple[Rumour, ...] = ()

    @property
    def wiki(self) -> str:
        """Returns the name of the wiki of this country."""
        return f"world-{self.country.seed}"

    @cached_property
    def of_subject(self) -> Mapping[str, tuple[Fact, ...]]:
        """Returns the facts by subject."""
        return _grouped((fact.subject, fact) for fact in self.facts)

    @cached_property
    def of_object(self) -> Mapping[str, tuple[Fact, ...]]:
        """Returns the facts that lead to a thing, by that thing."""
        return _grouped((fact.object, fact) for fact in self.facts if isinstance(fact.object, str))

    @cached_property
    def disputed(self) -> Mapping[tuple[str, str], Rumour]:
        """Returns the rumours by subject and relation."""
        return {(one.fact.subject, one.fact.relation): one for one in self.rumours}

    def about(self, subject: str, relation: str) -> tuple[Fact, ...]:
        """Returns the facts of a relation that a thing has, the oldest first."""
        return tuple(fact for fact in self.of_subject.get(subject, ()) if fact.relation == relation)

    def leading_to(self, thing: str, relation: str) -> tuple[Fact, ...]:
        """Returns the facts of a relation that lead to a thing."""
        return tuple(fact for fact in self.of_object.get(thing, ()) if fact.relation == relation)


def _grouped(pairs: Iterable[tuple[str, Fact]]) -> dict[str, tuple[Fact, ...]]:
    groups: dict[str, list[Fact]] = {}
    for key, fact in pairs:
        groups.setdefault(key, []).append(fact)
    return {key: tuple(facts) for key, facts in groups.items()}
