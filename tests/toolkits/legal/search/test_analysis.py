"""Texts become the terms that measured best: pairs of Chinese characters, stems of words, no words of grammar."""

from hypothesis import given
from hypothesis import strategies as st

from metier_legal.search.analysis import LONGEST_QUERY, query_terms, term_list


def test_chinese_becomes_pairs_and_keeps_words_and_numbers_whole() -> None:
    assert term_list("承租人，GDPR 第2016条", "zh") == ["承租", "租人", "第", "条", "gdpr", "2016"]


def test_a_chinese_name_in_an_english_text_is_paired_too() -> None:
    assert set(term_list("Obligations of 承租人", "en")) == {"承租", "租人", "oblig"}


def test_full_width_letters_and_digits_are_the_usual_ones() -> None:
    assert term_list("ＧＤＰＲ２０１６", "zh") == ["gdpr2016"]
    assert term_list("\uf9f4業", "zh") == ["林業"]


def test_english_loses_the_words_of_questions_and_keeps_stems() -> None:
    assert term_list("What are the obligations of the Tenant?", "en") == ["oblig", "tenant"]


def test_german_and_french_are_stemmed_and_folded() -> None:
    assert term_list("Kündigungen", "de") == term_list("Kündigung", "de")
    assert term_list("résiliations", "fr") == term_list("résiliation", "fr")


def test_other_languages_are_words_as_they_are() -> None:
    assert term_list("Los arrendatarios són", "es") == ["los", "arrendatarios", "son"]


def test_a_query_is_cut_and_has_each_term_once() -> None:
    assert query_terms("rent rent " + "x" * LONGEST_QUERY + " heat", "en") == ("rent",)


@given(st.text(), st.sampled_from(["en", "de", "fr", "zh", "xx", ""]))
def test_no_text_breaks_and_no_term_has_a_space(text: str, language: str) -> None:
    for term in term_list(text, language):
        assert term
        assert term.split() == [term]
        term.encode()
