"""Sentences cut where commas and "and" part them: what stands in one stretch belongs together. Pure."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from metier_research.language.amounts import Amount, find_amounts
from metier_research.language.dates import Day, find_days
from metier_research.language.names import Name, find_names
from metier_research.language.words import find_content, fold

_LABEL: Final = re.compile(r"(?:\A\s*\||[–—])\s*([A-Z][\w ]{1,30}?)\s*[|:]")  # "| Length |", "– Length:"
REMEMBERED: Final = 1_024
_GAP: Final = re.compile(r"[;\n]|,(?!\d)|\s(?:and|but|while|whereas|compared with|against|versus)\s|，|；|而|、")
_LIES: Final = find_content("lies")


@dataclass(frozen=True)
class Stretch:
    """A piece of a sentence between commas and "and": what stands in one belongs together."""

    text: str

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Returns its names."""
        return tuple(name.text for name in find_names(self.text))

    @cached_property
    def values(self) -> tuple[Amount | Day, ...]:
        """Returns its numbers and dates."""
        return find_values(self.text)

    @cached_property
    def body(self) -> frozenset[str]:
        """Returns its content words without its names, numbers and dates; the label of a row is no name.

        "Lies 12 km from" says no more than "is 12 km from".
        """
        parts: list[Name | Amount | Day] = [*find_names(self.text), *self.values]
        plain = self.text
        for part in sorted(parts, key=lambda one: -one.start):
            plain = f"{plain[: part.start]} {plain[part.end :]}"
        labels = " ".join(match[1] for match in _LABEL.finditer(self.text))
        measured = any(isinstance(one, Amount) and one.measures == "length" for one in self.values)
        return find_content(f"{plain} {labels}") - (_LIES if measured else frozenset())

    def has(self, name: str) -> bool:
        """Returns whether the name stands in it."""
        return fold(name) in fold(self.text)

    def says(self, value: Amount | Day) -> bool:
        """Returns whether it says the value."""
        return any(is_said(value, other) for other in self.values)


@lru_cache(maxsize=REMEMBERED)
def cut_stretches(text: str) -> tuple[Stretch, ...]:
    """Returns the stretches of a text; a row of a table is one."""
    pieces = text.splitlines() if text.lstrip().startswith("|") else _GAP.split(text)
    return tuple(Stretch(piece) for piece in pieces if piece.strip())


def find_values(text: str) -> tuple[Amount | Day, ...]:
    """Returns the numbers and then the dates of a text."""
    return (*find_amounts(text), *find_days(text))


def is_said(value: Amount | Day, other: Amount | Day) -> bool:
    """Returns whether a number is allowed by a number, or a date by a date."""
    if isinstance(value, Amount) and isinstance(other, Amount):
        return value.is_said_by(other)
    return isinstance(value, Day) and isinstance(other, Day) and value.is_said_by(other)
