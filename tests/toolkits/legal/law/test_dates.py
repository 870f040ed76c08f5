"""Dates are read as people write them, and what is no day of the calendar is none."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier_legal.law.dates import find_dates, read_iso

DAYS = st.dates(date(1000, 1, 1), date(2999, 12, 31))
SIGNS = "〇一二三四五六七八九"


def in_chinese(day: date) -> str:
    def tens(number: int) -> str:
        high, low = divmod(number, 10)
        return ("" if high == 0 else ("十" if high == 1 else SIGNS[high] + "十")) + (SIGNS[low] if low else "")

    return f"{''.join(SIGNS[int(digit)] for digit in f'{day.year:04}')}年{tens(day.month)}月{tens(day.day)}日"


@given(DAYS)
def test_every_spelling_of_a_day_is_that_day(day: date) -> None:
    spellings = (
        f"{day.day} {day:%B} {day.year}",
        f"{day:%B} {day.day}, {day.year}",
        f"{day:%d} {day:%b}. {day.year}",
        day.isoformat(),
        f"{day.day}.{day.month}.{day.year}",
        f"{day.year}年{day.month}月{day.day}日",
        in_chinese(day),
    )
    for spelling in spellings:
        text = f"On {spelling} the heating failed."
        (found,) = find_dates(text)
        assert (found.day, text[found.start : found.end]) == (day, spelling)


@pytest.mark.parametrize(
    "text",
    [
        "30 February 2021",
        "2021-13-01",
        "2021年2月30日",
        "31.4.2020",
        "version 1.2.3",
        "12-34",
        "5 AprİL 2020",
        "2020年十十月一日",
        "2020年十月十二三日",
    ],
)
def test_what_is_no_day_is_left_out(text: str) -> None:
    assert find_dates(text) == ()


@given(DAYS)
def test_a_day_is_read_as_iso_writes_it(day: date) -> None:
    assert read_iso(day.isoformat()) == day


@given(st.text(max_size=12) | st.sampled_from(["", "2021-13-01", "2021-02-30", "0000-01-01", "２０２１-01-01"]))
def test_what_iso_does_not_write_is_no_day(text: str) -> None:
    day = read_iso(text)
    assert day is None or text[:4].isdecimal()


@given(st.text(max_size=300))
def test_any_text_is_read_in_order(text: str) -> None:
    found = find_dates(text)
    assert [one.start for one in found] == sorted(one.start for one in found)
    assert all(timedelta(0) <= one.day - date(1, 1, 1) for one in found)
