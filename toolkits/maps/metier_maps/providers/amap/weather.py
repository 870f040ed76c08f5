"""Amap's weather: by the code of a district, which two other tools find from a position. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from metier_maps.providers.amap.places import DESK
from metier_maps.providers.amap.wire import AMAP, read_answer, write_location
from metier_maps.providers.answers import Almanac, tell_weather
from metier_maps.providers.asking import cannot, find_spots
from metier_maps.providers.plan import Plan, inquire
from metier_maps.providers.reading import first_text, number_of, records_of, text_of
from metier_maps.providers.records import Sky

TOOL: Final = "maps_weather"


def weather(place: str, on: Sequence[date]) -> Plan:
    """Returns the plan that finds the forecasts of a place. Amap foretells four days, today's the first."""
    spots, _ = yield from find_spots(DESK, [place])
    (named,) = yield (inquire("maps_regeocode", location=write_location(spots[0].point)),)
    area = read_area(read_answer(named) or {})
    if not area:
        raise cannot(AMAP, "for weather outside China")
    (coded,) = yield (inquire("maps_geo", address=area),)
    found = records_of((read_answer(coded) or {}).get("return"))
    code = next((text for each in found if (text := text_of(each.get("adcode")))), None)
    (told,) = yield (inquire(TOOL, city=code or area),)
    days = read_days(read_answer(told) or {})
    if on and days.keys().isdisjoint(on):
        raise cannot(AMAP, f"for weather on {min(on)}" + (f": it tells of {min(days)} to {max(days)}" if days else ""))
    return tell_weather(AMAP, Almanac(spots[0].point, days, TOOL, told.retrieved), on)


def read_area(value: Mapping[str, object]) -> str:
    """Returns the name of the district; the server writes "provice", and `[]` for the city of a municipality."""
    parts = (first_text(value, "provice", "province"), first_text(value, "city"), first_text(value, "district"))
    return "".join(dict.fromkeys(part for part in parts if part))


def read_days(value: Mapping[str, object]) -> dict[date, Sky]:
    """Returns the forecasts by date; a day without its temperatures is left out."""
    days = {}
    for cast in records_of(value.get("forecasts")):
        by_day, at_night = number_of(cast.get("daytemp")), number_of(cast.get("nighttemp"))
        try:
            on = date.fromisoformat(text_of(cast.get("date")) or "")
        except ValueError:
            continue
        if by_day is not None and at_night is not None:
            words = " / ".join(
                dict.fromkeys(w for name in ("dayweather", "nightweather") if (w := text_of(cast.get(name))))
            )
            text = f"{words or 'no words'}, {by_day:.0f} °C by day, {at_night:.0f} °C at night (by Amap)"
            days[on] = Sky(text, min_c=min(by_day, at_night), max_c=max(by_day, at_night))
    return days
