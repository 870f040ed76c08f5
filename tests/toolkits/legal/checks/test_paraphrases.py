"""What the rules alone make of paraphrases, by hand: honest ones pass, false ones are caught; the counts are bars.

Each line of `paraphrases/*.jsonl` has the words of a provision, which a statement of law quotes whole, and what that
statement says of them: true (`honest`) and not true (`false`). No judge is asked.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from metier.check import CITED
from metier.task import Task
from metier.verdict import Finding
from metier_legal.checks import CHECKS
from metier_legal.law.provision import Provision
from metier_legal.law.work import Style, Work
from metier_legal.memo import Cited, Memo, Statement
from metier_legal.records import CorpusRecord, record_finding, record_provision

DAY = date(2024, 11, 1)
FOLDER = Path(__file__).parent / "paraphrases"
WORKS = {
    "en": Work(id="xx/act", jurisdiction="xx", title="Paraphrased Act", style=Style.PLAIN, fictional=True),
    "zh": Work(id="xx/法", jurisdiction="xx", title="虚构释义法", language="zh", style=Style.CHINESE, fictional=True),
}
DISPLAYS = {"en": "Paraphrased Act § 1", "zh": "《虚构释义法》第一条"}
QUESTIONS = {"en": "What does the provision say?", "zh": "该条规定了什么？"}


def judge(language: Any, quote: str, text: str, **more: Any) -> list[Finding]:
    work = WORKS[language]
    version = Provision(work=work.id, number="1", text=quote, valid_from=date(1970, 1, 1))
    law = record_provision(work, version, display=DISPLAYS[language], versions=(version,), origin="test")
    corpus = record_finding(CorpusRecord(today=DAY, snapshot="s", jurisdictions=("xx",)), "corpus")
    cited = (Cited(evidence=law.id, quote=quote),)
    question = QUESTIONS[language]
    memo = Memo(
        question=question,
        jurisdiction="xx",
        language=language,
        as_of=DAY,
        short_answer=(Statement(id="a", kind="law", text=text, authorities=cited, **more),),
    )
    evidence = {law.id: law, corpus.id: corpus}
    return [one for check in (*CHECKS, CITED) for one in check(Task(question, ("legal",)), memo, evidence).violated]


def lines_of(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(("name", "language", "accepted"), [("english", "en", 70), ("chinese", "zh", 62)])
def test_honest_paraphrases_pass(name: str, language: str, accepted: int) -> None:
    told = [(line["quote"], text) for line in lines_of(name) for text in line["honest"]]
    rejected = {text: found[0].found for quote, text in told if (found := judge(language, quote, text))}
    assert len(told) >= 60
    assert len(told) - len(rejected) >= accepted, rejected


@pytest.mark.parametrize(("name", "language", "caught"), [("english", "en", 86), ("chinese", "zh", 82)])
def test_false_paraphrases_are_caught_by_rules_alone(name: str, language: str, caught: int) -> None:
    told = [(line["quote"], text) for line in lines_of(name) for text in line["false"]]
    missed = [text for quote, text in told if not judge(language, quote, text)]
    assert len(told) >= 60
    assert len(told) - len(missed) >= caught, missed


@pytest.mark.parametrize("name", ["english", "chinese"])
def test_the_words_of_a_provision_are_no_false_paraphrase_of_themselves(name: str) -> None:
    language = "en" if name == "english" else "zh"
    assert [line["quote"] for line in lines_of(name) if judge(language, line["quote"], line["quote"])] == []
    rules = [(line["quote"], f"{DISPLAYS[language]}: “{line['quote']}”") for line in lines_of(name)]
    assert [text for quote, text in rules if judge(language, quote, text)] == []


def test_a_condition_may_be_left_out_of_a_qualified_statement() -> None:
    quote = "A landlord may terminate the tenancy if two months of rent are in arrears."
    assert judge("en", quote, "A landlord may terminate the tenancy.")
    assert judge("en", quote, "A landlord may terminate the tenancy.", qualified=True) == []


ARREARS = "A landlord may terminate the tenancy if two months of rent are in arrears."
HAN_ARREARS = "承租人逾期不支付租金的，出租人可以解除合同。"


@pytest.mark.parametrize(
    "text",
    [
        f"Paraphrased Act § 1 does not provide: “{ARREARS}”",
        f"It is false that “{ARREARS}”",
        f"“{ARREARS}” This is no longer the law.",
        f"“{ARREARS}” is no longer the law.",
        f"Contrary to what is said, “{ARREARS}”",
        f"“{ARREARS}” This holds without exception.",
        f"“{ARREARS}” Therefore anybody must leave Paris at once.",
        f"“{ARREARS}” See Roe v Wade.",
        f"“{ARREARS}” See Roe versus Wade.",
        f"“{ARREARS}” See ROE V. WADE.",
        ARREARS.replace("may", "may ｎｏｔ"),
        ARREARS.replace("may", "may 𝐧𝐨𝐭"),
        ARREARS.replace("may", "m\u0430y"),
        ARREARS.replace("may", "m\u0336a\u0336y\u0336"),
        ARREARS.replace("may ", "may\u2800"),
    ],
)
def test_a_true_quote_in_a_false_frame_or_in_letters_that_only_look_alike_is_caught(text: str) -> None:
    assert judge("en", ARREARS, text)


@pytest.mark.parametrize(
    "text",
    [
        f"《虚构释义法》第一条并未规定“{HAN_ARREARS}”",
        f"“{HAN_ARREARS}”这一说法是错误的。",
        f"“{HAN_ARREARS}”出租人可以随时解除合同。",
        f"“{HAN_ARREARS}”任何情况下均应解除。",
    ],
)
def test_a_true_chinese_quote_in_a_false_frame_is_caught(text: str) -> None:
    assert judge("zh", HAN_ARREARS, text)
