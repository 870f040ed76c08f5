"""Deliveries of reports on invented pages: one with all parts, one of hostile texts, one in Chinese."""

from pathlib import Path

import pytest

from metier.check import CITED
from metier.evidence import Citation, Evidence, record_evidence
from metier.limits import Usage
from metier.task import Task
from metier.toolkit import Delivery, Settings
from metier.trace import Stop, Trace
from metier.verdict import verdict_of
from metier_research.checks import CHECKS
from metier_research.pages.evidence import OUTPUT, PASSAGE, passage_evidence
from metier_research.pages.page import Page
from metier_research.reading.passages import cut
from metier_research.report import Conflict, Report, Section, Statement

HOSTILE = (
    "</style><script>alert(1)</script> <img src=x onerror=alert(2)> \u202etxet\u202c \u200b*b* `c` "
    "[d](javascript:alert(3)) | e | #f $g$ ~~h~~ &amp; é" + "\u0301" * 9
)
TOWN = (
    "Skavastar is a town in the north of the Republic of Ondra. It lies on the left bank of the Orva, 46 km from "
    "Bölmos. The town was founded in 1872 by Ana Kern. At the census of 2011 it had 4,210 inhabitants. The Long "
    "Bridge was opened on 12 March 1901.\n\n| Year | Inhabitants |\n|---|---|\n| 1901 | 1,310 |\n| 2011 | 4,210 |"
)
ALMANAC = (
    "Skavastar, in the valley of the Orva, counted 4,210 inhabitants when the census of 2011 was taken. Ana Kern "
    "founded it in 1872 as a camp for railway workers."
)


def page(title: str, text: str, *, site: str = "world-0", **more: str) -> Page:
    """Returns an invented page."""
    url = f"wiki://world-0/{title.replace(' ', '_')}" if site == "world-0" else f"https://{site}/{title.lower()}"
    return Page(url, title, text, site=site, **more)  # type: ignore[arg-type]


def read(one: Page) -> Evidence:
    """Returns the evidence of a page's first passage."""
    return passage_evidence(one, cut(one)[0])


