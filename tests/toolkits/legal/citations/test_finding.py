"""Finding in any text: spans are exact, nothing overlaps, hostile texts are read in linear time."""

import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import InputError
from metier_legal.citations.citation import CaseCitation, LawCitation
from metier_legal.citations.finding import ALL, find_citations, keep_longest
from metier_legal.law.work import Style

PIECES = st.sampled_from(
    [
        "42 U.S.C. §§ 1983, 1988(b)",
        "Roe v. Wade, 410 U.S. 113 (1973)",
        "Id., at 5",
        "§ 823 Abs. 1 BGB",
        "§§ 280, 281 BGB",
        "《民法典》第五条、第六条",
        "本法第十条",
        "（2019）最高法民终123号",
        "Article 6(1)(f) GDPR",
        "Case C-131/12",
        "[2020] UKSC 5",
        "s 6(1) of the Housing Act 1988",
        "article 1240 du Code civil",
        "Tenancy Act § 12(2)",
        "No. RC 123/2018",
        *(
            "§ 4",
            "第三人",
            "supra, at 4",
            " and ",
            ", ",
            "; ",
            "\n",
            " ",
            "(",
            ")",
            "[",
            "]",
            "《",
            "》",
            "12",
            "v.",
            "See ",
        ),
        *("第", "条", "§"),
    ]
)
MEGABYTE = 1_000_000
FRUITLESS = [
    "(",
    ")",
    "[",
    "（",
    "《",
    "《》",
    "§",
    "第",
    "第一",
    "1",
    "1 ",
    "A ",
    "Act ",
    "Act of ",
    "supra, ",
    "A v. ",
]
FRUITLESS += [
    "以下简称",
    "本法",
    "《一》（以下简称",
    "（2019）",
    "（2019）民",
    "1 A",
    "1-",
    "1.",
    "[2019] ",
    "ECLI:EU:C:",
    "A.B. ",
]
FRUITLESS += [
    "BGH, Urteil vom ",
    "of the ",
    "We overrule ",
    "A. ",
    "Co. ",
    "The Act of the ",
    "Article 1 of the ",
    "\n",
    " ",
]
FRUITFUL = ["§ 1 ", "§§ 1, ", "第一条", "第一条、", "1 U.S. 1 ", "Art. 1 ", "A v. B, 1 U.S. 1; ", "§ 1(a)(b)", "s 1 "]
FRUITFUL += ["Id. ", "No. A 1/2018, ", "[2019] A 1 ", "A, supra; ", "article 1 et ", "Case C-1/12 ", "1 U.S.C. § 1, "]
FRUITFUL += ["I ZR 1/12 "]


@settings(deadline=None, max_examples=60)
@given(st.lists(PIECES, max_size=30))
def test_spans_are_exact_sorted_and_apart(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = find_citations(text)
    assert all(text[one.start : one.end] == one.text != "" for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@settings(deadline=None, max_examples=60)
@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert all(text[one.start : one.end] == one.text for one in find_citations(text))


@pytest.mark.parametrize("pattern", FRUITLESS)
@pytest.mark.timeout(60)
def test_a_hostile_text_in_which_nothing_is_cited_is_read(pattern: str) -> None:
    assert find_citations(pattern * (MEGABYTE // 25 // len(pattern))) == ()


@pytest.mark.parametrize("pattern", ["(", "§", "第", "《"])
def test_a_megabyte_of_one_sign_is_read(pattern: str) -> None:
    assert find_citations(pattern * MEGABYTE) == ()


@pytest.mark.parametrize("pattern", FRUITFUL)
@pytest.mark.timeout(60)
def test_a_text_of_nothing_but_citations_is_read_to_its_end(pattern: str) -> None:
    text = pattern * (8_000 // len(pattern)) + "。《民法典》第五百条。"
    found = find_citations(text)
    assert all(one.text == text[one.start : one.end] for one in found)
    assert "《民法典》第五百条" in [one.text for one in found]


def test_systems_are_chosen() -> None:
    text = "§ 823 Abs. 1 BGB, 《民法典》第五条 and 17 U.S.C. § 101"
    assert [one.text for one in find_citations(text, systems=("chinese",))] == ["《民法典》第五条"]
    assert find_citations(text, systems=("german",))[0].text == "§ 823 Abs. 1 BGB"
    assert len(find_citations(text)) == 3


def test_a_system_that_is_not_known_is_an_input_error() -> None:
    with pytest.raises(InputError, match="no grammar 'latin'") as caught:
        find_citations("", systems=("latin",))
    assert all(system in caught.value.hint for system in ALL)


def test_eyecite_is_not_loaded_where_nothing_american_is() -> None:
    code = (
        "import sys; from metier_legal.citations.finding import find_citations;"
        "assert 'eyecite' not in sys.modules;"
        "found = find_citations('依照《民法典》第五百七十七条，§ 823 BGB, 42 U.S.C. of nothing');"
        "assert len(found) == 2 and 'eyecite' not in sys.modules, found;"
        "assert find_citations('See 410 U.S. 113.') and 'eyecite' in sys.modules"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_of_two_readings_the_longer_is_kept() -> None:
    (found,) = find_citations("section 6 of the Human Rights Act 1998")
    assert isinstance(found, LawCitation)
    assert (found.law, found.style.value) == ("Human Rights Act 1998", "uk")


def test_a_longer_reading_that_begins_later_is_kept() -> None:
    short, long = CaseCitation(0, 5, "12345", "us"), CaseCitation(3, 20, "4" * 17, "eu")
    after = CaseCitation(20, 22, "55", "uk")
    assert keep_longest([after, long, short]) == [long, after]
    bare, named = LawCitation(0, 3, "§ 4", Style.GERMAN, ""), LawCitation(0, 3, "§ 4", Style.PLAIN, "BGB")
    assert keep_longest([bare, named]) == keep_longest([named, bare]) == [named]


def test_a_bare_section_is_of_the_law_before_it_and_of_none_without_one() -> None:
    def laws(text: str) -> list[tuple[str, bool]]:
        return [(one.law, one.carried) for one in find_citations(text) if isinstance(one, LawCitation)]

    assert laws("See § 1988.") == [("", True)]
    assert laws("42 U.S.C. § 1983, then § 1988.") == [("42 U.S.C.", False), ("42 U.S.C.", True)]
    assert laws("§ 823 BGB und § 826.") == [("BGB", False), ("BGB", True)]
    assert laws("§ 823 BGB und § 826(a).") == [("BGB", False), ("", True)]
    assert laws("42 U.S.C. § 1983." + " far" * 1_000 + " See § 1988.") == [("42 U.S.C.", False), ("", True)]


def test_id_and_short_forms_are_the_case_before_them_where_that_is_certain() -> None:
    def pages(text: str) -> list[str]:
        return [
            one.page for one in find_citations(text, systems=("us",)) if isinstance(one, CaseCitation) and one.carried
        ]

    assert (
        pages("Roe v. Wade, 410 U.S. 113 (1973). Id., at 120. Roe, 410 U.S., at 121. Roe, supra, at 9.") == ["113"] * 3
    )
    assert pages("Roe v. Wade, 410 U.S. 113 (1973). 42 U.S.C. § 1983. Id., at 120.") == [""]
    assert pages("Roe v. A, 410 U.S. 113 (1973); Roe v. B, 411 U.S. 5 (1974). Roe, supra, at 9.") == [""]
