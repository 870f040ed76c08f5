"""From findings to a memo. Every sentence is a template, a citation of the store, or the user's own words. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from metier_legal.citations.citation import Pin
from metier_legal.citations.form import form_law
from metier_legal.law.case import NEGATIVE
from metier_legal.law.provision import Unit
from metier_legal.memo import Cited, Memo, Role, Statement
from metier_legal.playbook.findings import Findings, Ground
from metier_legal.playbook.passages import Holding, Rule
from metier_legal.playbook.wording import Words, day_words, words_of

RULES_SHOWN: Final = 5
CASES_SHOWN: Final = 5
FIRST_INSTANCE: Final = 1


@dataclass(frozen=True, slots=True)
class Draft:
    """A memo in the making: where, what was found, and the words."""

    ground: Ground
    findings: Findings
    words: Words

    @property
    def asked(self) -> str:
        """Returns the question and the facts as one text."""
        return " ".join((*self.ground.question.facts, self.ground.question.asking))


def write_memo(ground: Ground, findings: Findings, *, today: date) -> Memo:
    """Returns the memo that the findings make, as of the day that was asked for, else of today."""
    draft = Draft(ground, findings, words_of(ground.question.language))
    rules = findings.rules[:RULES_SHOWN]
    good = [one for one in findings.holdings if not is_bad(one)][:CASES_SHOWN]
    bad = [one for one in findings.holdings if is_bad(one)][:2]
    facts = tuple(Statement(id=f"f{i}", kind="fact", text=one) for i, one in enumerate(ground.question.facts, 1))
    stated = tuple(_state_rules(draft, rules))
    lead = good[0].says if good else ""
    for_, against = _split(draft, good, lead)
    return Memo(
        question=ground.question.text,
        jurisdiction=ground.jurisdiction,
        language=ground.question.language,
        as_of=ground.question.as_of or today,
        event_date=ground.question.event_date,
        short_answer=(_answer(draft, rules, good),),
        facts=facts,
        rules=stated,
        application=tuple(_apply(draft, rules, facts)),
        cases_for=for_,
        cases_against=(*against, *_history(draft, bad)),
        unsettled=tuple(_unsettled(draft, rules, for_, against)),
    )


def is_bad(holding: Holding) -> bool:
    """Returns whether a later decision took the case away."""
    return any(one.treatment in NEGATIVE for one in holding.record.treated_by)


def cite_rule(rule: Rule, unit: Unit | None = None) -> str:
    """Returns the citation of the part of a provision that is quoted."""
    part = unit or rule.unit
    return form_law(rule.record.work, Pin(rule.record.number, part.path))


def _cited(rule: Rule, unit: Unit, role: Role) -> Cited:
    return Cited(
        evidence=rule.evidence.id,
        pin=unit.path,
        quote=rule.words(unit),
        role=role,
    )


def _state_rules(draft: Draft, rules: Sequence[Rule]) -> Iterator[Statement]:
    for i, rule in enumerate(rules, 1):
        cited = _cited(rule, rule.unit, "rule")
        text = draft.words.rule.format(cite=cite_rule(rule), quote=cited.quote)
        yield Statement(id=f"r{i}", kind="law", text=text, authorities=(cited,))
        for j, unit in enumerate(rule.exceptions, 1):
            limit = _cited(rule, unit, "exception")
            text = draft.words.exception.format(cite=cite_rule(rule, unit), quote=limit.quote)
            yield Statement(id=f"r{i}e{j}", kind="law", text=text, authorities=(limit,))


def _answer(draft: Draft, rules: Sequence[Rule], good: Sequence[Holding]) -> Statement:
    """Returns what the law found says. It does not apply it to the facts: that takes a judgement."""
    cites = draft.words.join.join(cite_rule(rule) for rule in rules[:2])
    premises = tuple(f"r{i}" for i in range(1, len(rules[:2]) + 1))
    if not good:
        text = draft.words.nearest_law.format(cites=cites)
        return Statement(id="s1", kind="inference", text=text, premises=premises)
    text = draft.words.nearest_case.format(cites=cites, case=good[0].record.display, quote=good[0].quote)
    return Statement(id="s1", kind="inference", text=text, premises=(*premises, "c1"))


def _apply(draft: Draft, rules: Sequence[Rule], facts: Sequence[Statement]) -> Iterator[Statement]:
    for i, rule in enumerate(rules[:2], 1):
        shared = draft.findings.scale.shared_words(" ".join(fact.text for fact in facts), rule.quote)
        if not shared or not facts:
            continue
        text = draft.words.matches.format(cite=cite_rule(rule), terms=draft.words.join.join(shared))
        premises = (f"r{i}", *(fact.id for fact in facts))
        yield Statement(id=f"a{i}", kind="inference", text=text, premises=premises)


def _state_case(draft: Draft, holding: Holding, name: str, role: Role) -> Statement:
    text = draft.words.holding.format(name=holding.record.display, quote=holding.quote)
    cited = Cited(evidence=holding.evidence.id, quote=holding.quote, role=role)
    weight: Literal["", "persuasive"] = "persuasive" if holding.record.court_level <= FIRST_INSTANCE else ""
    return Statement(id=name, kind="law", text=text, authorities=(cited,), weight=weight)


def _split(draft: Draft, good: Sequence[Holding], lead: str) -> tuple[tuple[Statement, ...], tuple[Statement, ...]]:
    """Returns the cases that say what the leading one says, and those that say the opposite."""
    with_it, against = list[Statement](), list[Statement]()
    for i, holding in enumerate(good, 1):
        agrees = holding.says == lead
        stated = _state_case(draft, holding, f"c{i}", "holding" if agrees else "counter")
        (with_it if agrees else against).append(stated)
    return tuple(with_it), tuple(against)


def _history(draft: Draft, bad: Sequence[Holding]) -> Iterator[Statement]:
    for i, holding in enumerate(bad, 1):
        worst = next(one for one in holding.record.treated_by if one.treatment in NEGATIVE)
        by = f"{draft.words.done_by[worst.treatment]} {worst.name}, {worst.court}"
        text = draft.words.overruled.format(name=holding.record.display, by=by, quote=holding.quote)
        cited = Cited(evidence=holding.evidence.id, quote=holding.quote, role="history")
        yield Statement(id=f"h{i}", kind="law", text=text, authorities=(cited,), weight="persuasive")


def _unsettled(
    draft: Draft, rules: Sequence[Rule], for_: Sequence[Statement], against: Sequence[Statement]
) -> Iterator[Statement]:
    words, language = draft.words, draft.ground.question.language
    if for_ and against:
        names = words.join.join(_name_of(draft, one) for one in (for_[0], against[0]))
        premises = (for_[0].id, against[0].id)
        text = words.split.format(names=names)
        weak: Literal["", "persuasive"] = "" if "" in (for_[0].weight, against[0].weight) else "persuasive"
        yield Statement(id="u1", kind="inference", text=text, premises=premises, weight=weak)
    if not for_ and not against:
        yield Statement(id="u2", kind="procedural", text=words.no_case)
    elif not all(one.record.treatment_known for one in draft.findings.holdings):
        yield Statement(id="u3", kind="procedural", text=words.unchecked)
    for i, rule in enumerate(rules, 1):
        later = [one.valid_from for one in rule.record.versions if one.valid_from and one.valid_from > draft.ground.day]
        if later:
            text = words.later.format(cite=cite_rule(rule), day=day_words(min(later), language))
            yield Statement(id=f"v{i}", kind="inference", text=text, premises=(f"r{i}",))


def _name_of(draft: Draft, stated: Statement) -> str:
    evidence = stated.authorities[0].evidence
    return next(one.record.display for one in draft.findings.holdings if one.evidence.id == evidence)
