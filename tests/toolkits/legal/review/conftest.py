"""A small corpus of fictional law, English and Chinese, in the real store. None of it is the law of anywhere."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from metier.toolkit import Settings
from metier_legal.corpus.corpus import Corpus
from metier_legal.corpus.importing import add_source
from metier_legal.corpus.store import open_corpus
from metier_legal.review.files.opening import parse_document
from metier_legal.review.reviewing import review_document
from metier_legal.review.verdicts.items import Review

ON = date(2024, 6, 1)

NOTICE_OLD = (
    "(1) A tenant may end the lease by notice in writing of four weeks.\n"
    "(2) A landlord may not refuse a notice that was received in time."
)
NOTICE = (
    "(1) A tenant may end the lease by notice in writing of three months.\n"
    "(2) A landlord may not refuse a notice that was received in time, unless the tenant owes rent for two months."
)
HEATING = "The landlord shall keep the heating in repair from the first day of October until the last day of April."
HAN_NOTICE = (
    "承租人可以提前三个月以书面形式通知出租人解除租赁合同。\n"
    "出租人不得拒绝按时收到的通知，但是承租人拖欠两个月租金的除外。"
)
HAN_NOTICE_OLD = "承租人可以提前四个星期以书面形式通知出租人解除租赁合同。"
HAN_HEATING = "出租人应当在每年十月至次年四月期间保持供暖设施处于正常使用状态。"
MAJORITY = "We hold that a notice sent by letter is in writing even where nobody has signed it."
DISSENT = "A letter that nobody has signed is no notice at all, and the statute says so in plain words."


def provision(work: str, number: str, text: str, begin: str, end: str = "", **more: Any) -> dict[str, Any]:
    ended = {"valid_to": end} if end else {}
    return {"type": "provision", "work": work, "number": number, "text": text, "valid_from": begin, **ended, **more}


def work(work_id: str, title: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "work",
        "id": work_id,
        "jurisdiction": work_id.partition("/")[0],
        "title": title,
        "fictional": True,
        **more,
    }


def case(case_id: str, name: str, court: str, decided: str, *paragraphs: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "case",
        "id": case_id,
        "jurisdiction": case_id.partition("/")[0],
        "name": name,
        "court": court,
        "decided": decided,
        "paragraphs": list(paragraphs),
        "references": [],
        "fictional": True,
        **more,
    }


LAW = (
    work("xx/tenancy", "Tenancy Act", style="plain", complete=True),
    provision(
        "xx/tenancy", "4", "Leases are registered.", "2000-01-01", status="repealed", note="Repealed by Act 2019-4."
    ),
    provision("xx/tenancy", "12", NOTICE_OLD, "2000-01-01", "2020-01-01"),
    provision("xx/tenancy", "12", NOTICE, "2020-01-01"),
    provision("xx/tenancy", "14", HEATING, "2000-01-01"),
    provision("xx/tenancy", "15", "A deposit is paid back within thirty days of the end of the lease.", "2030-01-01"),
    work("xx/old-leases", "Old Leases Act", style="plain", complete=True, replaced_by="xx/tenancy"),
    provision(
        "xx/old-leases", "1", "Leases are made in writing before a notary of the district.", "1950-01-01", "2000-01-01"
    ),
    work("xx/partial", "Harbour Act", style="plain"),
    provision("xx/partial", "3", "Ships pay a fee for each day on which they lie in the harbour.", "2000-01-01"),
    work("cn/虚构租赁法", "虚构租赁法", style="chinese", language="zh", complete=True),
    provision("cn/虚构租赁法", "3", HAN_HEATING, "2000-01-01"),
    provision("cn/虚构租赁法", "12", HAN_NOTICE_OLD, "2000-01-01", "2020-01-01"),
    provision("cn/虚构租赁法", "12", HAN_NOTICE, "2020-01-01"),
    work("cn/虚构旧租约法", "虚构旧租约法", style="chinese", language="zh", complete=True, replaced_by="cn/虚构租赁法"),
    provision("cn/虚构旧租约法", "1", "租约应当采用书面形式并经公证机关公证。", "1950-01-01", "2000-01-01"),
)
SCOTUS = "Supreme Court of the United States"
CASES = (
    case(
        "us/x/1",
        "Borak v. Stane",
        SCOTUS,
        "1999-05-04",
        {"text": "Borak sent a letter to Stane.", "part": "majority", "page": "34"},
        {"text": MAJORITY, "part": "majority", "page": "36"},
        {"text": DISSENT, "part": "dissent", "author": "MOLE, J.", "page": "40"},
        citations=["912 U.S. 34"],
        docket="98-17",
    ),
    case("us/x/2", "Old v. Older", SCOTUS, "1950-01-01", {"text": "Held so.", "page": "8"}, citations=["911 U.S. 8"]),
    case(
        "us/x/3",
        "New v. Newer",
        SCOTUS,
        "2001-01-01",
        {"text": "We overrule Old v. Older, 911 U.S. 8, today.", "part": "majority", "page": "9"},
        citations=["913 U.S. 9"],
        references=[
            {"written": "911 U.S. 8", "cited": "us/x/2", "treatment": "overrules", "paragraph": 1, "stated": True}
        ],
    ),
    case(
        "cn/x/1",
        "甲公司与乙公司房屋租赁合同纠纷案",
        "最高人民法院",
        "2020-03-01",
        {"text": "本院认为，承租人以信函方式发出的通知属于书面通知，无须签名。"},
        docket="（2019）最高法民终99123号",
        language="zh",
    ),
    {"type": "coverage", "jurisdiction": "us", "court": SCOTUS},
    {"type": "coverage", "jurisdiction": "cn", "court": "最高人民法院"},
)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder: Path = tmp_path_factory.mktemp("law")
    source = folder / "law.jsonl"
    source.write_text("".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in (*LAW, *CASES)), encoding="utf-8")
    settings = Settings(folder / "data")
    add_source(settings, source)
    return settings


@pytest.fixture(scope="session")
def corpus(settings: Settings) -> Corpus:
    return open_corpus(settings)


@pytest.fixture
def check(corpus: Corpus) -> Callable[..., Review]:
    """Gives what reviews a Markdown text."""

    def review(text: str, *, on: date = ON, jurisdiction: str = "", name: str = "brief.md") -> Review:
        document = parse_document(text.encode(), name)
        return review_document(document, corpus, file=name, on=on, jurisdiction=jurisdiction)

    return review
