"""Memos built by hand on invented law, in English and Chinese, and the same with hostile words in every field."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest

from metier.evidence import Evidence
from metier.limits import Usage
from metier.task import Task
from metier.toolkit import Delivery, Settings
from metier.trace import Stop, Trace
from metier.verdict import Finding, Outcome, verdict_of
from metier_legal.citations.citation import Pin
from metier_legal.citations.form import form_case, form_law
from metier_legal.law.case import Case, Paragraph, Part, Treatment
from metier_legal.law.provision import Provision, Status, Unit
from metier_legal.law.work import Level, Style, Work
from metier_legal.memo import Cited, Memo, Statement
from metier_legal.records import (
    CorpusRecord,
    SearchRecord,
    TreatedBy,
    record_finding,
    record_paragraph,
    record_provision,
)

FACTS = date(2021, 2, 3)
TODAY = date(2026, 7, 1)
SCRIPT = "<script>alert(1)</script>"
HOSTILE = (
    f'{SCRIPT} "><img src=x onerror=alert(1)> [a](javascript:1) **b** `c` | # h\n# Heading\n- item\n'
    '#import "@preview/x:1.0.0": * #read("/etc/passwd") $x^2$ #panic() @ref <label> \\u{41} ]]> &amp; {{ 7*7 }}'
    "\x00\x07\x1b[31m\u202eevil\u202c\u2066x\u2069 a\u200bb\U000e0041 z" + "\u0301" * 40 + " 租赁法"
)


@dataclass
class Folder:
    """Evidence by the short names that a memo built here cites it by."""

    evidence: dict[str, Evidence] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, item: Evidence) -> None:
        self.names[name] = item.id
        self.evidence[item.id] = item

    def cite(self, name: str, quote: str, **more: object) -> Cited:
        return Cited.model_validate({"evidence": self.names[name], "quote": quote, **more})


def units_of(text: str, marks: Sequence[tuple[str, str]]) -> tuple[Unit, ...]:
    """Returns units that begin at the given words and end where the next begins."""
    starts = [(text.index(words), path) for path, words in marks]
    ends = [start for start, _ in starts[1:]] + [len(text)]
    return tuple(Unit(path=(path,), start=start, end=end) for (start, path), end in zip(starts, ends, strict=False))


@dataclass
class Law:
    """A provision to be recorded: its versions, oldest first, and which one was read."""

    work: Work
    number: str
    heading: str
    texts: Sequence[tuple[date | None, str]]
    read: int = 0
    marks: Sequence[tuple[str, str]] = ()
    repealed: date | None = None


def add_law(folder: Folder, name: str, law: Law) -> None:
    begins = [begin for begin, _ in law.texts]
    versions = [
        Provision(
            work=law.work.id,
            number=law.number,
            heading=law.heading,
            text=text,
            units=units_of(text, law.marks) if i == law.read else (),
            valid_from=begin,
            valid_to=begins[i + 1] if i + 1 < len(begins) else law.repealed,
        )
        for i, (begin, text) in enumerate(law.texts)
    ]
    if law.repealed is not None:
        gone = Provision(work=law.work.id, number=law.number, text="", valid_from=law.repealed, status=Status.REPEALED)
        versions.append(gone)
    display = form_law(law.work, Pin(law.number))
    read = versions[law.read]
    folder.add(name, record_provision(law.work, read, display=display, versions=tuple(versions), origin="sample"))


def add_case(folder: Folder, name: str, case: Case, treated: tuple[TreatedBy, ...] = (), known: bool = True) -> None:
    for paragraph in case.paragraphs:
        display = form_case(case, paragraph.number)
        item = record_paragraph(case, paragraph, display=display, treated_by=treated, treatment_known=known)
        folder.add(f"{name}/{paragraph.number}", item)


def add_searches(folder: Folder, jurisdiction: str, queries: Sequence[str]) -> None:
    states = ("GROUNDED", "NO_MATCH", "UNAVAILABLE")
    for state, query in zip(states, queries, strict=True):
        tool = "search_cases" if state == "NO_MATCH" else "search_statutes"
        hits = ("a", "b") if state == "GROUNDED" else ()
        record = SearchRecord(tool=tool, query=query, filters={"jurisdiction": jurisdiction}, state=state, hits=hits)
        folder.add(f"search/{state}", record_finding(record, f"{tool}/{state}"))
    corpus = CorpusRecord(today=TODAY, snapshot="0f3c" * 16, jurisdictions=(jurisdiction,), works=6, cases=2000)
    folder.add("corpus", record_finding(corpus, "corpus"))


def deliver(memo: Memo, folder: Folder, found: str = "the corpus has no later cases of this court") -> Delivery:
    findings = [
        Finding("quote", subject, Outcome.HOLDS, evidence=tuple(cited.evidence for cited in statement.authorities))
        for subject, statement in memo.statements()
        if statement.authorities
    ]
    findings += [replace(finding, rule="time") for finding in findings]
    findings.append(Finding("treatment", "/cases_against/0", Outcome.UNKNOWN, "not overruled", found, "Say so."))
    task = Task(memo.question, ("legal",))
    verdict = verdict_of(findings)
    removed = ("/application/2: The landlord owes damages.",)
    trace = Trace(
        "run-1",
        task,
        "react",
        "playbook",
        (),
        tuple(folder.evidence.values()),
        "answer",
        None,
        verdict,
        Usage(),
        Stop.ANSWERED,
        removed=removed,
    )
    return Delivery(task, memo, verdict, folder.evidence, trace)


def english_work(name: str, **more: object) -> Work:
    return Work.model_validate(
        {"id": f"vesse/{name.lower().replace(' ', '-')}", "jurisdiction": "vesse", "title": name, "fictional": True}
        | more
    )


def english_case(name: str, court: str, level: int, decided: date, paragraphs: Sequence[Paragraph]) -> Case:
    return Case(
        id=f"vesse/{name.lower().replace(' ', '-')}",
        jurisdiction="vesse",
        name=name,
        court=court,
        court_level=level,
        decided=decided,
        citations=(f"[{decided.year}] VS{'' if level == 3 else 'CA'} {decided.month * 7}",),
        paragraphs=tuple(paragraphs),
        fictional=True,
    )


ACT = english_work("Tenancy Act 2015", short="Tenancy Act")
S12 = (
    "(1) A landlord must keep the dwelling fit to live in, and must keep its heating in working order from 1 October "
    "to 30 April.\n"
    "(2) While the dwelling is not fit to live in, the tenant may withhold rent in proportion to the defect, unless "
    "the tenant caused it.\n"
    "(3) A tenant who withholds rent must tell the landlord of the defect in writing."
)
S31 = (
    "(1) A landlord may terminate the tenancy by written notice when rent for two months or more is overdue.\n"
    "(2) Rent that is lawfully withheld under section 12 is not overdue."
)
NOTICE = "A notice to terminate must state the rent that is owed."
HALM_14 = (
    "The heating had failed for five weeks in winter. Rent that the tenant may lawfully withhold is never in arrears, "
    "and no notice can be founded on it."
)
HALM_22 = (
    "I would hold that a tenant who pays nothing at all withholds more than the defect is worth, and is in arrears for "
    "the rest."
)
BRANDT_8 = "A tenant who never told the landlord of the defect cannot rely on it, and the rent was overdue in full."
PELL_3 = "The duty to pay rent does not depend on the landlord's duty to repair the dwelling."
QUERIES = ("heating failure withhold rent", "set-off repair costs", "winter heating regulation")
MARKS = (("1", "(1)"), ("2", "(2)"))


def english_folder() -> Folder:
    folder = Folder()
    add_law(
        folder,
        "s12",
        Law(ACT, "12", "Fitness of the dwelling", [(date(2016, 1, 1), S12)], marks=(*MARKS, ("3", "(3)"))),
    )
    later = S31.replace("two months", "three months")
    add_law(
        folder,
        "s31",
        Law(ACT, "31", "Arrears", [(date(2016, 1, 1), S31), (date(2022, 7, 1), later)], marks=MARKS),
    )
    rules = english_work("Tenancy Procedure Rules", level=Level.REGULATION)
    add_law(folder, "r4", Law(rules, "4", "Notice", [(None, NOTICE)]))
    old = english_work("Rent Act 1962", replaced_by="vesse/tenancy-act-2015")
    text = "A tenant must pay the rent in full whatever the state of the dwelling."
    add_law(folder, "old", Law(old, "7", "Rent", [(date(1962, 5, 1), text)], repealed=date(2016, 1, 1)))
    tarn = {"case": "vesse/tarn", "name": "Tarn v. Sorel", "court": "Supreme Court of Vesse", "court_level": 3}
    follows, distinguishes, overrules = (
        TreatedBy(**tarn, decided=date(2020, 5, 6), treatment=what, stated=what is not Treatment.DISTINGUISHES)
        for what in (Treatment.FOLLOWS, Treatment.DISTINGUISHES, Treatment.OVERRULES)
    )
    halm = english_case(
        "Halm v. Orrin Estates",
        "Court of Appeal of Vesse",
        2,
        date(2019, 3, 12),
        [
            Paragraph(number=14, text=HALM_14, part=Part.MAJORITY, author="Oren J."),
            Paragraph(number=22, text=HALM_22, part=Part.DISSENT, author="Vail J."),
        ],
    )
    add_case(folder, "halm", halm, (follows,))
    brandt = english_case(
        "Brandt v. Quay Housing",
        "Court of Appeal of Vesse",
        2,
        date(2017, 9, 30),
        [Paragraph(number=8, text=BRANDT_8, part=Part.LEAD)],
    )
    add_case(folder, "brandt", brandt, (distinguishes,), known=False)
    pell = english_case(
        "Pell v. Marrow",
        "Court of Appeal of Vesse",
        2,
        date(1998, 2, 2),
        [Paragraph(number=3, text=PELL_3)],
    )
    add_case(folder, "pell", pell, (overrules,))
    add_searches(folder, "vesse", QUERIES)
    return folder


def english_memo(folder: Folder) -> Memo:
    withhold = folder.cite(
        "s12", "the tenant may withhold rent in proportion to the defect, unless the tenant caused it.", pin=("2",)
    )
    overdue = folder.cite("s31", "Rent that is lawfully withheld under section 12 is not overdue.", pin=("2",))
    arrears = folder.cite(
        "s31",
        "A landlord may terminate the tenancy by written notice when rent for two months or more is overdue.",
        pin=("1",),
    )
    heating = folder.cite("s12", "must keep its heating in working order from 1 October to 30 April.", pin=("1",))
    halm = folder.cite("halm/14", "Rent that the tenant may lawfully withhold is never in arrears", role="holding")
    told = folder.cite("s12", S12.rpartition("(3) ")[2], pin=("3",))
    return Memo(
        question="A tenant stopped paying after the heating failed for six weeks. May the landlord terminate? "
        "Date of the facts: 3 February 2021.",
        jurisdiction="vesse",
        as_of=TODAY,
        event_date=FACTS,
        short_answer=(
            Statement(
                id="a1",
                kind="inference",
                text="Probably not. Rent that the tenant lawfully withheld for the weeks without heating is not "
                "overdue, so the landlord may terminate only if two months of other rent were unpaid.",
                authorities=(overdue, halm),
                premises=("r2", "r3"),
            ),
        ),
        facts=(
            Statement(id="f1", kind="fact", text="The heating failed for six weeks, and the tenant stopped paying."),
            Statement(id="f2", kind="fact", text="The facts are of 3 February 2021, within the heating season."),
        ),
        rules=(
            Statement(
                id="r1",
                kind="law",
                text="The landlord must keep the heating in working order in winter.",
                authorities=(heating,),
            ),
            Statement(
                id="r2",
                kind="law",
                text="A tenant may withhold rent in proportion to the defect.",
                authorities=(withhold, told),
            ),
            Statement(
                id="r3",
                kind="law",
                text="The landlord may terminate for two months' overdue rent; rent lawfully withheld does not count.",
                authorities=(arrears, overdue),
            ),
            Statement(
                id="r4",
                kind="law",
                text="The notice must state the rent that is owed.",
                qualified=True,
                authorities=(folder.cite("r4", "A notice to terminate must state the rent that is owed."),),
            ),
        ),
        application=(
            Statement(
                id="p1",
                kind="inference",
                text="The heating failed in February, so the dwelling was not as section 12 requires, and rent could "
                "be withheld for those six weeks in proportion to the defect.",
                authorities=(withhold,),
                premises=("r1", "r2", "f1", "f2"),
            ),
            Statement(
                id="p2",
                kind="inference",
                text="Six weeks of rent, even if all of it counted, are under two months.",
                premises=("r3", "f1"),
            ),
        ),
        cases_for=(
            Statement(
                id="c1",
                kind="law",
                text="In Halm the heating had failed for five weeks, and the notice was void.",
                authorities=(halm,),
            ),
        ),
        cases_against=(
            Statement(
                id="c2",
                kind="law",
                text="A tenant who did not tell the landlord of the defect could not rely on it.",
                authorities=(
                    folder.cite(
                        "brandt/8",
                        "A tenant who never told the landlord of the defect cannot rely on it",
                        role="counter",
                    ),
                ),
            ),
            Statement(
                id="c3",
                kind="law",
                text="The dissent in Halm would count what exceeds the defect as arrears.",
                authorities=(
                    folder.cite(
                        "halm/22",
                        "a tenant who pays nothing at all withholds more than the defect is worth",
                        role="counter",
                    ),
                ),
                weight="persuasive",
            ),
            Statement(
                id="c4",
                kind="law",
                text="Older law held that rent is due whatever the state of the dwelling.",
                authorities=(
                    folder.cite(
                        "pell/3",
                        "The duty to pay rent does not depend on the landlord's duty to repair",
                        role="history",
                    ),
                    folder.cite(
                        "old",
                        "A tenant must pay the rent in full whatever the state of the dwelling.",
                        role="history",
                        historical=True,
                    ),
                ),
            ),
        ),
        unsettled=(
            Statement(
                id="u1",
                kind="procedural",
                text="No case was found on how the part that may be withheld is reckoned for heating alone.",
            ),
        ),
    )


def chinese_work(name: str, **more: object) -> Work:
    return Work.model_validate(
        {
            "id": f"haiyu/{name}",
            "jurisdiction": "海屿国",
            "title": name,
            "language": "zh",
            "style": Style.CHINESE,
            "fictional": True,
            **more,
        }
    )


def chinese_case(name: str, court: str, level: int, decided: date, paragraphs: Sequence[Paragraph]) -> Case:
    return Case(
        id=f"haiyu/{name}",
        jurisdiction="海屿国",
        name=name,
        court=court,
        court_level=level,
        decided=decided,
        docket=f"（{decided.year}）屿{'最高法' if level == 3 else '01'}民终{decided.month * 17}号",
        paragraphs=tuple(paragraphs),
        language="zh",
        fictional=True,
    )


Z12 = (
    "出租人应当保持租赁房屋适于居住，并应当保证每年十月一日至次年四月三十日期间供暖设施正常使用。\n"
    "租赁房屋不适于居住期间，承租人可以按照瑕疵的程度暂不支付相应租金，但瑕疵由承租人造成的除外。"
)
ZHALM = "冬季供暖中断已达五周。承租人依法可以暂不支付的租金，从来不是拖欠的租金，出租人不得据此通知解除合同。"
Z31 = (
    "承租人拖欠租金累计达二个月以上的，出租人可以书面通知解除租赁合同。\n"
    "依照本法第十二条暂不支付的租金，不属于拖欠租金。"
)


def chinese_folder() -> Folder:
    folder = Folder()
    act = chinese_work("海屿国租赁法", short="租赁法")
    begin = date(2016, 1, 1)
    add_law(folder, "s12", Law(act, "12", "", [(begin, Z12)], marks=(("1", "出租人应当"), ("2", "租赁房屋不适于"))))
    later = Z31.replace("二个月", "三个月")
    marks = (("1", "承租人拖欠"), ("2", "依照本法"))
    add_law(folder, "s31", Law(act, "31", "", [(begin, Z31), (date(2022, 7, 1), later)], marks=marks))
    rules = chinese_work("海屿国租赁程序规则", level=Level.REGULATION)
    add_law(folder, "r4", Law(rules, "4", "", [(None, "解除租赁合同的通知应当写明所欠租金的数额。")]))
    tarn = {"case": "haiyu/塔恩", "name": "塔恩诉索雷尔案", "court": "海屿国最高法院", "court_level": 3}
    follows, distinguishes, overrules = (
        TreatedBy(**tarn, decided=date(2020, 5, 6), treatment=what, stated=what is not Treatment.DISTINGUISHES)
        for what in (Treatment.FOLLOWS, Treatment.DISTINGUISHES, Treatment.OVERRULES)
    )
    court = "海屿国上诉法院"
    halm = chinese_case(
        "哈姆诉奥林置业案",
        court,
        2,
        date(2019, 3, 12),
        [
            Paragraph(number=14, text=ZHALM, part=Part.MAJORITY, author="欧伦法官"),
        ],
    )
    add_case(folder, "halm", halm, (follows,))
    brandt = chinese_case(
        "布兰特诉码头住房案",
        court,
        2,
        date(2017, 9, 30),
        [
            Paragraph(number=8, text="承租人从未将瑕疵告知出租人的，不得以该瑕疵为由拒付租金，全部租金均已逾期。"),
        ],
    )
    add_case(folder, "brandt", brandt, (distinguishes,), known=False)
    pell = chinese_case(
        "佩尔诉马罗案",
        court,
        2,
        date(1998, 2, 2),
        [
            Paragraph(number=3, text="支付租金的义务不以出租人履行维修义务为前提，承租人应当全额支付租金。"),
        ],
    )
    add_case(folder, "pell", pell, (overrules,))
    add_searches(folder, "海屿国", ["供暖中断 暂不支付租金", "维修费用 抵销", "冬季供暖 条例"])
    return folder


def chinese_memo(folder: Folder) -> Memo:
    withhold = folder.cite("s12", "承租人可以按照瑕疵的程度暂不支付相应租金，但瑕疵由承租人造成的除外", pin=("2",))
    overdue = folder.cite("s31", "依照本法第十二条暂不支付的租金，不属于拖欠租金", pin=("2",))
    arrears = folder.cite("s31", "承租人拖欠租金累计达二个月以上的，出租人可以书面通知解除租赁合同", pin=("1",))
    halm = folder.cite("halm/14", "承租人依法可以暂不支付的租金，从来不是拖欠的租金", role="holding")
    brandt = folder.cite("brandt/8", "承租人从未将瑕疵告知出租人的，不得以该瑕疵为由拒付租金", role="counter")
    pell = folder.cite("pell/3", "支付租金的义务不以出租人履行维修义务为前提", role="history")
    notice = folder.cite("r4", "解除租赁合同的通知应当写明所欠租金的数额")
    return Memo(
        question="供暖中断六周后，承租人停止支付租金。出租人能否解除租赁合同？事实发生日：2021年2月3日。",
        jurisdiction="海屿国",
        language="zh",
        as_of=TODAY,
        event_date=FACTS,
        short_answer=(
            Statement(
                id="a1",
                kind="inference",
                premises=("r1", "r2"),
                authorities=(overdue, halm),
                text="一般不能。供暖中断期间承租人依法暂不支付的租金不属于拖欠租金，除非另有二个月租金未付，出租人不得解除合同。",
            ),
        ),
        facts=(Statement(id="f1", kind="fact", text="供暖中断六周，承租人停止支付租金。"),),
        rules=(
            Statement(id="r1", kind="law", text="承租人可以按照瑕疵的程度暂不支付租金。", authorities=(withhold,)),
            Statement(
                id="r2",
                kind="law",
                text="拖欠租金达二个月的，出租人可以解除合同；依法暂不支付的租金不计入。",
                authorities=(arrears, overdue),
            ),
            Statement(id="r3", kind="law", text="通知应当写明所欠租金的数额。", authorities=(notice,), qualified=True),
        ),
        application=(
            Statement(
                id="p1",
                kind="inference",
                premises=("r1", "f1"),
                authorities=(withhold,),
                text="供暖在二月中断，房屋不符合第十二条的要求，六周的租金可以按照瑕疵的程度暂不支付。",
            ),
            Statement(id="p2", kind="inference", premises=("r2", "f1"), text="即使六周租金全部计入，也不足二个月。"),
        ),
        cases_for=(
            Statement(id="c1", kind="law", text="哈姆案中供暖中断五周，法院认定解除通知无效。", authorities=(halm,)),
        ),
        cases_against=(
            Statement(id="c2", kind="law", text="承租人未告知瑕疵的，不得以此拒付租金。", authorities=(brandt,)),
            Statement(id="c3", kind="law", text="旧判例认为租金义务与维修义务相互独立。", authorities=(pell,)),
        ),
        unsettled=(Statement(id="u1", kind="procedural", text="未检索到仅因供暖中断而计算可扣租金数额的案例。"),),
    )


def hostile_delivery() -> Delivery:
    folder = Folder()
    work = english_work("Act", level=Level.STATUTE).model_copy(
        update={"title": f"Act {HOSTILE}", "short": f"Act {HOSTILE}", "source_url": "https://evil.example/x"}
    )
    add_law(folder, "s1", Law(work, "1", HOSTILE, [(date(2016, 1, 1), f"{HOSTILE} A tenant may stay.{HOSTILE}")]))
    case = english_case(
        f"A v. B {HOSTILE}",
        HOSTILE,
        2,
        date(2019, 1, 1),
        [
            Paragraph(
                number=1, text=f"{HOSTILE}\nThe tenant may stay for ever and a day.", author=HOSTILE, page=HOSTILE
            ),
        ],
    )
    treated = TreatedBy(case="x", name=HOSTILE, court=HOSTILE, treatment=Treatment.FOLLOWS, quote=HOSTILE)
    add_case(folder, "a", case, (treated,))
    add_searches(folder, HOSTILE, [HOSTILE, f"{HOSTILE} 2", f"{HOSTILE} 3"])
    statement = Statement(
        id=HOSTILE,
        kind="law",
        text=HOSTILE,
        premises=(HOSTILE,),
        authorities=(
            folder.cite("s1", "A tenant may stay."),
            folder.cite("a/1", "The tenant may stay for ever and a day."),
            Cited(evidence=f"ev-{HOSTILE}", quote=HOSTILE),
            folder.cite("s1", HOSTILE, pin=(HOSTILE,)),
        ),
    )
    memo = Memo(
        question=HOSTILE,
        jurisdiction=HOSTILE,
        as_of=TODAY,
        short_answer=(statement,),
        facts=(statement,),
        rules=(statement,),
        application=(statement,),
        cases_for=(statement,),
        unsettled=(statement,),
    )
    return deliver(memo, folder, HOSTILE)


@pytest.fixture(scope="session")
def english() -> Delivery:
    folder = english_folder()
    return deliver(english_memo(folder), folder)


@pytest.fixture(scope="session")
def chinese() -> Delivery:
    folder = chinese_folder()
    return deliver(chinese_memo(folder), folder, "法律库没有该法院的后续裁判")


@pytest.fixture(scope="session")
def hostile() -> Delivery:
    return hostile_delivery()


@pytest.fixture(scope="session", params=["english", "chinese"])
def delivery(request: pytest.FixtureRequest) -> Delivery:
    found: Delivery = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path)
