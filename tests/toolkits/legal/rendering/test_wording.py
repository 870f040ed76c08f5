import re
from dataclasses import fields
from datetime import date
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier.check import CITED
from metier_legal.checks import CHECKS
from metier_legal.law.case import Part, Treatment
from metier_legal.law.provision import Standing
from metier_legal.law.work import Level
from metier_legal.memo import SECTIONS
from metier_legal.rendering.authorities.entry import Force
from metier_legal.rendering.wording.chinese import CHINESE
from metier_legal.rendering.wording.cleaning import MOST_MARKS, clean, one_line, paragraphs
from metier_legal.rendering.wording.english import ENGLISH
from metier_legal.rendering.wording.phrases import name_day, removed_line, subject_name, words_of
from metier_legal.rendering.wording.words import Words

LANGUAGES = pytest.mark.parametrize("words", [ENGLISH, CHINESE], ids=["english", "chinese"])


@given(st.text())
def test_cleaned_text_hides_and_reorders_nothing(text: str) -> None:
    cleaned = clean(text)
    assert all(
        category(letter) not in ("Cc", "Cf", "Cs", "Cn") for letter in cleaned.replace("\n", "").replace("\t", "")
    )
    assert clean(cleaned) == cleaned
    assert "\n" not in one_line(text)
    assert all("\n" not in line and line.strip() == line and line for line in paragraphs(text))


@given(st.text(st.characters(categories=("L", "N", "P", "Zs"))))
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    shown = clean(text)
    assert shown == text or re.search("[\u115f\u1160\u3164\uffa0]", text)


def test_marks_that_are_piled_on_one_letter_are_thinned_out() -> None:
    assert clean("a" + "\u0301" * 50 + "b") == "a" + "\u0301" * MOST_MARKS + "b"
    assert clean("Universita\u0300") == "Universita\u0300"


@pytest.mark.parametrize(
    "hidden", ["\u202e", "\u2067", "\u200b", "\ufeff", "\U000e0041", "\x1b", "\x00", "\u00ad", "\ud800"]
)
def test_characters_that_hide_are_left_out(hidden: str) -> None:
    assert clean(f"a{hidden}b") == "ab"


def test_all_kinds_of_line_ends_are_line_ends() -> None:
    assert paragraphs("a\r\nb\rc\u2028d\u0085e\x0bf") == ("a", "b", "c", "d", "e", "f")


@LANGUAGES
def test_a_language_has_a_word_for_everything(words: Words) -> None:
    assert set(words.sections) == set(words.nothing) == set(SECTIONS)
    assert set(words.forces) == {force.value for force in Force}
    assert set(words.standings) == {standing.value for standing in Standing}
    assert set(words.treatments) == {treatment.value for treatment in Treatment}
    assert set(words.parts) == {part.value for part in Part}
    assert set(words.levels) == {level.value for level in Level}
    assert set(words.changes) == set(words.ahead)
    assert set(words.rules) == {check.name for check in (*CHECKS, CITED)}


def test_forms_of_both_languages_take_the_same_number_of_words() -> None:
    for field in fields(Words):
        one, other = getattr(ENGLISH, field.name), getattr(CHINESE, field.name)
        forms = zip(one.items(), other.items(), strict=True) if isinstance(one, dict) else [((0, one), (0, other))]
        for (_, first), (_, second) in forms:
            if isinstance(first, str):
                assert len(re.findall(r"\{\d?\}", first)) == len(re.findall(r"\{\d?\}", second)), field.name


def test_days_are_named_in_both_languages() -> None:
    assert name_day(date(2021, 2, 3), ENGLISH) == "3 February 2021"
    assert name_day(date(2021, 2, 3), CHINESE) == "2021年2月3日"
    assert (words_of("en"), words_of("zh")) == (ENGLISH, CHINESE)


def test_findings_and_removed_claims_name_their_place() -> None:
    labels = {"/rules/0": 4}
    assert subject_name("/rules/0/authorities/1", ENGLISH, labels) == "¶\u202f4"
    assert subject_name("/rules/7", ENGLISH, labels) == "/rules/7"
    assert removed_line("/application/2: It is so.", ENGLISH) == "Application: It is so."
    assert removed_line("/application/2: 依法如此。", CHINESE) == "分析适用：依法如此。"
    assert removed_line("something else", ENGLISH) == "something else"
    assert removed_line("/a: x", ENGLISH) == "/a: x"
