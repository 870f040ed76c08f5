"""What is missing, misspelled or hostile in the answers of map servers."""

import contextlib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import MetierError
from metier_maps.providers.amap.places import read_hours as read_amap_hours
from metier_maps.providers.amap.places import read_place as read_amap_place
from metier_maps.providers.amap.weather import read_area, read_days
from metier_maps.providers.amap.wire import read_answer as read_amap
from metier_maps.providers.google.hours import read_hours
from metier_maps.providers.google.places import read_place as read_google_place
from metier_maps.providers.google.routes import read_line
from metier_maps.providers.google.weather import read_days as read_google_days
from metier_maps.providers.google.wire import read_answer as read_google
from metier_maps.providers.plan import Reply
from metier_maps.providers.reading import number_of, quotable, read_json, text_of, whole_of

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def reply(text: str, *, is_error: bool = False) -> Reply:
    return Reply(text, is_error, NOW)


@pytest.mark.parametrize("missing", ["", "[]", "undefined", "null", "NaN", [], {}, None, 0, False, "  "])
def test_what_is_missing_has_no_text_however_it_is_written(missing: object) -> None:
    assert text_of(missing) is None


@pytest.mark.parametrize(
    "nothing", ["", "undefined", "[]", [], None, True, "1e999", "nan", 10**400, "twelve", -1, "-1"]
)
def test_what_is_no_amount_is_none(nothing: object) -> None:
    assert whole_of(nothing) is None


@pytest.mark.parametrize(("written", "amount"), [("1234", 1234), (1234, 1234), ("1234.4", 1234), (" 7 ", 7), ("0", 0)])
def test_amounts_are_whole_however_they_are_written(written: object, amount: int) -> None:
    assert whole_of(written) == amount


@settings(max_examples=40)
@given(JSON)
def test_numbers_and_texts_are_read_from_anything(value: Any) -> None:
    number_of(value)
    text = text_of(value)
    assert text is None or ("\n" not in text and len(text) <= 300)


@given(st.text(max_size=400))
def test_words_that_are_quoted_are_short_and_hold_no_address(text: str) -> None:
    quoted = quotable(f"{text} https://x.example/?key=0123456789abcdef {text} key=0123456789abcdef")
    assert len(quoted) <= 120
    assert "0123456789abcdef" not in quoted
    assert quoted.isprintable()


@settings(max_examples=40)
@given(JSON)
def test_no_answer_of_either_source_breaks_its_reader(value: Any) -> None:
    poi = value if isinstance(value, dict) else {"id": value, "location": value, "type": value, "places": value}
    for read in (read_hours, read_line):
        read(value)
    for read_object in (read_area, read_days, read_google_days):
        read_object(poi)


@given(st.text(max_size=200), st.booleans())
def test_any_text_is_an_answer_or_an_error_that_says_who_is_to_blame(text: str, is_error: bool) -> None:
    for read in (read_amap, read_google):
        with contextlib.suppress(MetierError):
            read(reply(text, is_error=is_error))


def test_json_that_is_nested_without_end_is_no_json() -> None:
    with pytest.raises(ValueError, match="no JSON"):
        read_json(reply("[" * 200_000))


def test_the_name_of_an_area_is_read_as_it_is_misspelled() -> None:
    assert read_area({"provice": "北京市", "city": [], "district": "朝阳区"}) == "北京市朝阳区"
    assert read_area({"province": "浙江省", "city": "杭州市", "district": "西湖区"}) == "浙江省杭州市西湖区"
    assert read_area({"provice": [], "city": [], "district": []}) == ""


def test_a_place_of_another_id_is_not_the_place_asked_for() -> None:
    poi = '{"id": "B0OTHER", "name": "x", "location": "120.1,30.2"}'
    assert read_amap_place(reply(poi), "B0ASKED") is None


def test_what_is_not_told_of_a_place_is_unknown() -> None:
    told = reply('{"name": "Inn", "location": {"lat": 1.5, "lng": 2.5}, "types": ["hotel"], "rating": 0}')
    place = read_google_place(told, "ChIJx")
    assert place is not None
    assert (place.dogs.value, place.wheelchair.value, place.fee.value) == ("unknown", "unknown", "unknown")
    assert (place.price.value, place.stars.value, place.phone.value, place.website.value) == (None, None, None, None)
    assert place.opening_hours.value is None


