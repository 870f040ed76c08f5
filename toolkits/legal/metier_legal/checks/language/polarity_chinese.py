"""Whether a Chinese claim says the opposite of its quote: 可以 against 不得, 承担 against 不承担. Pure."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

_FORCES: Final = (
    ("free", "可以不|不必|无须|无需|不需要|毋须"),
    ("forbidden", "不得|不可以|不能|禁止|严禁|无权|不应当|不应|不准|不许|没有权利"),
    ("must", "应当|必须|有义务|应该|(?<![相适对反响供本])应(?![用对付答诉聘届收急激变战邀募试征])"),
    ("may", "可以|有权|有权利"),
)
_MODAL: Final = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _FORCES))
_NAMES: Final = {"free": "可以不", "forbidden": "不得", "must": "应当", "may": "可以"}
_NOT_HAN: Final = re.compile(r"[^\u4e00-\u9fff]")
_CLAUSE: Final = re.compile(r"[，。；：！？,;:!?\n]")
_HARMLESS: Final = re.compile(
    r"不动产|不仅|不论|不管|不限于|不低于|不少于|不高于|不超过|不足|不同|不断|不当|不法|不良|不可抗力|不定期|不明|不满|不服"
)
_DENIAL: Final = re.compile(r"不予|并非|没有|尚未|不再|不(?![得应可能必需准许])|未(?!来|成年)|无(?=效|权|罪|责)")
_REACH: Final = 14
_WHEN: Final = re.compile(r"(?:[自在于从][^，。；]{1,12}?(?:起|内|前|后))(?:[^，。；]{1,5}?内)?")
_TAIL: Final = 3
_SCOPE: Final = 16
_SCOPE_END: Final = re.compile(r"[的，。；：！？,;:!?\n]")
_ALIKE: Final = 0.5
_ASKED: Final = frozenset(("要求", "请求", "主张"))
_COVERED: Final = 0.8
_EXCEPTED: Final = re.compile(r"(?:但是?|，)(?P<what>[^，。；]{4,40}?)的?除外")
_OTHERWISE: Final = re.compile(r"否则|不然")


def find_contradiction(claim: str, quote: str) -> str:
    """Returns how the claim turns its quote round, or ""."""
    if _OTHERWISE.search(claim) or _states_exception(claim, quote):
        return ""
    theirs = tuple(_modals(quote))
    for force, words in _modals(claim):
        near = [other for other, said in theirs if _alike(words, said)]
        if force == "may" and _ASKED & words and "must" in near:
            continue  # one may ask for what the other must do
        if near and force not in near:
            return f"{_NAMES[force]}, but the quote says {_NAMES[near[0]]}"
    return _denies(claim, quote) or _denies(quote, claim)


def _states_exception(claim: str, quote: str) -> bool:
    """Returns whether the claim speaks of the case that the quote excepts, as its rule for it."""
    if _EXCEPTED.search(claim):
        return False
    excepted = frozenset(pair for match in _EXCEPTED.finditer(quote) for pair in _pairs_of(match["what"]))
    return len(excepted) > _TAIL and len(excepted & _pairs_of(claim)) >= _COVERED * len(excepted)


def _pairs_of(text: str) -> frozenset[str]:
    return frozenset(map("".join, pairwise(_NOT_HAN.sub("", text))))


def _modals(text: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Yields each modal with the pairs of signs that follow it in its clause."""
    for match in _MODAL.finditer(text):
        after = _WHEN.sub("", text[match.end() : match.end() + 2 * _REACH])[:_REACH]
        stop = _CLAUSE.search(after)
        after = _NOT_HAN.sub("", after[: stop.start()] if stop else after)
        yield match.lastgroup or "", frozenset(map("".join, pairwise(after)))


def _alike(words: frozenset[str], said: frozenset[str]) -> bool:
    least = min(len(words), len(said))
    return least > 0 and len(words & said) >= max(1, _ALIKE * least)


def _denies(first: str, second: str) -> str:
    """Returns the words that only `first` denies and that `second` has only without a denial, or ""."""
    plain = _HARMLESS.sub("　", first)
    for match in _DENIAL.finditer(plain):
        tail = plain[match.end() : match.end() + _TAIL]
        if len(tail) < _TAIL or _NOT_HAN.search(tail):
            continue
        if _stands_affirmed(tail, second) and not _stands_affirmed(tail, first):
            return f"“{tail}” is denied in one and affirmed in the other"
    return ""


def _stands_affirmed(words: str, text: str) -> bool:
    """Returns whether the words stand in the text, and never after a denial."""
    places = [match.start() for match in re.finditer(re.escape(words), text)]
    return bool(places) and not any(_is_denied(text, at) for at in places)


def _is_denied(text: str, at: int) -> bool:
    """Returns whether a denial stands before the words in their clause: in 未支付或者迟延支付租金 it denies both."""
    before = _HARMLESS.sub("　", text[max(0, at - _SCOPE) : at])
    return bool(set("不未无非没") & set(_SCOPE_END.split(before)[-1]))
