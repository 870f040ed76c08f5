"""Whatever a memo or its evidence says, the checks give a verdict and never raise."""

from dataclasses import replace
from datetime import date
from itertools import islice
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from metier.check import CITED
from metier.evidence import Evidence, record_evidence
from metier.task import Task
from metier_legal.attacks import Stock, make_honest
from metier_legal.checks import CHECKS
from metier_legal.memo import Cited, Memo, Statement

TEXT = st.text(max_size=60) | st.sampled_from(
    [
        "Under Tenancy Act § 4(2), 410 U.S. 113 (1973) and 17 U.S.C. § 101(a)",
        "《民法典》第一千零七十九条第二款，（2019）最高法民终123号",
        "may not ... shall …… [T]he [sic] 30 days 三十日 百分之五 1,000,000 0.5%",
        "\ud800 \u202e \U000e0041",
        "A" * 300,
        "(" * 50 + "不" * 50,
    ]
)
DAYS = st.dates(min_value=date.min, max_value=date.max)
IDS = st.sampled_from(["a", "b", "c", "", "r1"])
CITED_ONES = st.builds(
    Cited,
    evidence=st.sampled_from(["e0", "e1", "e2", "ev-0123456789abcdef"]),
    pin=st.lists(TEXT, max_size=2).map(tuple),
    quote=TEXT,
    role=st.sampled_from(["rule", "definition", "exception", "holding", "counter", "history"]),
    historical=st.booleans(),
)
STATEMENTS = st.builds(
    Statement,
    id=IDS,
    kind=st.sampled_from(["law", "fact", "inference", "procedural"]),
    text=TEXT,
    authorities=st.lists(CITED_ONES, max_size=2).map(tuple),
    premises=st.lists(IDS, max_size=3).map(tuple),
    weight=st.sampled_from(["", "persuasive"]),
    qualified=st.booleans(),
)
SECTION = st.lists(STATEMENTS, max_size=2).map(tuple)
MEMOS = st.builds(
    Memo,
    question=TEXT,
    jurisdiction=TEXT,
    language=st.sampled_from(["en", "zh"]),
    as_of=DAYS,
    event_date=st.none() | DAYS,
    short_answer=SECTION,
    facts=SECTION,
    rules=SECTION,
    application=SECTION,
    cases_for=SECTION,
    cases_against=SECTION,
    unsettled=SECTION,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(memo=MEMOS, text=TEXT, data=st.data())
def test_no_memo_breaks_the_checks(small: Stock, memo: Memo, text: str, data: st.DataObject) -> None:
    true = next(make_honest(small, seed=7)).evidence
    items = [*islice(true.values(), 2), record_evidence(source="law", locator=text, text=text, value=data.draw(JSON))]
    evidence = {f"e{i}": item for i, item in enumerate(items)}
    evidence |= {item.id: item for item in items}
    task = Task(text, (), data.draw(st.none() | st.dictionaries(st.sampled_from(["as_of", "event_date"]), TEXT)))
    for check in (*CHECKS, CITED):
        check(task, memo, evidence)


def mutate(value: Any, random: Random) -> Any:
    """Returns JSON with one thing in it replaced by something of another kind."""
    if isinstance(value, dict) and value and random.random() < 0.9:
        key = random.choice(sorted(value))
        return {**value, key: mutate(value[key], random)}
    if isinstance(value, list) and value and random.random() < 0.9:
        at = random.randrange(len(value))
        return [*value[:at], mutate(value[at], random), *value[at + 1 :]]
    return random.choice([None, "", "x", -1, 10**30, [], {}, "9999-99-99", "2024-01-01", True, 0.5])


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_no_mutated_evidence_breaks_the_checks(small: Stock, small_chinese: Stock, seed: int) -> None:
    random = Random(seed)
    sample = next(make_honest(random.choice([small, small_chinese]), seed=seed))
    key = random.choice(sorted(sample.evidence))
    true = sample.evidence[key]
    given = {"source": true.source, "locator": true.locator, "text": true.text}
    whole = record_evidence(**given, value=mutate(true.value, random), recorded=true.recorded)
    forged: Evidence = random.choice([whole, replace(whole, id=key), replace(true, value=whole.value)])
    cited = {c.model_copy(update={"evidence": forged.id}) for c in sample.memo.rules[0].authorities}
    rule = sample.memo.rules[0].model_copy(update={"authorities": tuple(cited)})
    for memo in (sample.memo, sample.memo.model_copy(update={"rules": (rule,)})):
        for check in (*CHECKS, CITED):
            check(sample.task, memo, {**sample.evidence, key: forged, forged.id: forged})
