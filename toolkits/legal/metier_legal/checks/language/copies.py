"""Whether a claim that all but repeats its quote differs from it in a word that turns the meaning. Pure."""

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final

from rapidfuzz.fuzz import partial_ratio_alignment

from metier_legal.checks.language.agreement.wording import write_plainly
from metier_legal.checks.language.amounts import write_figures
from metier_legal.checks.language.content import is_same_script
from metier_legal.quoting.numbers import find_numerals

ALIKE: Final = 82.0  # below it the claim is no copy, and other rules judge it
LONGEST: Final = 2_000
_WORD: Final = re.compile(r"[A-Za-z]+(?:['’]t)?|\d+(?:[.,]\d+)*|[\u4e00-\u9fff]|%")
_SAME: Final = {
    "must": "shall", "can": "may", "cannot": "not", "never": "not", "shan't": "not", "can't": "not", "no": "not",
    "nothing": "not", "none": "not", "未": "不", "非": "不", "无": "不",
}  # fmt: skip
_TURNING: Final = frozenset(("not", "nor", "neither", "shall", "may", "unless", "except", "without", "only"))
_DIRECTION_WORDS: Final = "all any before after and or 前 后 或 和 并"
_BOUND_WORDS: Final = frozenset(("least", "most", "more", "less", "exceed", "exceeds", "below", "above"))
_DIRECTIONS: Final = frozenset(_DIRECTION_WORDS.split())  # that one is not there says little; that it is another does
_TURNING_CHINESE: Final = frozenset("不可应禁止得外除但")
_GATES: Final = frozenset(("unless", "until", "without"))  # "not … until" is "only … after"


def find_turned_word(claim: str, quote: str) -> str:
    """Returns the word in which a near copy differs ("“shall” became “may”"), or "" for no copy or a harmless one."""
    if not claim.strip() or not quote.strip() or not is_same_script(claim, quote):
        return ""
    near = partial_ratio_alignment(quote[:LONGEST], claim[:LONGEST], score_cutoff=ALIKE)
    if near is None or len(claim) * 2 < len(quote):
        return ""
    ours = _words(_whole_words(claim, near.dest_start, near.dest_end))
    theirs = _words(_whole_words(quote, near.src_start, near.src_end))
    even = {word for word in _TURNING if _count(claim)[word] == _count(quote)[word]}
    return _judge(list(_changes(theirs, ours)), even)


def _count(text: str) -> Counter[str]:
    return Counter(_words(text))


def _changes(theirs: list[str], ours: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Yields what became what, but for words put in before the first or after the last."""
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, theirs, ours, autojunk=False).get_opcodes():
        if kind != "equal" and i2 and i1 < len(theirs):
            yield theirs[i1:i2], ours[j1:j2]


def _judge(changes: list[tuple[list[str], list[str]]], even: set[str]) -> str:
    """Returns the change that turns: a number, a direction, or one more or less of a word that denies or commands.

    `even` are the words that both whole texts have as often: one that only changed its place turns nothing.
    """
    for said, became in changes:
        if _numbers(said) != _numbers(became) or _is_redirected(said, became, _DIRECTIONS):
            return _tell(said, became)
    lost, won = Counter[str](), Counter[str]()
    for said, became in changes:
        lost.update(word for word in said if _turns(word) or word in _GATES)
        won.update(word for word in became if _turns(word) or word in _GATES)
    _settle(lost, won)
    _settle(won, lost)
    odd = {word for word in (lost - won) + (won - lost) if _turns(word)} - even
    if not odd and "not" in even:
        return next((_tell(*change) for change in changes if _is_redirected(*change, _BOUND_WORDS)), "")
    turned = ((said, became) for said, became in changes if not odd.isdisjoint((*said, *became)))
    return next((_tell(said, became) for said, became in turned), "") if odd else ""


def _settle(lost: Counter[str], won: Counter[str]) -> None:
    """Takes "not … until" against "only" out of both."""
    gate = next((word for word in sorted(_GATES) if lost[word]), "")
    if gate and lost["not"] and won["only"]:
        lost.subtract((gate, "not"))
        won.subtract(("only", "may") if won["may"] else ("only",))


def _tell(said: list[str], became: list[str]) -> str:
    return f"“{' '.join(said) or 'nothing'}” became “{' '.join(became) or 'nothing'}”"


def _whole_words(text: str, start: int, end: int) -> str:
    while start > 0 and text[start - 1].isascii() and text[start - 1].isalpha():
        start -= 1
    while end < len(text) and text[end].isascii() and text[end].isalpha():
        end += 1
    return text[start:end]


def _is_redirected(said: list[str], became: list[str], directions: frozenset[str]) -> bool:
    one, other = directions & set(said), directions & set(became)
    return bool(one) and bool(other) and one != other


def _words(text: str) -> list[str]:
    plain = write_figures(write_plainly(text))
    written = list(plain)
    for numeral in reversed(find_numerals(plain)):
        if numeral.value is not None:
            written[numeral.start : numeral.end] = [numeral.written]
    words = (word.lower().replace("’", "'") for word in _WORD.findall("".join(written)))
    return [_SAME.get(word, word) for word in words]


def _numbers(words: list[str]) -> list[str]:
    return sorted(word for word in words if word[0].isdigit())


def _turns(word: str) -> bool:
    return word in _TURNING or word in _TURNING_CHINESE
