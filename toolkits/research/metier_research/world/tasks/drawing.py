"""Drawing queries: walks over the facts that have exactly one answer, which the pages state."""

from dataclasses import dataclass
from typing import Final

from metier.world import Chance
from metier_research.world.tasks.queries import Along, Both, Count, Held, More, One, Query, solve, year_of
from metier_research.world.truth.facts import Fact, Object, Truth
from metier_research.world.truth.kinds import TERMS, Relation, read_kinds, relations_by_key

OFFICES: Final = {
    "town": "town.mayor",
    "institution": "institution.head",
    "club": "club.coach",
    "award": "award.winner",
}
BACK: Final = 0.2
STARTS: Final = tuple(name for name, kind in read_kinds().items() if kind.weight and name != "person")


@dataclass(frozen=True, slots=True)
class Walk:
    """A path of single-valued steps: the query that it is, and where it has come to."""

    query: Query
    at: str
    seen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explorer:
    """Draws walks and queries from a truth."""

    truth: Truth
    chance: Chance

    def start(self, *kinds: str) -> Walk | None:
        """Returns a walk that stands at a thing of one of these kinds, or of any that is not of the country itself."""
        pool = [key for key, thing in self.truth.things.items() if thing.kind in (kinds or STARTS)]
        pool = [key for key in pool if not self._is_doubtful(key)]
        if not pool:
            return None
        key = self.chance.pick(pool)
        return Walk(One(key), key, (key,))

    def _is_doubtful(self, key: str) -> bool:
        """Returns whether the name alone could mean another thing, and its noun does not help."""
        thing = self.truth.things[key]
        return thing.title != thing.name and (thing.kind_of.the and thing.kind != "river")

    def walk(self, steps: int, *kinds: str) -> Walk | None:
        """Returns a walk of that many steps, or None where one got stuck."""
        here = self.start(*kinds)
        for _ in range(steps):
            here = self._step(here) if here else None
        return here

    def walk_to(self, steps: int, kinds: tuple[str, ...]) -> Walk | None:
        """Returns a walk of that many steps that ends at a thing of one of these kinds."""
        for _ in range(40):
            here = self.walk(steps, *(kinds if not steps else ()))
            if here and self.truth.things[here.at].kind in kinds:
                return here
        return None

    def _step(self, here: Walk) -> Walk | None:
        choices = [*self._forward(here), *(self._backward(here) if self.chance.happens(BACK) else ())]
        return self.chance.pick(choices) if choices else None

    def _forward(self, here: Walk) -> list[Walk]:
        found = []
        for relation in self.truth.things[here.at].kind_of.relations:
            fact = self.single(here.at, relation)
            if fact and relation.words.noun and isinstance(fact.object, str) and fact.object not in here.seen:
                found.append(Walk(Along(here.query, relation.key), fact.object, (*here.seen, fact.object)))
        return found

    def _backward(self, here: Walk) -> list[Walk]:
        relations = relations_by_key()
        keys = dict.fromkeys(fact.relation for fact in self.truth.of_object.get(here.at, ()))
        found = []
        for key in keys:
            facts = self.truth.leading_to(here.at, key)
            if (
                relations[key].words.noun_back
                and len(facts) == 1
                and facts[0].stated
                and facts[0].subject not in here.seen
            ):
                next_one = facts[0].subject
                found.append(Walk(Along(here.query, key, back=True), next_one, (*here.seen, next_one)))
        return found

    def single(self, thing: str, relation: Relation) -> Fact | None:
        """Returns the one fact of a relation that holds today and that a page states, undisputed; else None."""
        facts = [fact for fact in self.truth.about(thing, relation.key) if not fact.until]
        clear = len(facts) == 1 and facts[0].stated and (thing, relation.key) not in self.truth.disputed
        return facts[0] if clear and relation.name != "winner" else None

    def asked(self, here: Walk) -> Along | None:
        """Returns the question for something that the place where a walk stands is known for."""
        relations = [one for one in self.truth.things[here.at].kind_of.relations if one.words.ask]
        known = [one for one in relations if (fact := self.single(here.at, one)) and fact.object not in here.seen]
        known = [one for one in known if not self.is_told_by_name(here, one)]
        return Along(here.query, self.chance.pick(known).key) if known else None

    def is_told_by_name(self, here: Walk, relation: Relation) -> bool:
        """Returns whether the name of the thing gives the answer away."""
        facts = self.truth.about(here.at, relation.key)
        return any(self.words(fact.object) in self.truth.things[here.at].name for fact in facts)

    def words(self, value: Object) -> str:
        """Returns the name of a thing, or the value in digits."""
        return self.truth.things[value].name if isinstance(value, str) else str(value)

    def unknown(self, here: Walk) -> Along | None:
        """Returns a question to which no page gives the answer."""
        open_ones = []
        for relation in self.truth.things[here.at].kind_of.relations:
            facts = self.truth.about(here.at, relation.key)
            silent = not facts or not any(fact.stated for fact in facts)
            if (
                relation.words.ask
                and relation.name not in TERMS
                and silent
                and not self.is_told_by_name(here, relation)
            ):
                open_ones.append(relation)
        return Along(here.query, self.chance.pick(open_ones).key) if open_ones else None

    def disputed(self, here: Walk, *, old: bool) -> Along | None:
        """Returns the question for a figure on which pages differ; with `old`, because one of them is outdated."""
        keys = [key for (thing, key), one in self.truth.disputed.items() if thing == here.at and bool(one.year) == old]
        keys = [key for key in keys if len(self.truth.about(here.at, key)) == 1]
        return Along(here.query, self.chance.pick(keys)) if keys else None

    def held(self, here: Walk) -> Held | None:
        """Returns the question who held the office of a thing in a year that lies within one term."""
        relation = OFFICES[self.truth.things[here.at].kind]
        facts = [fact for fact in self.truth.about(here.at, relation) if fact.until]
        if not facts:
            return None
        fact = self.chance.pick(facts)
        year = (
            fact.since
            if fact.since == fact.until
            else self.chance.whole(fact.since + 1, max(fact.since + 1, fact.until - 1))
        )
        query = Held(here.query, relation, year)
        return query if len(solve(self.truth, query)) == 1 else None

    def beside(self, here: Walk) -> Held | None:
        """Returns the question who held the office of a thing directly before or after another."""
        relation = OFFICES[self.truth.things[here.at].kind]
        facts = self.truth.about(here.at, relation)
        if len(facts) < 3:
            return None
        place, step = self.chance.whole(1, len(facts) - 2), self.chance.pick((-1, 1))
        query = Held(here.query, relation, holder=str(facts[place].object), step=step)
        return query if len(solve(self.truth, query)) == 1 else None

    def counted(self, here: Walk, *, dated: bool) -> Count | None:
        """Returns the question how many things lead to the place where a walk stands."""
        keys = dict.fromkeys(fact.relation for fact in self.truth.of_object.get(here.at, ()))
        fit = [key for key in keys if relations_by_key()[key].words.count and self._all_listed(here.at, key)]
        if not fit:
            return None
        key = self.chance.pick(fit)
        years = [year_of(self.truth, fact.subject) for fact in self.truth.leading_to(here.at, key)]
        if not dated:
            return Count(here.query, key)
        limit = self.chance.pick(years) + 1
        several = sum(year < limit for year in years) > 1
        return Count(here.query, key, limit) if several and all(years) and not key.startswith("person.") else None

    def _all_listed(self, thing: str, key: str) -> bool:
        facts = self.truth.leading_to(thing, key)
        return len(facts) > 1 and all(fact.stated for fact in facts)

    def paired(self) -> Both | None:
        """Returns the question for the one thing that meets two conditions."""
        here = self.start(*STARTS, "person")
        if here is None:
            return None
        relations = [one for one in self.truth.things[here.at].kind_of.relations if one.words.clause]
        facts = [fact for one in relations if (fact := self.single(here.at, one))]
        if len(facts) < 2 or not all(relations_by_key()[fact.relation].words.heading for fact in facts[:1]):
            return None
        first, second = facts[0], self.chance.pick(facts[1:])
        query = Both(
            Along(One(str(first.object)), first.relation, back=True),
            Along(One(str(second.object)), second.relation, back=True),
        )
        return query if len(solve(self.truth, query)) == 1 else None

    def compared(self, steps: int) -> More | None:
        """Returns the question which of two things has more of something; the first is found after `steps`."""
        kinds = tuple(dict.fromkeys(one.kind for one in relations_by_key().values() if one.words.compare))
        one = self.walk_to(steps, kinds)
        other = self.walk_to(0, (self.truth.things[one.at].kind,)) if one else None
        if one is None or other is None or one.at == other.at:
            return None
        relations = [r for r in self.truth.things[one.at].kind_of.relations if r.words.compare]
        fit = [r for r in relations if self.single(one.at, r) and self.single(other.at, r)]
        if not fit:
            return None
        query = More(one.query, other.query, self.chance.pick(fit).key, less=self.chance.happens(0.5))
        return query if len(solve(self.truth, query)) == 1 else None