def test_a_link_that_is_none_is_not_shown() -> None:
    told = reply('{"name": "Inn", "location": {"lat": 1.5, "lng": 2.5}, "website": "javascript:alert(1)"}')
    place = read_google_place(told, "ChIJx")
    assert place is not None
    assert place.website.value is None


def test_nowhere_stands_for_a_position_that_is_not_told() -> None:
    assert read_google_place(reply('{"name": "Inn", "location": {"lat": 0, "lng": 0}}'), "ChIJx") is None


@pytest.mark.parametrize(
    ("line", "hours"),
    [
        ("9:00 AM – 5:00 PM", "09:00-17:00"),
        ("9:00\u202fAM\u2009–\u20095:00\u202fPM", "09:00-17:00"),
        ("1:00 – 5:30 PM", "13:00-17:30"),
        ("11:30 AM – 2:00 PM, 5:30 – 10:00 PM", "11:30-14:00,17:30-22:00"),
        ("6:00 PM – 2:00 AM", "18:00-02:00"),
        ("12:00 AM – 12:00 PM", "00:00-12:00"),
        ("09:00–17:00", "09:00-17:00"),
        ("Closed", "off"),
    ],
)
def test_english_hours_are_read(line: str, hours: str) -> None:
    read = read_hours({"weekday_text": [f"{day}: {line}" for day in DAYS]})
    assert read == "; ".join(f"{day} {hours}" for day in ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"))


def test_always_open_is_read_from_words_and_from_periods() -> None:
    assert read_hours({"weekday_text": [f"{day}: Open 24 hours" for day in DAYS]}) == "24/7"
    assert read_hours({"periods": [{"open": {"day": 0, "time": "0000"}}]}) == "24/7"


def test_periods_count_their_days_from_sunday() -> None:
    periods = [{"open": {"day": 0, "time": "1000"}, "close": {"day": 0, "time": "1600"}}]
    assert read_hours({"periods": periods}) == "Mo off; Tu off; We off; Th off; Fr off; Sa off; Su 10:00-16:00"


@pytest.mark.parametrize(
    "told",
    [
        {"weekday_text": [f"{day}: 09:00–17:00 Uhr" for day in ("Montag", "Dienstag", "Mittwoch")]},
        {"weekday_text": ["Monday: 9:00 AM – 5:00 PM"]},
        {"weekday_text": [f"{day}: Hours might differ" for day in DAYS]},
        {"weekday_text": [f"{day}: 13:00 PM – 5:00 PM" for day in DAYS]},
        {"weekday_text": [f"{day}: 9:00 AM – 25:00" for day in DAYS]},
        {"weekday_text": "Monday: Closed"},
        {"periods": [{"open": {"day": 9, "time": "1000"}, "close": {"day": 0, "time": "1600"}}]},
        {"periods": [{"open": {"day": 1, "time": "9am"}, "close": {"day": 1, "time": "1600"}}]},
        {"open_now": True},
        [],
        None,
    ],
)
def test_hours_in_other_words_are_unknown_and_never_wrong(told: object) -> None:
    assert read_hours(told) is None


@pytest.mark.parametrize(
    ("told", "hours"),
    [
        ("周一至周日 8:30-17:30", "08:30-17:30"),
        ("周一至周日 09:00-21:00", "09:00-21:00"),
        ("24小时营业", "24/7"),
        ("08:30-17:30", None),
        ("周一至周五 09:00-17:00", None),
        ("旺季 08:30-17:30", None),
        (None, None),
    ],
)
def test_hours_of_amap_count_where_they_hold_on_every_day(told: str | None, hours: str | None) -> None:
    assert read_amap_hours(told) == hours


def test_a_day_without_its_temperatures_has_no_forecast() -> None:
    cast = {"date": "2026-12-01", "daytemp": "20", "nighttemp": [], "dayweather": "晴"}
    assert read_days({"forecasts": [cast, {"date": "soon", "daytemp": "20", "nighttemp": "1"}]}) == {}
    warm = {"maxTemperature": {"degrees": 70, "unit": "FAHRENHEIT"}, "minTemperature": {"degrees": 50}}
    shown = {"displayDate": {"year": 2026, "month": 12, "day": 1}}
    assert read_google_days({"forecastDays": [{**shown, **warm}]}) == {}


def test_a_line_that_is_damaged_is_none() -> None:
    assert len(read_line("_p~iF~ps|U_ulLnnqC")) == 2
    for damaged in ("", "_p~iF", "\x00", 5, None, "~" * 50):
        assert read_line(damaged) == (), damaged
