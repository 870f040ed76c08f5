"""Texts as long as are read at all: none keeps the grammar busy."""

from datetime import date

import pytest

from metier.errors import InputError
from metier_maps.language import parse_edit, parse_request
from metier_maps.language.chinese.edits import EDIT_RULES as CHINESE_EDITS
from metier_maps.language.english.edits import EDIT_RULES as ENGLISH_EDITS
from metier_maps.language.reading import rules_for
from metier_maps.language.sheet import LONGEST_RUN, LONGEST_TEXT, lay_out

TODAY = date(2026, 11, 23)


def test_a_text_beyond_the_bound_is_refused_in_one_line() -> None:
    with pytest.raises(InputError, match=f"at most {LONGEST_TEXT}"):
        parse_request("a" * (LONGEST_TEXT + 1), TODAY)
    with pytest.raises(InputError, match=f"at most {LONGEST_TEXT}"):
        parse_edit("a" * (LONGEST_TEXT + 1))


def test_runs_of_spaces_and_stuttered_words_are_read_as_one() -> None:
    assert lay_out("three   days \t in in in in Andorra").text == "three days in Andorra"
    assert lay_out("Walla Walla").text == "Walla Walla"


@pytest.mark.parametrize("text", ["三天", "three days"])
def test_no_pattern_repeats_a_choice_of_words_without_a_bound(text: str) -> None:
    patterns = [each.pattern.pattern for each in (*rules_for(text), *ENGLISH_EDITS, *CHINESE_EDITS)]
    assert [pattern for pattern in patterns if any(each in pattern for each in (r"\s+)*", "]+?)", "])+?)"))] == []
    assert any(f"{{0,{LONGEST_RUN}}}" in each.pattern.pattern for each in rules_for(text))


def test_a_chinese_text_that_says_nothing_is_still_chinese() -> None:
    assert parse_request("我想去玩", TODAY).language == "zh"