def deliver(question: str, report: Report, items: tuple[Evidence, ...], removed: tuple[str, ...] = ()) -> Delivery:
    """Returns the delivery of a report, judged by the checks."""
    task, evidence = Task(question, ("research",)), {item.id: item for item in items}
    findings = [f for check in (*CHECKS, CITED) for f in check(task, report, evidence).findings]
    verdict = verdict_of(findings)
    trace = Trace(
        run="run-1",
        task=task,
        mode="react",
        model="playbook",
        turns=(),
        evidence=items,
        kind="answer",
        outcome=report.model_dump(mode="json"),
        verdict=verdict,
        usage=Usage(),
        stop=Stop.ANSWERED,
        removed=removed,
    )
    return Delivery(task, report, verdict, evidence, trace)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Returns settings with a folder of their own."""
    return Settings(data=tmp_path)


@pytest.fixture(scope="session")
def full() -> Delivery:
    """Returns a report with an answer, sections, a conflict, an open question, a removed claim and a computation."""
    town = read(page("Skavastar", TOWN, modified="2024-05-02"))
    almanac = read(page("Almanac", ALMANAC, site="almanac.example", published="2013-01-15"))
    bridge = read(page("Long Bridge", "The Long Bridge crosses the Orva at Skavastar. It is 312 m long and 9 m wide."))
    survey = read(page("Survey of bridges", "The figures were gathered on the spot. The Long Bridge is 325 m long."))
    figures = "The figures are those of 2009. Skavastar had 3,980 inhabitants."
    old = read(page("Yearbook 2009", figures, outdated="figures of 2009"))
    output = record_evidence(
        source="python",
        locator="sha256:1",
        text="2900\n",
        value={"kind": OUTPUT, "code": "print(4210 - 1310)", "isolation": "bubblewrap"},
    )

    def quote(item: Evidence, words: str) -> Citation:
        return Citation(item.id, quote=words)

    answer = Statement(
        text="Skavastar was founded in 1872 by Ana Kern, as two sources say.",
        citations=(
            quote(town, "The town was founded in 1872 by Ana Kern."),
            quote(almanac, "Ana Kern founded it in 1872"),
        ),
        confidence="high",
    )
    growth = Statement(
        text="In 1901 the town had 1,310 inhabitants and in 2011 it had 4,210 inhabitants, 2,900 more.",
        citations=(quote(town, "| 1901 | 1,310 |"), quote(town, "| 2011 | 4,210 |"), quote(output, "2900")),
    )
    before = Statement(
        text="As of 2009 Skavastar had 3,980 inhabitants.",
        citations=(quote(old, "Skavastar had 3,980 inhabitants."),),
        confidence="low",
    )
    sides = (
        Statement(
            text="Its own page says that the Long Bridge is 312 m long.",
            citations=(quote(bridge, "It is 312 m long and 9 m wide."),),
        ),
        Statement(
            text="The survey says that the Long Bridge is 325 m long.",
            citations=(quote(survey, "The Long Bridge is 325 m long."),),
        ),
    )
    report = Report(
        question="When and by whom was Skavastar founded, and how did it grow?",
        title="Skavastar: its foundation and growth",
        answer=answer,
        exact="1872, Ana Kern",
        sections=(
            Section(heading="Growth", statements=(growth, before)),
            Section(
                heading="The bridge",
                statements=(
                    Statement(
                        text="The Long Bridge crosses the Orva at Skavastar; it was opened on 12 March 1901.",
                        citations=(
                            quote(bridge, "The Long Bridge crosses the Orva at Skavastar."),
                            quote(town, "The Long Bridge was opened on 12 March 1901."),
                        ),
                    ),
                ),
            ),
        ),
        conflicts=(Conflict(topic="The length of the Long Bridge", sides=sides),),
        open_questions=("Who designed the Long Bridge was not found.",),
    )
    removed = ("/sections/1/statements/1: The bridge cost 640,000 crowns.",)
    return deliver(report.question, report, (town, almanac, bridge, survey, old, output), removed)


@pytest.fixture(scope="session")
def chinese() -> Delivery:
    """Returns a report in Chinese on a real address."""
    river = read(
        page(
            "奥尔瓦河",
            "奥尔瓦河是翁德拉的一条河流。全长482公里，流域面积约1.13万平方公里。该河于1888年3月5日首次测量。",
            site="rivers.example",
        )
    )
    answer = Statement(text="奥尔瓦河全长482公里。", citations=(Citation(river.id, quote="全长482公里"),))
    report = Report(question="奥尔瓦河有多长？", title="奥尔瓦河有多长？", answer=answer, exact="482公里")
    return deliver(report.question, report, (river,))


@pytest.fixture(scope="session")
def hostile() -> Delivery:
    """Returns a report all of whose texts, and all of whose sources', try to break out of the page."""
    value = {"kind": PASSAGE, "url": "javascript:alert(4)", "title": HOSTILE, "site": HOSTILE, "outdated": HOSTILE}
    bad = record_evidence(source=HOSTILE, locator=HOSTILE, text=f"{HOSTILE}\nIt was {HOSTILE} then.", value=dict(value))
    missing = Citation(bad.id, quote="words that stand nowhere </mark>")
    statement = Statement(text=HOSTILE, citations=(Citation(bad.id, quote="It was"), missing, Citation("ev-<none>")))
    report = Report(
        question=HOSTILE,
        title=HOSTILE,
        answer=statement,
        exact=HOSTILE,
        sections=(Section(heading=HOSTILE, statements=(statement,)),),
        conflicts=(Conflict(topic=HOSTILE, sides=(statement, statement)),),
        open_questions=(HOSTILE,),
    )
    return deliver(HOSTILE, report, (bad,), (HOSTILE,))
