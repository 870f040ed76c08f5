"""Chinese requests: what each sentence says, and that nothing of it is guessed or lost."""

from datetime import date, time

import pytest

from metier.errors import InputError
from metier_maps.facts import Money
from metier_maps.language import Draft, parse_request
from metier_maps.request import Pets

TODAY = date(2026, 11, 23)


def read(text: str) -> Draft:
    return parse_request(text, TODAY)


def test_a_whole_request_is_understood() -> None:
    draft = read(
        "2026年12月4日起四天，在安道尔自驾，从安道尔城出发并返回，带狗，必去圣琼教堂和罗克德尔克尔观景台，每天开车不超过3小时，每晚换酒店"
    )
    assert draft.region is not None
    assert draft.start is not None
    assert draft.end == draft.start
    assert (draft.region.text, draft.start.text) == ("安道尔", "安道尔城")
    assert (draft.start_date, draft.end_date) == (date(2026, 12, 4), date(2026, 12, 7))
    assert tuple(m.text for m in draft.must_see) == ("圣琼教堂", "罗克德尔克尔观景台")
    assert draft.pets == Pets(kind="dog", confirmed=False)
    assert (draft.mode, draft.drive_limit_s, draft.lodging_policy) == ("car", 10800, "change")
    assert (draft.not_understood, draft.questions, draft.language) == ((), (), "zh")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026年12月4日起四天", date(2026, 12, 4), date(2026, 12, 7)),
        ("12月4日到7日", date(2026, 12, 4), date(2026, 12, 7)),
        ("12月30号至1月2号", date(2026, 12, 30), date(2027, 1, 2)),
        ("明天出发玩三天", date(2026, 11, 24), date(2026, 11, 26)),
        ("下周五出发", date(2026, 12, 4), None),
        ("这周末", date(2026, 11, 28), date(2026, 11, 29)),
        ("明年二月一日出发", date(2027, 2, 1), None),
        ("二〇二六年十二月四日", date(2026, 12, 4), None),
    ],
)
def test_dates_are_read_as_written(text: str, start: date, end: date | None) -> None:
    draft = read(text)
    assert (draft.start_date, draft.end_date, draft.not_understood) == (start, end, ())


@pytest.mark.parametrize("text", ["2026年2月30日出发", "十三月四日出发", "12月7日到4日", "玩400天", "玩零天"])
def test_impossible_dates_and_durations_are_refused(text: str) -> None:
    with pytest.raises(InputError):
        read(text)


def test_days_and_nights_that_disagree_are_asked() -> None:
    assert read("两天三晚").questions
    assert not read("四天三晚").questions


def test_preferences_are_read() -> None:
    draft = read(
        "两个大人一个孩子，预算一千欧元，喜欢城堡和博物馆，不去教堂，不要太赶，不吃午饭，至少三星，每天9点到18点"
    )
    assert (draft.adults, draft.children, draft.budget) == (2, 1, Money(cents=100000))
    assert (draft.interests, draft.avoid_categories) == (("castle", "museum"), ("church",))
    assert (draft.pace, draft.lunch, draft.min_stars) == ("relaxed", False, 3.0)
    assert (draft.day_start, draft.day_end) == (time(9), time(18))
    assert draft.not_understood == ()


def test_a_dog_that_must_be_allowed_is_a_requirement_and_a_dog_that_stays_home_is_none() -> None:
    assert read("酒店必须允许带狗").pets == Pets(kind="dog", confirmed=True)
    assert read("不要带狗").pets is None


def test_two_languages_in_one_text_are_both_read() -> None:
    draft = read("在Andorra玩4天, with my dog")
    assert draft.region is not None
    assert (draft.region.text, draft.days, draft.pets) == ("Andorra", 4, Pets(kind="dog", confirmed=False))


def test_questions_and_notes_are_in_chinese() -> None:
    assert "哪一天出发" in read("5/6/2027出发玩三天").questions[0].text
    assert "以哪个为准" in read("两天三晚").questions[0].text
    assert read("明天出发").notes == ("“明天”读作 2026-11-24",)
