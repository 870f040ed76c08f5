"""Forgeries about cases: invented, turned round, overruled, of another court or year. Pure."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Final

from metier.evidence import Evidence
from metier_legal.attacks.editing import turn_claim
from metier_legal.attacks.material import Holding, Stock
from metier_legal.attacks.sample import Sample, holding_of, judged, read_corpus, read_paragraph
from metier_legal.attacks.wording import wording_of
from metier_legal.law.case import Treatment
from metier_legal.memo import Cited, Statement
from metier_legal.records import TreatedBy

_NAMES: Final = ("Harrow", "Penwick", "Ostrander", "Velasquez", "Thornbury", "Mgeni", "Castellan", "Brightwater")
_FIRMS: Final = ("Northgate Holdings", "Silverline Transit", "Union Mutual", "Westmark Foods", "Delta Freight")
_NEGATIVE: Final = (Treatment.OVERRULES, Treatment.REVERSES, Treatment.VACATES, Treatment.SUPERSEDED_BY_STATUTE)


def invent_case(stock: Stock, random: Random, sample: Sample) -> Sample | None:
    """Returns the answer naming a case that does not exist: beside a true authority, or as an authority of its own."""
    words = wording_of(stock.language)
    rule = sample.memo.rules[0]
    year = random.randint(1960, stock.day.year - 1)
    name = f"{random.choice(_NAMES)} v. {random.choice(_FIRMS)}"
    if stock.language == "zh":
        citation = f"（{max(year, 2012)}）最高法民终{random.randint(1000, 99999)}号"
    else:
        citation = f"{random.randint(300, 580)} U.S. {random.randint(1, 900)}"
    quote = rule.authorities[0].quote
    text = words.invented_case.format(name=name, citation=citation, year=year, quote=quote)
    if random.random() < 0.5:
        return sample.with_statement("rules", rule.model_copy(update={"text": text}))
    fake = Cited(evidence=f"ev-{random.getrandbits(64):016x}", quote=quote, role="holding")
    statement = Statement(id="c1", kind="law", text=text, authorities=(fake,), weight="persuasive")
    return replace(sample, memo=sample.memo.model_copy(update={"cases_for": (statement,)}))


def turn_holding(stock: Stock, random: Random, sample: Sample) -> Sample | None:
    """Returns the answer giving a real case, truly quoted, for a claim that it does not hold.

    Half of them are found by rule (modal, "not", number); the others, where the claim is of another matter, need the
    judge, whose word is in the run.
    """
    if not stock.holdings:
        return None
    holding = random.choice(stock.holdings)
    honest = holding_of(stock, holding, quoted=False)
    with_case = _with_case(sample, honest, read_paragraph(holding))
    turned = turn_claim(random, holding.quote, stock.language)
    if turned is not None and random.random() < 0.7:
        text = honest.text.replace(holding.quote, turned)
        return with_case.with_statement("cases_for", honest.model_copy(update={"text": text}))
    other = random.choice(stock.holdings)
    text = honest.text.replace(holding.quote, other.quote)
    if other.quote == holding.quote or text == honest.text:
        return None
    return _with_judge(stock, random, with_case, honest.model_copy(update={"text": text}), holding)


def _with_judge(stock: Stock, random: Random, sample: Sample, statement: Statement, holding: Holding) -> Sample:
    verdict = random.choice(("contradicted", "not enough"))
    corpus = read_corpus(stock, judge="generated")
    rest = {key: item for key, item in sample.evidence.items() if item.locator != "corpus"}
    said = judged(statement.text, holding.paragraph.text, verdict, holding.quote[:40])
    return replace(sample.with_statement("cases_for", statement), evidence={**rest, corpus.id: corpus, said.id: said})


def overrule(stock: Stock, random: Random, sample: Sample) -> Sample | None:
    """Returns the answer holding on to a case that a later one of the same rank or a statute has undone."""
    if not stock.holdings:
        return None
    holding = random.choice(stock.holdings)
    decided = holding.case.decided
    if decided is None or decided >= stock.day:
        return None
    later = date.fromordinal(random.randint(decided.toordinal() + 1, stock.day.toordinal()))
    treated = TreatedBy(
        case=f"{holding.case.jurisdiction}/later",
        name=f"{random.choice(_NAMES)} v. {random.choice(_FIRMS)}",
        court=holding.case.court,
        court_level=holding.case.court_level,
        decided=later,
        treatment=random.choice(_NEGATIVE),
        stated=random.random() < 0.5,
    )
    item = read_paragraph(holding, (treated,))
    honest = holding_of(stock, holding, quoted=random.random() < 0.5)
    cited = honest.authorities[0].model_copy(update={"evidence": item.id})
    return _with_case(sample, honest.model_copy(update={"authorities": (cited,)}), item)


def rename_court(stock: Stock, random: Random, sample: Sample) -> Sample | None:
    """Returns the answer giving a real case, truly quoted, to another court or another year."""
    if not stock.holdings:
        return None
    holding = random.choice(stock.holdings)
    decided = holding.case.decided
    if decided is None:
        return None
    case = holding.case
    if random.random() < 0.5:
        others = {one.court for one in stock.cases if one.court != case.court} | set(wording_of(stock.language).courts)
        court = random.choice(sorted(one for one in others if one not in case.court and case.court not in one))
        lied = case.model_copy(update={"court": court})
    else:
        years = (-11, -7, -3, -2, 2, 3, 7)
        shifted = decided + timedelta(days=365 * random.choice(years))
        if shifted.year == decided.year or str(shifted.year) in f"{holding.quote} {sample.task.text} {case.docket}":
            return None
        lied = case.model_copy(update={"decided": shifted})
    text = holding_of(stock, Holding(lied, holding.paragraph, holding.quote), quoted=random.random() < 0.5).text
    honest = holding_of(stock, holding, quoted=False)
    return _with_case(sample, honest.model_copy(update={"text": text}), read_paragraph(holding))


def _with_case(sample: Sample, statement: Statement, item: Evidence) -> Sample:
    """Returns the answer with that statement as its only case."""
    return replace(sample, memo=sample.memo.model_copy(update={"cases_for": (statement,)})).with_evidence(item)
