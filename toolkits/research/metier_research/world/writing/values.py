"""How numbers, years and days are written: each page has a manner of its own."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from metier.world import Chance
from metier_research.world.truth.facts import Object
from metier_research.world.truth.kinds import Relation

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
WORDS: Final = {"m": "metres", "km": "kilometres", "cm": "centimetres", "%": "per cent", "km²": "square kilometres"}


@dataclass(frozen=True, slots=True)
class Manner:
    """Whether a page spells units out, and in which order it writes days."""

    spelt: bool
    month_first: bool

    def value(self, value: Object, relation: Relation) -> str:
        """Returns a number with its unit, a year or a day as running text has it."""
        if isinstance(value, date):
            return self.day(value)
        unit = relation.unit
        if not unit:
            return str(value)
        return f"{value:,} {WORDS.get(unit, unit) if self.spelt else unit}"

    def day(self, day: date) -> str:
        """Returns a day: "3 February 1921" or "February 3, 1921"."""
        month = MONTHS[day.month - 1]
        return f"{month} {day.day}, {day.year}" if self.month_first else f"{day.day} {month} {day.year}"


def draw_manner(chance: Chance) -> Manner:
    """Returns the manner of a page."""
    return Manner(spelt=chance.happens(0.4), month_first=chance.happens(0.2))


def plain_value(value: Object, relation: Relation) -> str:
    """Returns the value as an answer in few words has it."""
    return Manner(spelt=False, month_first=False).value(value, relation)
