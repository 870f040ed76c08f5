"""A question in plain English or Chinese: its facts, what it asks, its days and whose law."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier.errors import InputError
from metier_legal.playbook.question import choose_jurisdiction, queries_of, read_question

SAMPLE = (
    "A tenant stopped paying after the heating failed for six weeks. May the landlord terminate? "
    "Date of the facts: 3 February 2021."
)
SAMPLE_ZH = "暖气停了六周后，承租人停止支付租金。出租人可以解除合同吗？事实日期：2021年2月3日。"


def test_facts_question_and_day_are_told_apart() -> None:
    read = read_question(SAMPLE, None)
    assert read.facts == ("A tenant stopped paying after the heating failed for six weeks.",)
    assert read.asking == "May the landlord terminate?"
    assert (read.language, read.event_date, read.as_of) == ("en", date(2021, 2, 3), None)


def test_chinese_is_read_alike() -> None:
    read = read_question(SAMPLE_ZH, None)
    assert read.facts == ("暖气停了六周后，承租人停止支付租金。",)
    assert read.asking == "出租人可以解除合同吗？"
    assert (read.language, read.event_date) == ("zh", date(2021, 2, 3))


def test_the_day_of_the_law_is_not_the_day_of_the_facts() -> None:
    read = read_question("Is a deposit due within 30 days? The lease ended on 1 May 2019. Law as of 2 June 2020.", None)
    assert (read.event_date, read.as_of) == (date(2019, 5, 1), date(2020, 6, 2))


def test_the_last_day_of_the_facts_decides() -> None:
    assert read_question("Let in 2015-01-02, unpaid since 2021-03-04. Eviction?", None).event_date == date(2021, 3, 4)


def test_typed_constraints_win() -> None:
    read = read_question(SAMPLE, {"event_date": "2020-01-01", "jurisdiction": "x-land", "language": "zh"})
    assert (read.event_date, read.jurisdiction, read.language) == (date(2020, 1, 1), "x-land", "zh")


@pytest.mark.parametrize("text", ["", "  \n"])
def test_no_text_is_no_question(text: str) -> None:
    with pytest.raises(InputError):
        read_question(text, None)


def test_a_date_that_is_none_is_an_error_of_the_caller() -> None:
    with pytest.raises(InputError, match="event_date"):
        read_question(SAMPLE, {"event_date": "yesterday"})


@pytest.mark.parametrize(
    ("text", "there", "expected"),
    [
        ("May I appeal under German law?", ("de", "us"), ("de", "")),
        ("May I appeal under German law?", ("us",), ("", "absent")),
        ("May I appeal?", ("us",), ("us", "")),
        ("May I appeal?", ("de", "us"), ("", "several")),
        ("中国法律允许吗？", ("cn", "us"), ("cn", "")),
        ("根据中国法律，可以解除合同吗？", ("cn", "us"), ("cn", "")),
        ("Is it lawful under D.C. law?", ("us", "us/dc"), ("us/dc", "")),
        ("May I appeal? Jurisdiction: us", ("de", "us"), ("us", "")),
        ("Let us appeal. May we?", ("de", "us"), ("", "several")),
        ("可以上诉吗？法域：x-moskethia。", ("us", "x-moskethia"), ("x-moskethia", "")),
        ("May I appeal in Moskethia?", ("us", "x-moskethia"), ("x-moskethia", "")),
    ],
)
def test_whose_law_is_never_guessed(text: str, there: tuple[str, ...], expected: tuple[str, str]) -> None:
    assert choose_jurisdiction(read_question(text, None), there) == expected


@pytest.mark.parametrize(
    ("text", "needs"), [("Is theft of 100 crowns a crime?", True), ("已过诉讼时效吗？", True), (SAMPLE, False)]
)
def test_crimes_and_limitation_need_a_day(text: str, needs: bool) -> None:
    assert read_question(text, None).needs_date is needs


@given(st.text(min_size=1, max_size=400).filter(lambda text: text.strip()))
def test_any_text_gives_facts_that_are_its_own_words(text: str) -> None:
    read = read_question(text, None)
    assert all(fact in text for fact in (*read.facts, read.asking))
    assert queries_of(read)
