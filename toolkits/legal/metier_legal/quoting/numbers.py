"""Numerals in Chinese texts by their value: 六, ６ and 6 are one number. Pure; linear time."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from metier_legal.law.numerals import LARGEST, LONGEST, format_chinese, parse_chinese

_DIGIT: Final = "0-9０-９"
_SIGN: Final = "零〇○一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
_FOUND: Final = re.compile(
    rf"(?P<share>[百千])分之(?P<part>[{_DIGIT}]+(?:[.．][{_DIGIT}]+)?|[{_SIGN}]+)"
    rf"|(?P<digits>[{_DIGIT}]{{1,3}}(?:[,，][{_DIGIT}]{{3}})+(?![{_DIGIT}])|[{_DIGIT}]+)"
    rf"(?P<rest>[.．][{_DIGIT}]+)?(?P<group>[百千万亿]{{1,2}})?(?![{_SIGN}])"
    rf"|(?P<signs>[{_SIGN}{_DIGIT}]+)"
)
_PLAIN: Final = str.maketrans(
    "两○零壹贰叁肆伍陆柒捌玖拾佰仟０１２３４５６７８９．", "二〇〇一二三四五六七八九十百千0123456789."
)
_GROUPS: Final = {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8, "百万": 10**6, "千万": 10**7, "万亿": 10**12}
_YEAR: Final = 4
_LONGEST_FACTOR: Final = 12  # digits: beyond them a product would be rounded


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in a text. `written` is its one spelling; signs that are no number by the rules are left as they are."""

    start: int
    end: int
    written: str
    value: Decimal | None = None


def find_numerals(text: str) -> tuple[Numeral, ...]:
    """Returns the numerals of a text in its order, each as long as it goes, shares ("百分之三十") as "30%"."""
    return tuple(_numeral_of(match) for match in _FOUND.finditer(text))


def value_of_chinese(signs: str) -> int | None:
    """Returns the number that well-formed Chinese numerals mean, or None: 二三十 and 万一 mean none."""
    plain = signs.translate(_PLAIN)
    if not plain or len(plain) > LONGEST:
        return None
    if plain.isascii():
        return int(plain)
    value = parse_chinese(plain)
    if value is None or value > LARGEST:
        return None
    if not set(plain) & set("十百千万亿"):
        return value if len(plain) in (1, _YEAR) or ("〇" in plain and len(plain) > 1) else None
    proper = format_chinese(value).replace("零", "〇")
    return value if plain in (proper, f"一{proper}") else None


def _numeral_of(match: re.Match[str]) -> Numeral:
    share = match["share"]
    if share:
        part = _decimal(match["part"])
        sign = "%" if share == "百" else "‰"
        written = match[0] if part is None else f"{_spell(part)}{sign}"
        return Numeral(match.start(), match.end(), written, part)
    if match["digits"]:
        plain = (match["digits"] + (match["rest"] or "")).translate(_PLAIN).replace(",", "").replace("，", "")
        factor = _GROUPS.get(match["group"] or "", 1 if not match["group"] else 0)
        if factor and len(plain) <= _LONGEST_FACTOR:
            number = Decimal(plain) * factor
            return Numeral(match.start(), match.end(), _spell(number), number)
        return Numeral(match.start(), match.end(), match[0].translate(_PLAIN))
    found = _decimal(match["signs"])
    return Numeral(match.start(), match.end(), match[0] if found is None else _spell(found), found)


def _decimal(signs: str) -> Decimal | None:
    plain = signs.translate(_PLAIN)
    if plain.replace(".", "", 1).isascii() and len(plain) <= LONGEST:
        return Decimal(plain)
    value = value_of_chinese(signs)
    return None if value is None else Decimal(value)


def _spell(number: Decimal) -> str:
    plain = f"{number:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
