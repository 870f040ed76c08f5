"""A memo on live law is held against it like a memo on imported law; what could not be asked proves nothing."""

from collections.abc import Sequence
from datetime import date

import pytest

from metier.check import CITED
from metier.evidence import Evidence
from metier.servers.result import read_evidence
from metier.task import Task
from metier.verdict import Finding, Outcome
from metier_legal.checks import CHECKS
from metier_legal.memo import Cited, Memo, Statement
from metier_legal.records import CorpusRecord, record_finding
from tests.toolkits.desk import Desk
from tests.toolkits.legal.live.conftest import TODAY, Open
from tests.toolkits.legal.live.law import EFFECT, HOLDING, legislation_routes
from tests.toolkits.legal.live.replay import Replay

pytestmark = pytest.mark.anyio
QUESTION = "How often must a keeper log the temperature of the cellar?"
CLAIM = "Every keeper must log the temperature of the cellar twice a month."
QUOTE = "Every keeper shall log the temperature of the cellar twice a month."


async def read(desk: Desk, tool: str = "read_provision", **arguments: object) -> list[Evidence]:
    return list(read_evidence((await desk.call(tool, **arguments)).meta) or ())


def judge(
    items: Sequence[Evidence], quote: str, text: str, *, jurisdiction: str = "us", day: str = TODAY, **cited: object
) -> list[Finding]:
    """Returns every finding on a memo of one statement, resting on the first of the items."""
    task = Task(QUESTION, ("legal",), {"as_of": day, "jurisdiction": jurisdiction})
    authority = Cited.model_validate({"evidence": items[0].id, "quote": quote, **cited})
    memo = Memo(
        question=QUESTION,
        jurisdiction=jurisdiction,
        as_of=date.fromisoformat(day),
        short_answer=(Statement(id="a", kind="law", text=text, authorities=(authority,)),),
    )
    evidence = {item.id: item for item in items}
    return [one for check in (*CHECKS, CITED) for one in check(task, memo, evidence).findings]


def codes(findings: Sequence[Finding], outcome: Outcome) -> set[str]:
    return {one.found.partition(":")[0] for one in findings if one.outcome is outcome}


async def test_a_memo_that_cites_live_law_is_verified(live: Open) -> None:
    async with live("ecfr") as ecfr:
        items = await read(ecfr, provision="29 C.F.R. § 9910.12(a)")
    findings = judge(items, QUOTE, f"Under 29 C.F.R. § 9910.12(a), {CLAIM[0].lower()}{CLAIM[1:]}", pin=("a",))
    assert {one.outcome for one in findings if one.rule in ("time", "quote", "resolve", "read", "pin", "identity")} == {
        Outcome.HOLDS
    }
    assert codes(findings, Outcome.VIOLATED) == set()


@pytest.mark.parametrize(
    ("quote", "text", "code"),
    [
        (QUOTE.replace("twice", "once"), CLAIM.replace("twice", "once"), "QUOTE_MISMATCH"),
        (QUOTE.replace("shall log", "may log"), CLAIM.replace("must", "may"), "QUOTE_MISMATCH"),
        (QUOTE, CLAIM.replace("twice", "three times"), "CONTRADICTED"),
        (QUOTE, f"Under 29 C.F.R. § 9910.13, {CLAIM}", "NO_SUCH_PIN"),
    ],
)
async def test_the_same_memo_with_a_changed_quote_claim_or_citation_is_violated(
    live: Open, quote: str, text: str, code: str
) -> None:
    async with live("ecfr") as ecfr:
        items = await read(ecfr, provision="us/cfr/29#9910.12")
    assert code in codes(judge(items, quote, text), Outcome.VIOLATED)


async def test_the_live_text_of_another_day_is_superseded(live: Open) -> None:
    async with live("ecfr") as ecfr:
        items = await read(ecfr, provision="us/cfr/29#9910.12", on="2020-01-01")
    quote = "Every keeper shall log the temperature of the cellar once a month."
    text = "Every keeper must log the temperature of the cellar once a month."
    assert "SUPERSEDED_TEXT" in codes(judge(items, quote, text), Outcome.VIOLATED)
    assert codes(judge(items, quote, text, day="2020-01-01"), Outcome.VIOLATED) == set()


async def test_live_law_is_law_of_a_jurisdiction_that_the_corpus_here_lacks(live: Open) -> None:
    async with live("legislation_gov_uk") as uk:
        items = await read(uk, provision="Bears Act 2098, s 3")
    corpus = record_finding(CorpusRecord(today=date(2026, 11, 26), snapshot="s", jurisdictions=("x-land",)), "corpus")
    rule = "A bear must not be kept in a flat."
    assert codes(judge([*items, corpus], rule, rule, jurisdiction="uk"), Outcome.VIOLATED) == set()
    assert "WRONG_JURISDICTION" in codes(judge([*items, corpus], rule, rule, jurisdiction="fr"), Outcome.VIOLATED)


async def test_whether_a_lagging_text_is_law_is_unknown_and_neither_holds_nor_is_violated(
    live: Open, replay: Replay
) -> None:
    replay.routes |= legislation_routes(EFFECT.format(number="3", day="2025-01-01"))
    async with live("legislation_gov_uk") as uk:
        items = await read(uk, provision="uk/ukpga/2098/7#3")
    findings = judge(
        items, "A bear must not be kept in a flat.", "A bear must not be kept in a flat.", jurisdiction="uk"
    )
    assert codes(findings, Outcome.UNKNOWN) == {"TIME_UNKNOWN"}
    assert {one.outcome for one in findings if one.rule == "time"} == {Outcome.UNKNOWN}
    assert codes(findings, Outcome.VIOLATED) == set()


async def test_the_treatment_of_a_live_decision_is_unknown_and_its_dissent_holds_nothing(live: Open) -> None:
    async with live("courtlistener") as source:
        items = await read(source, "read_case", case="us/cl/9001")
    text = "A keeper of bees owes the neighbour a fence of at least 2 metres."
    findings = judge(items, HOLDING.removeprefix("We hold that a "), text, role="holding")
    assert {one.outcome for one in findings if one.rule == "treatment"} == {Outcome.UNKNOWN}
    assert codes(findings, Outcome.VIOLATED) == set()
    dissent = judge(items[::-1], "the keeper owes nothing at all to the neighbour", "The keeper owes nothing at all.")
    assert "DISSENT_AS_HOLDING" in codes(dissent, Outcome.VIOLATED)


@pytest.mark.parametrize("fault", ["patience", "broken", "wall", "cut", "moved"])
async def test_a_source_that_could_not_be_asked_changes_no_finding(live: Open, replay: Replay, fault: str) -> None:
    async with live("ecfr") as ecfr, live("courtlistener") as source:
        items = await read(ecfr, provision="us/cfr/29#9910.12")
        replay.fault = fault
        after = [
            *items,
            *await read(source, "search_cases", query="bees"),
            *await read(source, "resolve_citation", text="Arden v. Birch, 599 U.S. 901 (2019)"),
            *await read(ecfr, provision="us/cfr/29#9910.13"),
        ]
    assert after == items, "no evidence of absence"
    assert judge(after, QUOTE, CLAIM) == judge(items, QUOTE, CLAIM)
