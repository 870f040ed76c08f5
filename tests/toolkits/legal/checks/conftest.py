"""Law to check answers against: a small fictional country of our own, and real corpora where they are at hand."""

import csv
import gzip
import json
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import pytest

from metier.world import make_country
from metier_legal.attacks import Stock
from metier_legal.attacks.material import Law
from metier_legal.law.case import Authority, Case, Paragraph, Part
from metier_legal.law.numerals import parse_chinese
from metier_legal.law.provision import Provision, Status
from metier_legal.law.units import split_units
from metier_legal.law.work import Style, Work
from metier_legal.world.cases.docket import open_docket
from metier_legal.world.statutes.drafting import Law as WorldLaw

ROOT = Path(__file__).parents[4]
DATA = ROOT.parent / "shared" / "data" / "legal"
TODAY = date(2024, 11, 1)
needs_data = pytest.mark.skipif(not DATA.exists(), reason="no ../shared/data/legal")

TENANCY = Work(
    id="wm/tenancy",
    jurisdiction="wm",
    title="Tenancy Act",
    style=Style.PLAIN,
    fictional=True,
    complete=True,
)
ZH_TENANCY = Work(
    id="wz/租赁法",
    jurisdiction="wz",
    title="西岭国租赁法",
    language="zh",
    style=Style.CHINESE,
    fictional=True,
    complete=True,
)
SECTIONS = {
    "4": (
        "Duty to maintain",
        "(1) The landlord shall keep the dwelling fit to live in during the whole of the tenancy. "
        "(2) A landlord who is told of a defect in writing shall repair it within 14 days. "
        "(3) The tenant is not liable for rent that falls due while the heating does not work.",
    ),
    "5": (
        "Termination for arrears",
        "(1) A landlord may terminate the tenancy if two months of rent are in arrears. "
        "(2) The landlord may not terminate the tenancy where the arrears come from a defect that was notified under "
        "section 4, unless the tenant refuses entry to repair it. "
        "(3) Notice of termination shall be given in writing at least 30 days before the end of a month.",
    ),
    "6": (
        "Deposit",
        "(1) The deposit must not exceed three months of rent. "
        "(2) The landlord shall return the deposit within 60 days after the end of the tenancy.",
    ),
    "7": (
        "Entry",
        "A landlord may enter the dwelling only with the consent of the tenant. "
        "No landlord shall enter a dwelling at night, except in an emergency.",
    ),
}
OLD_DEPOSIT = (
    "(1) The deposit must not exceed six months of rent. "
    "(2) The landlord shall return the deposit within 90 days after the end of the lease."
)
ZH_SECTIONS = {
    "4": "出租人应当在整个租赁期间保持房屋适于居住。\n出租人接到书面通知后，应当在十四日内修复房屋的缺陷。",
    "5": "承租人拖欠租金满二个月的，出租人可以解除租赁合同。\n"
    "因房屋缺陷未支付租金的，出租人不得解除合同，但承租人拒绝修复的除外。",
    "6": "押金不得超过三个月的租金总额。\n租赁关系终止后六十日内，出租人应当向承租人返还全部押金。",
}
ZH_OLD = "押金不得超过六个月的租金总额。\n租赁关系终止后九十日内，出租人应当将押金交还给原承租人。"


def provision(work: Work, number: str, text: str, heading: str = "", **more: Any) -> Provision:
    units = split_units(text, work.style)
    more = {"valid_from": date(2015, 1, 1), **more}
    return Provision(work=work.id, number=number, heading=heading, text=text, units=units, **more)


def laws_of(work: Work) -> tuple[Law, ...]:
    if work is TENANCY:
        current = {number: provision(work, number, text, heading) for number, (heading, text) in SECTIONS.items()}
        old = OLD_DEPOSIT
    else:
        current = {number: provision(work, number, text) for number, text in ZH_SECTIONS.items()}
        old = ZH_OLD
    laws = [Law(work, (one,)) for number, one in current.items() if number != "6"]
    past = provision(work, "6", old, valid_from=date(2001, 1, 1), valid_to=date(2015, 1, 1))
    return (*laws, Law(work, (past, current["6"])))


