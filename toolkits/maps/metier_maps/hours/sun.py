"""Sunrise and sunset."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from astral import Observer
from astral.sun import sun


@lru_cache(maxsize=4096)
def sun_times(lat: float, lon: float, on: date, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """Returns sunrise and sunset on the local date, to the second, or None.

    None means that there is no such pair: polar day, polar night, no position on Earth, or a zone so far from the place
    that the sun sets before it rises on that date. Heights and mountains are not considered. Source: astral.
    """
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return None
    try:
        times = sun(Observer(lat, lon), date=on, tzinfo=zone)
    except (ValueError, OverflowError):
        return None
    rise, down = times["sunrise"].replace(microsecond=0), times["sunset"].replace(microsecond=0)
    return (rise, down) if rise.date() == down.date() == on and rise.timestamp() < down.timestamp() else None
