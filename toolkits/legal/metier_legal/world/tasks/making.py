"""Making tasks: for each kind a question, its constraints and its gold, known because the generator drew the facts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from metier.canonical import JSON
from metier.task import Task
from metier.world import Chance
from metier_legal.world.cases.issue import Issue
from metier_legal.world.cases.plan import draw_measure
from metier_legal.world.cases.ruling import Facts, Ruling, decide, first_day
from metier_legal.world.language import LANGUAGES, say_date, say_quantity
from metier_legal.world.statutes.drafting import Pinned, read_pin
from metier_legal.world.tasks.room import (
    Draw,
    bad_cases,
    cases_on,
    cases_on_point,
    line_of,
    open_room,
    other_versions,
)

EARLIEST = date(2008, 6, 1)
TRIES = 400
NEIGHBOURS = {"arrears-dwelling": "tenancy-act 26", "arrears-business": "tenancy-act 24"}
HEATING = ("tenancy-act 24", "tenancy-act 15", "tenancy-act 16")


@dataclass(frozen=True, slots=True)
class Gold:
    """The answer of a task, as its `gold` says it."""

    outcome: str
    provisions: Sequence[JSON] = ()
    cases: Sequence[JSON] = ()
    versions: Mapping[str, JSON] | None = None
    traps: Sequence[JSON] = ()


@dataclass(frozen=True, slots=True)
class Matter:
    """An issue with facts and the ruling on them."""

    issue: Issue
    facts: Facts
    ruling: Ruling


def make_tasks(seed: int, count: int) -> Iterator[Task]:
    """Yields `count` different tasks on the sample law, the kinds in turn; the same for the same seed."""
    room = open_room()
    seen: set[str] = set()
    for number in range(count):
        kind, language = list(KINDS)[number % len(KINDS)], LANGUAGES[number // len(KINDS) % 2]
        for attempt in range(TRIES):
            draw = Draw(room, kind, language, Chance(seed, "legal", "tasks", str(number), str(attempt)))
            task = KINDS[kind](draw)
            if task is not None and task.id not in seen:
                seen.add(task.id)
                yield task
                break


def _make(draw: Draw, text: str, gold: Gold, day: date | None = None, jurisdiction: str = "") -> Task:
    constraints: dict[str, JSON] = {
        "jurisdiction": jurisdiction or draw.room.law.jurisdiction,
        "language": draw.language,
    }
    if day is not None and draw.chance.happens(0.5):
        constraints["event_date"] = day.isoformat()
    return Task(
        text=text,
        toolkits=("legal",),
        constraints=constraints,
        gold={
            "kind": draw.kind,
            "outcome": gold.outcome,
            "provisions": list(gold.provisions),
            "cases": list(gold.cases),
            "versions": dict(gold.versions or {}),
            "traps": list(gold.traps),
        },
    )


def _draw_matter(draw: Draw, *, former: bool = False) -> Matter | None:
    """Returns an issue with facts of a day on which its rule, or the forerunner of its rule, was law."""
    room = draw.room
    issue = draw.chance.pick([one for one in room.issues.values() if not former or len(one.rules) > 1])
    begin = max(first_day(room.law, issue), EARLIEST)
    day = begin + timedelta(days=draw.chance.whole(0, (room.today - begin).days))
    step = 1 if issue.high - issue.low < 400 else 50
    measure = issue.low + step * draw.chance.whole(0, (issue.high - issue.low) // step)
    facts = Facts(day, measure, exempt=False)
    ruling = decide(room.law, issue, facts)
    if ruling is None or former != (ruling.rule != issue.rules[0].pin):
        return None
    return Matter(issue, facts, ruling)


def _gold_of(draw: Draw, matter: Matter, *, pins: Sequence[Pinned] = ()) -> Gold:
    room, language, day = draw.room, draw.language, matter.facts.event
    used = tuple(dict.fromkeys(replace(pin, path=()) for pin in (matter.ruling.rule, *pins)))
    traps = [trap for pin in used for trap in other_versions(room.law, pin, language, day)]
    if matter.issue.key in NEIGHBOURS:
        traps.append(room.law.target(read_pin(NEIGHBOURS[matter.issue.key]), language))
    return Gold(
        outcome=matter.ruling.outcome,
        provisions=[room.law.target(pin, language) for pin in used],
        cases=cases_on(room, matter.issue, language, matter.facts),
        versions={room.law.target(pin, language): _begin(draw, pin, day) for pin in used},
        traps=traps + bad_cases(room, matter.issue, language),
    )


def _begin(draw: Draw, pin: Pinned, day: date) -> str:
    version = draw.room.law.version_on(pin, day, draw.language)
    return str(version.valid_from) if version else ""


def _ask(draw: Draw, matter: Matter, block: str) -> str:
    amount = say_quantity(matter.facts.measure, matter.issue.unit, draw.language)
    return draw.chance.pick(matter.issue.words[block]).of(draw.language).format(n=amount)


def _pose(draw: Draw, matter: Matter) -> str:
    """Returns the dated question, in lay or in professional words."""
    day = say_date(matter.facts.event, draw.language)
    if draw.chance.happens(0.5):
        return draw.say("professional", ask=_ask(draw, matter, "ask"), day=day)
    return draw.say("dated", question=_ask(draw, matter, "lay"), day=day)


def _plain(draw: Draw) -> Task | None:
    matter = _draw_matter(draw)
    if matter is None:
        return None
    if draw.chance.happens(0.25):
        now = replace(matter.facts, event=draw.room.today)
        ruling = decide(draw.room.law, matter.issue, now)
        today = Matter(matter.issue, now, ruling or matter.ruling)
        return _make(draw, _ask(draw, today, "lay"), _gold_of(draw, today))
    return _make(draw, _pose(draw, matter), _gold_of(draw, matter), matter.facts.event)


def _date_trap(draw: Draw) -> Task | None:
    """Facts on which the law of today gives the other answer."""
    matter = _draw_matter(draw)
    if matter is None:
        return None
    today = decide(draw.room.law, matter.issue, replace(matter.facts, event=draw.room.today))
    if today is None or today.outcome == matter.ruling.outcome:
        return None
    return _make(draw, _pose(draw, matter), _gold_of(draw, matter), matter.facts.event)


def _former(draw: Draw) -> Task | None:
    """Facts under an act that is repealed since."""
    matter = _draw_matter(draw, former=True)
    if matter is None:
        return None
    gold = _gold_of(draw, matter)
    newer = draw.room.law.target(matter.issue.rules[0].pin, draw.language)
    return _make(draw, _pose(draw, matter), replace(gold, traps=[*gold.traps, newer]), matter.facts.event)


def _repealed(draw: Draw) -> Task | None:
    """Facts under the new act, in a question that leans on the repealed one."""
    matter = _draw_matter(draw)
    if matter is None or len(matter.issue.rules) < 2:
        return None
    old = matter.issue.rules[1].pin
    act = draw.room.law.works[old.act, draw.language]
    lay = draw.say("repealed", lay=_ask(draw, matter, "lay"), act=act.short if draw.language == "en" else act.title)
    text = draw.say("dated", question=lay, day=say_date(matter.facts.event, draw.language))
    gold = _gold_of(draw, matter)
    traps = [draw.room.law.target(old, draw.language), *gold.traps]
    return _make(draw, text, replace(gold, traps=traps), matter.facts.event)


def _exception(draw: Draw) -> Task | None:
    """Facts on which the rule says yes and the exception no."""
    matter = _draw_matter(draw)
    law = draw.room.law
    if matter is None or law.version_on(matter.issue.exception, matter.facts.event, "en") is None:
        return None
    facts = replace(matter.facts, exempt=True)
    facts = replace(facts, measure=draw_measure(law, matter.issue, facts, draw.chance))
    ruling = decide(law, matter.issue, facts)
    if ruling is None:
        return None
    exempt = Matter(matter.issue, facts, ruling)
    story = draw.chance.pick(matter.issue.words["story"]).of(draw.language)
    lay = draw.say("exception", lay=_ask(draw, exempt, "lay"), story=story)
    text = draw.say("dated", question=lay, day=say_date(facts.event, draw.language))
    return _make(draw, text, _gold_of(draw, exempt, pins=(matter.issue.exception,)), facts.event)


def _overruled(draw: Draw) -> Task | None:
    """A question of law on which the courts changed their view."""
    room = draw.room
    issue = draw.chance.pick([one for one in room.issues.values() if one.overruled])
    settled = next(plan for plan in line_of(room, issue, draw.language) if plan.states == "point" and plan.treats)
    day = settled.decided + timedelta(days=draw.chance.whole(1, max((room.today - settled.decided).days, 1)))
    facts = Facts(day, issue.low, exempt=False)
    ruling = decide(room.law, issue, facts)
    if ruling is None:
        return None
    doubt = draw.chance.pick(issue.words["doubt"]).of(draw.language)
    gold = _gold_of(draw, Matter(issue, facts, ruling))
    cases = cases_on_point(room, issue, draw.language)
    text = draw.say("dated", question=doubt, day=say_date(day, draw.language))
    return _make(draw, text, replace(gold, outcome=issue.turn, cases=cases), day)


def _open(draw: Draw) -> Task | None:
    """Facts whose day is not known, where the answer depends on it."""
    one, other = _draw_matter(draw), None
    if one is None:
        return None
    later = replace(one.facts, event=one.facts.event + timedelta(days=draw.chance.whole(200, 1500)))
    other = decide(draw.room.law, one.issue, later)
    if other is None or later.event > draw.room.today or other.outcome == one.ruling.outcome:
        return None
    days = (say_date(facts.event, draw.language) for facts in (one.facts, later))
    text = draw.say("open", lay=_ask(draw, one, "lay"), **dict(zip(("from", "to"), days, strict=True)))
    rules = dict.fromkeys(draw.room.law.target(rule, draw.language) for rule in (one.ruling.rule, other.rule))
    return _make(draw, text, Gold("depends", list(rules), traps=bad_cases(draw.room, one.issue, draw.language)))


def _heating(draw: Draw) -> Task | None:
    """The question of the sample: the heating failed, the tenant stopped paying, may the landlord terminate?"""
    begin = date(2012, 7, 1)
    day = begin + timedelta(days=draw.chance.whole(0, (draw.room.today - begin).days))
    issue = draw.room.issues["arrears-dwelling"]
    facts = Facts(day, 1, exempt=True)
    ruling = decide(draw.room.law, issue, facts)
    if ruling is None:
        return None
    weeks = say_quantity(draw.chance.whole(3, 7), "weeks", draw.language)
    text = draw.say("dated", question=draw.say("heating", n=weeks), day=say_date(day, draw.language))
    pins = tuple(map(read_pin, HEATING))
    gold = _gold_of(draw, Matter(issue, facts, ruling), pins=pins)
    former = draw.room.law.target(read_pin("housing-code 6"), draw.language)
    return _make(draw, text, replace(gold, traps=[former, *gold.traps]), day)


def _elsewhere(draw: Draw) -> Task | None:
    """A question about a country whose law is not there."""
    matter = _draw_matter(draw)
    if matter is None:
        return None
    country = draw.chance.pick(draw.room.words["country"])
    lay = draw.say("elsewhere", lay=_ask(draw, matter, "lay"), country=country.of(draw.language))
    return _make(draw, lay, Gold("refuse"), jurisdiction=f"x-{country.en.lower()}")


def _chatter(draw: Draw) -> Task | None:
    """A question without a legal issue."""
    day = draw.room.today - timedelta(days=draw.chance.whole(1, 3000))
    question = draw.say("chatter")
    if draw.chance.happens(0.5):
        question = draw.say("dated", question=question, day=say_date(day, draw.language))
    return _make(draw, question, Gold("refuse"))


def _future(draw: Draw) -> Task | None:
    """Facts on a day that is still to come."""
    matter = _draw_matter(draw)
    if matter is None:
        return None
    day = draw.room.today.replace(year=2031) + timedelta(days=draw.chance.whole(0, 2000))
    to_come = replace(matter, facts=replace(matter.facts, event=day))
    return _make(draw, _pose(draw, to_come), Gold("refuse"), day)


KINDS: Mapping[str, Callable[[Draw], Task | None]] = {
    "plain": _plain,
    "date": _date_trap,
    "exception": _exception,
    "overruled": _overruled,
    "repealed": _repealed,
    "former": _former,
    "heating": _heating,
    "open": _open,
    "elsewhere": _elsewhere,
    "chatter": _chatter,
    "future": _future,
}