def case(number: int, jurisdiction: str, *texts: str, **more: Any) -> Case:
    english = jurisdiction == "wm"
    given = {
        "id": f"{jurisdiction}/case/{number}",
        "jurisdiction": jurisdiction,
        "name": f"Arden {number} v. Birch {number}" if english else f"安某{number}诉白某{number}租赁合同纠纷案",
        "court": "Supreme Court of Westmark" if english else "西岭最高法院",
        "court_level": 3,
        "decided": date(2016 + number, 3, 4),
        "docket": f"SC {number}/16" if english else f"（{2016 + number}）西最法民终{number}号",
        "parties": (f"Arden {number}", f"Birch {number}") if english else (f"安某{number}", f"白某{number}"),
        "language": "en" if english else "zh",
        "fictional": True,
        **more,
    }
    paragraphs = tuple(Paragraph(number=i, text=text, part=Part.MAJORITY) for i, text in enumerate(texts, start=1))
    return Case(
        paragraphs=more.get("paragraphs") or paragraphs, **{k: v for k, v in given.items() if k != "paragraphs"}
    )


def cases_of(jurisdiction: str) -> tuple[Case, ...]:
    if jurisdiction == "wm":
        return (
            case(1, "wm", "A tenant may withhold rent for as long as the heating does not work in winter."),
            case(2, "wm", "The landlord must prove that the notice of termination reached the tenant in time."),
            case(3, "wm", "A landlord shall not set off the deposit against rent that is disputed between them."),
        )
    return (
        case(1, "wz", "本院认为，承租人在暖气停止供应期间可以拒绝支付相应的租金。"),
        case(2, "wz", "本院认为，出租人应当证明解除通知已经按时送达承租人本人。"),
        case(3, "wz", "本院认为，出租人不得以押金抵销双方之间存在争议的租金债务。"),
    )


@pytest.fixture(scope="session")
def small() -> Stock:
    return Stock("wm", "en", TODAY, laws_of(TENANCY), cases_of("wm"))


@pytest.fixture(scope="session")
def small_chinese() -> Stock:
    return Stock("wz", "zh", TODAY, laws_of(ZH_TENANCY), cases_of("wz"))


