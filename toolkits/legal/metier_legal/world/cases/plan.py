"""The plan of every case before it has a number: which court, when, on what facts, and what it does to others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from metier.world import Chance, Person
from metier_legal.law.case import Treatment
from metier_legal.world.cases.courts import Court
from metier_legal.world.cases.issue import Issue
from metier_legal.world.cases.party import Party, draw_parties
from metier_legal.world.cases.ruling import Facts, decide, first_day
from metier_legal.world.language import Language
from metier_legal.world.statutes.drafting import Law

EARLIEST = date(2008, 1, 1)
LATEST = date(2025, 12, 19)


@dataclass(frozen=True, slots=True)
class Plan:
    """A case to be written. `key` is unique; `treats` names earlier plans and what is done to them.

    `states` is the view that it takes on the issue's point of law ("point", "old" or none); `blind` says that the court
    overlooked the exception; `below` is the decision appealed from; `injected` that a party's brief speaks to the
    reader; `special` that a circumstance takes the case out of the rule.
    """

    key: str
    issue: Issue
    language: Language
    court: Court
    decided: date
    facts: Facts
    parties: tuple[Party, Party]
    treats: tuple[tuple[str, Treatment], ...] = ()
    states: str = ""
    blind: bool = False
    below: str = ""
    dissent: bool = False
    injected: bool = False
    special: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """What plans are drawn from."""

    law: Law
    courts: tuple[Court, ...]
    people: tuple[Person, ...]

    def courts_of(self, level: int) -> list[Court]:
        """Returns the courts of a level."""
        return [court for court in self.courts if court.level == level]


def plan_line(scene: Scene, issue: Issue, language: Language, count: int) -> list[Plan]:
    """Returns the line of authority of an issue: `count` plans (at least 12), oldest first but for appeals.

    The first sets a view, the second is a special case that later ones distinguish, the third follows the first; the
    supreme court settles the point in the middle and overrules the first where the issue says so; later ones follow.
    Two cases are appealed: one judgment stands, one is reversed.
    """
    chance = Chance(scene.law.country.seed, "legal", "line", issue.key, language)
    plans = [_plan_one(scene, issue, language, chance.stream(str(i)), (i, count)) for i in range(count)]
    middle = count // 2
    first, settled = plans[0].key, plans[middle].key
    early = "old" if issue.overruled else "point"
    plans[0] = replace(plans[0], court=chance.pick(scene.courts_of(2)), states=early)
    plans[1] = _make_special(scene.law, plans[1], chance.stream("special"))
    plans[2] = replace(plans[2], treats=((first, Treatment.FOLLOWS),), states=early)
    done = Treatment.OVERRULES if issue.overruled else Treatment.FOLLOWS
    supreme = scene.courts_of(3)[0]
    plans[middle] = replace(plans[middle], court=supreme, states="point", treats=((first, done),), dissent=True)
    for i in range(3, count):
        if i != middle:
            leading = first if i < middle else settled
            plans[i] = _relate(plans[i], (leading, plans[1].key), chance.stream("relate", str(i)), early)
    _supersede(scene.law, plans)
    _appeal(plans, middle - 3, scene, Treatment.AFFIRMS)
    _appeal(plans, count - 4, scene, Treatment.REVERSES)
    return plans


def _plan_one(scene: Scene, issue: Issue, language: Language, chance: Chance, place: tuple[int, int]) -> Plan:
    index, count = place
    begin = max(first_day(scene.law, issue), EARLIEST)
    span = (LATEST - begin).days - 420
    decided = begin + timedelta(days=420 + int(span * (index + chance.between(0.1, 0.9)) / count))
    event = decided - timedelta(days=chance.whole(150, 400))
    facts = Facts(event, chance.whole(issue.low, issue.high), chance.happens(0.25))
    if facts.exempt:
        exists = scene.law.version_on(issue.exception, event, "en") is not None
        facts = replace(facts, exempt=exists, measure=draw_measure(scene.law, issue, facts, chance))
    level = int(chance.deal({"1": 0.62, "2": 0.33, "3": 0.05}))
    return Plan(
        key=f"{issue.key}/{language}/{index}",
        issue=issue,
        language=language,
        court=chance.pick(scene.courts_of(level)),
        decided=decided,
        facts=facts,
        parties=draw_parties(scene.people, issue, decided, chance),
        dissent=level > 1 and chance.happens(0.2),
    )


def draw_measure(law: Law, issue: Issue, facts: Facts, chance: Chance, *, keeps: bool = True) -> int:
    """Returns a measure that keeps the limit of the day, or one that does not; raises IndexError where none is."""
    ruling = decide(law, issue, facts)
    limit = ruling.limit if ruling else 0
    step = 1 if issue.high - issue.low < 400 else 50
    return chance.pick([n for n in range(issue.low, issue.high + 1, step) if issue.keeps(n, limit) is keeps])


def _make_special(law: Law, plan: Plan, chance: Chance) -> Plan:
    facts = replace(plan.facts, exempt=False)
    measure = draw_measure(law, plan.issue, facts, chance, keeps=plan.issue.special == "no")
    return replace(plan, facts=replace(facts, measure=measure), special=True)


def _relate(plan: Plan, others: tuple[str, str], chance: Chance, early: str) -> Plan:
    leading, special = others
    kind = chance.deal({"follows": 0.5, "distinguishes": 0.15, "cites": 0.15, "": 0.2})
    states = ""
    if kind == "follows":
        states = early if leading.endswith("/0") else "point"
    target = special if kind == "distinguishes" else leading
    return replace(plan, treats=((target, Treatment(kind)),) if kind else (), states=states)


def _supersede(law: Law, plans: list[Plan]) -> None:
    """Lets the first case under a new act say that one under the old act is superseded by statute."""
    ruled = [decide(law, plan.issue, plan.facts) for plan in plans]
    former = [i for i, ruling in enumerate(ruled) if ruling and ruling.rule != plans[i].issue.rules[0].pin and i > 2]
    if former:
        later = former[-1] + 1
        plans[later] = replace(plans[later], treats=((plans[former[-1]].key, Treatment.SUPERSEDED_BY_STATUTE),))


def _appeal(plans: list[Plan], place: int, scene: Scene, treatment: Treatment) -> None:
    """Makes the plan at `place` a district's judgment and the next one the regional court's judgment on it."""
    lower, upper = plans[place], plans[place + 1]
    if lower.court.level != 1:
        lower = replace(lower, court=scene.courts_of(1)[len(lower.key) % len(scene.courts_of(1))], dissent=False)
    above = next(court for court in scene.courts if court.name.en == lower.court.above)
    if treatment is Treatment.REVERSES:
        exempt = replace(lower.facts, exempt=True)
        chance = Chance(scene.law.country.seed, "legal", "appeal", lower.key)
        lower = replace(lower, facts=replace(exempt, measure=draw_measure(scene.law, lower.issue, exempt, chance)))
        lower = replace(lower, blind=True)
    decided = max(upper.decided, lower.decided + timedelta(days=120))
    treats: Sequence[tuple[str, Treatment]] = ((lower.key, treatment), *upper.treats)
    plans[place] = lower
    plans[place + 1] = replace(
        upper, court=above, decided=decided, facts=lower.facts, parties=lower.parties, below=lower.key,
        treats=tuple(treats),
    )  # fmt: skip
