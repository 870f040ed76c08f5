"""English numbers, durations, clock times and money."""

import re
from datetime import time

from metier_maps.facts import Money

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
)
UNITS = {word: n for n, word in enumerate(_ONES.split())} | {"eighteen": 18, "nineteen": 19, "a": 1, "an": 1}
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
TENS = {word: 10 * n for n, word in enumerate(_TENS.split(), start=2)}
SCALES = {"dozen": 12, "hundred": 100, "thousand": 1000}
_WORDS = UNITS | TENS | SCALES | {"couple of": 2}

_WORD = "(?:" + "|".join(sorted(_WORDS, key=len, reverse=True)) + ")"
_COUNT = rf"(?:\d{{1,3}}(?:[,']\d{{3}})+|\d{{1,7}}(?:[.,]\d{{1,2}})?|{_WORD}\b(?:(?:[\s-]+(?:and )?){_WORD}\b){{0,6}})"
NUMBER = rf"(?<![\w.,]){_COUNT}"
HOURS = (
    rf"(?:(?:half an hour|an hour and a half)\b|{NUMBER}(?: and a half)?[\s-]?(?:hours?|hrs?|h)(?![a-z])"
    rf"(?: and a half\b)?"
    rf"(?:\d\d\b|,?\s*(?:and\s+)?\d{{1,2}}\s*(?:minutes?|mins?|m)\b)?|{NUMBER}[\s-]?(?:minutes?|mins?)\b)"
)
CLOCK = r"(?:noon|midnight|\d{1,2}(?::\d{2})?\s*(?:o'clock|[ap]\.?m\b\.?)?)"

_CURRENCIES = {
    "€": "EUR", "euro": "EUR", "euros": "EUR", "eur": "EUR", "$": "USD", "dollar": "USD", "dollars": "USD",
    "usd": "USD", "us$": "USD", "bucks": "USD", "£": "GBP", "pound": "GBP", "pounds": "GBP", "gbp": "GBP", "chf": "CHF",
    "francs": "CHF", "swiss francs": "CHF", "yuan": "CNY", "cny": "CNY", "rmb": "CNY", "renminbi": "CNY", "yen": "JPY",
    "jpy": "JPY", "nok": "NOK", "sek": "SEK", "dkk": "DKK", "pln": "PLN", "czk": "CZK", "huf": "HUF", "cad": "CAD",
    "aud": "AUD", "hkd": "HKD", "krw": "KRW", "inr": "INR",
}  # fmt: skip
_SIGNS = "|".join(sorted((re.escape(c) for c in _CURRENCIES), key=len, reverse=True))
_DIGITS = r"(?:\d{1,3}(?:[,']\d{3})+|\d{1,7}(?:[.,]\d{1,2})?)(?![\d,.]*\d)"
MONEY = rf"(?:(?:€|\$|us\$|£|eur\b|usd\b|gbp\b|chf\b)\s*{_DIGITS}|{NUMBER}\s*-?\s*(?:{_SIGNS})(?!\w))"


def number_of(text: str) -> float | None:
    """Returns the number of "4", "1,200", "2.5", "two", "twenty-one" or "a hundred and five"; None for no number."""
    plain = " ".join(text.lower().replace("-", " ").split())
    if re.fullmatch(r"\d{1,3}([,']\d{3})+", plain):
        return float(re.sub(r"[,']", "", plain))
    if re.fullmatch(r"\d+([.,]\d+)?", plain):
        return float(plain.replace(",", "."))
    plain = re.sub(r"(a )?couple of", "two", plain)
    words = [_WORDS.get(w) for w in plain.split() if w != "and"]
    if not words or None in words:
        return None
    return _sum_words([w for w in words if w is not None])


def _sum_words(words: list[int]) -> float:
    total = part = 0
    for n in words:
        if n in (12, 100) and part:
            part *= n
        elif n == 1000:
            total, part = total + (part or 1) * n, 0
        else:
            part += n
    return float(total + part)


def seconds_of(text: str) -> int | None:
    """Returns the seconds of a text that HOURS matches: "3 hours", "2h30", "two and a half hours", "90 minutes"."""
    plain = " ".join(text.lower().split())
    if plain in ("half an hour", "half hour"):
        return 1800
    half = 1800 if "and a half" in plain else 0
    plain = plain.replace(" and a half", "")
    minutes_only = re.fullmatch(r"(.+?)[\s-]?(?:minutes?|mins?)", plain)
    split = re.fullmatch(r"(.+?)[\s-]?(?:hours?|hrs?|h)(?:,?\s*(?:and\s*)?(\d{1,2})\s*(?:minutes?|mins?|m)?)?", plain)
    if split is None:
        minutes = number_of(minutes_only.group(1)) if minutes_only else None
        return None if minutes is None else round(minutes * 60)
    hours = number_of(split.group(1))
    return None if hours is None else round(hours * 3600) + half + 60 * int(split.group(2) or 0)


def clock_of(text: str) -> time | None:
    """Returns the time of "9", "9:30", "6 pm", "18:00" or "noon"; None where there is no such time."""
    plain = re.sub(r"[\s.]", "", text.lower()).replace("o'clock", "")
    if plain in ("noon", "midnight"):
        return time(12) if plain == "noon" else None
    match = re.fullmatch(r"(\d{1,2})(?::(\d{2}))?(am|pm)?", plain)
    if match is None:
        return None
    hour, minute = int(match.group(1)), int(match.group(2) or 0)
    if match.group(3) is not None:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match.group(3) == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def money_of(text: str) -> Money | None:
    """Returns the amount of a text that MONEY matches: "800 euros", "€1,200", "a thousand dollars"."""
    plain = " ".join(text.lower().split())
    sign = re.match(rf"(?:{_SIGNS})", plain) or re.search(rf"(?:{_SIGNS})$", plain)
    if sign is None:
        return None
    amount = number_of((plain[: sign.start()] + plain[sign.end() :]).strip(" -"))
    return None if amount is None else Money(cents=round(amount * 100), currency=_CURRENCIES[sign.group()])
