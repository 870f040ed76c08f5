"""What is kept beside a reference: how it was read, by which names it may be found, the sentence it stands in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier_legal.citations.citation import CaseCitation, LawCitation, Pin
from metier_legal.corpus.keys import citation_key, citation_keys, docket_key, fold, name_keys, normal_text, party_key
from metier_legal.corpus.rows import dump_citation, load_citation
from metier_legal.corpus.writing.references import LONGEST_QUOTE, prepare, sentence_around
from metier_legal.law.case import Case, Paragraph, Reference
from metier_legal.law.work import Style

TEXT = (
    "We think so. See Atkins v. Virginia, 536 U. S. 304,\nat 307. The U. S. Court agrees. "
    "In Roe Co. v. Wade Inc. (410 U.S. 113) we held this!  Next one."
)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("536 U. S. 304", "See Atkins v. Virginia, 536 U. S. 304,\nat 307."),
        ("410 U.S. 113", "In Roe Co. v. Wade Inc. (410 U.S. 113) we held this!"),
        ("Next", "Next one."),
        ("not there", ""),
        ("", ""),
    ],
)
def test_the_sentence_of_a_reference_is_cut_at_stops_and_not_at_abbreviations(written: str, sentence: str) -> None:
    assert sentence_around(TEXT, written) == sentence


def test_a_chinese_sentence_ends_at_its_own_stops() -> None:
    text = "本院认为，应予支持。依照《民法典》第一条之规定，判决如下。驳回。"
    assert sentence_around(text, "《民法典》第一条") == "依照《民法典》第一条之规定，判决如下。"


@given(st.text(alphabet="ab. \nA。", max_size=2000), st.integers(0, 2000), st.integers(1, 20))
def test_a_sentence_is_part_of_its_text_has_the_reference_and_an_end(text: str, start: int, length: int) -> None:
    written = text[start : start + length].strip()
    found = sentence_around(text, written)
    assert found in text
    assert len(found) <= LONGEST_QUOTE
    assert written in found


def test_a_reference_that_says_nothing_alone_is_read_in_its_paragraph() -> None:
    paragraph = Paragraph(number=4, text="《中华人民共和国民法典》第一条有规定。该法第三条亦同。")
    reference = Reference(written="该法第三条", paragraph=4)
    case = Case(
        id="cn/1", jurisdiction="cn", name="甲诉乙", court="法院", paragraphs=(paragraph,), references=(reference,)
    )
    (ready,) = prepare(case)
    assert isinstance(ready.citation, LawCitation)
    assert ready.citation.law == "中华人民共和国民法典"
    assert "w 民法典" in ready.keys
    assert ready.quote == "该法第三条亦同。"


def test_what_its_source_resolved_is_not_read_again() -> None:
    reference = Reference(written="《民法典》第一条", cited="cn/民法典#1")
    case = Case(id="cn/1", jurisdiction="cn", name="甲诉乙", court="法院", references=(reference,))
    (ready,) = prepare(case)
    assert (ready.citation, ready.keys) == (None, ())


@pytest.mark.parametrize(
    "citation",
    [
        LawCitation(
            1, 9, "x", Style.CHINESE, "民法典", (Pin("1079", ("2",)), Pin("3", last="5", note=True)), "2018修正", True
        ),
        CaseCitation(0, 5, "x", "us", name="A v. B", year=1973, volume="410", reporter="U.S.", page="113", pin="120"),
    ],
)
def test_a_citation_comes_back_as_it_was_kept(citation: LawCitation | CaseCitation) -> None:
    assert load_citation(dump_citation(citation)) == citation


def test_one_thing_written_in_many_ways_has_one_key() -> None:
    assert (
        len({citation_key(written) for written in ("410 U.S. 113", "410 U. S. 113", "410 US 113", "０410 u.s. 113")})
        == 1
    )
    assert citation_key("1 U.S. 23") != citation_key("12 U.S. 3")
    assert (
        len(
            {
                docket_key(written)
                for written in ("（2019）最高法民终123号", "(2019) 最高法民终 123 号", "〔2019〕最高法民终123号")
            }
        )
        == 1
    )
    assert len({docket_key(written) for written in ("No. 15-1234", "Nos. 15‑1234", "15-1234")}) == 1
    assert docket_key("15-1234") != docket_key("151-234")
    assert len({party_key(written) for written in ("Roe v. Wade", "Roe vs. Wade", "ROE versus WADE")}) == 1
    assert citation_key("[2019] UKSC 5") == fold("[2019] uksc 5")
    assert citation_key("ECLI:EU:C:2014:317") == "ecli eu c 2014 317"
    assert name_keys("《中华人民共和国民法典》") == ("中华人民共和国民法典", "民法典")
    assert name_keys("17 U. S. C.") == name_keys("17 USC")


def test_the_name_of_a_case_is_a_key_only_when_it_is_cited_by_nothing_else() -> None:
    assert citation_keys(CaseCitation(0, 0, "", "us", name="Roe v. Wade")) == ("n roe v wade",)
    assert citation_keys(CaseCitation(0, 0, "", "us", name="Roe v. Wade", docket="70-18")) == ("c 70 18",)
    assert citation_keys(CaseCitation(0, 0, "", "us")) == ()


@given(st.text(max_size=20))
def test_keys_and_normal_texts_are_stable(text: str) -> None:
    assert normal_text(normal_text(text)) == normal_text(text)
    assert fold(fold(text)) == fold(text)
