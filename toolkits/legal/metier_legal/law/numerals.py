"""Chinese and Roman numerals as statutes use them."""

import re
from typing import Final

_DIGITS: Final = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "○": 0}
_POWERS: Final = {"十": 10, "百": 100, "千": 1000}
_ROMAN: Final = re.compile(r"m{0,3}(cm|cd|d?c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})")
_ROMAN_VALUES: Final = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}

CHINESE_NUMERAL: Final = "[零〇○一二两三四五六七八九十百千]+"


def read_chinese(text: str) -> int | None:
    """Returns the value of a Chinese numeral below 10,000 (一百二十, 一二〇), full-width or plain digits; else None."""
    if not text:
        return None
    if text.isdecimal():
        return int(text)
    if all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    total = digit = 0
    seen = 10_000
    for char in text:
        if char in _POWERS:
            power = _POWERS[char]
            if power >= seen:
                return None
            total += (digit or 1) * power
            digit, seen = 0, power
        elif char in _DIGITS:
            digit = _DIGITS[char]
        else:
            return None
    return total + digit


def read_roman(text: str) -> int | None:
    """Returns the value of a Roman numeral in lower or upper case, or None."""
    lower = text.lower()
    if not lower or not _ROMAN.fullmatch(lower):
        return None
    values = [_ROMAN_VALUES[char] for char in lower]
    following = [*values[1:], 0]
    return sum(-value if value < after else value for value, after in zip(values, following, strict=True))
