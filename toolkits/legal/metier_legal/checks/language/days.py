"""The dates of a text, remembered: the same texts are looked through by several rules. Pure."""

import re
from functools import lru_cache
from typing import Final

from metier_legal.law.dates import Dated, find_dates

REMEMBERED: Final = 512
_YEAR: Final = re.compile(r"\d{4}|年")


@lru_cache(maxsize=REMEMBERED)
def find_days(text: str) -> tuple[Dated, ...]:
    """Returns the dates of a text in its order."""
    return find_dates(text) if _YEAR.search(text) else ()
