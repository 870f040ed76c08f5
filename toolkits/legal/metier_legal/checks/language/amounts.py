"""Numbers of a text by value and unit: durations, money, shares, counts, in figures and in words. Pure; linear time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from metier_legal.checks.language.days import find_days
from metier_legal.quoting.numbers import find_numerals

REMEMBERED: Final = 512
_SMALL_NAMES: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TEN_NAMES: Final = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL: Final = {name: value for value, name in enumerate(_SMALL_NAMES.split())}
_TENS: Final = {name: 10 * value for value, name in enumerate(_TEN_NAMES.split(), start=2)}
_SCALES: Final = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_NAMES: Final = "|".join(sorted((*_SMALL, *_TENS, *_SCALES), key=len, reverse=True))
_UNITS: Final = (
    ("day", "days?|Tagen?|jours?"),
    ("week", "weeks?|Wochen?|semaines?"),
    ("month", "months?|Monaten?|mois"),
    ("year", "years?|Jahren?|ans?|années?"),
    ("hour", "hours?|Stunden?|heures?"),
    ("minute", "minutes?"),
    ("percent", r"percent|per\s?cent|Prozent|pour\s?cent"),
    ("money", "dollars?|euros?|pounds?|USD|EUR|GBP|RMB|CNY|yuan|cents?|crowns?|marks?|francs?"),
)
_UNIT: Final = "|".join(f"(?P<{name}>{words})" for name, words in _UNITS)
_FOLLOWS: Final = re.compile(
    rf"(?:\s?-\s?|\s+)?(?:(?P<scale>hundred|thousand|million|billion)\s+)?"
    rf"(?:(?:calendar|business|working|consecutive|full|court)\s+)?(?:(?P<sign>[%％‰])|(?:{_UNIT})(?![A-Za-z]))",
    re.IGNORECASE,
)
_SPELLED: Final = re.compile(rf"\b(?:{_NAMES})(?:(?:\s+and\s+|[-\s]+)(?:{_NAMES}))*\b", re.IGNORECASE)
_FIGURE: Final = re.compile(
    r"(?<![\w.])(?P<money>[$€£¥￥])?\s?(?P<figure>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,15}(?:\.\d{1,9})?)(?![\d])"
)
_CHINESE_UNITS: Final = (
    ("day", ("日", "天", "个工作日", "个自然日", "工作日")),
    ("month", ("个月", "月")),
    ("year", ("年", "周年")),
    ("week", ("周", "个星期", "星期")),
    ("hour", ("小时", "个小时")),
    ("money", ("元", "美元", "欧元", "圆")),
    ("percent", ("%", "％", "‰")),
    ("times", ("倍",)),
    ("age", ("周岁", "岁")),
    ("article", ("条",)),
)
_SMALL_WORDS: Final = frozenset(("one", "One"))  # mostly a pronoun
_TIMES: Final = frozenset(("hour", "day", "week", "month", "year"))
_NUMBER_WORDS: Final = frozenset((*_SMALL, *_TENS, *_SCALES))
_LETTERS: Final = re.compile("[a-z]+")
_HAN: Final = re.compile("[\u3007\u4e00-\u9fff]")
_CALENDAR_YEAR: Final = 1000
_NAMED_FROM: Final = 13  # "two parties" counts nothing; spelled numbers count with a unit, or from here on


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in a text. `unit` is day, month, money, percent and so on, or "" for a bare number."""

    value: Decimal
    unit: str
    written: str

    def fits(self, other: "Amount") -> bool:
        """Returns whether both can mean the same: equal in value, and in unit where both have one."""
        return self.value == other.value and (self.unit == other.unit or not self.unit or not other.unit)

    def is_rival(self, other: "Amount") -> bool:
        """Returns whether both measure the same kind of thing: both times, both money, both shares."""
        return bool(self.unit) and (self.unit == other.unit or {self.unit, other.unit} <= _TIMES)


@lru_cache(maxsize=REMEMBERED)
def find_amounts(text: str) -> tuple[Amount, ...]:
    """Returns the numbers of a text; those of whole dates are left to `language.days`."""
    plain = _without_dates(text)
    return tuple(dict.fromkeys((*_figures(plain), *_spelled(plain), *_chinese(plain))))


def _without_dates(text: str) -> str:
    left, at = [], 0
    for dated in find_days(text):
        left.append(text[at : dated.start])
        at = dated.end
    return " · ".join((*left, text[at:]))


def _figures(text: str) -> Iterator[Amount]:
    for match in _FIGURE.finditer(text):
        if "\u4e00" <= text[match.end() : match.end() + 1] <= "\u9fff":
            continue  # the Chinese reader has it with its unit
        value = Decimal(match["figure"].replace(",", ""))
        scale, unit, end = _unit_after(text, match.end())
        unit = "money" if match["money"] else unit
        yield Amount(value * scale, _plain_unit(value, unit), text[match.start() : end].strip())


def _spelled(text: str) -> Iterator[Amount]:
    if _NUMBER_WORDS.isdisjoint(_LETTERS.findall(text.lower())):
        return
    for match in _SPELLED.finditer(text):
        if text[max(0, match.start() - 3) : match.start()].rstrip()[-1:].isdigit():
            continue  # "3 million" is read as one figure
        value = _value_of_words(match[0])
        scale, unit, end = _unit_after(text, match.end())
        if unit or value >= _NAMED_FROM:
            yield Amount(Decimal(value * scale), unit, text[match.start() : end].strip())


def write_figures(text: str) -> str:
    """Returns the text with English numbers in words as figures, "one" left: "fifty years" as "50 years"."""
    return _SPELLED.sub(lambda match: match[0] if match[0] in _SMALL_WORDS else str(_value_of_words(match[0])), text)


def _value_of_words(words: str) -> int:
    total = part = 0
    for word in re.split(r"[-\s]+", words.lower()):
        if word in _SCALES:
            part = (part or 1) * _SCALES[word]
            if _SCALES[word] > 100:
                total, part = total + part, 0
        else:
            part += _SMALL.get(word, 0) + _TENS.get(word, 0)
    return min(total + part, 10**15)


def _unit_after(text: str, at: int) -> tuple[int, str, int]:
    match = _FOLLOWS.match(text, at)
    if match is None:
        return 1, "", at
    scale = _SCALES[match["scale"].lower()] if match["scale"] else 1
    if match["sign"]:
        return scale, "percent", match.end()
    return scale, next(name for name, _ in _UNITS if match[name]), match.end()


def _chinese(text: str) -> Iterator[Amount]:
    for numeral in find_numerals(text) if _is_chinese(text) else ():
        following = text[numeral.end : numeral.end + 4]
        written = text[numeral.start : numeral.end]
        unit = "percent" if numeral.written.endswith(("%", "‰")) else _chinese_unit(following)
        if numeral.value is None or (not _is_chinese(written) and not _is_chinese(following[:1])):
            continue
        if unit or len(written) > 1 or written.isdecimal():
            yield Amount(numeral.value, _plain_unit(numeral.value, unit), written + following[:1])


def _chinese_unit(following: str) -> str:
    return next((name for name, words in _CHINESE_UNITS if following.startswith(words)), "")


def _plain_unit(value: Decimal, unit: str) -> str:
    """Returns the unit; a number of four figures before "year" or 年 is a year of the calendar, not a duration."""
    return "" if unit == "year" and value >= _CALENDAR_YEAR else unit


def _is_chinese(text: str) -> bool:
    return _HAN.search(text) is not None
