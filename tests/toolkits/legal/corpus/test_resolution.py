"""What a citation means in a corpus: nothing is guessed, and what is missing is told from what does not exist."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from metier.toolkit import Settings
from metier_legal.citations.citation import CaseCitation, LawCitation, Pin
from metier_legal.corpus.importing import add_source
from metier_legal.corpus.naming import other_names, work_ids
from metier_legal.corpus.resolution import Resolution, resolve
from metier_legal.corpus.store import StoredCorpus, open_corpus
from metier_legal.law.case import Case, Paragraph
from metier_legal.law.provision import Provision, Unit
from metier_legal.law.work import Style, Work

Writer = Callable[..., Path]


def work(id: str, title: str, style: Style, **fields: object) -> Work:
    return Work.model_validate(
        {"id": id, "jurisdiction": id.partition("/")[0], "title": title, "style": style, "fictional": True, **fields}
    )


def text_of(work_id: str, number: str, text: str, *paths: tuple[str, ...], **fields: object) -> Provision:
    units = tuple(Unit(path=path, start=0, end=len(text)) for path in paths)
    return Provision.model_validate({"work": work_id, "number": number, "text": text, "units": units, **fields})


def decision(id: str, name: str, court: str, year: int, **fields: object) -> Case:
    paragraphs = tuple(Paragraph(number=n, text=f"Paragraph {n}.") for n in (1, 2))
    return Case.model_validate(
        {
            "id": id,
            "jurisdiction": id.partition("/")[0],
            "name": name,
            "court": court,
            "decided": date(year, 1, 2),
            "paragraphs": paragraphs,
            "fictional": True,
            **fields,
        }
    )


LAW = [
    work("cn/民法典", "中华人民共和国民法典", Style.CHINESE, complete=True),
    text_of("cn/民法典", "1079", "第一款。\n第二款。", ("1",), ("2",)),
    text_of("cn/民法典", "120-1", "之一。", ("1",)),
    text_of("cn/民法典", "120", "二〇一〇年。", ("1",), valid_from="2010-01-01", valid_to="2012-01-01"),
    text_of("cn/民法典", "120", "二〇一二年。", ("1",), ("2",), valid_from="2012-01-01", valid_to="2015-01-01"),
    work("cn/合同法", "中华人民共和国合同法", Style.CHINESE, complete=True, replaced_by="cn/民法典"),
    text_of("cn/合同法", "1", "旧法。", ("1",)),
    work("us/usc/17", "Title 17 - Copyrights", Style.US_CODE, short="17 U.S.C."),
    text_of("us/usc/17", "101", "(a) One (2) two.", ("a",), ("a", "2")),
    text_of("us/usc/17", "102", "No parts at all."),
    text_of("us/usc/17", "103a", "Small letter."),
    work("eu/32016R0679", "General Data Protection Regulation", Style.EU, short="GDPR", complete=True),
    text_of("eu/32016R0679", "6", "1. (f) x", ("1",), ("1", "f")),
    work("de/bgb", "Bürgerliches Gesetzbuch", Style.GERMAN, short="BGB", complete=True),
    text_of("de/bgb", "823", "(1) Wer. Der. (2) Die.", ("1",), ("1", "s1"), ("1", "s2"), ("2",)),
    work("uk/ukpga/1998/42", "Human Rights Act 1998", Style.UK),
    text_of("uk/ukpga/1998/42", "6", "(1) It (b) b", ("1",), ("1", "b")),
    work("xx/ta", "Tenancy Act", Style.PLAIN, complete=True),
    text_of("xx/ta", "12", "(1) A. (2) B.", ("1",), ("2",)),
    text_of("xx/ta", "13", "Thirteen."),
    text_of("xx/ta", "14", "Fourteen."),
    work("yy/ta", "Tenancy Act", Style.PLAIN, complete=True),
    text_of("yy/ta", "12", "Of another country."),
    {"type": "coverage", "jurisdiction": "xx"},
    decision("xx/1", "Ox v. Ass", "High Court", 2001, citations=("1 XR 10",), docket="12-1"),
    decision("xx/2", "Ox v. Ass", "Low Court", 2004, docket="12-1"),
    decision("xx/3", "Cat v. Dog", "High Court", 2005, citations=("3 XR 5",)),
    {"type": "coverage", "jurisdiction": "xx", "court": "High Court"},
    {"type": "coverage", "jurisdiction": "cn", "court": "最高人民法院"},
    decision("cn/1", "甲诉乙", "最高人民法院", 2019, docket="（2019）最高法民终123号"),
]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory, lines: Callable[..., str]) -> StoredCorpus:
    folder = tmp_path_factory.mktemp("resolution")
    (folder / "law.jsonl").write_text(lines(LAW), encoding="utf-8")
    settings = Settings(folder / "data")
    add_source(settings, folder / "law.jsonl")
    return open_corpus(settings)


Writer = Callable[..., Path]


def cite(
    law: str, number: str = "", *path: str, style: Style = Style.PLAIN, last: str = "", note: bool = False
) -> LawCitation:
    pins = (Pin(number, path, last, note),) if number else ()
    return LawCitation(0, 9, f"{law} {number}", style, law, pins)


def keys(resolution: Resolution) -> list[str]:
    return [target.key for target in resolution.targets]


FOUND = [
    (cite("民法典", "1079", "2", style=Style.CHINESE), "cn/民法典#1079"),
    (cite("《中华人民共和国民法典》", "120-1", style=Style.CHINESE), "cn/民法典#120-1"),
    (cite("民法典（2020修订）", "1079", style=Style.CHINESE), "cn/民法典#1079"),
    (cite("民法典婚姻家庭编", "1079", style=Style.CHINESE), "cn/民法典#1079"),
    (cite("民法商法民法典", "1079", style=Style.CHINESE), "cn/民法典#1079"),
    (cite("原合同法", "1", style=Style.CHINESE), "cn/合同法#1"),
    (cite("17 U.S.C.", "101", "a", "2", style=Style.US_CODE), "us/usc/17#101"),
    (cite("17 USC", "101", style=Style.US_CODE), "us/usc/17#101"),
    (cite("17 U. S. C.", "103A", style=Style.US_CODE), "us/usc/17#103a"),
    (cite("GDPR", "6", "1", "f", style=Style.EU), "eu/32016R0679#6"),
    (cite("Regulation (EU) 2016/679", "6", style=Style.EU), "eu/32016R0679#6"),
    (cite("32016R0679", "6", style=Style.EU), "eu/32016R0679#6"),
    (cite("BGB", "823", "1", "s2", style=Style.GERMAN), "de/bgb#823"),
    (cite("Bürgerliches Gesetzbuch", "823", style=Style.GERMAN), "de/bgb#823"),
    (cite("Human Rights Act 1998", "6", "1", "b", style=Style.UK), "uk/ukpga/1998/42#6"),
    (cite("BGB", style=Style.GERMAN), "de/bgb"),
]


@pytest.mark.parametrize(("citation", "key"), FOUND)
def test_a_law_is_found_by_the_names_of_its_system(corpus: StoredCorpus, citation: LawCitation, key: str) -> None:
    resolution = resolve(citation, corpus)
    assert (resolution.state, keys(resolution)) == ("FOUND", [key])


@pytest.mark.parametrize(
    "citation",
    [
        cite("民法典", "9999", style=Style.CHINESE),
        cite("民法典", "1079", "3", style=Style.CHINESE),
        cite("BGB", "823", "3", style=Style.GERMAN),
        cite("17 U.S.C.", "101", "b", style=Style.US_CODE),
        cite("17 U.S.C.", "102", "a", style=Style.US_CODE),
        cite("GDPR", "7", style=Style.EU),
    ],
)
def test_a_number_or_part_that_the_text_lacks_does_not_exist(corpus: StoredCorpus, citation: LawCitation) -> None:
    resolution = resolve(citation, corpus)
    assert resolution.state == "NO_SUCH_PIN"
    assert resolution.reason


@pytest.mark.parametrize(
    "citation",
    [
        cite("17 U.S.C.", "999", style=Style.US_CODE),  # the title is not complete
        cite("17 U.S.C.", "101", style=Style.US_CODE, note=True),  # a note is not the section
        cite("Invented Act 1999", "1", style=Style.UK),
        cite("虚构法", "1", style=Style.CHINESE),
        cite("北京市民法典", "1", style=Style.CHINESE),
    ],
)
def test_what_may_exist_outside_the_corpus_is_only_not_in_it(corpus: StoredCorpus, citation: LawCitation) -> None:
    assert resolve(citation, corpus).state == "NOT_IN_CORPUS"


def test_a_law_does_not_exist_where_all_law_of_its_jurisdiction_is_here(corpus: StoredCorpus) -> None:
    assert resolve(cite("Goblin Act", "1"), corpus, jurisdiction="xx").state == "NO_SUCH_SOURCE"
    assert resolve(cite("Goblin Act", "1"), corpus, jurisdiction="yy").state == "NOT_IN_CORPUS"
    assert resolve(cite("Goblin Act", "1"), corpus).state == "NOT_IN_CORPUS"


def test_a_name_of_several_laws_stays_ambiguous_until_the_jurisdiction_is_known(corpus: StoredCorpus) -> None:
    both = resolve(cite("Tenancy Act", "12"), corpus)
    assert (both.state, keys(both)) == ("AMBIGUOUS", ["xx/ta#12", "yy/ta#12"])
    assert keys(resolve(cite("Tenancy Act", "12"), corpus, jurisdiction="yy")) == ["yy/ta#12"]
    assert resolve(cite("Tenancy Act", "13"), corpus).state == "AMBIGUOUS"
    assert resolve(cite("", "12"), corpus).state == "AMBIGUOUS"


def test_a_range_gives_the_numbers_in_it_that_exist(corpus: StoredCorpus) -> None:
    whole = resolve(cite("Tenancy Act", "12", last="14"), corpus, jurisdiction="xx")
    assert (whole.state, keys(whole)) == ("FOUND", ["xx/ta#12", "xx/ta#13", "xx/ta#14"])
    beyond = resolve(cite("Tenancy Act", "13", last="20"), corpus, jurisdiction="xx")
    assert (beyond.state, keys(beyond)) == ("NO_SUCH_PIN", ["xx/ta#13", "xx/ta#14"])


def test_what_is_only_in_other_versions_is_found_and_the_reason_says_which(corpus: StoredCorpus) -> None:
    citation = cite("民法典", "120", "2", style=Style.CHINESE)
    assert resolve(citation, corpus, on=date(2013, 1, 1)).reason == ""
    earlier = resolve(citation, corpus, on=date(2011, 1, 1))
    assert (earlier.state, keys(earlier)) == ("FOUND", ["cn/民法典#120"])
    assert "only in other versions: from 2012-01-01 until 2015-01-01" in earlier.reason
    later = resolve(citation, corpus, on=date(2016, 1, 1))
    assert (later.state, "only in other versions" in later.reason) == ("FOUND", True)


def test_a_law_that_was_replaced_is_found_and_its_successor_named(corpus: StoredCorpus) -> None:
    assert "replaced by cn/民法典" in resolve(cite("合同法", "1", style=Style.CHINESE), corpus).reason


def test_cases_are_found_by_number_whatever_name_and_year_are_written(corpus: StoredCorpus) -> None:
    wrong = CaseCitation(0, 0, "x", "us", name="Ant v. Bee", volume="3", reporter="X.R.", page="5", year=1850)
    assert keys(resolve(wrong, corpus)) == ["xx/3"]
    chinese = CaseCitation(0, 0, "x", "chinese", docket="(2019)最高法民终 123 号")
    assert keys(resolve(chinese, corpus)) == ["cn/1"]


def test_of_cases_with_one_number_the_rest_of_the_citation_decides_or_nothing_does(corpus: StoredCorpus) -> None:
    assert resolve(CaseCitation(0, 0, "x", "us", docket="12-1"), corpus).state == "AMBIGUOUS"
    assert keys(resolve(CaseCitation(0, 0, "x", "us", docket="No. 12-1", court="Low Court"), corpus)) == ["xx/2"]
    assert keys(resolve(CaseCitation(0, 0, "x", "us", docket="12-1", year=2001), corpus)) == ["xx/1"]


def test_a_decision_does_not_exist_only_where_every_decision_of_its_court_is_here(corpus: StoredCorpus) -> None:
    invented = CaseCitation(0, 0, "x", "chinese", docket="（2019）最高法民终999号", court="最高人民法院")
    assert resolve(invented, corpus).state == "NO_SUCH_SOURCE"
    elsewhere = CaseCitation(0, 0, "x", "chinese", docket="（2019）沪01民终999号", court="上海市第一中级人民法院")
    assert resolve(elsewhere, corpus).state == "NOT_IN_CORPUS"
    low = CaseCitation(0, 0, "x", "us", docket="99-9", court="Low Court")
    assert resolve(low, corpus, jurisdiction="xx").state == "NOT_IN_CORPUS"
    high = CaseCitation(0, 0, "x", "us", docket="99-9", court="High Court")
    assert resolve(high, corpus, jurisdiction="xx").state == "NO_SUCH_SOURCE"


def test_a_paragraph_beyond_the_last_does_not_exist(corpus: StoredCorpus) -> None:
    citation = CaseCitation(0, 0, "x", "chinese", docket="（2019）最高法民终123号", pin="3")
    assert resolve(citation, corpus).state == "NO_SUCH_PIN"


@pytest.mark.parametrize(
    ("first", "pin", "state"),
    [
        ("5", "6", "FOUND"),
        ("5", "99", "NO_SUCH_PIN"),
        ("5", "4", "NO_SUCH_PIN"),
        ("5", "", "FOUND"),
        ("700", "705", "FOUND"),
    ],
)
def test_a_page_is_missing_only_where_the_pages_are_of_the_reporter_cited(
    settings: Settings, write: Writer, first: str, pin: str, state: str
) -> None:
    paged = decision("us/9", "Ox v. Ass", "Court", 2001, citations=("1 U.S. 5", "2 S.Ct. 700")).model_copy(
        update={"paragraphs": tuple(Paragraph(number=n, text="x", page=str(n + 4)) for n in (1, 2, 3))}
    )
    add_source(settings, write([paged]))
    reporter, volume = ("S.Ct.", "2") if first == "700" else ("U.S.", "1")
    citation = CaseCitation(0, 0, "x", "us", volume=volume, reporter=reporter, page=first, pin=pin)
    assert resolve(citation, open_corpus(settings)).state == state


def test_other_names_shorten_and_never_make_one_law_of_another() -> None:
    assert other_names("北京市物业管理条例") == ()
    assert other_names("《劳动合同法》（2012修正）") == ("劳动合同法",)
    assert other_names("刑法") == ()
    assert work_ids("42 U.S.C.") == ("us/usc/42",)
    assert work_ids("29 C.F.R.") == ("us/cfr/29",)
    assert work_ids("Directive 95/46/EC") == ("eu/31995L0046",)
    assert work_ids("Regulation (EC) No 45/2001") == ("eu/32001R0045",)
    assert work_ids("Act 12 of 1999") == ()


def test_what_does_not_exist_is_said_with_the_day_of_the_newest_text(settings: Settings, write: Writer) -> None:
    """A later amendment may have brought it: the day is part of what is said."""
    days = (
        {"observed": date(2012, 1, 3)},
        {"valid_from": date(2020, 5, 28)},
        {},
        {"valid_from": date(2020, 5, 28), "observed": date(2024, 7, 1)},
    )
    says = (
        ", as published on 2012-01-03.",
        ", in versions up to that of 2020-05-28.",
        ", in a text of unknown date.",
        ", as published on 2024-07-01.",
    )
    items: list[Work | Provision] = []
    for number, day in enumerate(days):
        act = work(f"zz/{number}", f"Act {number}", Style.PLAIN, complete=True)
        items += [act, Provision.model_validate({"work": act.id, "number": "1", "text": "(1) One.", **day})]
    add_source(settings, write(items))
    corpus = open_corpus(settings)
    for number, said in enumerate(says):
        missing = resolve(cite(f"Act {number}", "9"), corpus)
        assert (missing.state, missing.reason) == ("NO_SUCH_PIN", f"Act {number} has no 9{said}")
    assert resolve(cite("Act 0", "1", "7"), corpus).reason.endswith("1 has no part 7, as published on 2012-01-03.")
    assert resolve(cite("Act 0", "1", last="9"), corpus).reason.endswith(", as published on 2012-01-03.")
