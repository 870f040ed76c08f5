"""Changes of a trip in words."""

import pytest

from metier_maps.facts import Money
from metier_maps.language import parse_edit


def said(text: str) -> list[tuple[str, str, int | None, object]]:
    read = parse_edit(text)
    assert read.not_understood == ()
    return [(e.kind, e.place.text if e.place else e.category, e.day, e.value) for e in read.edits]


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("drop the museum on day 2", ("drop", "museum", 2, None)),
        ("remove Sant Joan de Caselles", ("drop", "Sant Joan de Caselles", None, None)),
        ("drop the Arts and Crafts House on day 1", ("drop", "Arts and Crafts House", 1, None)),
        ("add Roc del Quer on day 3", ("add", "Roc del Quer", 3, None)),
        ("add a viewpoint on the last day", ("add", "viewpoint", -1, None)),
        ("move Sant Joan to day 1", ("move", "Sant Joan", 1, None)),
        ("swap the hotel on night 2", ("swap_lodging", "", 2, None)),
        ("swap the hotel on the second night for Hotel Plaza", ("swap_lodging", "Hotel Plaza", 2, None)),
        ("start a day later", ("shift_start", "", None, 1)),
        ("start two days earlier", ("shift_start", "", None, -2)),
        ("two more days", ("add_days", "", None, 2)),
        ("one day shorter", ("add_days", "", None, -1)),
        ("one more hour of driving is fine", ("more_driving", "", None, 3600)),
        ("30 minutes less driving a day", ("more_driving", "", None, -1800)),
        ("at most 4 hours of driving a day", ("drive_limit", "", None, 14400)),
        ("more relaxed", ("pace_by", "", None, -1)),
        ("at a relaxed pace", ("pace", "", None, "relaxed")),
        ("no lunch break", ("lunch", "", None, False)),
        ("budget 800 euros", ("budget", "", None, Money(cents=80000))),
        ("different hotel every night", ("lodging_policy", "", None, "change")),
        ("去掉第二天的博物馆", ("drop", "museum", 2, None)),
        ("每天多开一小时也可以", ("more_driving", "", None, 3600)),
        ("晚一天出发", ("shift_start", "", None, 1)),
        ("第三天加上圣琼教堂", ("add", "圣琼教堂", 3, None)),
        ("换第二晚的酒店", ("swap_lodging", "", 2, None)),
        ("轻松一点", ("pace_by", "", None, -1)),
        ("不吃午饭", ("lunch", "", None, False)),
        ("预算800欧元", ("budget", "", None, Money(cents=80000))),
    ],
)
def test_a_change_is_read(text: str, change: tuple[str, str, int | None, object]) -> None:
    assert said(text) == [change]


def test_several_changes_in_one_sentence_are_all_read() -> None:
    kinds = {change[0] for change in said("drop the museum on day 2, start a day later and no lunch break")}
    assert kinds == {"drop", "shift_start", "lunch"}


def test_what_is_no_change_is_not_understood() -> None:
    read = parse_edit("paint the hotel purple")
    assert read.edits == ()
    assert read.not_understood
