"""What a report says without a citation: headings, open questions and its short answer claim nothing new. Pure."""

import re
from collections.abc import Iterable
from typing import Final

from metier_research.checks.reading import Reading, short
from metier_research.language.names import Known
from metier_research.language.stretches import cut_stretches, find_values
from metier_research.language.words import find_content, is_chinese

_SAYS: Final = re.compile(
    r"\b(?:is|are|was|were|has|have|had|did|does|will|became|becomes|remains?|caused|killed"
    r"|[a-z]{3,}ed (?:by|in|on|at))\b",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(r"^\s*(?:how|what|when|where|who|whom|whose|which|whether)\b|[?？]\s*\Z", re.IGNORECASE)
_WHY: Final = re.compile(r"\b(?:why|how come)\b|为什么|为何", re.IGNORECASE)
_WORD: Final = re.compile(r"[A-Za-zÀ-ž'’-]+")
_PLAIN: Final = find_content(
    "found findings known answer question report result sources source page evidence say stated reason given explained "
    "tell told clear open overview summary background detail conflict disagree differ unresolved remain research"
)
_PERSON: Final = re.compile(r"^\s*(?:by )?who(?:m|se)?\b|^谁|由谁", re.IGNORECASE)
_COUNT: Final = re.compile(r"^\s*how (?:many|much)\b|多少", re.IGNORECASE)
_NOTHING: Final = re.compile(r"\b(?:no|none|not|zero|nobody|never|yes)\b|没有|无|零", re.IGNORECASE)
_OPEN: Final = re.compile(r"^\s*(?:by )?(?:who|whom|where|what)\b", re.IGNORECASE)
_CHOICE: Final = re.compile(r"\b(?:or|and|of|than|between|both|call(?:ed)?|nam(?:e|ed))\b|,", re.IGNORECASE)


def deny_kind(exact: str, asked: str) -> str:
    """Returns that a short answer is not of the kind that was asked for (a person, a number), or ""."""
    letters = any(sign.isalpha() for sign in exact)
    values = find_values(exact)
    if _PERSON.search(asked) and values and not letters:
        return f"“{short(exact)}” is nobody, and the question asks who"
    if _COUNT.search(asked) and not values and not any(sign.isdigit() for sign in exact) and not _NOTHING.search(exact):
        return f"“{short(exact)}” is no number, and the question asks how many or how much"
    words = tuple(re.findall(r"\w[\w'’.-]*", exact))
    if words and _OPEN.search(asked) and not _CHOICE.search(asked) and Known((asked,)).has(words):
        return f"“{short(exact)}” is what the question names, and no answer to it"
    return ""


def find_claim(label: str, known: Iterable[str]) -> str:
    """Returns that a heading says something in words that no statement nor the question has, or ""."""
    if not _SAYS.search(label) or (_ASKS.search(label) and not _WHY.search(label)):
        return ""
    return _tell(label, known)


def find_presumed(question: str, reading: Reading, known: Iterable[str]) -> str:
    """Returns that an open question asks why of what nobody stated, or ""."""
    return (
        _tell(question, (*known, *(item.text for item in reading.of_kind("passage", "record"))))
        if _WHY.search(question)
        else ""
    )


def _tell(text: str, known: Iterable[str]) -> str:
    if is_chinese(text):
        return ""
    bodies = (stretch.body for stretch in cut_stretches(text))
    new = frozenset[str]().union(*bodies).difference(_PLAIN, *map(find_content, known))
    word = next((word for word in _WORD.findall(text) if new & find_content(word)), "")
    return f"“{short(word)}” is said by no statement" if word else ""
