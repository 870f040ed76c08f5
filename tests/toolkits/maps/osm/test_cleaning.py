import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier_maps.osm.cleaning import LONGEST_VALUE, MOST_TAGS, clean_tags, clean_text


def test_control_characters_and_direction_marks_go_and_html_stays_as_text() -> None:
    assert clean_text("Hotel\x00 \x07‮evil⁦ <script>alert(1)</script>\n\tBar") == (
        "Hotel evil <script>alert(1)</script> Bar"
    )


@pytest.mark.parametrize("mark", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\ufeff\u00ad")
def test_no_mark_that_turns_or_hides_text_stays(mark: str) -> None:
    assert clean_text(f"a{mark}b") == "ab"


def test_joiners_that_scripts_need_stay() -> None:
    assert clean_text("می‌خواهم") == "می‌خواهم"


@given(st.text(max_size=3_000))
def test_any_text_becomes_one_short_line_and_cleaning_twice_changes_nothing(text: str) -> None:
    clean = clean_text(text)
    assert len(clean) <= LONGEST_VALUE
    assert clean == clean_text(clean) == clean.strip()
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in clean)


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=30)), max_size=50))
def test_no_tag_is_left_without_key_or_value(pairs: list[tuple[str, str]]) -> None:
    assert all(key and value for key, value in clean_tags(pairs).items())


def test_a_thing_with_endless_tags_keeps_the_first_thousand() -> None:
    assert len(clean_tags((f"key{i}", "value") for i in range(5_000))) == MOST_TAGS
