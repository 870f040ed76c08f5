"""Whether a claim turns a bound of its quote round: at least and at most, before and after, 以上 and 以下. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from metier_legal.checks.language.amounts import find_amounts
from metier_legal.checks.language.days import find_days

REMEMBERED: Final = 512
_N: Final = r"(?<!not )(?<!no )(?<!never )"
_NOT_BEFORE: Final = r"(?<![不未])(?<!不得)(?<!不能)(?<!不应)(?<!不可)(?<!不可以)"
_MOST_BEFORE: Final = re.compile(
    r"(?:at (?:the )?most|not? (?:more|longer|later|greater|higher) than|(?:not|never) (?:to )?exceed(?:ing)?|up to"
    rf"|within|not above|{_N}(?:less than|fewer than|under|below)|a maximum of|before the (?:end|expiry) of)"
    r"(?: the| a| an)?\s*$"
    r"|(?:不(?:得|能|应|可|可以)?(?:超过|高于|多于|长于|大于)|至多|最[多长高]为?|不满|未满|最高不超过"
    rf"|{_NOT_BEFORE}(?:低于|少于|短于|小于))(?:[\u4e00-\u9fff]{{1,12}}的)?\s*$",
    re.IGNORECASE,
)
_LEAST_BEFORE: Final = re.compile(
    r"(?:at (?:the )?least|not? (?:less|fewer|earlier|shorter|lower) than"
    rf"|{_N}(?:more than|longer than|exceed(?:s|ing)?|over|above)|a minimum of|in excess of)(?: the| a| an)?\s*$"
    r"|(?:至少|最[少低短]为?|不(?:得|能|应|可|可以)?(?:少于|低于|短于|小于)"
    rf"|(?<![不未])(?:满|逾)|{_NOT_BEFORE}(?:超过|高于|多于|长于|大于))(?:[\u4e00-\u9fff]{{1,12}}的)?\s*$",
    re.IGNORECASE,
)
_MOST_AFTER: Final = re.compile(
    r"^[\u4e00-\u9fff]{0,3}(?:以下|以内|之内)|^(?:[日天年月周]|周岁|个月)?内|^ or (?:less|fewer)\b"
)
_LEAST_AFTER: Final = re.compile(
    r"^[\u4e00-\u9fff]{0,3}以上|^(?:[日天年周]|个月|月)?(?:之|以)?后|^\s*or more\b|^ or over\b", re.IGNORECASE
)
_NOT_WITHIN: Final = re.compile(r"未(?:能|曾)?[在于]\s*$")
_EARLIER: Final = re.compile(r"^[\w\s]{0,12}?\b(?:before|prior to|preceding)\b", re.IGNORECASE)
_LATER: Final = re.compile(r"^[\w\s]{0,12}?\b(?:after|following)\b", re.IGNORECASE)
_EARLIER_CHINESE: Final = re.compile(r"(?<![以])前\s*$")
_LATER_CHINESE: Final = re.compile(r"(?<![以])后\s*$")
_DAY_BEFORE: Final = re.compile(r"\b(?<!or )(?:before|prior to|until)\s*$", re.IGNORECASE)
_DAY_AFTER: Final = re.compile(r"\b(?:after|since|on or after|from)\s*$", re.IGNORECASE)
_DENIAL: Final = re.compile(
    r"\b(?:not|no|never|nothing|none|nobody|cannot|unless|until|without|except(?:ed|s|ing)?|invalid|void)\b|n['’]t\b"
    r"|不得|不能|无效|不予|无权|不(?=[成产承])|除外|未",
    re.IGNORECASE,
)
_BOUND_WORDS: Final = re.compile(
    r"\bnot? (?:more|longer|later|greater|higher|less|fewer|earlier|shorter|lower) than\b"
    r"|\b(?:not|never) (?:to )?exceed(?:ing)?\b|\bnot above\b|未满"
    r"|不(?:得|能|应|可|可以)?(?=[超高多长大少低短小]于|超过)",
    re.IGNORECASE,
)
_CLAUSE: Final = re.compile(r"[，。；：,;]")
_SENTENCE: Final = re.compile(r"[;；。，!?\n]|\.(?=\s|\Z)")
_NAMES: Final = {"most": "at most", "least": "at least"}
_TURNED: Final = {"most": "least", "least": "most", "before": "after", "after": "before"}
_REACH: Final = 30
_CASE: Final = 8


@dataclass(frozen=True, slots=True)
class Bound:
    """A number or day and on which side of it something is; `denied` where its sentence denies, by what it counts.

    `case` is a bound that describes a case ("超过二十年的，") and sets no limit.
    """

    of: tuple[Decimal | str, str]
    side: str
    written: str
    denied: bool
    case: bool = False


def find_turned_bound(claim: str, quote: str) -> str:
    """Returns the number whose bound the claim turns round ("30 days: at least, but the quote says at most"), or "".

    What is forbidden above a bound is allowed below it: a claim that denies where the quote does not may turn it.
    """
    theirs = _bounds(quote)
    for bound in _bounds(claim):
        same = [one for one in theirs if one.of == bound.of and one.case == bound.case]
        rivals = [one for one in same if one.side == _TURNED[bound.side]]
        if not rivals or any(one.side == bound.side for one in same):
            continue
        if bound.side in _NAMES and all(one.denied != bound.denied for one in rivals):
            continue
        sides = (_NAMES.get(bound.side, bound.side), _NAMES.get(rivals[0].side, rivals[0].side))
        return f"“{bound.written}”: {sides[0]}, but the quote says {sides[1]}"
    return ""


@lru_cache(maxsize=REMEMBERED)
def _bounds(text: str) -> tuple[Bound, ...]:
    return (*_bounds_of_amounts(text), *_bounds_of_days(text))


def _bounds_of_amounts(text: str) -> Iterator[Bound]:
    for amount in dict.fromkeys(find_amounts(text)):
        for match in re.finditer(re.escape(amount.written), text):
            end = match.end()
            before, after = text[max(0, match.start() - _REACH) : match.start()], text[end : end + _REACH]
            if _HAN.match(amount.written[-1:]) and amount.unit:
                after = amount.written[-1] + after
            case = "的" in _CLAUSE.split(after[: _CASE + 1])[0]
            denied = _is_denied(text, match.start(), match.start())
            sides = (_side(before, after), _order(before, after))
            of = (amount.value, amount.unit)
            yield from (Bound(of, side, amount.written, denied, case) for side in sides if side)


_HAN: Final = re.compile("[\u4e00-\u9fff]")


def _bounds_of_days(text: str) -> Iterator[Bound]:
    for dated in find_days(text):
        before = text[max(0, dated.start - _REACH) : dated.start]
        side = "before" if _DAY_BEFORE.search(before) else "after" if _DAY_AFTER.search(before) else ""
        if side:
            yield Bound((dated.day.isoformat(), "date"), side, text[dated.start : dated.end], False)


def _is_denied(text: str, start: int, end: int) -> bool:
    """Returns whether the sentence around denies an odd number of times, the words of the bound left out."""
    first = max((match.end() for match in _SENTENCE.finditer(text, 0, start)), default=0)
    stop = _SENTENCE.search(text, end)
    sentence = text[first : stop.start() if stop else len(text)]
    return len(_DENIAL.findall(_BOUND_WORDS.sub(" ", sentence))) % 2 == 1


def _side(before: str, after: str) -> str:
    if _NOT_WITHIN.search(before) and _MOST_AFTER.search(after):
        return "least"
    if _MOST_BEFORE.search(before):
        return "most"
    if _LEAST_BEFORE.search(before):
        return "least"
    if _MOST_AFTER.search(after):
        return "most"
    return "least" if _LEAST_AFTER.search(after) else ""


def _order(before: str, after: str) -> str:
    """Returns whether the time lies before or after something, or ""."""
    if _EARLIER.search(after) or _EARLIER_CHINESE.search(before):
        return "before"
    return "after" if _LATER.search(after) or _LATER_CHINESE.search(before) else ""
