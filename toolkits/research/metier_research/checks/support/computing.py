"""What a program's output may support: a number that it worked out from numbers that were read. Pure."""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import Final

from metier_research.checks.reading import Exhibit, short
from metier_research.language.amounts import Amount, find_amounts
from metier_research.language.dates import find_days

_LITERAL: Final = re.compile(r"(?<![\w.])\d+(?:_\d+)*(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])")
_PLAIN: Final = frozenset(map(Decimal, (0, 1, 2, 3, 4, 5, 7, 10, 12, 24, 60, 100, 365, 366, 1000, 3600, 1_000_000)))
_PARTS: Final = re.compile(r"\d+")


class Computed:
    """The output of a program beside the texts that its statement cites: a program may not bring numbers of its own."""

    def __init__(self, exhibit: Exhibit, texts: Sequence[str]) -> None:
        self._exhibit = exhibit
        self._texts = texts

    def deny(self, amount: Amount) -> str:
        """Returns why the output does not support the amount, or ""."""
        printed = find_amounts(self._exhibit.quoted)
        bare = [one for one in printed if amount.is_said_by(one)]
        years = [day for day in find_days(self._exhibit.quoted) if day.is_year and amount.number == day.first]
        if not bare and not years:
            return f"“{short(amount.written)}” is not what the program printed"
        if self.brought:
            return f"the program was given {short(self.brought)}, which no cited passage has"
        return ""

    @cached_property
    def brought(self) -> str:
        """Returns a number that the program was given and that stands in no cited text nor the question, or ""."""
        known = {Decimal(part) for text in self._texts for part in _PARTS.findall(text)}
        known |= {one.number for text in self._texts for one in find_amounts(text)}
        known |= {Decimal(day.first) for text in self._texts for day in find_days(text)}
        for match in _LITERAL.finditer(self._exhibit.field("code")):
            value = Decimal(match[0].replace("_", ""))
            if value not in _PLAIN and value not in known:
                return match[0]
        return ""
