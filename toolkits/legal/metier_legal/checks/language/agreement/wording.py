"""Modals and bounds in one spelling each, so that "has no right to" and "may not" compare equal. Pure."""

import re
from functools import lru_cache
from typing import Final

REMEMBERED: Final = 512
_RULES: Final = (
    (
        r"\b(?:has|have|had) no (?:right|power|authority) to\b|\bcan(?:not|['’]t| not)\b|\b(?:must|shall) not\b"
        r"|\b(?:is|are) not (?:entitled|permitted|allowed|authori[sz]ed) to\b",
        "may not",
    ),
    (
        r"\b(?:is|are) (?:entitled|permitted|allowed|authori[sz]ed|free) to\b"
        r"|\b(?:has|have) (?:the|a) (?:right|power|authority) to\b|\bcan\b",
        "may",
    ),
    (r"\b(?:is|are) not (?:required|obliged|bound) to\b|\b(?:does|do) not (?:have|need) to\b", "need not"),
    (r"\b(?:is|are) (?:required|obliged|bound|obligated) to\b|\b(?:has|have|had) to\b|\bmust\b", "shall"),
    (r"\b(?:may|shall) not be\b", "is not"),
    (r"\bshall be\b", "is"),
    (r"\bshall have\b", "has"),
    (r"\bno(?:t)? (?:more|later|longer|greater|higher) than\b|\bnot (?:above|exceeding)\b", "at most"),
    (r"\bno(?:t)? (?:less|fewer|earlier|shorter|lower) than\b", "at least"),
    (r"没有(?=权|义务)", "无"),
    (r"没有", "未"),
    (r"不能|不可以|不许|不准|无权|不应当?(?![诉])", "不得"),
    (
        r"必须|应该|有义务|(?<![必相适对反响供本])须|(?<![相适对反响供本])应(?![当用对付答诉聘届收急激变战邀募试征])",
        "应当",
    ),
    (r"有权(?!利)|(?<![不])可(?![以能])", "可以"),
    (r"不得(?=[早晚超少低高多]于|超过)", "不"),
    (r"但是?(?!书)", ""),
    (r"以及|与|及(?![时其])", "和"),
    (r"或者", "或"),
    (r"(?:已|年)满|以上|以下|以内|(?<=[日天月年])内|之内|(?:不|未)(?:满|超过)|超过", ""),
)
_COMPILED: Final = tuple((re.compile(pattern, re.IGNORECASE), plain) for pattern, plain in _RULES)


@lru_cache(maxsize=REMEMBERED)
def write_plainly(text: str) -> str:
    """Returns the text with each modal and bound in one spelling; Chinese bounds, which `bounds` reads, are gone."""
    for pattern, plain in _COMPILED:
        text = pattern.sub(plain, text)
    return text
