"""The numbers of a text by value and unit, with the words that bound them. Pure; linear time."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal

from metier_research.language.dates import find_days
from metier_research.language.numerals import (
    CHINESE_SCALES,
    CHINESE_SIGNS,
    ORDINALS,
    SCALES,
    SPELLED,
    read_chinese,
    read_english,
)
from metier_research.language.units import SYMBOLS, Unit, read_unit, unit_named
from metier_research.language.words import stem_of

REMEMBERED: Final = 1_024
Bound = Literal["", "about", "over", "under", "least", "most"]
ORDINAL: Final = "ordinal"
_FIGURE: Final = re.compile(
    r"(?<![A-Za-z0-9_.,/:])(?P<sign>[−-](?=[\d$€£¥]))?(?P<money>[$€£¥￥])?\s?"
    r"(?P<figure>\d{1,3}(?:[,\u202f\u00a0]\d{3})+(?:\.\d{1,9})?|\d{1,3}(?:\s\d{3})+(?!\d)|\d{1,18}(?:\.\d{1,9})?)"
    r"(?![\d/:]|\.\d|,\d{3})"
)
_ORDINAL: Final = re.compile(r"(?<![\w.])(\d{1,4})(?:st|nd|rd|th)\b|第(\d{1,4})")
_NTH: Final = re.compile(rf"\b(?:{'|'.join(ORDINALS)})\b", re.IGNORECASE)
_SCALE: Final = re.compile(
    rf"[\s-]?(?:(?P<word>{'|'.join(SCALES)})s?\b|(?P<short>bn|mn)\b|(?P<signs>[万亿]+))", re.IGNORECASE
)
_SHORT: Final = {"bn": 10**9, "mn": 10**6}
_SPELLED: Final = re.compile(SPELLED, re.IGNORECASE)
_DOZEN: Final = re.compile(r"\b(?:(one|two|three|four|five|six) |a )?dozen\b", re.IGNORECASE)
_FRACTION: Final = re.compile(
    r"\b(?:(a|one|two|three)[\s-])?(half|halves|thirds?|quarters?|fifths?)(?=\s+of\b)", re.IGNORECASE
)
_PARTS: Final = {"half": 2, "halve": 2, "third": 3, "quarter": 4, "fifth": 5}
_CHINESE: Final = re.compile(rf"(?P<signs>[{CHINESE_SIGNS}]+)(?P<next>[\u3400-\u9fff%]?)")
_CHINESE_COUNTED: Final = frozenset(
    "个位名座条年岁人次部本所家艘枚米公千英里元万亿种支只间层届代场天小分秒周美欧日克吨升度"
)
_BOUNDS: Final[tuple[tuple[Bound, re.Pattern[str]], ...]] = (
    ("least", re.compile(r"(?:at least|no (?:fewer|less) than|not less than|至少|不少于|不低于)\W*\Z", re.IGNORECASE)),
    ("most", re.compile(r"(?:at most|up to|no more than|not more than|至多|最多|不超过)\W*\Z", re.IGNORECASE)),
    ("over", re.compile(r"(?:more than|over|above|exceed(?:s|ed|ing)?|greater than|超过|逾|多于)\W*\Z", re.IGNORECASE)),
    ("under", re.compile(r"(?:less than|fewer than|under|below|不到|不足|少于)\W*\Z", re.IGNORECASE)),
    (
        "about",
        re.compile(
            r"(?:\b(?:about|around|approximately|approx\.?|roughly|some|nearly|almost|circa|c\.|ca\.|close to|estimated"
            r"(?: at)?)|~|≈|大约|约|近|将近)\W*\Z",
            re.IGNORECASE,
        ),
    ),
)  # fmt: skip
_WINDOW: Final = 28
_AFTER: Final = re.compile(r"\s?(多|余|左右|上下)")
_NOUN: Final = re.compile(r"[\s-]([A-Za-z]{3,})")
_LOOSE: Final = Decimal("0.1")  # "about" allows no more than a tenth


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in a text.

    `number` is the number as written, scale words counted in; `measures` what its unit measures ("" for none), `base`
    its value in the base unit. `digit` is the worth of its last written digit and `coarse` that of the last one that is
    not zero, both in the base unit. `noun` is the stem of the word that follows.
    """

    number: Decimal
    unit: str
    measures: str
    base: Decimal
    digit: Decimal
    coarse: Decimal
    bound: Bound
    noun: str
    written: str
    start: int
    end: int

    def is_said_by(self, other: "Amount") -> bool:
        """Returns whether the other amount, as a source has it, allows to say this one."""
        if ORDINAL in (self.measures, other.measures) and self.measures != other.measures:
            return False
        if self.measures and other.measures:
            mine, theirs = self.base, other.base
            if self.measures != other.measures:
                return False
            slack = Decimal(0) if self.unit == other.unit else self.digit / 2
        else:
            mine, theirs, slack = self.number, other.number, Decimal(0)
        return self._allows(mine, theirs, slack, other.bound)

    def _allows(self, mine: Decimal, theirs: Decimal, slack: Decimal, bound: Bound) -> bool:
        same = abs(mine - theirs) <= slack
        coarse = self.coarse if self.measures else _worth(self.number)
        match self.bound:
            case "":
                return same and bound not in ("over", "under", "least", "most")
            case "about":
                return same or abs(mine - theirs) <= min(coarse / 2, abs(theirs) * _LOOSE)
            case "over" | "least":
                rounded = mine < theirs <= mine + coarse
                return rounded or (same and (bound in ("over", "least") or self.bound == "least"))
            case _:
                rounded = mine - coarse <= theirs < mine
                return rounded or (same and (bound in ("under", "most") or self.bound == "most"))

    def is_rival(self, other: "Amount") -> bool:
        """Returns whether both measure the same kind of thing, or count the same things."""
        return self.measures == other.measures and (not self.noun or not other.noun or self.noun == other.noun)


