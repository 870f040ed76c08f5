"""Public holidays."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from holidays import country_holidays, list_supported_countries


def holiday_name(on: date, country: str) -> str:
    """Returns the public holiday's name (English where the source has it), or "" for none or an unknown country.

    `country` is an ISO 3166 code of two letters. Source: holidays.
    """
    return _holidays(country.upper(), on.year).get(on, "")


@lru_cache(maxsize=256)
def _holidays(country: str, year: int) -> Mapping[date, str]:
    if country not in list_supported_countries():
        return {}
    english = country_holidays(country, years=year, language="en_US")
    return {day: str(name) for day, name in english.items()}
