"""English requests: what each sentence says, and that nothing of it is guessed or lost."""

from datetime import date, time

import pytest

from metier.errors import InputError
from metier_maps.facts import Money
from metier_maps.language import Draft, parse_request
from metier_maps.request import Pets

TODAY = date(2026, 11, 23)
EXAMPLE = (
    "Four days in Andorra by car from 4 December 2026, starting and ending in Andorra la Vella, with my dog. I must see"
    " Sant Joan de Caselles and the Mirador Roc del Quer, at most 3 hours of driving a day, a different hotel"
    " every night"
)


def read(text: str) -> Draft:
    return parse_request(text, TODAY)


def names(draft: Draft) -> tuple[str, ...]:
    return tuple(mention.text for mention in draft.must_see)


def test_the_example_of_the_readme_is_understood_whole() -> None:
    draft = read(EXAMPLE)
    assert draft.region is not None
    assert draft.start is not None
    assert draft.end == draft.start
    assert (draft.region.text, draft.start.text) == ("Andorra", "Andorra la Vella")
    assert (draft.start_date, draft.end_date, draft.days) == (date(2026, 12, 4), date(2026, 12, 7), 4)
    assert names(draft) == ("Sant Joan de Caselles", "Mirador Roc del Quer")
    assert draft.pets == Pets(kind="dog", confirmed=False)
    assert (draft.mode, draft.drive_limit_s, draft.lodging_policy) == ("car", 10800, "change")
    assert (draft.not_understood, draft.questions, draft.notes) == ((), (), ())
    assert draft.language == "en"


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("from 4 December 2026", date(2026, 12, 4), None),
        ("4th of December 2026", date(2026, 12, 4), None),
        ("December 4, 2026", date(2026, 12, 4), None),
        ("Dec 4th", date(2026, 12, 4), None),
        ("4-7 Dec 2026", date(2026, 12, 4), date(2026, 12, 7)),
        ("from 4 to 7 December", date(2026, 12, 4), date(2026, 12, 7)),
        ("December 4-7, 2026", date(2026, 12, 4), date(2026, 12, 7)),
        ("4 December to 2 January", date(2026, 12, 4), date(2027, 1, 2)),
        ("30 December - 2 January 2027", date(2026, 12, 30), date(2027, 1, 2)),
        ("Dec 30 to Jan 2", date(2026, 12, 30), date(2027, 1, 2)),
        ("2026-12-04", date(2026, 12, 4), None),
        ("2026-12-04 to 2026-12-07", date(2026, 12, 4), date(2026, 12, 7)),
        ("from 2026-12-04 until 2026-12-07", date(2026, 12, 4), date(2026, 12, 7)),
        ("on 4.12.2026", date(2026, 12, 4), None),
        ("25/12/2026", date(2026, 12, 25), None),
        ("12/25/2026", date(2026, 12, 25), None),
        ("tomorrow", date(2026, 11, 24), None),
        ("next Friday", date(2026, 11, 27), None),
        ("this weekend", date(2026, 11, 28), date(2026, 11, 29)),
        ("1 February", date(2027, 2, 1), None),
        ("29 February", date(2028, 2, 29), None),
    ],
)
def test_dates_are_read_as_written(text: str, start: date, end: date | None) -> None:
    draft = read(text)
    assert (draft.start_date, draft.end_date) == (start, end)
    assert draft.not_understood == ()


def test_a_date_that_two_orders_allow_is_asked_with_both() -> None:
    draft = read("Three days in Monaco on 12/04/2026")
    assert draft.start_date is None
    (question,) = draft.questions
    assert [choice[-11:-1] for choice in question.choices] == ["2026-04-12", "2026-12-04"]


def test_a_year_that_was_not_said_is_stated() -> None:
    assert read("from 4 December").notes == ('"from 4 December" read as 2026-12-04',)


@pytest.mark.parametrize(
    "text",
    [
        "31 February 2026",
        "2026-13-01",
        "30 February",
        "32 December 2026",
        "from 7 to 4 December 2026",
        "2026-12-07 to 2026-12-04",
        "0 days from tomorrow",
        "400 days in Andorra",
        "four hundred days",
        "from 2026-12-01 to 2027-12-01",
        "31/31/2026",
    ],
)
def test_impossible_dates_and_durations_are_refused_in_one_line(text: str) -> None:
    with pytest.raises(InputError) as caught:
        read(text)
    assert "\n" not in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("a week", 7),
        ("two weeks", 14),
        ("3 nights", 4),
        ("a 4-day trip", 4),
        ("3 days and 2 nights", 3),
        ("day trip", 1),
    ],
)
def test_durations_are_read(text: str, days: int) -> None:
    assert read(text).days == days


def test_contradicting_numbers_of_days_are_asked() -> None:
    assert read("3 days from 2026-12-04 to 2026-12-07").questions
    assert read("3 days and 3 nights").questions


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("at most 3 hours of driving a day", 10800),
        ("max 3h driving per day", 10800),
        ("no more than two and a half hours in the car per day", 9000),
        ("I don't want to drive more than 2 hours a day", 7200),
        ("up to 90 minutes of driving daily", 5400),
        ("driving at most 3 hours a day", 10800),
        ("drive limit 2.5 hours", 9000),
    ],
)
def test_driving_limits_are_read(text: str, seconds: int) -> None:
    draft = read(text)
    assert (draft.drive_limit_s, draft.not_understood, draft.days) == (seconds, (), None)


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("budget 800 euros", Money(cents=80000)),
        ("with a budget of €1,200", Money(cents=120000)),
        ("at most 500 USD in total", Money(cents=50000, currency="USD")),
        ("budget of 950 SKR", Money(cents=95000, currency="SKR")),
        ("for no more than a thousand pounds", Money(cents=100000, currency="GBP")),
    ],
)
def test_budgets_are_read(text: str, money: Money) -> None:
    draft = read(text)
    assert (draft.budget, draft.not_understood) == (money, ())


