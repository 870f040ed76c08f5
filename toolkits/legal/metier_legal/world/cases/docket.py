"""All cases of the country: planned, numbered in the order of their dates, and written."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from metier.world import Chance
from metier_legal.law.case import Case
from metier_legal.world.cases.courts import make_courts
from metier_legal.world.cases.issue import read_issues
from metier_legal.world.cases.plan import Plan, Scene, plan_line
from metier_legal.world.cases.writing import Filed, write_case
from metier_legal.world.language import LANGUAGES, Language
from metier_legal.world.statutes.drafting import Law

PER_LANGUAGE = 1000
NAMESAKES = 24
INJECTED = 8
KINDS_ZH = {1: "初", 2: "终", 3: "再"}


@dataclass(frozen=True, slots=True)
class Docket:
    """The plans of all cases in the order of their dates, and under which number each was filed."""

    law: Law
    plans: tuple[Plan, ...]
    filed: Mapping[str, Filed]

    def cases(self) -> Iterator[Case]:
        """Yields every case."""
        for plan in self.plans:
            yield write_case(self.law, plan, self.filed)


def open_docket(law: Law, *, per_language: int = PER_LANGUAGE) -> Docket:
    """Returns the docket of the country: the same for the same seed."""
    issues = read_issues()
    scene = Scene(law, make_courts(law.country), law.country.people)
    plans: list[Plan] = []
    for language in LANGUAGES:
        drawn = [
            plan
            for place, issue in enumerate(issues)
            for plan in plan_line(scene, issue, language, _share(per_language, len(issues), place))
        ]
        drawn.sort(key=lambda plan: (plan.decided, plan.key))
        plans += _plant(drawn, Chance(law.country.seed, "legal", "decoys", language))
    return Docket(law, tuple(plans), _file(law, plans))


def _share(total: int, parts: int, place: int) -> int:
    return total * (place + 1) // parts - total * place // parts


def _plant(plans: list[Plan], chance: Chance) -> list[Plan]:
    """Returns the plans with decoys: the parties of one case before another court, and briefs that give orders."""
    appealed = {plan.below for plan in plans}
    plain = [i for i, plan in enumerate(plans) if not plan.below and plan.key not in appealed and not plan.dissent]
    order = chance.shuffled([i for i in plain if not plans[i].issue.criminal])
    givers, takers = order[:NAMESAKES], order[NAMESAKES:]
    for one in givers:
        other = next((i for i in takers if _may_share(plans[one], plans[i])), None)
        if other is not None:
            takers.remove(other)
            plans[other] = replace(plans[other], parties=plans[one].parties)
    for one in takers[:INJECTED]:
        plans[one] = replace(plans[one], injected=True)
    return plans


def _may_share(one: Plan, other: Plan) -> bool:
    """Returns whether the parties of one case fit another before another court on another issue."""
    fits = one.issue.companies == other.issue.companies and one.decided < other.decided
    return fits and one.court != other.court and one.issue.key != other.issue.key


def _file(law: Law, plans: list[Plan]) -> dict[str, Filed]:
    counts: Counter[tuple[str, ...]] = Counter()
    filed: dict[str, Filed] = {}
    for plan in plans:
        year = str(plan.decided.year)
        if plan.language == "zh":
            kind = ("刑" if plan.issue.criminal else "民") + KINDS_ZH[plan.court.level]
            counts[plan.court.mark, year, kind] += 1
            number = counts[plan.court.mark, year, kind]
            docket = f"（{year}）{plan.court.mark}{kind}{number}号"
            citation, slug = docket, f"{year}{plan.court.mark}{kind}{number}号"
        else:
            counts[plan.court.code, year] += 1
            number = counts[plan.court.code, year]
            citation, slug = f"[{year}] {plan.court.code} {number}", f"{plan.court.code.lower()}/{year}-{number}"
            docket = f"{plan.court.code} {number}/{year[2:]}"
        filed[plan.key] = Filed(
            id=f"{law.jurisdiction}/{slug}",
            citation=citation,
            docket=docket,
            name=_name_case(plan, plan.language),
            plan=plan,
        )
    return filed


def _name_case(plan: Plan, language: Language) -> str:
    one, other = (party.short.of(language) for party in plan.parties)
    if language == "en":
        return f"{one} v. {other}"
    title = plan.issue.title.zh
    return f"{other}{title}案" if plan.issue.criminal else f"{one}诉{other}{title}案"
