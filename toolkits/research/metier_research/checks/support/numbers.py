"""NUMBERS: every number, amount and date of a statement stands in the words that it cites. Pure."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Final

from metier_research.checks.reading import Exhibit, Fault, Reading, ids_of, short
from metier_research.checks.support.computing import Computed
from metier_research.checks.support.pairing import find_crossed
from metier_research.language.amounts import ORDINAL, Amount, find_amounts
from metier_research.language.dates import Day, find_days
from metier_research.language.names import codes_in
from metier_research.language.sentences import sentences_of
from metier_research.language.units import STRICT, units_in
from metier_research.pages.evidence import OUTPUT
from metier_research.report import Statement

_MOST_SUGGESTED: Final = 300
_LIST_GAP: Final = re.compile(r",\s+(?:and\s+)?|;\s+|\s+and\s+|、|和")
_MOST_COUNTED: Final = 60


def judge_numbers(reading: Reading, subject: str, statement: Statement) -> Iterator[Fault]:
    """Yields the numbers and dates of the statement that its quotes do not have, and those set beside wrong ones."""
    exhibits = tuple(one for one in reading.exhibits(subject) if one.item is not None)
    source = Support(exhibits, reading.task.text)
    claimed = find_amounts(statement.text)
    for amount in claimed:
        told = source.deny_amount(amount, claimed)
        if told:
            yield Fault(told, _repair(exhibits, amount.written), evidence=ids_of(exhibits))
    for day in find_days(statement.text):
        if not source.has_day(day):
            yield Fault(_tell_day(day, source), _repair(exhibits, day.written), evidence=ids_of(exhibits))
    known = "\n".join((*source.texts, *source.titles, reading.task.text))
    for code in codes_in(statement.text):
        if code not in known:
            yield Fault(f"“{code}” stands in none of its quotes", "Write it as the source does.")
    crossed = find_crossed(statement.text, [(one.said, one.field("title")) for one in exhibits if one.kind != OUTPUT])
    if crossed:
        yield Fault(crossed, "Set the number beside what the quote sets it beside.", evidence=ids_of(exhibits))


class Support:
    """The numbers that a statement may use: those of its quotes, and of the titles of the pages quoted."""

    def __init__(self, exhibits: Sequence[Exhibit], question: str) -> None:
        self.texts = tuple(one.quoted for one in exhibits if one.kind != OUTPUT and one.quoted)
        self.titles = tuple(one.field(name) for one in exhibits for name in ("title", "outdated"))
        self._passages = tuple(one.text for one in exhibits if one.kind != OUTPUT)
        self._computed = tuple(Computed(one, (*self.texts, question)) for one in exhibits if one.kind == OUTPUT)
        read = [one for one in exhibits if one.kind != OUTPUT]
        titled = [amount for title in self.titles for amount in find_amounts(title)]
        self.amounts = (*(amount for one in read for amount in one.amounts), *titled)
        dated = [day for title in self.titles for day in find_days(title)]
        self.days = (*(day for one in read for day in one.days), *dated)
        self._citations = len({(one.cited.evidence, one.quoted) for one in exhibits if one.kind != OUTPUT})

    def deny_amount(self, amount: Amount, claimed: Sequence[Amount]) -> str:
        """Returns why the quotes do not allow the amount, or ""."""
        if self.has_amount(amount):
            return ""
        rivals = [one for one in self.amounts if amount.is_rival(one)]
        if amount.measures == ORDINAL and not rivals:
            return ""  # "the first" mostly counts nothing that a quote would count
        if self._is_counted(amount) or self._is_worked_out(amount, claimed):
            return ""
        computed = [one.deny(amount) for one in self._computed]
        if "" in computed:
            return ""
        told = next((one for one in computed if one), f"“{short(amount.written)}” stands in none of its quotes")
        said = ", ".join(dict.fromkeys(f"“{short(one.written)}”" for one in rivals[:3]))
        return f"{told}; they say {said}" if said else told

    def has_amount(self, amount: Amount) -> bool:
        """Returns whether a quote says the amount."""
        same = [one for one in self.amounts if amount.noun and one.noun == amount.noun]
        if same and not any(amount.is_said_by(one) for one in same):
            return False  # the quote counts the same things, and otherwise
        fitting = [one for one in self.amounts if amount.is_said_by(one)]
        if any(self._is_same_measure(amount, one) for one in fitting):
            return True
        return any(day.is_year and amount.number == day.first and day.noun for day in self.days)

    def _is_same_measure(self, amount: Amount, other: Amount) -> bool:
        """Returns whether a unit that only one of them has is no change: the quote's page names it, or it is loose."""
        if amount.measures == other.measures:
            return True
        if not amount.measures:
            return other.measures not in STRICT
        units = [unit for text in (*self._passages, *self.titles) for unit in units_in(text)]
        bases = [other.number * unit.factor + unit.shift for unit in units if unit.measures == amount.measures]
        return any(abs(base - amount.base) <= amount.digit / 2 for base in bases)

    def _is_counted(self, amount: Amount) -> bool:
        """Returns whether the amount counts what is cited: the citations, or the lines or list members of a quote."""
        if amount.measures or amount.bound or not 1 < amount.number <= _MOST_COUNTED:
            return False
        counts = {self._citations} | {len(lines) for text in self.texts if len(lines := _rows(text)) > 1}
        counts |= {len(_LIST_GAP.split(one)) for text in self.texts for one in sentences_of(text) if ", " in one}
        return amount.number in counts

    def _is_worked_out(self, amount: Amount, claimed: Sequence[Amount]) -> bool:
        """Returns whether the amount is the sum or difference of two others that the statement gives and quotes."""
        if amount.bound:
            return False
        given = [one for one in claimed if one is not amount and self.has_amount(one)]
        for one, other in combinations(given, 2):
            points = (amount.measures, one.measures) == ("points", "share")  # what lies between two percentages
            alike = one.measures == other.measures and (amount.measures in ("", one.measures) or points)
            mine = amount.base if amount.measures else amount.number
            values = (one.base, other.base) if amount.measures else (one.number, other.number)
            if alike and mine in (abs(values[0] - values[1]), values[0] + values[1]):
                return True
        return amount.measures in ("", "months") and self._is_span_of_years(amount)

    def _is_span_of_years(self, amount: Amount) -> bool:
        years = sorted({day.first for day in self.days if day.first})
        spans = {later - earlier for earlier, later in combinations(years, 2)}
        whole = amount.number if not amount.measures or amount.unit == "year" else Decimal(-1)
        return whole in spans or (whole + 1 in spans and len(self._full_days()) > 1)

    def _full_days(self) -> list[Day]:
        return [day for day in self.days if day.day]

    def has_day(self, day: Day) -> bool:
        """Returns whether a quote says the day or year."""
        if any(day.is_said_by(other) for other in self.days):
            return True
        plain = (one for one in self.amounts if not one.measures)
        return day.is_year and any(one.number == day.first and (not day.noun or one.noun) for one in plain)


def _rows(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip(" |-:*•")]


def _tell_day(day: Day, source: Support) -> str:
    rivals = [one.written for one in source.days if day.is_rival(one)]
    said = ", ".join(dict.fromkeys(f"“{short(one)}”" for one in rivals[:3]))
    told = f"“{short(day.written)}” stands in none of its quotes"
    return f"{told}; they say {said}" if said else told


def _repair(exhibits: Sequence[Exhibit], written: str) -> str:
    """Returns the sentence of a cited passage that has the number, to be quoted; else that the quotes' own be given."""
    for exhibit in exhibits:
        for sentence in sentences_of(exhibit.text) if exhibit.kind != OUTPUT else ():
            if written in sentence and len(sentence) <= _MOST_SUGGESTED:
                return f"Quote the words that say it: “{sentence}”"
    return "Give the numbers of the quote, or cite the passage or computation that has this one."
