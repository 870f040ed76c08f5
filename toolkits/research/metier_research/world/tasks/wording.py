"""Queries in words: the phrase for what is meant, and the question."""

from dataclasses import dataclass

from metier.world import Chance
from metier_research.world.tasks.queries import Along, Both, Count, Held, More, One, Query
from metier_research.world.truth.facts import Truth
from metier_research.world.truth.kinds import relations_by_key


@dataclass(frozen=True, slots=True)
class Speaker:
    """Puts queries into words, with a choice among several."""

    truth: Truth
    chance: Chance

    def ask(self, query: Query) -> str:
        """Returns the question of a query."""
        match query:
            case More(one, other, relation, less):
                pair = self._pick(relations_by_key()[relation].words.compare).split(" | ")
                said = pair[int(less)].format(a=self.phrase(one), b=self.phrase(other))
            case Count(inner, relation, before):
                said = self._pick(relations_by_key()[relation].words.count).format(o=self.phrase(inner))
                said = f"{said[:-1]} before {before}?" if before else said
            case Both(Along(first, relation, _), Along(second, relation2, _)):
                noun = self._noun_of(relation)
                clauses = ((relation, first), (relation2, second))
                said = f"Which {noun} {' and '.join(self._clause(key, inner) for key, inner in clauses)}?"
            case Held():
                said = self._ask_held(query)
            case Along(inner, relation, back):
                words = relations_by_key()[relation].words
                said = self._pick(words.ask_back if back else words.ask).format(**self._slot(inner, back))
            case _:
                said = f"What is {self.phrase(query)}?"
        return said

    def phrase(self, query: Query) -> str:
        """Returns a phrase that names the one answer of a query."""
        match query:
            case One(thing):
                return self._name(thing)
            case Along(inner, relation, back):
                words = relations_by_key()[relation].words
                if back:
                    return f"the {self._pick(words.noun_back).removeprefix('the ')}".format(**self._slot(inner, back))
                return self._pick(_clear(words.noun, inner)).format(**self._slot(inner, back))
            case Held(inner, relation, year, _, _):
                return self._pick(relations_by_key()[relation].words.noun_in).format(s=self.phrase(inner), y=year)
            case _:
                raise TypeError(f"No phrase for {query!r}.")

    def _slot(self, inner: Query, back: bool) -> dict[str, str]:
        return {"o" if back else "s": self.phrase(inner)}

    def _ask_held(self, query: Held) -> str:
        words, inner = relations_by_key()[query.relation].words, self.phrase(query.inner)
        if not query.step:
            return self._pick(words.ask_in).format(s=inner, y=query.year)
        forms = words.ask_before if query.step < 0 else words.ask_after
        return self._pick(forms).format(s=inner, h=self.truth.things[query.holder].name)

    def _clause(self, relation: str, inner: Query) -> str:
        return self._pick(relations_by_key()[relation].words.clause).format(o=self.phrase(inner))

    def _noun_of(self, relation: str) -> str:
        noun = relations_by_key()[relation].kind
        return {"book": "novel", "station": "railway station"}.get(noun, noun)

    def _name(self, key: str) -> str:
        """Returns what a thing is called, with its noun where the name alone could mean another."""
        thing = self.truth.things[key]
        if thing.kind == "river":
            return self._pick(("the river {}", "the {}")).format(thing.name)
        if thing.kind_of.the or thing.kind in ("town", "country", "lake", "pass", "station"):
            return thing.called
        return f"the {thing.noun} {thing.name}" if thing.title != thing.name or self.chance.happens(0.4) else thing.name

    def _pick(self, forms: tuple[str, ...]) -> str:
        return self.chance.pick(forms)


def _clear(forms: tuple[str, ...], inner: Query) -> tuple[str, ...]:
    """Returns the phrases that say plainly whose it is: a genitive goes with a name only."""
    return forms if isinstance(inner, One) else tuple(form for form in forms if "'s" not in form)
