"""The time zone of a position."""

from functools import lru_cache

from timezonefinder import TimezoneFinder

from metier.errors import InputError


def zone_of(lat: float, lon: float) -> str:
    """Returns the IANA name of the time zone at a WGS-84 position, "UTC" where there is none.

    Raises InputError for a position that is not on Earth. Source: timezonefinder.
    """
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise InputError(f"{lat}, {lon} is no position on Earth.", hint="Latitude first, in degrees, WGS-84.")
    return _finder().timezone_at(lat=lat, lng=lon) or "UTC"


@lru_cache(maxsize=1)
def _finder() -> TimezoneFinder:
    return TimezoneFinder()
