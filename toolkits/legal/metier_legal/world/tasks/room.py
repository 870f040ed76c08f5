"""What tasks are drawn from: the sample law, its docket, and what may stand as the answer of a question."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from metier.canonical import JSON
from metier.world import Chance, make_country
from metier_legal.law.case import NEGATIVE
from metier_legal.world.cases.docket import Docket, open_docket
from metier_legal.world.cases.issue import Issue, read_blocks, read_issues
from metier_legal.world.cases.plan import Plan
from metier_legal.world.cases.ruling import Facts, decide
from metier_legal.world.language import Both, Language
from metier_legal.world.markup import read_lines
from metier_legal.world.statutes.drafting import Law, Pinned

WORLD_SEED = 1
MOST_CASES = 5


@dataclass(frozen=True, slots=True)
class Room:
    """The law, its cases, the issues by key and the words of tasks; `gone` are keys of cases that are no longer law."""

    law: Law
    docket: Docket
    issues: Mapping[str, Issue]
    words: Mapping[str, tuple[Both, ...]]
    gone: frozenset[str]

    @property
    def today(self) -> date:
        """Returns the day on which the world stands still."""
        return self.law.country.calendar.today


@dataclass(frozen=True, slots=True)
class Draw:
    """One task in the making."""

    room: Room
    kind: str
    language: Language
    chance: Chance

    def say(self, block: str, **slots: str) -> str:
        """Returns one of the phrases of a block, filled in."""
        return self.chance.pick(self.room.words[block]).of(self.language).format(**slots)


@lru_cache(maxsize=1)
def open_room() -> Room:
    """Returns the room of the sample law."""
    law = Law(make_country(WORLD_SEED))
    docket = open_docket(law)
    gone = {key for plan in docket.plans for key, treatment in plan.treats if treatment in NEGATIVE}
    return Room(
        law=law,
        docket=docket,
        issues={issue.key: issue for issue in read_issues()},
        words=read_blocks(tuple(read_lines("phrases", "tasks.txt"))),
        gone=frozenset(gone),
    )


def line_of(room: Room, issue: Issue, language: Language) -> Iterator[Plan]:
    """Yields the cases of an issue in a language, the highest court first and the newest first."""
    line = [plan for plan in room.docket.plans if plan.issue.key == issue.key and plan.language == language]
    yield from sorted(line, key=lambda plan: (-plan.court.level, -plan.decided.toordinal()))


def cases_on(room: Room, issue: Issue, language: Language, facts: Facts) -> list[JSON]:
    """Returns ids of good cases that decided such facts under the same version with the same answer."""
    wanted = decide(room.law, issue, facts)
    found: list[JSON] = []
    for plan in line_of(room, issue, language):
        if plan.key in room.gone or plan.special or plan.blind or plan.injected:
            continue
        same = plan.facts.exempt == facts.exempt and decide(room.law, issue, plan.facts) == wanted
        if same:
            found.append(room.docket.filed[plan.key].id)
    return found[:MOST_CASES]


def cases_on_point(room: Room, issue: Issue, language: Language) -> list[JSON]:
    """Returns ids of the cases that hold what is the law today on the issue's point, the highest first."""
    line = [plan for plan in line_of(room, issue, language) if plan.states == "point" and plan.key not in room.gone]
    ids: list[JSON] = [room.docket.filed[plan.key].id for plan in line]
    return ids[:MOST_CASES]


def bad_cases(room: Room, issue: Issue, language: Language) -> list[JSON]:
    """Returns ids of the cases of an issue that are no longer law or that give orders to the reader."""
    line = line_of(room, issue, language)
    return [room.docket.filed[plan.key].id for plan in line if plan.key in room.gone or plan.injected]


def other_versions(law: Law, pinned: Pinned, language: Language, day: date) -> list[JSON]:
    """Returns "work#number@day" for each version of a provision that is not law on the day."""
    target, right = law.target(pinned, language), law.version_on(pinned, day, language)
    others = (one for one in law.versions(pinned, language) if one != right)
    return [f"{target}@{one.valid_from}" for one in others]