@lru_cache(maxsize=REMEMBERED)
def find_amounts(text: str) -> tuple[Amount, ...]:
    """Returns the numbers of a text in order; dates and years are left to `find_days`."""
    plain = _without_dates(text)
    found: list[Amount] = []
    taken = bytearray(len(plain))  # one for each sign that an amount has already
    for read in (_ordinals, _fractions, _figures, _spelled, _chinese):
        for one in read(plain):
            if not any(taken[one.start : one.end]):
                taken[one.start : one.end] = b"\1" * (one.end - one.start)
                found.append(one)
    return tuple(sorted(found, key=lambda one: one.start))


def _without_dates(text: str) -> str:
    """Returns the text with each date blanked out, as long as before."""
    plain = list(text)
    for day in find_days(text):
        plain[day.start : day.end] = "·" * (day.end - day.start)
    return "".join(plain)


def _figures(text: str) -> Iterator[Amount]:
    for match in _FIGURE.finditer(text):
        figure = re.sub(r"[,\s\u202f\u00a0]", "", match["figure"])
        number = Decimal(figure) * (-1 if match["sign"] and _is_minus(text, match.start("sign")) else 1)
        scale, end = _scale_after(text, match.end())
        unit, end = _unit_after(text, end)
        unit = unit or (unit_named(SYMBOLS[match["money"]]) if match["money"] else None)
        if not (text[end : end + 1].isascii() and text[end : end + 1].isalpha()):
            yield _amount(number, scale, unit, text, (match.start(), end))


def _is_minus(text: str, at: int) -> bool:
    return at == 0 or text[at - 1].isspace() or text[at - 1] in "([|"


def _scale_after(text: str, at: int) -> tuple[int, int]:
    match = _SCALE.match(text, at)
    if match is None:
        return 1, at
    if match["word"]:
        return SCALES[match["word"].lower()], match.end()
    if match["short"]:
        return _SHORT[match["short"].lower()], match.end()
    return math.prod(CHINESE_SCALES[sign] for sign in match["signs"]), match.end()


def _unit_after(text: str, at: int) -> tuple[Unit | None, int]:
    found = read_unit(text, at)
    return (None, at) if found is None else found


def _amount(number: Decimal, scale: int, unit: Unit | None, text: str, span: tuple[int, int]) -> Amount:
    start, end = span
    value = number * scale
    factor = unit.factor if unit else Decimal(1)
    noun = _NOUN.match(text, end)
    exponent = number.as_tuple().exponent
    fine = Decimal(10) ** (exponent if isinstance(exponent, int) and exponent < 0 else 0)
    return Amount(
        number=value,
        unit=unit.name if unit else "",
        measures=unit.measures if unit else "",
        base=value * factor + (unit.shift if unit else 0),
        digit=fine * scale * factor,
        coarse=_worth(number) * scale * factor,
        bound=_bound(text, start, end),
        noun=stem_of(noun[1].lower()) if noun else "",
        written=text[start:end].strip(),
        start=start,
        end=end,
    )


def _worth(number: Decimal) -> Decimal:
    """Returns what the last digit is worth that is not zero: 4,200 is given to the hundred."""
    exponent = number.normalize().as_tuple().exponent
    return Decimal(10) ** exponent if isinstance(exponent, int) and number else Decimal(1)


def _bound(text: str, start: int, end: int) -> Bound:
    before = text[max(0, start - _WINDOW) : start]
    if _AFTER.match(text, end):
        return "over" if text[end : end + 2].strip()[:1] in ("多", "余") else "about"
    return next((name for name, pattern in _BOUNDS if pattern.search(before)), "")


def _ordinals(text: str) -> Iterator[Amount]:
    found = [(Decimal(match[1] or match[2]), match) for match in _ORDINAL.finditer(text)]
    found += [(Decimal(ORDINALS[match[0].lower()]), match) for match in _NTH.finditer(text)]
    for number, match in found:
        start, end = match.span()
        if _FRACTION.match(text, start):
            continue
        yield Amount(number, ORDINAL, ORDINAL, number, Decimal(1), Decimal(1), "", "", match[0], start, end)


def _fractions(text: str) -> Iterator[Amount]:
    share = unit_named("percent")
    for match in _FRACTION.finditer(text):
        count = {"two": 2, "three": 3}.get((match[1] or "").lower(), 1)
        number = Decimal(100 * count) / _PARTS[match[2].lower().removesuffix("s")]
        yield _amount(number.quantize(Decimal("0.1")).normalize(), 1, share, text, match.span())


def _spelled(text: str) -> Iterator[Amount]:
    for match in _SPELLED.finditer(text):
        value = read_english(match[0])
        unit, end = _unit_after(text, match.end())
        if value is None or match[0].lower() in SCALES or (value == 1 and unit is None) or value == 0:
            continue  # "one" alone is mostly a pronoun
        yield _amount(Decimal(value), 1, unit, text, (match.start(), end))
    for match in _DOZEN.finditer(text):
        count = read_english(match[1]) if match[1] else None
        yield _amount(Decimal(12 * (count or 1)), 1, None, text, match.span())


def _chinese(text: str) -> Iterator[Amount]:
    for match in _CHINESE.finditer(text):
        value = read_chinese(match["signs"])
        if value is None or match["next"] not in _CHINESE_COUNTED or match["signs"] in CHINESE_SCALES:
            continue
        unit, end = _unit_after(text, match.end("signs"))
        yield _amount(Decimal(value), 1, unit, text, (match.start(), end))
