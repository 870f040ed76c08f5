"""One generated answer with its task and evidence, and how it is put together. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Final

from metier.evidence import Evidence
from metier.task import Task
from metier_legal.attacks.material import Holding, Law, Passage, Stock
from metier_legal.attacks.wording import wording_of
from metier_legal.citations.citation import Pin
from metier_legal.citations.form import form_case, form_law
from metier_legal.law.dates import find_dates
from metier_legal.law.provision import Provision
from metier_legal.memo import Cited, Memo, Statement
from metier_legal.records import (
    CorpusRecord,
    JudgementRecord,
    TreatedBy,
    digest_text,
    record_finding,
    record_paragraph,
    record_provision,
)

HONEST: Final = "honest"
_SNAPSHOT: Final = "generated"


@dataclass(frozen=True, slots=True)
class Sample:
    """A task, an answer and the evidence of its run. `kind` is "honest" or the kind of the attack."""

    kind: str
    task: Task
    memo: Memo
    evidence: Mapping[str, Evidence]

    def with_statement(self, section: str, statement: Statement) -> "Sample":
        """Returns the sample with that statement in place of the section's first."""
        rest = getattr(self.memo, section)[1:]
        return replace(self, memo=self.memo.model_copy(update={section: (statement, *rest)}))

    def with_evidence(self, *items: Evidence) -> "Sample":
        """Returns the sample with more evidence in its run."""
        return replace(self, evidence={**self.evidence, **{item.id: item for item in items}})


def read_version(law: Law, version: Provision) -> Evidence:
    """Returns the evidence of a version as our server writes it."""
    return record_provision(
        law.work, version, display=form_law(law.work, Pin(version.number)), versions=law.versions, origin="generated"
    )


def read_paragraph(holding: Holding, treated_by: tuple[TreatedBy, ...] = ()) -> Evidence:
    """Returns the evidence of the paragraph of a case, with its later history."""
    display = form_case(holding.case, holding.paragraph.number)
    return record_paragraph(
        holding.case,
        holding.paragraph,
        display=display,
        treated_by=treated_by,
        treatment_known=True,
        origin="generated",
    )


def read_corpus(stock: Stock, judge: str = "") -> Evidence:
    """Returns the evidence of the corpus of the run."""
    jurisdictions = {stock.jurisdiction, *(case.jurisdiction for case in stock.cases)}
    record = CorpusRecord(today=stock.day, snapshot=_SNAPSHOT, jurisdictions=tuple(sorted(jurisdictions)), judge=judge)
    return record_finding(record, "corpus")


def judged(claim: str, passage: str, verdict: str, span: str) -> Evidence:
    """Returns the evidence of a judge's word on a claim and a passage."""
    record = JudgementRecord.model_validate(
        {
            "claim": digest_text(claim),
            "passage": digest_text(passage),
            "verdict": verdict,
            "span": span,
            "model": "generated",
        }
    )
    return record_finding(record, f"{record.claim[:16]}/{record.passage[:16]}")


def rule_of(stock: Stock, passage: Passage, *, quoted: bool) -> Statement:
    """Returns the statement of law that says what the passage says."""
    words = wording_of(stock.language)
    display = form_law(passage.law.work, Pin(passage.version.number, passage.pin))
    text = (words.rule_quoted if quoted else words.rule).format(display=display, quote=passage.quote)
    cited = Cited(evidence=read_version(passage.law, passage.version).id, pin=passage.pin, quote=passage.quote)
    return Statement(id="r1", kind="law", text=text, authorities=(cited,), qualified=not passage.whole)


def holding_of(stock: Stock, holding: Holding, *, quoted: bool) -> Statement:
    """Returns the statement of law that says what the court said."""
    words = wording_of(stock.language)
    text = (words.held_quoted if quoted else words.held).format(
        name=holding.case.name, court=holding.case.court, year=_year(holding), quote=holding.quote
    )
    cited = Cited(evidence=read_paragraph(holding).id, quote=holding.quote, role="holding")
    return Statement(
        id="c1",
        kind="law",
        text=text,
        authorities=(cited,),
        weight="" if _binds(stock, holding) else "persuasive",
        qualified=True,
    )


def _year(holding: Holding) -> int:
    return holding.case.decided.year if holding.case.decided else 0


def _binds(stock: Stock, holding: Holding) -> bool:
    case = holding.case
    return stock.jurisdiction.startswith(case.jurisdiction) and case.court_level > 1 and case.authority == "precedent"


def compose(
    stock: Stock, random: Random, passage: Passage, holding: Holding | None, others: Sequence[Evidence]
) -> Sample:
    """Returns a correct answer on the passage and, when there is one, the holding."""
    words = wording_of(stock.language)
    event = _event_day(stock, random, passage)
    heading = passage.version.heading
    topic = heading if heading and not find_dates(heading) else passage.law.work.title
    form = words.question if event is None else words.question_dated
    text = form.format(fact=words.fact, topic=topic, day="" if event is None else words.day(event))
    rule = rule_of(stock, passage, quoted=random.random() < 0.5)
    answer = Statement(id="a1", kind="inference", text=words.answer.format(quote=passage.quote), premises=("r1", "f1"))
    cases = () if holding is None else (holding_of(stock, holding, quoted=random.random() < 0.5),)
    memo = Memo(
        question=text,
        jurisdiction=stock.jurisdiction,
        language=stock.language,
        as_of=stock.day,
        event_date=event,
        short_answer=(answer,),
        facts=(Statement(id="f1", kind="fact", text=words.fact),),
        rules=(rule,),
        cases_for=cases,
    )
    items = [read_version(passage.law, passage.version), read_corpus(stock), *others]
    items += [] if holding is None else [read_paragraph(holding)]
    return Sample(HONEST, Task(text, ("legal",)), memo, {item.id: item for item in items})


def _event_day(stock: Stock, random: Random, passage: Passage) -> date | None:
    """Returns a day of the facts on which the version was law, or None for a question without a date."""
    begun = passage.version.valid_from or passage.version.observed
    if begun is None or random.random() < 0.5 or begun >= stock.day:
        return None
    return date.fromordinal(random.randint(begun.toordinal(), stock.day.toordinal()))
