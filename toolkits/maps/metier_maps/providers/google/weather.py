"""Forecasts by Google, which only the successor's server has: up to ten days, not in every country. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from metier_maps.providers.answers import Almanac, tell_weather
from metier_maps.providers.asking import cannot, find_spots
from metier_maps.providers.google.dialects import WEATHER, Dialect
from metier_maps.providers.google.places import desk_of
from metier_maps.providers.google.wire import GOOGLE, read_answer
from metier_maps.providers.plan import Plan, inquire
from metier_maps.providers.reading import number_of, record_of, records_of, text_of
from metier_maps.providers.records import Sky

_MOST_DAYS: Final = 10


def weather(dialect: Dialect, place: str, on: Sequence[date]) -> Plan:
    """Returns the plan that finds the forecasts of a place."""
    if not dialect.has_weather:
        raise cannot(GOOGLE, "for weather through this server")
    spots, _ = yield from find_spots(desk_of(dialect), [place])
    at = spots[0].point
    asked = inquire(WEATHER, latitude=at.lat, longitude=at.lon, type="forecast_daily", forecastDays=_MOST_DAYS)
    (told,) = yield (asked,)
    days = read_days(record_of(read_answer(told)))
    if on and days.keys().isdisjoint(on):
        raise cannot(
            GOOGLE, f"for weather on {min(on)}" + (f": it tells of {min(days)} to {max(days)}" if days else "")
        )
    return tell_weather(GOOGLE, Almanac(at, days, WEATHER, told.retrieved), on)


def read_days(value: Mapping[str, object]) -> dict[date, Sky]:
    """Returns the forecasts by date; a day without its temperatures in Celsius is left out."""
    days = {}
    for day in records_of(value.get("forecastDays")):
        on, low, high = _date(day), _celsius(day.get("minTemperature")), _celsius(day.get("maxTemperature"))
        if on is None or low is None or high is None:
            continue
        halves = [record_of(day.get(name)) for name in ("daytimeForecast", "nighttimeForecast")]
        words = " / ".join(dict.fromkeys(word for half in halves if (word := _words(half))))
        rain = [_rain(half) for half in halves]
        rain_mm = None if None in rain else round(sum(mm for mm in rain if mm is not None), 1)
        fallen = "" if rain_mm is None else f", {rain_mm:.1f} mm of rain or snow"
        text = f"{words or 'no words'}, {low:.0f} to {high:.0f} °C{fallen} (by Google)"
        days[on] = Sky(text, min_c=low, max_c=high, rain_mm=rain_mm)
    return days


def _date(day: Mapping[str, object]) -> date | None:
    shown = record_of(day.get("displayDate"))
    year, month, number = (shown.get(name) for name in ("year", "month", "day"))
    if not (isinstance(year, int) and isinstance(month, int) and isinstance(number, int)):
        return None
    try:
        return date(year, month, number)
    except (ValueError, OverflowError):
        return None


def _celsius(value: object) -> float | None:
    told = record_of(value)
    return number_of(told.get("degrees")) if told.get("unit", "CELSIUS") == "CELSIUS" else None


def _words(half: Mapping[str, object]) -> str | None:
    condition = record_of(half.get("weatherCondition"))
    return text_of(record_of(condition.get("description")).get("text")) or text_of(condition.get("type"))


def _rain(half: Mapping[str, object]) -> float | None:
    fallen = record_of(record_of(half.get("precipitation")).get("qpf"))
    return number_of(fallen.get("quantity")) if fallen.get("unit", "MILLIMETERS") == "MILLIMETERS" else None
