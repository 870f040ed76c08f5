"""Numbers in words, English and Chinese. Pure."""

import re
from typing import Final

_SMALL_NAMES: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TEN_NAMES: Final = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINAL_NAMES: Final = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_SMALL: Final = {name: value for value, name in enumerate(_SMALL_NAMES.split())}
_TENS: Final = {name: 10 * value for value, name in enumerate(_TEN_NAMES.split(), start=2)}
SCALES: Final = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
ORDINALS: Final = {name: value for value, name in enumerate(_ORDINAL_NAMES.split(), start=1)}
_NAMES: Final = "|".join(sorted((*_SMALL, *_TENS, *SCALES), key=len, reverse=True))
SPELLED: Final = rf"\b(?:{_NAMES})(?:(?:\s+and\s+|[-\s]+)(?:{_NAMES}))*\b"
"""What matches a number in English words, in small letters."""

_CHINESE_DIGITS: Final = dict(zip("〇零一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_CHINESE_TENS: Final = {"十": 10, "百": 100, "千": 1000}
CHINESE_SCALES: Final = {"万": 10**4, "亿": 10**8}
CHINESE_SIGNS: Final = "〇零一二两三四五六七八九十百千万亿"
_LONGEST: Final = 16


def read_english(words: str) -> int | None:
    """Returns the value of a number in English words, or None for what is none ("two three" is two numbers)."""
    total = part = 0
    last = ""
    for word in re.split(r"[-\s]+", words.lower()):
        if word == "and":
            continue
        if word in SCALES:
            part = (part or 1) * SCALES[word]
            if SCALES[word] > SCALES["hundred"]:
                total, part = total + part, 0
        elif last in _SMALL or (last in _TENS and not 0 < _SMALL.get(word, 0) < len("0123456789")):
            return None
        else:
            part += _SMALL.get(word, 0) + _TENS.get(word, 0)
        last = word
    return total + part


def read_chinese(signs: str) -> int | None:
    """Returns the value of a number in Chinese signs (三百二十, 二〇二一), or None for what is none."""
    if not signs or len(signs) > _LONGEST:
        return None
    if len(signs) > 1 and all(sign in _CHINESE_DIGITS for sign in signs):
        return int("".join(str(_CHINESE_DIGITS[sign]) for sign in signs)) if len(signs) > 2 else None
    total = part = digit = 0
    for sign in signs:
        if sign in _CHINESE_DIGITS:
            digit = _CHINESE_DIGITS[sign]
        elif sign in _CHINESE_TENS:
            part, digit = part + (digit or 1) * _CHINESE_TENS[sign], 0
        elif sign in CHINESE_SCALES:
            total, part, digit = (total + part + digit or 1) * CHINESE_SCALES[sign], 0, 0
        else:
            return None
    return total + part + digit
