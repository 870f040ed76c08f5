"""Chinese numbers, durations, clock times and money."""

import re
from datetime import time

from metier_maps.facts import Money

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10000}

NUMBER = r"(?:(?<![\d.])\d[\d,]*(?:\.\d+)?(?:[千万])?|[零〇一二两俩三四五六七八九十百千万]{1,9})"
HOURS = (
    rf"(?:半个?小时|{NUMBER}个?半(?:个?小时|钟头)|{NUMBER}个?(?:小时|钟头)半?(?:{NUMBER}分钟?)?"
    rf"|{NUMBER}分钟|{NUMBER}\s*h)"
)
CLOCK = rf"(?:(?:早上|上午|早晨|清晨|中午|下午|傍晚|晚上)?\s*(?:{NUMBER}[点时](?:半|{NUMBER}分?)?|\d{{1,2}}:\d{{2}}))"
_CURRENCIES = {
    "欧元": "EUR", "欧": "EUR", "€": "EUR", "eur": "EUR", "人民币": "CNY",
    "元": "CNY", "块钱": "CNY", "块": "CNY",
    "rmb": "CNY", "cny": "CNY", "¥": "CNY", "美元": "USD", "美金": "USD", "usd": "USD", "$": "USD", "英镑": "GBP",
    "gbp": "GBP", "£": "GBP", "瑞郎": "CHF",
    "瑞士法郎": "CHF", "chf": "CHF", "日元": "JPY", "jpy": "JPY", "港币": "HKD",
    "hkd": "HKD",
}  # fmt: skip
_SIGNS = "|".join(sorted((re.escape(c) for c in _CURRENCIES), key=len, reverse=True))
MONEY = rf"(?:(?:[€¥$£]|eur|usd|cny|rmb|人民币)\s*\d[\d,]*(?:\.\d+)?|{NUMBER}\s*(?:{_SIGNS}))"


def number_of(text: str) -> float | None:
    """Returns the number of "12", "1.5万", "四", "两", "二十一" or "一百零五"; None for no number."""
    plain = text.strip().replace(",", "")
    digits = re.fullmatch(r"(\d+(?:\.\d+)?)([千万]?)", plain)
    if digits:
        return float(digits.group(1)) * _SCALES.get(digits.group(2), 1)
    if not plain or any(c not in _DIGITS and c not in _SCALES for c in plain):
        return None
    if not any(c in _SCALES for c in plain):
        return float("".join(str(_DIGITS[c]) for c in plain)) if len(plain) < 10 else None
    return _sum_signs(plain)


def _sum_signs(plain: str) -> float:
    total = section = digit = 0
    for c in plain:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c == "万":
            total, section, digit = total + (section + digit or 1) * 10000, 0, 0
        else:
            section, digit = section + (digit or 1) * _SCALES[c], 0
    return float(total + section + digit)


def seconds_of(text: str) -> int | None:
    """Returns the seconds of a text that HOURS matches: "3小时", "两个半小时", "一小时30分钟", "90分钟"."""
    plain = text.replace(" ", "")
    if plain in ("半小时", "半个小时"):
        return 1800
    match = re.fullmatch(r"(.+?)个?(半?)(?:个?小时|钟头|h)(半?)(?:(.+?)分钟?)?", plain)
    if match is None:
        minutes = number_of(plain.removesuffix("分钟"))
        return None if minutes is None else round(minutes * 60)
    hours, minutes = number_of(match.group(1)), number_of(match.group(4) or "0")
    if hours is None or minutes is None:
        return None
    return round(hours * 3600 + minutes * 60) + (1800 if match.group(2) or match.group(3) else 0)


def clock_of(text: str) -> time | None:
    """Returns the time of "9点", "晚上七点半", "18:30" or "下午6点15分"; None where there is no such time."""
    plain = re.sub(r"\s", "", text)
    match = re.fullmatch(r"(早上|上午|早晨|清晨|中午|下午|傍晚|晚上)?(.+?)[点时:](半|.+?)?分?", plain)
    if match is None:
        return None
    hour, minute = number_of(match.group(2)), 30.0 if match.group(3) == "半" else number_of(match.group(3) or "0")
    if hour is None or minute is None:
        return None
    if match.group(1) in ("下午", "傍晚", "晚上") and hour < 12:
        hour += 12
    return time(int(hour), int(minute)) if hour < 24 and minute < 60 else None


def money_of(text: str) -> Money | None:
    """Returns the amount of a text that MONEY matches: "800欧元", "¥5000", "一万块"."""
    plain = text.lower().strip()
    sign = re.match(rf"(?:{_SIGNS})", plain) or re.search(rf"(?:{_SIGNS})$", plain)
    if sign is None:
        return None
    amount = number_of(plain[: sign.start()] + plain[sign.end() :])
    return None if amount is None else Money(cents=round(amount * 100), currency=_CURRENCIES[sign.group()])
