"""The country's truth in the making: what has been added so far, and who may do what at which time."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from typing import Final

from metier.world import Chance, Country
from metier_research.world.truth.facts import Fact, Object, Rumour, Thing
from metier_research.world.truth.kinds import Relation

TODAY_YEAR: Final = 2026
TRIES: Final = 40
MODERN: Final = 1800
"""Whoever was born earlier founded a town, and made no films."""


@dataclass(slots=True)
class Building:
    """Things and facts so far. `lives` are the years of birth and death of persons, who live on until `TODAY_YEAR`."""

    country: Country
    chance: Chance
    things: dict[str, Thing] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    rumours: list[Rumour] = field(default_factory=list)
    pools: dict[str, list[str]] = field(default_factory=dict)
    lives: dict[str, tuple[int, int]] = field(default_factory=dict)
    names: set[tuple[str, str]] = field(default_factory=set)

    def add(self, thing: Thing, *, drawn: bool = True) -> None:
        """Adds a thing to those of its kind, and, if it may be drawn by it, to those of its role."""
        self.things[thing.id] = thing
        self.names.add((thing.kind, thing.name.casefold()))
        for pool in (thing.kind, *((f"{thing.kind}:{thing.role}",) if drawn else ())):
            self.pools.setdefault(pool, []).append(thing.id)

    def state(self, subject: str, relation: str, value: Object, *, since: int = 0, until: int = 0) -> None:
        """Adds a fact."""
        self.facts.append(Fact(subject, relation, value, since, until))

    def pool(self, target: str) -> list[str]:
        """Returns the ids of what a relation may lead to; where nobody has the role, all of modern times."""
        kind = target.partition(":")[0]
        if kind == "university":
            return self.pools.get("institution:university", [])
        found = self.pools.get(target)
        if found is None or target == "person":
            return [one for one in self.pools.get(kind, ()) if self.lives.get(one, (TODAY_YEAR, 0))[0] >= MODERN]
        return found

    def is_able(self, person: str, since: int, until: int) -> bool:
        """Returns whether a person was between 28 and 74 years old in all of these years, and alive."""
        born, died = self.lives[person]
        return born + 28 <= since and until <= min(born + 74, died)

    def draw_able(self, people: Sequence[str], years: tuple[int, int], draw: Chance, besides: Container[str]) -> str:
        """Returns one of the people who was able in all of these years and is not among `besides`; "" for none."""
        for _ in range(TRIES if people else 0):
            one = draw.pick(people)
            if one not in besides and self.is_able(one, *years):
                return one
        able = [one for one in people if one not in besides and self.is_able(one, *years)]
        return draw.pick(able) if able else ""

    def draw_object(self, relation: Relation, draw: Chance) -> str | int:
        """Returns what a relation of a thing leads to: an id, or a number."""
        if relation.target.startswith("amount "):
            low, high = map(int, relation.target.split(" ")[1].split("-"))
            share = draw.unit()
            return round(low + (high - low) * share * share * share)  # more small ones than large ones
        if relation.target.startswith("year:"):
            low, high = map(int, relation.target.removeprefix("year:").split("-"))
            return draw.whole(low, high)
        return draw.pick(self.pool(relation.target))