def lines_of(name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(DATA / name, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def american_laws() -> Iterator[Law]:
    """Sections of the DC Code; every twentieth is taken to be repealed, its real text kept as a past version."""
    work = Work(
        id="us-dc/code",
        jurisdiction="us-dc",
        title="District of Columbia Official Code",
        short="D.C. Code",
        style=Style.DC_CODE,
        complete=True,
    )
    for i, row in enumerate(lines_of("en-dccode/sections.jsonl.gz")):
        if row["reason"] or i % 4:
            continue
        text = row["text"].removeprefix(row["num"]).strip().removeprefix(row["heading"]).strip()
        units = split_units(text, Style.DC_CODE)
        given = {"work": work.id, "number": row["num"], "heading": row["heading"].rstrip("."), "units": units}
        since = date(2021, 10, 18)
        if i % 20:
            yield Law(work, (Provision(text=text, observed=since, **given),))
        else:
            gone = date(2023, 6, 1)
            past = Provision(text=text, valid_from=since, valid_to=gone, **given)
            now = Provision(work=work.id, number=row["num"], text="Repealed.", valid_from=gone, status=Status.REPEALED)
            yield Law(work, (past, now))


def world_of(language: Literal["en", "zh"]) -> Stock:
    """The law of the world's fictional country and its cases, in one language."""
    law = WorldLaw(make_country(7))
    works = {work.id: work for work in law.works.values() if work.language == language}
    versions: dict[tuple[str, str], list[Provision]] = {}
    for one in law.provisions():
        if one.work in works:
            versions.setdefault((one.work, one.number), []).append(one)
    laws = tuple(
        Law(works[work], tuple(sorted(found, key=lambda one: one.valid_from or date.min)))
        for (work, _), found in versions.items()
    )
    cases = (one for one in open_docket(law).cases() if one.language == language)
    return Stock(law.jurisdiction, language, TODAY, laws, tuple(islice(cases, 300)))


@pytest.fixture(scope="session")
def world() -> Stock:
    return world_of("en")


@pytest.fixture(scope="session")
def world_chinese() -> Stock:
    return world_of("zh")


TAG = re.compile(r"<[^>]*>")
BLOCK = re.compile(r"\n\s*\n")


def american_cases() -> Iterator[Case]:
    for row in lines_of("en-scotus50/opinions.jsonl.gz"):
        if not row["date_filed"]:
            continue
        text = unescape(TAG.sub("", row["html"]))
        body = text[text.find("delivered the opinion") :]
        blocks = [" ".join(re.sub(r"[-\xad]\s*\n\s*", "", block).split()) for block in BLOCK.split(body)]
        blocks = [block for block in blocks if 200 < len(block) < 6000]
        yield Case(
            id=f"us/scotus/{row['courtlistener_id']}",
            jurisdiction="us",
            name=row["case_name"],
            court="Supreme Court of the United States",
            court_level=3,
            decided=date.fromisoformat(row["date_filed"]),
            parties=tuple(row["case_name"].split(" v. ")),
            paragraphs=tuple(
                Paragraph(number=i, text=block, part=Part.MAJORITY) for i, block in enumerate(blocks[:40], start=1)
            ),
        )


def chinese_number(article: str) -> str | None:
    match = re.fullmatch(r"第(.+?)条(?:之(.+))?", article)
    if match is None:
        return None
    parts = [parse_chinese(part) for part in match.groups() if part]
    return None if None in parts else "-".join(map(str, parts))


def chinese_laws() -> tuple[Law, ...]:
    """The laws of STARD that have several dated versions: each version ends where the next begins."""
    begins: dict[str, set[date]] = {}
    with (DATA / "zh-stard" / "law_metadata.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["valid_from"]:
                begins.setdefault(row["name"], set()).add(date.fromisoformat(row["valid_from"][:10]))
    texts: dict[str, dict[date, dict[str, str]]] = {}
    for name in ("articles", "articles_other_versions"):
        for row in lines_of(f"zh-stard/{name}.jsonl.gz"):
            since = row["version_date"] or max(begins.get(row["law"].removeprefix("中华人民共和国"), {None}) or {None})
            number = chinese_number(row["article"])
            if since and number and not row["part"]:
                day = since if isinstance(since, date) else date.fromisoformat(since)
                texts.setdefault(row["law"], {}).setdefault(day, {})[number] = row["text"]
    return tuple(law for name, by_day in texts.items() if len(by_day) > 1 for law in versions_of(name, by_day))


def versions_of(name: str, by_day: dict[date, dict[str, str]]) -> Iterator[Law]:
    work = Work(id=f"cn/{name}", jurisdiction="cn", title=name, language="zh", style=Style.CHINESE, complete=True)
    days = sorted(by_day)
    for number in {number for articles in by_day.values() for number in articles}:
        found = []
        for i, day in enumerate(days):
            if number in by_day[day]:
                end = days[i + 1] if i + 1 < len(days) else None
                text = by_day[day][number]
                given = {"work": work.id, "number": number, "units": split_units(text, Style.CHINESE)}
                found.append(Provision(text=text, valid_from=day, valid_to=end, **given))
        yield Law(work, tuple(found))


@pytest.fixture(scope="session")
def american() -> Stock:
    if not DATA.exists():
        pytest.skip("no ../shared/data/legal")
    return Stock("us-dc", "en", TODAY, tuple(american_laws()), tuple(american_cases()))


@pytest.fixture(scope="session")
def chinese() -> Stock:
    if not DATA.exists():
        pytest.skip("no ../shared/data/legal")
    cases = tuple(
        one.model_copy(update={"jurisdiction": "cn", "authority": Authority.ORDINARY}) for one in cases_of("wz")
    )
    return Stock("cn", "zh", TODAY, chinese_laws(), cases)
