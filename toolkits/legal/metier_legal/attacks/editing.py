"""Small changes to words that change what they say: a modal, a number, a "not", one word. Pure and seeded."""

import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Final

_SWAPS: Final = {
    "en": (
        ("shall", "may"), ("must", "may"), ("may", "must"), ("and", "or"), ("all", "no"), ("before", "after"),
        ("least", "most"), ("more", "less"), ("any", "no"), ("is", "is not"), ("are", "are not"), ("person", "officer"),
    ),
    "zh": (
        ("应当", "可以"), ("可以", "应当"), ("不得", "可以"), ("以上", "以下"), ("以下", "以上"), ("有权", "无权"),
        ("和", "或者"), ("或者", "和"), ("必须", "可以"), ("可以", "不得"), ("之日起", "之日前"), ("经", "未经"),
        ("的", "等"),
    ),
}  # fmt: skip
_NOTS: Final = {
    "en": (r"\bnot ", r"\bnever ", r"\bno "),
    "zh": (r"不得(?=.)", r"(?<!仅)不(?=[能应予是适])", r"不"),
}
_NUMBER: Final = {
    "en": re.compile(r"(?<![\w.§-])\d{1,3}(?![\w.-])"),
    "zh": re.compile(r"(?<!第)[二三四五六七八九](?=[十年月日个倍])"),
}
_NUMERALS: Final = "一二三四五六七八九"


def swap_word(random: Random, text: str, language: str) -> str | None:
    """Returns the text with one word or number that is another, or None when it has none that could be."""
    ways = [way for way in (*_swaps(text, language), *_numbers(random, text, language)) if way != text]
    return random.choice(ways) if ways else None


def _swaps(text: str, language: str) -> Iterator[str]:
    for old, new in _SWAPS[language]:
        pattern = rf"\b{old}\b" if language == "en" else old
        for match in re.finditer(pattern, text):
            yield text[: match.start()] + new + text[match.end() :]


def _numbers(random: Random, text: str, language: str) -> Iterator[str]:
    for match in _NUMBER[language].finditer(text):
        other = str(int(match[0]) + random.randint(1, 9)) if language == "en" else _other_numeral(random, match[0])
        yield text[: match.start()] + other + text[match.end() :]


def _other_numeral(random: Random, numeral: str) -> str:
    return random.choice([sign for sign in _NUMERALS[1:] if sign != numeral])


def drop_not(random: Random, text: str, language: str) -> str | None:
    """Returns the text without one of its denials, or None when it has none."""
    ways = [
        text[: match.start()] + text[match.end() :]
        for pattern in _NOTS[language]
        for match in re.finditer(pattern, text)
    ]
    return random.choice(ways) if ways else None


def turn_claim(random: Random, text: str, language: str) -> str | None:
    """Returns a claim that says the opposite, by its modal, its "not" or its number; None where it has none of them."""
    return _turned(random, text, language)


def _turned(random: Random, text: str, language: str) -> str | None:
    ways = [way for turn in _TURNS[language] if (way := turn(text)) != text]
    ways += list(_numbers_with_units(random, text, language))
    return random.choice(ways) if ways else None


def _replace(old: str, new: str) -> Callable[[str], str]:
    return lambda text: re.sub(old, new, text)


_TURNS: Final = {
    "en": (
        _replace(r"\b(shall|must|may) not\b", r"\1"),
        _replace(r"\b(may|must)(?! not| be| also| only| have)(?= [a-z])", r"\1 not"),
        _replace(r"\b(shall)(?! not| be| also| only| have)(?= [a-z])", "may"),
    ),
    "zh": (_replace("不得", "可以"), _replace("(?<!不)可以(?!不)", "不得"), _replace("(?<!不)应当(?!不)", "不得")),
}


def _numbers_with_units(random: Random, text: str, language: str) -> Iterator[str]:
    unit = re.compile(
        r"\b\d{1,3}(?= (?:days|months|years|percent)\b)" if language == "en" else r"[二三四五六七八九](?=个?[年月日])"
    )
    for match in unit.finditer(text):
        other = str(int(match[0]) + random.randint(1, 9)) if language == "en" else _other_numeral(random, match[0])
        yield text[: match.start()] + other + text[match.end() :]
