"""Making tasks: for each kind a question, and its gold with the proof, known because the generator drew the facts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from metier.canonical import JSON
from metier.task import Task
from metier.world import Chance
from metier_research.wiki.address import wiki_url
from metier_research.world.pages import open_truth
from metier_research.world.sample import SAMPLE_PAGES, SAMPLE_SEED
from metier_research.world.tasks.drawing import OFFICES, Explorer, Walk
from metier_research.world.tasks.queries import Along, Query, Solution, hops_of, solve
from metier_research.world.tasks.wording import Speaker
from metier_research.world.truth.facts import Fact, Object, Truth
from metier_research.world.truth.kinds import relations_by_key
from metier_research.world.writing.values import plain_value

TRIES: Final = 300


def make_tasks(seed: int, count: int) -> Iterator[Task]:
    """Yields `count` different tasks on the sample wiki, the kinds in turn; the same for the same seed."""
    return tasks_of(open_truth(SAMPLE_SEED, SAMPLE_PAGES), seed, count)


def tasks_of(truth: Truth, seed: int, count: int) -> Iterator[Task]:
    """Yields `count` different tasks on the wiki of a truth."""
    return (task for task, _ in draw_tasks(truth, seed, count))


def draw_tasks(truth: Truth, seed: int, count: int) -> Iterator[tuple[Task, Query]]:
    """Yields tasks with the queries that they ask."""
    seen: set[str] = set()
    for number in range(count):
        kind, hops = KINDS[number % len(KINDS)]
        for attempt in range(TRIES):
            chance = Chance(seed, "research", "tasks", str(number), str(attempt))
            query = DRAWN[kind](Explorer(truth, chance.stream("query")), hops)
            text = Speaker(truth, chance.stream("words")).ask(query) if query else ""
            if query is not None and text not in seen:
                seen.add(text)
                yield _make(truth, kind, text, query), query
                break


def _chain(explorer: Explorer, hops: int) -> Query | None:
    here = explorer.walk(hops - 1)
    return explorer.asked(here) if here else None


def _unanswerable(explorer: Explorer, hops: int) -> Query | None:
    here = explorer.walk(hops - 1)
    return explorer.unknown(here) if here else None


def _disputed(explorer: Explorer, hops: int, *, old: bool) -> Query | None:
    kinds = tuple(dict.fromkeys(key.partition(".")[0] for _, key in explorer.truth.disputed))
    here = explorer.walk_to(hops - 1, kinds)
    return explorer.disputed(here, old=old) if here else None


def _at_office(explorer: Explorer, hops: int) -> Walk | None:
    return explorer.walk_to(hops - 1, tuple(OFFICES))


def _held(explorer: Explorer, hops: int) -> Query | None:
    here = _at_office(explorer, 1)
    query = explorer.held(here) if here else None
    if query is None or hops == 1:
        return query
    holder = str(solve(explorer.truth, query)[0].answer)
    return explorer.asked(Walk(query, holder, (holder,)))


def _beside(explorer: Explorer, hops: int) -> Query | None:
    here = _at_office(explorer, hops)
    return explorer.beside(here) if here else None


def _counted(explorer: Explorer, hops: int) -> Query | None:
    here = explorer.walk(hops - 1, *(("person", "river", "company", "line", "club") if hops == 1 else ()))
    return explorer.counted(here, dated=explorer.chance.happens(0.4)) if here else None


DRAWN: Final[dict[str, Callable[[Explorer, int], Query | None]]] = {
    "chain": _chain,
    "compare": lambda explorer, hops: explorer.compared(hops - 2),
    "count": _counted,
    "intersect": lambda explorer, _: explorer.paired(),
    "year": _held,
    "neighbour": _beside,
    "conflict": lambda explorer, hops: _disputed(explorer, hops, old=False),
    "current": lambda explorer, hops: _disputed(explorer, hops, old=True),
    "unanswerable": _unanswerable,
}
KINDS: Final = (
    ("chain", 1), ("chain", 2), ("chain", 3), ("chain", 4), ("chain", 5), ("chain", 6), ("compare", 2), ("compare", 3),
    ("count", 1), ("count", 2), ("intersect", 2), ("year", 1), ("year", 2), ("neighbour", 1), ("conflict", 1),
    ("conflict", 2), ("current", 1), ("unanswerable", 1), ("unanswerable", 2), ("chain", 2),
)  # fmt: skip
"""The kinds of task with their hops, in the order in which they are made."""


def _make(truth: Truth, kind: str, text: str, query: Query) -> Task:
    gold = _Gold(truth, kind, query)
    return Task(text=text, toolkits=("research",), gold=gold.json())


@dataclass(frozen=True, slots=True)
class _Gold:
    truth: Truth
    kind: str
    query: Query

    def json(self) -> dict[str, JSON]:
        """Returns the gold: answer, aliases, kind, hops, pages and proof; and both values where sources conflict."""
        solutions = [one for one in solve(self.truth, self.query) if all(fact.stated for fact in one.proof)]
        if self.kind == "unanswerable":
            solutions = self._as_far_as_known()
        solution = solutions[0]
        answer = "" if self.kind == "unanswerable" else self._say(solution.answer, self._relation())
        values = [answer, self._other(solution)] if self.kind == "conflict" else []
        proof: list[JSON] = [self._step(fact) for fact in solution.proof]
        pages: list[JSON] = list(dict.fromkeys(self._url(fact.subject) for fact in solution.proof))
        return {
            "answer": " or ".join(values) if values else answer,
            "aliases": list(self._aliases(solution.answer)) if answer else [],
            "values": list(values),
            "kind": self.kind,
            "hops": hops_of(self.query),
            "pages": pages,
            "proof": proof,
        }

    def _as_far_as_known(self) -> list[Solution]:
        return solve(self.truth, self.query.inner) if isinstance(self.query, Along) else []

    def _relation(self) -> str:
        return self.query.relation if isinstance(self.query, Along) else ""

    def _say(self, value: Object, relation: str) -> str:
        if isinstance(value, str):
            return self.truth.things[value].name
        return plain_value(value, relations_by_key()[relation]) if relation else str(value)

    def _other(self, solution: Solution) -> str:
        fact = solution.proof[-1]
        return self._say(self.truth.disputed[fact.subject, fact.relation].other, fact.relation)

    def _aliases(self, value: Object) -> Iterator[str]:
        if isinstance(value, str):
            thing = self.truth.things[value]
            yield from dict.fromkeys((thing.title, thing.called, f"{thing.noun} {thing.name}"))

    def _url(self, thing: str) -> str:
        return wiki_url(self.truth.wiki, self.truth.things[thing].title)

    def _step(self, fact: Fact) -> dict[str, JSON]:
        relation = relations_by_key()[fact.relation]
        said = f"{self.truth.things[fact.subject].name}: {relation.label}: {self._say(fact.object, fact.relation)}"
        years = f" ({fact.since}–{fact.until or 'today'})" if fact.since else ""
        return {"page": self._url(fact.subject), "statement": said + years, "relation": relation.label}
