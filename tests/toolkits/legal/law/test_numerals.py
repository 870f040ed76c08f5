"""Numerals are read as they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier.errors import InputError
from metier_legal.law.numerals import (
    LARGEST,
    format_chinese,
    format_roman,
    parse_arabic,
    parse_chinese,
    parse_roman,
)


@given(st.integers(0, LARGEST))
def test_chinese_is_read_as_it_is_written(number: int) -> None:
    assert parse_chinese(format_chinese(number)) == number


@given(st.integers(1, 3999))
def test_roman_is_read_as_it_is_written(number: int) -> None:
    assert parse_roman(format_roman(number)) == parse_roman(format_roman(number).lower()) == number


@given(st.integers(0, 10**15))
def test_digits_of_both_widths_mean_the_same(number: int) -> None:
    wide = str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert parse_arabic(str(number)) == parse_arabic(wide) == parse_chinese(wide) == number


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, "零"),
        (10, "十"),
        (12, "十二"),
        (110, "一百一十"),
        (103, "一百零三"),
        (1079, "一千零七十九"),
        (10_010, "一万零一十"),
        (10**8 + 1, "一亿零一"),
    ],
)
def test_chinese_is_written_as_statutes_write(number: int, written: str) -> None:
    assert format_chinese(number) == written


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("二〇一九", 2019),
        ("廿三", 23),
        ("卅", 30),
        ("两百", 200),
        ("１０７９", 1079),
        ("1079", 1079),
        ("一百二", 102),
        ("〇", 0),
        ("一千二百六十", 1260),
        ("三万亿", 3 * 10**12),
        ("10万", 100_000),
        ("十二万三千", 123_000),
    ],
)
def test_other_spellings_are_read(written: str, number: int) -> None:
    assert parse_chinese(written) == number


@given(st.text())
def test_any_text_is_a_number_or_none(text: str) -> None:
    for parse in (parse_chinese, parse_roman, parse_arabic):
        assert parse(text) is None or isinstance(parse(text), int)


@pytest.mark.parametrize("text", ["", "第三", "熊", "y", "IIII", "VX", "İ", "十" * 100, "9" * 5000])
def test_what_is_no_number_is_none(text: str) -> None:
    assert parse_chinese(text) is None
    assert parse_roman(text) is None
    assert parse_arabic(text) is None


@pytest.mark.parametrize("text", ["十百", "十十", "廿十", "二三十", "一百二三", "二三万"])
def test_chinese_signs_that_are_no_one_number_are_none(text: str) -> None:
    assert parse_chinese(text) is None


@pytest.mark.parametrize("number", [-1, LARGEST + 1])
def test_what_has_no_form_says_so(number: int) -> None:
    with pytest.raises(InputError, match="no Chinese form"):
        format_chinese(number)


@pytest.mark.parametrize("number", [0, 4000])
def test_what_has_no_roman_form_says_so(number: int) -> None:
    with pytest.raises(InputError, match="no roman form"):
        format_roman(number)
