"""Whether a claim turns a bound of its quote round: at least against at most, 以上 against 以下. Pure."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from metier_legal.checks.language.amounts import find_amounts

_MOST_BEFORE: Final = re.compile(
    r"(?:at most|not? (?:more|longer|later|greater|higher) than|(?:not|never) (?:to )?exceed(?:ing)?|up to|within"
    r"|less than|fewer than|under|below|a maximum of|before the (?:end|expiry) of)(?: the| a| an)?\s*$"
    r"|(?:不超过|不得超过|不高于|不得高于|不多于|至多|最多|不满|未满|低于|少于|最高不超过)\s*$",
    re.IGNORECASE,
)
_LEAST_BEFORE: Final = re.compile(
    r"(?:at least|not? (?:less|fewer|earlier|shorter|lower) than|more than|longer than|exceed(?:s|ing)?|over|above"
    r"|a minimum of|in excess of)(?: the| a| an)?\s*$"
    r"|(?:至少|不少于|不得少于|不低于|不得低于|超过|高于|多于|满|逾)\s*$",
    re.IGNORECASE,
)
_MOST_AFTER: Final = re.compile(r"^[\u4e00-\u9fff]{0,3}(?:以下|以内|之内)")
_LEAST_AFTER: Final = re.compile(r"^[\u4e00-\u9fff]{0,3}以上|^\s*or more\b", re.IGNORECASE)
_NAMES: Final = {"most": "at most", "least": "at least"}
_REACH: Final = 30


def find_turned_bound(claim: str, quote: str) -> str:
    """Returns the number whose bound the claim turns round ("30 days: at least, but the quote says at most"), or ""."""
    theirs = dict[tuple[Decimal, str], set[str]]()
    for value, unit, side, _ in _bounds(quote):
        theirs.setdefault((value, unit), set()).add(side)
    for value, unit, side, written in _bounds(claim):
        said = theirs.get((value, unit))
        if said and side not in said:
            return f"“{written}”: {_NAMES[side]}, but the quote says {_NAMES[next(iter(said))]}"
    return ""


def _bounds(text: str) -> Iterator[tuple[Decimal, str, str, str]]:
    for amount in find_amounts(text):
        at = text.find(amount.written)
        side = "" if at < 0 else _side(text[max(0, at - _REACH) : at], text[at + len(amount.written) :][:8])
        if side:
            yield amount.value, amount.unit, side, amount.written


def _side(before: str, after: str) -> str:
    if _MOST_BEFORE.search(before):
        return "most"
    if _LEAST_BEFORE.search(before):
        return "least"
    if _MOST_AFTER.search(after):
        return "most"
    return "least" if _LEAST_AFTER.search(after) else ""
