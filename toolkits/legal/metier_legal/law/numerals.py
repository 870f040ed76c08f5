"""Numbers as laws and citations write them: Chinese, Arabic of both widths, and roman; what is written is read back."""

import re
from collections.abc import Mapping
from typing import Final

from metier.errors import InputError

DIGITS: Final[Mapping[str, int]] = {
    **{sign: value for value, signs in enumerate(("零〇○", "一壹", "二贰两", "三叁", "四肆")) for sign in signs},
    **{sign: value for value, signs in enumerate(("五伍", "六陆", "七柒", "八捌", "九玖"), 5) for sign in signs},
    **{sign: value for value, sign in enumerate("０１２３４５６７８９")},
    **{sign: value for value, sign in enumerate("0123456789")},
}
UNITS: Final[Mapping[str, int]] = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
GROUPS: Final[Mapping[str, int]] = {"万": 10**4, "亿": 10**8}
JOINED: Final[Mapping[str, int]] = {"廿": 20, "卅": 30}
CHINESE: Final = "".join(sign for sign in (*DIGITS, *UNITS, *GROUPS, *JOINED) if not sign.isdigit())
NUMERAL: Final = "".join((CHINESE, "0-9０-９"))  # what may stand between 第 and 条, for a character class
PLAIN_NUMERAL: Final = "[零〇○一二两三四五六七八九十百千]+"  # how laws number their own parts
LARGEST: Final = 10**12 - 1
LONGEST: Final = 24

_ROMAN: Final = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_IS_ROMAN: Final = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})", re.IGNORECASE | re.ASCII)


def parse_chinese(text: str) -> int | None:
    """Returns the number that Chinese numerals or digits of either width mean, or None where they mean none.

    Signs with places (一千零七十九, 廿三), signs in a row (二〇一九) and digits (1079, １０７９) are read. Places fall:
    十百 means none, and neither does 二三十, which is "twenty or thirty".
    """
    if not text or len(text) > LONGEST:
        return None
    if all(sign in DIGITS for sign in text):
        return int("".join(str(DIGITS[sign]) for sign in text))
    total = 0
    *sections, last = re.split("([万亿])", text)
    for written, group in zip(sections[::2], sections[1::2], strict=True):
        section = _parse_section(written)
        if section is None:
            return None
        below = section if group == "万" else total + section
        total = below * GROUPS[group] + (total if group == "万" else 0)
    section = _parse_section(last)
    return None if section is None else total + section


def _parse_section(text: str) -> int | None:
    """Returns the number of the signs between two groups, below 10,000 when well formed."""
    total = digit = 0
    place = 10**4
    for sign in text:
        if sign in DIGITS:
            if digit and not sign.isdigit():
                return None
            digit = digit * 10 + DIGITS[sign]
            continue
        below = 10 if sign in JOINED else UNITS.get(sign, place)
        if below >= place:
            return None
        total += JOINED[sign] if sign in JOINED else (digit or 1) * below
        digit, place = 0, below
    return total + digit


def format_chinese(number: int) -> str:
    """Returns the number as statutes write it: 1079 is 一千零七十九, 12 is 十二, 110 is 一百一十."""
    if not 0 <= number <= LARGEST:
        raise InputError(f"{number} has no Chinese form here.", hint=f"Give a number from 0 to {LARGEST}.")
    if number == 0:
        return "零"
    groups = ((number // 10**8, "亿"), (number // 10**4 % 10**4, "万"), (number % 10**4, ""))
    written = ""
    for value, group in groups:
        if value == 0:
            continue
        gap = "零" if written and value < 1000 else ""
        written += gap + _format_group(value) + group
    return written.removeprefix("一") if 10 <= number < 20 else written


def _format_group(value: int) -> str:
    written, gap = "", False
    for place, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // place % 10
        if digit == 0:
            gap = bool(written)
            continue
        written += ("零" if gap else "") + "零一二三四五六七八九"[digit] + unit
        gap = False
    return written


def parse_roman(text: str) -> int | None:
    """Returns the number of a well-formed roman numeral of either case from 1 to 3999, or None."""
    if not text or not _IS_ROMAN.fullmatch(text):
        return None
    number, rest = 0, text.upper()
    for value, sign in _ROMAN:
        while rest.startswith(sign):
            number, rest = number + value, rest.removeprefix(sign)
    return number


def format_roman(number: int) -> str:
    """Returns the number in roman capitals."""
    if not 1 <= number <= 3999:
        raise InputError(f"{number} has no roman form.", hint="Give a number from 1 to 3999.")
    written = ""
    for value, sign in _ROMAN:
        written += sign * (number // value)
        number %= value
    return written


def parse_arabic(text: str) -> int | None:
    """Returns the number of digits of either width, or None when there is another sign in it."""
    if not text or len(text) > LONGEST or any(sign not in DIGITS or not sign.isdigit() for sign in text):
        return None
    return int("".join(str(DIGITS[sign]) for sign in text))
