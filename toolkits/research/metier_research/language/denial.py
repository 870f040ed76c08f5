"""Whether a text denies or hedges what it speaks of, and words that mean the opposite of each other. Pure."""

import re
from functools import lru_cache
from typing import Final

from metier_research.language.words import stem_of

REMEMBERED: Final = 1_024
_DENIAL: Final = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|neither|nor|cannot|without|un(?:true|founded|substantiated)|false|"
    r"incorrect|wrong(?:ly)?|myth|hoax|denie[sd]|deny|refused|failed|lacks?|lacked|fails|debunked|disproved|refuted|"
    r"contrary|mistaken(?:ly)?)\b|n['’]t\b|不|没有|没|未|并非|无法|否认|从未|虚假|错误",
    re.IGNORECASE,
)
_HARMLESS: Final = re.compile(
    r"\bnot only\b|\bno (?:fewer|less|more|later|earlier) than\b|\bnot (?:fewer|less|more) than\b|\bno longer than\b|"
    r"\bno\. ?\d|\bnot to be confused\b|不仅|不少于|不低于|不超过|不到|不足|不同",
    re.IGNORECASE,
)
_HEDGE: Final = re.compile(
    r"\b(?:allegedly|reportedly|supposedly|rumou?red|purported(?:ly)?|possibly|perhaps|maybe|might|may have|could have|"
    r"unconfirmed|disputed|(?:is|was|are|were) said|is believed to|was believed to|legend|claims? to|planned|"
    r"proposed|expected to|speculat\w+|hypothe\w+|if|would have|likely|probably|thought to|uncertain|unclear)\b|"
    r"据说|据称|可能|传说|或许|疑似|计划",
    re.IGNORECASE,
)
_OPPOSITES: Final = (
    ("before", "after"), ("older", "younger"), ("oldest", "youngest"), ("larger", "smaller"), ("largest", "smallest"),
    ("bigger", "smaller"), ("biggest", "smallest"), ("longer", "shorter"), ("longest", "shortest"),
    ("higher", "lower"), ("highest", "lowest"), ("taller", "shorter"), ("tallest", "shortest"), ("more", "fewer"),
    ("most", "fewest"), ("more", "less"), ("most", "least"), ("earlier", "later"), ("earliest", "latest"),
    ("first", "last"), ("north", "south"), ("northern", "southern"), ("east", "west"), ("eastern", "western"),
    ("increase", "decrease"), ("increased", "decreased"), ("rise", "fall"), ("rose", "fell"), ("grew", "shrank"),
    ("growth", "decline"), ("gain", "loss"), ("won", "lost"), ("win", "lose"), ("victory", "defeat"),
    ("born", "died"), ("birth", "death"), ("opened", "closed"), ("founded", "dissolved"), ("began", "ended"),
    ("start", "end"), ("built", "demolished"), ("mother", "father"), ("son", "daughter"), ("brother", "sister"),
    ("husband", "wife"), ("left", "right"), ("upper", "lower"), ("above", "below"), ("inside", "outside"),
    ("true", "false"), ("possible", "impossible"), ("legal", "illegal"), ("safe", "unsafe"), ("public", "private"),
    ("accepted", "rejected"), ("approved", "rejected"), ("supported", "opposed"), ("for", "against"),
    ("arrived", "departed"), ("predecessor", "successor"), ("preceded", "succeeded"), ("succeeded", "preceded"),
    ("export", "import"), ("buy", "sell"), ("bought", "sold"), ("fastest", "slowest"), ("faster", "slower"),
    ("best", "worst"), ("better", "worse"), ("male", "female"), ("he", "she"), ("his", "her"), ("always", "never"),
    ("upstream", "downstream"), ("source", "mouth"), ("northeast", "southwest"), ("northwest", "southeast"),
    ("maximum", "minimum"), ("married", "divorced"), ("same", "different"), ("least", "most"), ("oldest", "newest"),
    ("author", "translator"), ("captain", "coach"), ("hot", "cold"), ("warmer", "colder"), ("rich", "poor"),
)  # fmt: skip
_CHINESE_OPPOSITES: Final = (
    ("之前", "之后"), ("以前", "以后"), ("最大", "最小"), ("最高", "最低"), ("最长", "最短"), ("增加", "减少"),
    ("上升", "下降"), ("出生", "去世"), ("早于", "晚于"), ("大于", "小于"), ("高于", "低于"), ("北", "南"),
    ("东", "西"), ("胜", "负"), ("父亲", "母亲"),
)  # fmt: skip
_WORD: Final = re.compile(r"[a-z]+")
_UNTURNED: Final = frozenset(
    ("for", "left", "right", "he", "his", "her", "she", "most", "more", "least", "less", "first")
)


@lru_cache(maxsize=REMEMBERED)
def count_denials(text: str) -> int:
    """Returns how many words of a text deny; "not only" and "no fewer than" do not."""
    return len(_DENIAL.findall(_HARMLESS.sub(" ", text)))


def find_hedge(text: str) -> str:
    """Returns the first word of a text that says a thing is not certain, or ""."""
    match = _HEDGE.search(text)
    return match[0] if match else ""


def find_opposite(claim: str, source: str) -> str:
    """Returns the word of the claim where the source has only its opposite ("“north”, but the source says “south”")."""
    ours, theirs = _words(claim), _words(source)
    for one, other in _pairs():
        if one in ours and other not in ours and other in theirs and one not in theirs:
            return f"“{one}”, where the source says “{other}”"
    return ""


def _pairs() -> list[tuple[str, str]]:
    """Returns the pairs both ways, without those whose words mean too much else to be plain."""
    pairs = [pair for pair in _OPPOSITES if _UNTURNED.isdisjoint(pair)] + list(_CHINESE_OPPOSITES)
    return [*pairs, *((other, one) for one, other in pairs)]


@lru_cache(maxsize=REMEMBERED)
def _words(text: str) -> frozenset[str]:
    lowered = text.lower()
    words = set(_WORD.findall(lowered))
    words |= {sign for pair in _CHINESE_OPPOSITES for sign in pair if sign in text}
    return frozenset(words | {stem_of(word) for word in words if word.isascii()})
