"""Where pages contradict each other: surveys that give another figure, and yearbooks that give an old one."""

from typing import Final

from metier.world import Chance
from metier_research.world.truth.building import Building
from metier_research.world.truth.facts import Fact, Rumour
from metier_research.world.truth.kinds import Relation, relations_by_key

DISPUTED: Final = 0.07
OUTDATED: Final = 0.07
CHANGING: Final = frozenset(("population", "employees", "capacity"))
"""What changes with the years: a figure of an old yearbook was right then."""


def dispute(build: Building) -> None:
    """Adds the rumours: a share of the figures is disputed; of those that change, a share is also given as of old."""
    relations = relations_by_key()
    for fact in build.facts:
        relation = relations[fact.relation]
        if not fact.stated or not isinstance(fact.object, int) or not relation.words.ask:
            continue
        draw = build.chance.stream("rumour", fact.relation, fact.subject)
        if relation.name in CHANGING and draw.happens(3 * OUTDATED):
            year = build.chance.stream("yearbook", fact.relation).whole(2006, 2014)
            build.rumours.append(Rumour(fact, max(3, round(fact.object * draw.between(0.6, 0.94))), year))
        elif draw.happens(DISPUTED):
            build.rumours.append(Rumour(fact, _other(fact, relation, draw)))


def _other(fact: Fact, relation: Relation, draw: Chance) -> int:
    value = fact.object if isinstance(fact.object, int) else 0
    if not relation.unit:
        return value + draw.pick((-7, -4, -3, -2, 2, 3, 5))
    shift = max(2, round(value * draw.between(0.04, 0.2)))
    return value + shift if value <= shift + 2 or draw.happens(0.5) else value - shift
