"""Numbers, units and dates as they are read out of texts."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier_research.language.amounts import Amount, find_amounts
from metier_research.language.dates import Day, find_days
from metier_research.language.numerals import read_chinese, read_english


@pytest.mark.parametrize(
    ("text", "number", "unit", "bound"),
    [
        ("4,210 inhabitants", "4210", "", ""),
        ("3 000 pupils", "3000", "", ""),
        ("about 4.2 million people", "4200000", "", "about"),
        ("$5bn", "5000000000", "USD", ""),
        ("-3.5 °C", "-3.5", "°C", ""),
        ("a 12-km road", "12", "km", ""),
        ("more than twenty-one towns", "21", "", "over"),
        ("at least 5 ha", "5", "ha", "least"),
        ("45 per cent", "45", "percent", ""),
        ("two thirds of it", "66.7", "percent", ""),
        ("人口约4.2万人", "42000", "", "about"),
        ("海拔4210米", "4210", "m", ""),
        ("三百二十人", "320", "", ""),
        ("the third bridge", "3", "ordinal", ""),
    ],
)
def test_a_number_is_read_with_its_unit_and_bound(text: str, number: str, unit: str, bound: str) -> None:
    (found,) = find_amounts(text)
    assert (found.number, found.unit, found.bound) == (Decimal(number), unit, bound)
    assert text[found.start : found.end].strip() == found.written


@pytest.mark.parametrize("text", ["A380", "3.11.2", "14:30", "in 1872", "one of them", "12 March 1872", "x²", "第"])
def test_codes_times_dates_and_pronouns_are_no_numbers(text: str) -> None:
    assert find_amounts(text) == ()


@pytest.mark.parametrize(
    ("text", "first", "last", "month", "day"),
    [
        ("12 March 1872", 1872, 1872, 3, 12),
        ("March 12, 1872", 1872, 1872, 3, 12),
        ("12th of March 1872", 1872, 1872, 3, 12),
        ("1872-03-12", 1872, 1872, 3, 12),
        ("12.3.1872", 1872, 1872, 3, 12),
        ("1872年3月12日", 1872, 1872, 3, 12),
        ("一八七二年三月", 1872, 1872, 3, 0),
        ("March 1872", 1872, 1872, 3, 0),
        ("in 1872", 1872, 1872, 0, 0),
        ("the 1870s", 1870, 1879, 0, 0),
        ("the 1800s", 1800, 1899, 0, 0),
        ("the 19th century", 1801, 1900, 0, 0),
        ("20世纪", 1901, 2000, 0, 0),
        ("on 5 May", 0, 0, 5, 5),
    ],
)
def test_a_date_is_read_as_far_as_it_is_given(text: str, first: int, last: int, month: int, day: int) -> None:
    (found,) = find_days(text)
    assert (found.first, found.last, found.month, found.day) == (first, last, month, day)


def test_both_ends_of_a_range_are_read() -> None:
    assert [day.first for day in find_days("from 1872–80 and 1901-1905")] == [1872, 1880, 1901, 1905]


def one(text: str) -> Amount:
    (found,) = find_amounts(text)
    return found


def day(text: str) -> Day:
    (found,) = find_days(text)
    return found


@pytest.mark.parametrize(
    ("claim", "source", "said"),
    [
        ("12 km", "12,000 m", True),
        ("7.5 miles", "12 km", True),
        ("7.6 miles", "12 km", False),
        ("53.6 °F", "12 °C", True),
        ("12 ha", "12 km²", False),
        ("12 km", "12 kg", False),
        ("about 4,000", "4,210", True),
        ("about 4,000", "4,600", False),
        ("4,000", "4,210", False),
        ("4,210", "more than 4,210", False),
        ("more than 4,210", "4,210", False),
        ("at least 4,210", "4,210", True),
        ("5 euros", "5 dollars", False),
    ],
)
def test_what_a_source_lets_say(claim: str, source: str, said: bool) -> None:
    assert one(claim).is_said_by(one(source)) is said


@pytest.mark.parametrize(
    ("claim", "source", "said"),
    [
        ("in 1872", "12 March 1872", True),
        ("12 March 1872", "in 1872", False),
        ("the 1870s", "March 1872", True),
        ("the 1880s", "March 1872", False),
        ("March 1872", "12 March 1872", True),
        ("April 1872", "12 March 1872", False),
        ("12 March", "12 March 1872", True),
    ],
)
def test_a_coarser_date_is_said_by_a_finer_one(claim: str, source: str, said: bool) -> None:
    assert day(claim).is_said_by(day(source)) is said


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 9_999_999))
def test_figures_are_read_back(number: int) -> None:
    text = f"It has {number:,} parts."
    assert [found.number for found in find_amounts(text)] + [found.first for found in find_days(text)] == [number]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="0123456789.,- %°CFkm²一二三百万年月日ABcd|/:\n", max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    for found in (*find_amounts(text), *find_days(text)):
        assert 0 <= found.start < found.end <= len(text)
        assert found.written.strip() == text[found.start : found.end].strip()


@pytest.mark.parametrize(
    ("words", "value"), [("twenty-one", 21), ("one hundred and five", 105), ("two thousand", 2000), ("two three", None)]
)
def test_english_numerals(words: str, value: int | None) -> None:
    assert read_english(words) == value


@pytest.mark.parametrize(
    ("signs", "value"), [("三百二十", 320), ("二〇二一", 2021), ("十二", 12), ("一万", 10_000), ("甲", None)]
)
def test_chinese_numerals(signs: str, value: int | None) -> None:
    assert read_chinese(signs) == value
