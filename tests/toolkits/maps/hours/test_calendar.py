"""Sun, public holidays and time zones."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier.errors import InputError
from metier_maps.hours.calendar import holiday_name
from metier_maps.hours.sun import sun_times
from metier_maps.hours.zones import zone_of

OSLO = ZoneInfo("Europe/Oslo")


def test_holidays_are_named_in_english_by_country() -> None:
    assert holiday_name(date(2026, 12, 8), "AD") == "Immaculate Conception"
    assert holiday_name(date(2026, 12, 8), "ad") == "Immaculate Conception"
    assert "Chinese New Year" in holiday_name(date(2026, 2, 17), "CN")
    assert holiday_name(date(2026, 12, 9), "AD") == ""


@pytest.mark.parametrize("country", ["", "ZZ", "Andorra", "\x00"])
def test_an_unknown_country_has_no_holidays(country: str) -> None:
    assert holiday_name(date(2026, 12, 25), country) == ""


def test_the_sun_rises_and_sets_on_the_local_date() -> None:
    times = sun_times(42.5063, 1.5218, date(2026, 12, 4), ZoneInfo("Europe/Andorra"))
    assert times is not None
    assert [f"{moment:%H:%M}" for moment in times] == ["08:07", "17:20"]


def test_polar_day_and_night_have_no_sun_times() -> None:
    assert sun_times(69.65, 18.96, date(2026, 6, 21), OSLO) is None
    assert sun_times(69.65, 18.96, date(2026, 12, 21), OSLO) is None


@given(lat=st.floats(), lon=st.floats(), on=st.dates())
def test_sun_times_are_in_order_on_that_date_or_none(lat: float, lon: float, on: date) -> None:
    times = sun_times(lat, lon, on, OSLO)
    assert times is None or (times[0].date() == times[1].date() == on and times[1] - times[0] > timedelta(0))


def test_zones_are_found_by_position() -> None:
    assert zone_of(42.5063, 1.5218) == "Europe/Andorra"
    assert zone_of(39.9, 116.4) == "Asia/Shanghai"
    assert zone_of(0.0, -140.0).startswith("Etc/")


@pytest.mark.parametrize("at", [(91.0, 0.0), (0.0, 181.0), (float("nan"), 0.0)])
def test_a_position_off_the_earth_is_refused(at: tuple[float, float]) -> None:
    with pytest.raises(InputError, match="no position on Earth"):
        zone_of(*at)
