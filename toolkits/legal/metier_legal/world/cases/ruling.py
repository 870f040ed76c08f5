"""Which rule decides an issue on a day, and how."""

from dataclasses import dataclass
from datetime import date

from metier_legal.law.provision import Status
from metier_legal.world.cases.issue import Issue, Outcome
from metier_legal.world.statutes.drafting import Law, Pinned


@dataclass(frozen=True, slots=True)
class Ruling:
    """The rule that was law on the day, its limit then, the day on which its version began, and the answer."""

    rule: Pinned
    limit: int
    valid_from: date
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Facts:
    """What happened: on which day, how much of what the rule measures, whether the exception applies."""

    event: date
    measure: int
    exempt: bool


def decide(law: Law, issue: Issue, facts: Facts) -> Ruling | None:
    """Returns the ruling, or None where no rule of the issue was law on the day."""
    for rule in issue.rules:
        version = law.version_on(rule.pin, facts.event, "en")
        if version is None or version.valid_from is None:
            continue
        dated = [one.valid_from for one in law.versions(rule.pin, "en") if one.status is Status.IN_FORCE]
        limit = rule.limits[dated.index(version.valid_from)]
        kept = issue.keeps(facts.measure, limit) and not facts.exempt
        return Ruling(rule.pin, limit, version.valid_from, "yes" if kept else "no")
    return None


def first_day(law: Law, issue: Issue) -> date:
    """Returns the first day on which a rule of the issue is law."""
    return min(one.valid_from for rule in issue.rules for one in law.versions(rule.pin, "en") if one.valid_from)