def test_a_budget_without_a_currency_is_asked() -> None:
    assert "currency" in read("budget 500").questions[0].text


def test_a_price_per_night_is_an_estimate_and_a_cap_per_night_is_not_understood() -> None:
    assert read("hotels cost about 90 euros a night").lodging_price == Money(cents=9000)
    capped = read("at most 90 euros a night")
    assert capped.lodging_price is None
    assert capped.budget is None
    assert capped.not_understood


@pytest.mark.parametrize(
    ("text", "kind", "confirmed"),
    [
        ("with my dog", "dog", False),
        ("with two dogs", "dog", False),
        ("with our old cat", "cat", False),
        ("dog-friendly hotels only", "dog", True),
        ("the hotels must allow dogs", "dog", True),
        ("hotels that welcome pets", "pet", True),
        ("with my dog, pet-friendly hotels", "dog", True),
        ("pets must be allowed", "pet", True),
    ],
)
def test_pets_come_along_or_must_be_confirmed(text: str, kind: str, confirmed: bool) -> None:
    draft = read(text)
    assert draft.pets is not None
    assert (draft.pets.kind, draft.pets.confirmed, draft.not_understood) == (kind, confirmed, ())


def test_party_pace_lunch_lodging_and_hours_are_read() -> None:
    draft = read(
        "two adults and one child, at a relaxed pace, no lunch break, the same hotel every night, at least 3 stars,"
        " from 9 am to 6 pm every day"
    )
    assert (draft.adults, draft.children, draft.pace, draft.lunch) == (2, 1, "relaxed", False)
    assert (draft.lodging_policy, draft.min_stars) == ("stay", 3.0)
    assert (draft.day_start, draft.day_end) == (time(9), time(18))
    assert draft.not_understood == ()


def test_a_family_is_asked_who_it_is() -> None:
    assert "adults" in read("a family of four").questions[0].text


def test_places_interests_and_what_to_avoid_are_kept_apart() -> None:
    draft = read(
        "From Encamp to Ordino, I want to see Sant Joan, the Casa de la Vall and Pal; we love castles and museums,"
        " avoid Pas de la Casa, no churches"
    )
    assert draft.start is not None
    assert draft.end is not None
    assert (draft.start.text, draft.end.text) == ("Encamp", "Ordino")
    assert names(draft) == ("Sant Joan", "Casa de la Vall", "Pal")
    assert draft.interests == ("castle", "museum")
    assert tuple(m.text for m in draft.avoid) == ("Pas de la Casa",)
    assert draft.avoid_categories == ("church",)
    assert draft.not_understood == ()


def test_the_whole_list_stays_known_for_a_name_with_and_in_it() -> None:
    assert read("I must see the Museum of Arts and Crafts").must_see[0].phrase == "Museum of Arts and Crafts"


def test_a_second_saying_that_differs_is_asked() -> None:
    assert read("budget 500 euros, budget 600 euros").questions[0].choices == ("500.00 EUR", "600.00 EUR")


def test_what_is_not_understood_is_reported_as_it_stands() -> None:
    draft = read("Four days in Andorra, teleport me between xylophones")
    assert draft.days == 4
    assert draft.not_understood == ("teleport me between xylophones",)


@pytest.mark.parametrize("text", ["Quatre jours en Andorre avec mon chien", "asdf qwer zxcv", "Ⓑⓐⓡ 12 foo"])
def test_a_text_in_no_language_known_is_not_understood(text: str) -> None:
    draft = read(text)
    assert draft.language == "none"
    assert draft.not_understood
    assert (draft.region, draft.start, draft.start_date, draft.days) == (None, None, None, None)


@pytest.mark.parametrize(
    ("text", "interests"),
    [
        ("A day trip in Andorra, from Ordino and back to Ordino, castles and viewpoints", ("castle", "viewpoint")),
        ("Two days in Monaco on foot, museums, relaxed pace", ("museum",)),
        ("3 days in Andorra, avoid churches, interested in viewpoints and museums", ("viewpoint", "museum")),
        ("安道尔三天，博物馆和城堡", ("museum", "castle")),
    ],
)
def test_kinds_of_sights_that_are_only_listed_are_interests(text: str, interests: tuple[str, ...]) -> None:
    draft = read(text)
    assert draft.interests == interests
    assert draft.not_understood == ()


def test_a_list_of_kinds_with_a_word_that_no_rule_reads_is_not_understood() -> None:
    draft = read("Two days in Monaco, hardly museums")
    assert draft.interests == ()
    assert draft.not_understood == ("hardly museums",)


def test_what_must_be_seen_is_a_must_see() -> None:
    assert names(read("Two days in Andorra. Sant Joan de Caselles must be seen")) == ("Sant Joan de Caselles",)


@pytest.mark.parametrize("text", ["I want to go somewhere nice", "I would like to see something"])
def test_a_wish_to_go_somewhere_names_no_region(text: str) -> None:
    assert read(text).region is None
