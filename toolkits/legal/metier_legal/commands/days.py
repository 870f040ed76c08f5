"""The day that a command is asked about."""

from datetime import date, datetime

from metier.errors import InputError
from metier_legal.law.dates import read_iso


def read_day(text: str) -> date:
    """Returns the day that an option names, today for ""; raises InputError for what is no day."""
    day = read_iso(text) if text else datetime.now().astimezone().date()
    if day is None:
        raise InputError(f"{text!r} is no day.", hint="Write it as YYYY-MM-DD, such as 2021-02-03.")
    return day
