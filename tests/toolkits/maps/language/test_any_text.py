"""Any text at all: the grammar ends with a draft or one clear line."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import InputError
from metier_maps.language import parse_edit, parse_request
from metier_maps.language.chinese import numerals as chinese
from metier_maps.language.english import numerals as english

TODAY = date(2026, 11, 23)
WORDS = (
    "four days in from to 4 December 2026 and starting ending with my dog must see the at most hours driving a day"
    " budget 800 euros hotel every night no avoid"
    " , . / - 12/04 31 February three stars 酒店 每天 不超过 三 小时 出发 从 到"
    " 必去 和 天 预算 欧元 drop add swap on day later more 去掉 第二天 的 早 晚"
)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_no_text_crashes_the_grammar(text: str) -> None:
    read_both(text)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS.split()), max_size=25))
def test_no_salad_of_the_words_it_knows_crashes_the_grammar(words: list[str]) -> None:
    read_both(" ".join(words))


@given(st.integers(min_value=0, max_value=99_999))
def test_chinese_numerals_are_read_back(number: int) -> None:
    assert chinese.number_of(written_in_chinese(number)) == number


@given(st.integers(min_value=0, max_value=999_999))
def test_digits_with_and_without_thousands_are_read_back(number: int) -> None:
    assert english.number_of(f"{number:,}") == english.number_of(str(number)) == number


@given(st.integers(min_value=0, max_value=30), st.integers(min_value=0, max_value=59))
def test_hours_and_minutes_are_read_back(hours: int, minutes: int) -> None:
    assert english.seconds_of(f"{hours} hours and {minutes} minutes") == hours * 3600 + minutes * 60
    assert chinese.seconds_of(f"{hours}小时{minutes}分钟") == hours * 3600 + minutes * 60


def read_both(text: str) -> None:
    refusals = []
    try:
        draft = parse_request(text, TODAY)
        assert draft.end_date is None or draft.start_date is None or draft.start_date <= draft.end_date
        parse_edit(text)
    except InputError as error:
        refusals.append(error)
    assert all(error.hint and "\n" not in error.message for error in refusals)


def written_in_chinese(number: int) -> str:
    digits = "零一二三四五六七八九"
    if number < 10:
        return digits[number]
    for scale, sign in ((10_000, "万"), (1_000, "千"), (100, "百"), (10, "十")):
        if number >= scale:
            rest = number % scale
            gap = "零" if 0 < rest < scale // 10 else ""
            return written_in_chinese(number // scale) + sign + gap + (written_in_chinese(rest) if rest else "")
    raise AssertionError(number)
