"""Whether a claim has the opposite of a word of its quote: valid and invalid, 有效 and 无效. Pure."""

import re
from functools import lru_cache
from typing import Final

from metier_legal.checks.language.negation import find_negation

REMEMBERED: Final = 512
_PAIRS: Final = (
    ("valid", "invalid"), ("lawful", "unlawful"), ("legal", "illegal"), ("enforceable", "unenforceable"),
    ("accept", "refuse"), ("accept", "reject"), ("grant", "refuse"), ("grant", "deny"), ("increase", "reduce"),
    ("increase", "decrease"), ("writing", "orally"), ("written", "oral"), ("written", "orally"), ("writing", "oral"),
    ("majority", "minority"), ("earliest", "latest"), ("higher", "lower"), ("public", "private"), ("void", "valid"),
    ("movable", "immovable"), ("guilty", "innocent"), ("criminal", "civil"), ("direct", "indirect"),
    ("exclusive", "nonexclusive"), ("published", "unpublished"), ("succeeds", "fails"), ("begins", "ends"),
)  # fmt: skip
_CHINESE: Final = (
    ("有效", "无效"), ("从轻", "从重"), ("减轻", "加重"), ("增加", "减少"), ("早于", "晚于"), ("高于", "低于"),
    ("多于", "少于"), ("书面", "口头"), ("故意", "过失"), ("一般保证", "连带责任保证"), ("合法", "违法"),
    ("支持", "驳回"), ("限制民事行为能力", "无民事行为能力"), ("完全民事行为能力", "无民事行为能力"),
    ("完全民事行为能力", "限制民事行为能力"), ("准予", "不准"), ("接受", "拒绝"), 
)  # fmt: skip
_NONE: Final = re.compile("没有")
_PART: Final = re.compile(r"[;；。，!?\n]|\.(?=\s|\Z)")
_WORD: Final = re.compile(r"[a-z]+")


def find_opposite(claim: str, quote: str) -> str:
    """Returns the word of the claim whose opposite the quote has in its place, or "".

    A claim that denies where the quote does not (or the other way round) may say the same with the opposite word.
    """
    claim, quote = _NONE.sub("未", claim), _NONE.sub("未", quote)
    ours, theirs = _words(claim), _words(quote)
    for one, other in _PAIRS:
        for said, stands in ((one, other), (other, one)):
            if said not in ours or stands not in theirs or said in theirs or stands in ours:
                continue
            related = any(word.startswith(said) for word in theirs)  # the quote has "invalidity" too
            close = not related or _words_before(claim, said) & _words_before(quote, stands)
            if close and _denies_alike(claim, said, quote, stands):
                return f"“{said}”, but the quote says “{stands}”"
    return _opposite_chinese(claim, quote)


def _words_before(text: str, word: str) -> frozenset[str]:
    """Returns the words of content that stand directly before a word."""
    found = re.findall(rf"\b([a-z]{{5,}}) {word}\b", text.lower())
    return frozenset(found)


def _denies_alike(claim: str, said: str, quote: str, stands: str) -> bool:
    """Returns whether the parts with the two words deny, or do not, alike: with the opposite word they say the same."""
    ours = (part for part in _PART.split(claim) if said in part.lower())
    theirs = (part for part in _PART.split(quote) if stands in part.lower())
    return bool(find_negation(next(ours, ""))) == bool(find_negation(next(theirs, "")))


def _opposite_chinese(claim: str, quote: str) -> str:
    for one, other in _CHINESE:
        for said, stands in ((one, other), (other, one)):
            if said not in claim or stands not in quote or said in quote or stands in claim:
                continue
            if _denies_alike(claim, said, quote, stands):
                return f"“{said}”, but the quote says “{stands}”"
    return ""


@lru_cache(maxsize=REMEMBERED)
def _words(text: str) -> frozenset[str]:
    words = frozenset(_WORD.findall(text.lower()))
    return words | {word[:-1] for word in words if word.endswith(("s", "ed"))}
