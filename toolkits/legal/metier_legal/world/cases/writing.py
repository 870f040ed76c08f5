"""The text of a case: from its plan to paragraphs, with what it cites stated beside them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from metier.world import Chance
from metier_legal.law.case import Authority, Case, Paragraph, Part, Reference, Treatment
from metier_legal.world.cases.issue import read_blocks
from metier_legal.world.cases.plan import Plan
from metier_legal.world.cases.ruling import Facts, Ruling, decide
from metier_legal.world.language import Both, say_date, say_quantity
from metier_legal.world.markup import read_lines
from metier_legal.world.statutes.drafting import LICENCE, Law, Pinned

SPOKEN = {
    Treatment.FOLLOWS: "follows", Treatment.DISTINGUISHES: "distinguishes", Treatment.CITES: "cites",
    Treatment.OVERRULES: "overrules", Treatment.REVERSES: "reverses", Treatment.AFFIRMS: "affirms",
    Treatment.SUPERSEDED_BY_STATUTE: "superseded",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filed:
    """Under what a case is known: id, neutral citation or 案号, docket number and name."""

    id: str
    citation: str
    docket: str
    name: str
    plan: Plan

    @property
    def written(self) -> str:
        """Returns how another case cites it."""
        plan = self.plan
        return f"{self.name}, {self.citation}" if plan.language == "en" else f"{plan.court.name.zh}{self.citation}判决"


@lru_cache(maxsize=1)
def read_phrases() -> Mapping[str, tuple[Both, ...]]:
    """Returns the words of judgments by what they do."""
    return read_blocks(tuple(read_lines("phrases", "judgment.txt")))


def write_case(law: Law, plan: Plan, filed: Mapping[str, Filed]) -> Case:
    """Returns the case of a plan; raises ValueError where no rule was law on the day of its facts."""
    own = filed[plan.key]
    writer = _Writer(law, plan, filed)
    writer.write()
    return Case(
        id=own.id,
        jurisdiction=law.jurisdiction,
        name=own.name,
        court=plan.court.name.of(plan.language),
        court_level=plan.court.level,
        decided=plan.decided,
        docket=own.docket,
        citations=(own.citation,),
        parties=tuple(party.name.of(plan.language) for party in plan.parties),
        authority=Authority.PRECEDENT,
        paragraphs=tuple(writer.paragraphs),
        references=tuple(writer.references),
        language=plan.language,
        fictional=True,
        licence=LICENCE,
    )


class _Writer:
    """Writes one case, paragraph by paragraph."""

    def __init__(self, law: Law, plan: Plan, filed: Mapping[str, Filed]) -> None:
        known = Facts(plan.facts.event, plan.facts.measure, plan.facts.exempt and not plan.blind)
        ruling = decide(law, plan.issue, known)
        if ruling is None:
            raise ValueError(f"No rule of {plan.issue.key} on {plan.facts.event}")
        self._law, self._plan, self._filed = law, plan, filed
        self._ruling: Ruling = ruling
        self._chance = Chance(law.country.seed, "legal", "text", plan.key)
        self.paragraphs: list[Paragraph] = []
        self.references: list[Reference] = []
        self._slots = self._make_slots()
        self._story = self._issue("story") if plan.facts.exempt else ""

    def _make_slots(self) -> dict[str, str]:
        plan, language = self._plan, self._plan.language
        unit = plan.issue.unit
        towns = [town for town in self._law.country.towns if "zh" in town.names]
        town = self._chance.pick(towns)
        return {
            "a": plan.parties[0].name.of(language),
            "b": plan.parties[1].name.of(language),
            "court": plan.court.name.of(language),
            "title": plan.issue.title.of(language),
            "event": say_date(plan.facts.event, language),
            "town": town.name if language == "en" else town.names["zh"],
            "n": say_quantity(plan.facts.measure, unit, language),
            "limit": say_quantity(self._ruling.limit, unit, language),
        }

    def write(self) -> None:
        """Writes every paragraph in its order."""
        criminal = "-criminal" if self._plan.issue.criminal else ""
        self._add(self._say("opening" + criminal), self._issue("facts"), self._story)
        self._add(self._say("evidence"), self._say("day"))
        if self._plan.special:
            self._add(self._say("found-special", near=self._issue("near")))
        if self._plan.injected:
            self._add(self._say("injected"))
        self._add(self._say("positions" + criminal))
        self._add(self._say("issue", ask=self._issue("ask")))
        self._quote(self._ruling.rule, "law")
        self._mention_amendment()
        if self._plan.facts.exempt and not self._plan.blind and self._plan.issue.exception != self._ruling.rule:
            self._quote(self._plan.issue.exception, "exception")
        for key, treatment in self._plan.treats:
            self._treat(key, treatment)
        self._add(self._reason())
        if self._plan.states:
            self._add(self._say("point", point=self._issue(self._plan.states)))
        if self._plan.special:
            held = self._say(f"held-special-{self._outcome()}", near=self._issue("near"))
        else:
            held = self._issue(self._held())
        self._add(self._say("holding", held=held))
        self._add(self._say(self._disposition()))
        if self._plan.dissent:
            self._dissent()
        self._add(self._say("fictional"), part=Part.OTHER)

    def _outcome(self) -> str:
        return self._plan.issue.special if self._plan.special else self._ruling.outcome

    def _held(self) -> str:
        exempt = self._plan.facts.exempt and not self._plan.blind
        return "exempt" if exempt else self._ruling.outcome

    def _reason(self) -> str:
        if self._plan.special:
            return self._say("reason-special")
        if self._plan.blind:
            return self._say("reason-blind")
        if self._held() == "exempt":
            return self._say("reason-exempt", story=self._story)
        return self._say(f"reason-{self._held()}")

    def _disposition(self) -> str:
        won = self._outcome() == "yes"
        if self._plan.issue.criminal:
            return "convicted" if won else "acquitted"
        return "granted" if won else "dismissed"

    def _quote(self, pinned: Pinned, phrase: str) -> None:
        language = self._plan.language
        cite = self._law.cite(pinned, language)
        quote = self._law.quote(pinned, self._plan.facts.event, language)
        self._add(self._say(phrase, cite=cite, quote=quote))
        self._refer(cite, self._law.target(pinned, language), Treatment.APPLIES)

    def _mention_amendment(self) -> None:
        """Says so where the rule was changed between the facts and the decision."""
        plan, language = self._plan, self._plan.language
        version = self._law.version_on(self._ruling.rule, plan.facts.event, language)
        if version and version.valid_to and version.valid_to <= plan.decided:
            self._add(self._say("amended", later=say_date(version.valid_to, language)))

    def _treat(self, key: str, treatment: Treatment) -> None:
        other = self._filed[key]
        near, old = self._issue("near"), self._issue("old")
        cite = self._law.cite(self._ruling.rule, self._plan.language)
        self._add(self._say(SPOKEN[treatment], case=other.written, near=near, old=old, cite=cite))
        self._refer(other.written, other.id, treatment)

    def _dissent(self) -> None:
        view = "point" if self._plan.states == "old" else "old"
        judge = self._plan.court.judges[1].of(self._plan.language)
        self._add(self._say("dissent", other=self._issue(view)), part=Part.DISSENT, author=judge)

    def _refer(self, written: str, cited: str, treatment: Treatment) -> None:
        place = len(self.paragraphs)
        self.references.append(
            Reference(written=written, cited=cited, treatment=treatment, paragraph=place, stated=True)
        )

    def _say(self, phrase: str, **slots: str) -> str:
        chosen = self._chance.pick(read_phrases()[phrase]).of(self._plan.language)
        return chosen.format(**self._slots, **slots)

    def _issue(self, block: str) -> str:
        chosen = self._chance.pick(self._plan.issue.words[block]).of(self._plan.language)
        return chosen.format(**self._slots)

    def _add(self, *sentences: str, part: Part | None = None, author: str = "") -> None:
        joint = " " if self._plan.language == "en" else ""
        text = joint.join(one for one in sentences if one)
        if self._plan.language == "en":
            text = text[:1].upper() + text[1:]
        lead = Part.MAJORITY if self._plan.dissent else Part.LEAD
        if part is None:
            author = self._plan.court.judges[0].of(self._plan.language)
        number = len(self.paragraphs) + 1
        self.paragraphs.append(Paragraph(number=number, text=text, part=part or lead, author=author))
