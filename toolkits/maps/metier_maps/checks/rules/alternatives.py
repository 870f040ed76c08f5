"""Every alternative is a whole plan of this run that keeps the request too."""

from collections.abc import Iterable, Sequence

from pydantic import ValidationError

from metier.check import Check
from metier.verdict import Finding
from metier_maps.checks.reading import Reading, Rule, count, is_untouched, make_check, short, sights_of
from metier_maps.itinerary import Alternative, Itinerary
from metier_maps.records import PLANNER


def make_alternatives_check(rules: Sequence[Check]) -> Check:
    """Returns the check that holds every alternative against `rules`, as if it were the answer."""

    def judge(reading: Reading, rule: Rule) -> Iterable[Finding]:
        for i, other in enumerate(reading.trip.alternatives):
            subject, title = f"/alternatives/{i}", short(other.title)
            plan, evidence = _plan_of(reading, other)
            if plan is None:
                repair = "Cite the plan as the planner returned it."
                yield rule.violated(subject, title, found="no plan of this run", repair=repair)
            elif problem := _problem(reading, plan, other) or _first_violation(reading, plan, rules):
                repair = "Leave this alternative out."
                yield rule.violated(subject, title, found=problem, repair=repair, evidence=evidence)
            else:
                yield rule.holds(subject, title, evidence)

    return make_check("alternatives", "Each alternative is a plan of this run that keeps the request.", judge)


def _plan_of(reading: Reading, other: Alternative) -> tuple[Itinerary | None, str]:
    for citation in other.citations:
        item = reading.evidence.get(citation.evidence)
        if item is not None and item.source == PLANNER and is_untouched(item):
            try:
                return Itinerary.model_validate(item.value), item.id
            except ValidationError:
                continue
    return None, ""


def _problem(reading: Reading, plan: Itinerary, other: Alternative) -> str:
    """Returns how the plan differs from what is said of it, or ""."""
    sights = sum(1 for _ in sights_of(plan))
    if (plan.drive_s, plan.distance_m, sights) != (other.drive_s, other.distance_m, other.sights):
        return f"{count(plan.drive_s, 's')}, {count(plan.distance_m, 'm')}, {sights} sights"
    if plan.region != reading.trip.region:
        return "another region"
    return "" if plan.request == reading.trip.request else "another request"


def _first_violation(reading: Reading, plan: Itinerary, rules: Sequence[Check]) -> str:
    for check in rules:
        for finding in check(reading.task, plan, reading.evidence).violated:
            return f"it breaks {finding.rule} at {short(finding.subject)}: {short(finding.found)}"
    return ""
