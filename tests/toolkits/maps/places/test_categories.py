from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier.errors import InputError
from metier_maps.places.categories import (
    CATEGORIES,
    Wanted,
    ancestors_of,
    classify,
    find_category,
    kinds_of,
    near_categories,
    parse_category,
    synonyms,
)


def test_there_is_a_word_for_what_people_ask_for() -> None:
    asked = """castle viewpoint museum hotel lodging restaurant charging_station church lake peak playground pharmacy
    fuel parking supermarket toilets waterfall beach park zoo theatre cinema spa ski_resort camp_site hostel
    apartment chalet alpine_hut guest_house cafe bar bakery bank atm hospital police airport railway_station bus_station
    town village monument memorial ruins tower bridge market cave pass library winery garden palace
    fort sight food shop"""
    assert [word for word in asked.split() if find_category(word) is None] == []
    assert len(CATEGORIES) >= 60


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ({"tourism": "hotel"}, ("hotel", "lodging")),
        ({"tourism": "wilderness_hut"}, ("shelter", "service")),
        ({"tourism": "attraction", "historic": "castle"}, ("castle", "attraction", "sight")),
        ({"amenity": "place_of_worship", "religion": "christian"}, ("church", "place of worship", "sight")),
        ({"place": "city"}, ("city", "town", "settlement")),
        ({"shop": "florist"}, ("shop",)),
        ({"amenity": "restaurant;bar"}, ("restaurant", "bar", "food")),
        ({"amenity": "no"}, ()),
        ({"highway": "primary"}, ()),
        ({}, ()),
    ],
)
def test_tags_become_words_the_most_specific_first(tags: dict[str, str], words: tuple[str, ...]) -> None:
    assert classify(tags) == words


def test_the_wall_around_a_playground_is_no_sight() -> None:
    assert classify({"leisure": "playground", "barrier": "city_wall"}) == ("playground", "sport")


def test_what_is_closed_for_good_or_private_is_no_service_but_a_ruin_stays_a_sight() -> None:
    assert classify({"tourism": "hotel", "abandoned": "yes"}) == ()
    assert classify({"amenity": "parking", "access": "private"}) == ()
    assert "sight" in classify({"historic": "castle", "abandoned": "yes"})


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Hotels", Wanted("hotel")),
        ("camping", Wanted("camp site")),
        ("charging_stations", Wanted("charging station")),
        ("churches", Wanted("church")),
        ("博物馆", Wanted("museum")),
        ("充电站", Wanted("charging station")),
        ("pet-friendly hotel", Wanted("hotel", dogs=True)),
        ("dog friendly guesthouses", Wanted("guest house", dogs=True)),
        ("hotels that allow pets", Wanted("hotel", dogs=True)),
        ("允许宠物的酒店", Wanted("hotel", dogs=True)),
        ("wheelchair-accessible museum", Wanted("museum", wheelchair=True)),
        ("free parking", Wanted("parking", free=True)),
        ("pet-friendly", Wanted("", dogs=True)),
    ],
)
def test_what_people_write_is_understood(text: str, wanted: Wanted) -> None:
    assert parse_category(text) == wanted


def test_an_unknown_word_is_refused_with_near_ones() -> None:
    with pytest.raises(InputError) as caught:
        parse_category("musem")
    assert "museum" in caught.value.hint
    assert near_categories("restorant")[0] == "restaurant"
    with pytest.raises(InputError, match="No category"):
        parse_category("   ")


def test_every_wider_word_is_a_category_and_none_is_wider_than_itself() -> None:
    for word in CATEGORIES:
        assert set(ancestors_of(word)) <= set(CATEGORIES)
        assert word not in ancestors_of(word)
    assert {"hotel", "camp site", "alpine hut"} <= set(kinds_of("lodging"))


def test_every_synonym_and_its_plural_lead_to_a_category() -> None:
    assert set(synonyms().values()) == set(CATEGORIES)
    assert all(find_category(word) == category for word, category in synonyms().items())


def test_every_rule_of_every_category_gives_that_category() -> None:
    for category in CATEGORIES.values():
        for rule in category.rules:
            pairs = (part.split("=", 1) for part in rule.split("&"))
            tags = {key: "anything" if value == "*" else value for key, value in pairs}
            assert category.word in classify(tags), rule


@given(st.text(max_size=100))
def test_no_text_breaks_the_reader_of_categories(text: str) -> None:
    with suppress(InputError):
        assert parse_category(text).category in {"", *CATEGORIES}
