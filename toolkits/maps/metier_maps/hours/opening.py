"""Opening hours of a place on a date."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Window:
    """An interval in which a place is open.

    In local time with its zone; it may end on the next day (past midnight). `last_entry` is the latest moment to go in (`closes` when nothing else is stated).
    `text` is the opening_hours value, or the assumption when `assumed`.
    """

    opens: datetime
    closes: datetime
    last_entry: datetime
    text: str
    assumed: bool = False
