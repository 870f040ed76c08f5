"""Where words, numbers and sentences begin and end in a text. Pure."""

import re
from typing import Final

from metier_legal.quoting.signs import ENDERS, QUOTES

_APOSTROPHES: Final = frozenset("'’‘")
_POINTS: Final = frozenset(".,．，")
_SIGNED_NUMBER: Final = frozenset("%‰％")
_NUMERALS: Final = frozenset("零〇一二两三四五六七八九十百千万亿")
_CHINESE_NUMBER: Final = re.compile(r"[零〇一二两三四五六七八九十百千万亿]{2}")
_LIST_MARK: Final = re.compile(
    r"(?:^|(?<=[\s;；。.,，:：—-]))(?:[(（][\w零〇一二三四五六七八九十]{1,5}[)）]|\d{1,3}[.、)]|[一二三四五六七八九十]{1,3}、)\s*$"
)
_REACH: Final = 24


def is_inside_word(text: str, start: int, end: int) -> bool:
    """Returns whether `text[start:end]` begins or ends inside a word, a number or a hyphenated word."""
    return _is_joint(text, start) or _is_joint(text, end)


def _is_joint(text: str, at: int) -> bool:
    """Returns whether the signs before and after `at` belong to one word or number."""
    if at <= 0 or at >= len(text):
        return False
    left, right = text[at - 1], text[at]
    if _is_latin(left) and _is_latin(right):
        return True
    if left in _NUMERALS and right in _NUMERALS:
        return True
    if right in _SIGNED_NUMBER:
        return left.isdigit()
    return _is_bridged(text, at)


def _is_bridged(text: str, at: int) -> bool:
    """Returns whether an apostrophe, hyphen or decimal point at `at` holds one word or number together."""
    before, after = text[at - 2] if at > 1 else " ", text[at + 1] if at + 1 < len(text) else " "
    return _bridges(text[at - 1], text[at], after) or _bridges(before, text[at - 1], text[at])


def _bridges(left: str, sign: str, right: str) -> bool:
    if sign in _APOSTROPHES or sign in "-‐‑":
        return _is_letter(left) and _is_letter(right)
    return sign in _POINTS and left.isdigit() and right.isdigit()


def _is_letter(sign: str) -> bool:
    return sign.isalpha() and _is_latin(sign)


def _is_latin(sign: str) -> bool:
    """Returns whether the sign belongs to a script that puts spaces between words."""
    return (
        sign.isalnum() and not "\u2e80" <= sign <= "\u9fff" and not "\uf900" <= sign <= "\ufaff" and sign < "\U00020000"
    )


def is_whole_sentence(text: str, start: int, end: int) -> bool:
    """Returns whether `text[start:end]` is a whole sentence, or an item of a list, of the text."""
    before = text[max(0, start - _REACH) : start].rstrip(" \t\u3000" + "".join(QUOTES))
    before = _LIST_MARK.sub("", before) if before else before
    before = before.rstrip(" \t\u3000" + "".join(QUOTES))
    begins = (not before and start <= _REACH) or (before[-1:] in ENDERS and bool(before))
    after = text[end : end + _REACH].lstrip(" \t\u3000" + "".join(QUOTES))
    ended = not after or after[0] in ENDERS or text[end - 1] in ENDERS
    return begins and ended
