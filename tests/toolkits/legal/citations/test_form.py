"""What is written from values is read back as the same law and pin, in every style."""

from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from metier_legal.citations.citation import CaseCitation, LawCitation, Pin
from metier_legal.citations.finding import find_citations
from metier_legal.citations.form import form_case, form_law, form_pin
from metier_legal.law.case import Case
from metier_legal.law.work import Level, Style, Work

NUMBERS = st.integers(1, 9999).map(str)
SMALL = st.integers(1, 60).map(str)
LETTERS = st.sampled_from(["a", "b", "c", "d", "f", "h", "k", "p"])
WORDS = st.sampled_from(
    ["Tenancy", "Consumer", "Labour", "Road Traffic", "Public Markets", "Data", "Civil", "Evidence"]
)
KINDS = st.sampled_from(["Act", "Code", "Ordinance", "Regulations"])


def a_work(style: Style, title: str, *, short: str = "", level: Level = Level.STATUTE, language: str = "en") -> Work:
    return Work(id="x/y", jurisdiction="x", title=title, short=short, style=style, level=level, language=language)


def paths(*levels: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.integers(0, len(levels)).flatmap(lambda depth: st.tuples(*levels[:depth]))


def pins(numbers: st.SearchStrategy[str], path: st.SearchStrategy[tuple[str, ...]]) -> st.SearchStrategy[Pin]:
    one = st.builds(Pin, numbers, path)
    ranged = st.integers(1, 900).flatmap(
        lambda first: st.integers(first + 1, 999).map(lambda last: Pin(str(first), last=str(last)))
    )
    return one | ranged


SECTIONED = paths(LETTERS, SMALL, st.sampled_from(["A", "B", "C"]), st.sampled_from(["i", "ii", "iv"]))
US_NUMBERS = NUMBERS | st.sampled_from(["78j", "2000e-5", "106A", "1396a", "77z-1", "78dd-1", "300aa-11"])
CASES: dict[Style, tuple[st.SearchStrategy[Work], st.SearchStrategy[Pin]]] = {
    Style.US_CODE: (
        st.integers(1, 54).map(lambda title: a_work(Style.US_CODE, f"Title {title}", short=f"{title} U.S.C.")),
        pins(US_NUMBERS, SECTIONED) | st.builds(Pin, US_NUMBERS, note=st.just(True)),
    ),
    Style.CFR: (
        st.integers(1, 50).map(lambda title: a_work(Style.CFR, f"Title {title}", short=f"{title} C.F.R.")),
        pins(st.builds("{}.{}".format, st.integers(1, 1999), st.integers(1, 999)) | NUMBERS, SECTIONED),
    ),
    Style.DC_CODE: (
        st.just(a_work(Style.DC_CODE, "District of Columbia Official Code", short="D.C. Code")),
        st.builds(
            Pin,
            st.builds("{}-{}".format, st.integers(1, 51), st.integers(101, 9999)),
            paths(SMALL, LETTERS.map(str.upper)),
        ),
    ),
    Style.GERMAN: (
        st.sampled_from(["BGB", "UWG", "StGB", "SGB V", "SGB XII", "GmbHG", "EGGVG", "AufenthG"]).map(
            lambda short: a_work(Style.GERMAN, "Gesetz", short=short, language="de")
        )
        | st.just(a_work(Style.GERMAN, "Grundgesetz", short="GG", level=Level.CONSTITUTION, language="de")),
        pins(
            NUMBERS | st.sampled_from(["15a", "312d"]),
            paths(SMALL, SMALL.map("s{}".format), SMALL, LETTERS) | paths(SMALL, SMALL, LETTERS),
        ),
    ),
    Style.CHINESE: (
        st.sampled_from(
            ["中华人民共和国民法典", "最高人民法院关于适用〈中华人民共和国民法典〉时间效力的若干规定", "多纳瓦租赁法"]
        ).map(lambda title: a_work(Style.CHINESE, title, language="zh")),
        pins(NUMBERS | st.builds("{}-{}".format, st.integers(1, 400), st.integers(1, 12)), paths(SMALL, SMALL, SMALL)),
    ),
    Style.EU: (
        st.builds(
            "{} {}/{}".format,
            st.sampled_from(["Regulation (EU)", "Regulation (EC) No", "Regulation (EU) No"]),
            st.integers(1, 9999),
            st.integers(1, 9999),
        ).map(lambda title: a_work(Style.EU, f"{title} of the European Parliament and of the Council"))
        | st.sampled_from(["GDPR", "TFEU", "Directive 95/46/EC"]).map(lambda short: a_work(Style.EU, "", short=short)),
        pins(NUMBERS | st.sampled_from(["5a", "28b"]), paths(SMALL, LETTERS)),
    ),
    Style.UK: (
        st.builds("{} Act {}".format, WORDS, st.integers(1700, 2029)).map(lambda title: a_work(Style.UK, title)),
        pins(NUMBERS | st.sampled_from(["14A", "21B"]), paths(SMALL, LETTERS, st.sampled_from(["i", "ii", "iv"]))),
    ),
    Style.FRENCH: (
        st.sampled_from(
            [
                "Code civil",
                "code du travail",
                "Code de la consommation",
                "Constitution",
                "loi n° 78-17 du 6 janvier 1978",
            ]
        ).map(lambda title: a_work(Style.FRENCH, title, language="fr")),
        pins(
            NUMBERS | st.sampled_from(["L121-1", "R4121-2", "1240-1", "L121-1-2", "D1"]), paths(SMALL, SMALL, LETTERS)
        ),
    ),
    Style.PLAIN: (
        st.builds("{} {}".format, WORDS, KINDS).map(lambda title: a_work(Style.PLAIN, title))
        | st.builds("{} {} {}".format, WORDS, KINDS, st.integers(1900, 2029)).map(
            lambda title: a_work(Style.PLAIN, title)
        ),
        pins(NUMBERS | st.sampled_from(["14a", "7b"]), paths(SMALL, LETTERS)),
    ),
}


@pytest.mark.parametrize("style", list(Style))
def test_a_law_is_read_as_it_is_written(style: Style) -> None:
    works, some_pins = CASES[style]

    @settings(deadline=None, max_examples=60)
    @given(works, some_pins)
    def holds(work: Work, pin: Pin) -> None:
        written = form_law(work, pin)
        found = find_citations(f"Vgl. {written}, see 参见")
        assert len(found) == 1, (written, found)
        citation = found[0]
        assert isinstance(citation, LawCitation)
        assert citation.pins == (pin,), written
        assert citation.law
        assert citation.law in (work.short, work.title) or work.title.startswith(citation.law)
        assert not citation.carried
        assert form_law(work, citation.pins[0]) == written

    holds()


@given(st.text(alphabet="abcdefghij ", min_size=3, max_size=20), NUMBERS, SECTIONED)
def test_a_name_that_is_given_is_known(words: str, number: str, path: tuple[str, ...]) -> None:
    name = " ".join(words.title().split())
    assume(len(name) > 1)  # a letter is no name of a law
    written = form_law(a_work(Style.PLAIN, name), Pin(number, path))
    found = find_citations(f"Under {written} it is so.", systems=("plain",), names=(name, "Another Act"))
    assert [(one.law, one.pins) for one in found if isinstance(one, LawCitation)] == [(name, (Pin(number, path),))]


def test_a_plain_work_in_chinese_is_cited_in_chinese() -> None:
    written = form_law(a_work(Style.PLAIN, "多纳瓦租赁法", language="zh"), Pin("14a", ("2",)))
    assert written == "《多纳瓦租赁法》第14a条第二款"
    (found,) = find_citations(written)
    assert isinstance(found, LawCitation)
    assert (found.law, found.pins) == ("多纳瓦租赁法", (Pin("14a", ("2",)),))


def test_a_version_is_shown_and_read() -> None:
    work = a_work(Style.CHINESE, "中华人民共和国公司法", language="zh")
    written = form_law(work, Pin("20", ("3",)), version="2018修正")
    assert written == "《中华人民共和国公司法》（2018修正）第二十条第三款"
    (found,) = find_citations(written)
    assert isinstance(found, LawCitation)
    assert (found.law, found.version, found.pins) == (work.title, "2018修正", (Pin("20", ("3",)),))


@pytest.mark.parametrize(
    ("style", "pin", "written"),
    [
        (Style.US_CODE, Pin("101", ("a", "2")), "§ 101(a)(2)"),
        (Style.US_CODE, Pin("101", last="103"), "§§ 101-103"),
        (Style.US_CODE, Pin("1396a", note=True), "§ 1396a note"),
        (Style.GERMAN, Pin("823", ("1", "s2", "3")), "§ 823 Abs. 1 Satz 2 Nr. 3"),
        (Style.CHINESE, Pin("120-1", ("1",)), "第一百二十条之一第一款"),
        (Style.CHINESE, Pin("42", last="44"), "第四十二条至第四十四条"),
        (Style.EU, Pin("6", ("1", "f")), "Article 6(1)(f)"),
        (Style.UK, Pin("6", ("1", "b")), "s 6(1)(b)"),
        (Style.FRENCH, Pin("L121-1"), "article L. 121-1"),
    ],
)
def test_a_pin_alone(style: Style, pin: Pin, written: str) -> None:
    assert form_pin(style, pin) == written


CASE = Case(
    id="x/1", jurisdiction="x", name="Borak v. Stane", court="Regional Court of Dornava", decided=date(2019, 3, 14),
    docket="RC 123/2018", fictional=True,
)  # fmt: skip


@pytest.mark.parametrize(
    ("case", "paragraph", "written", "fields"),
    [
        (
            CASE, 5, "Borak v. Stane, Regional Court of Dornava, 14 March 2019, No. RC 123/2018, ¶ 5",
            {"name": "Borak v. Stane", "docket": "RC 123/2018", "decided": date(2019, 3, 14), "pin": "5"},
        ),
        (
            CASE.model_copy(update={"citations": ("[2019] RC 123",)}), None, "Borak v. Stane [2019] RC 123",
            {"name": "Borak v. Stane", "neutral": "[2019] RC 123"},
        ),
        (
            Case(id="us/1", jurisdiction="us", name="Ashcroft v. Iqbal", court="Supreme Court of the United States",
                 decided=date(2009, 5, 18), citations=("556 U.S. 662",)),
            None, "Ashcroft v. Iqbal, 556 U.S. 662 (2009)",
            {"volume": "556", "reporter": "U.S.", "page": "662", "year": 2009, "name": "Ashcroft v. Iqbal"},
        ),
        (
            Case(id="de/1", jurisdiction="de", name="", court="BGH", decided=date(2010, 5, 12), docket="I ZR 214/07",
                 language="de"),
            12, "BGH, Urteil vom 12. Mai 2010 - I ZR 214/07, Rn. 12",
            {"court": "BGH", "docket": "I ZR 214/07", "pin": "12", "decided": date(2010, 5, 12)},
        ),
        (
            Case(id="cn/1", jurisdiction="cn", name="", court="最高人民法院", docket="（2019）最高法民终123号",
                 language="zh"),
            3, "最高人民法院（2019）最高法民终123号，第3段", {"docket": "（2019）最高法民终123号", "year": 2019},
        ),
    ],
)  # fmt: skip
def test_a_case_is_read_as_it_is_written(
    case: Case, paragraph: int | None, written: str, fields: dict[str, object]
) -> None:
    assert form_case(case, paragraph) == written
    (found,) = find_citations(written)
    assert isinstance(found, CaseCitation)
    assert {name: getattr(found, name) for name in fields} == fields
