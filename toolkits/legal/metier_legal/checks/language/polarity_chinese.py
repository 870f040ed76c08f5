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
_TAIL: Final = 3
_ALIKE: Final = 0.5


def find_contradiction(claim: str, quote: str) -> str:
    """Returns how the claim turns its quote round, or ""."""
    theirs = tuple(_modals(quote))
    for force, words in _modals(claim):
        near = [other for other, said in theirs if _alike(words, said)]
        if near and force not in near:
            return f"{_NAMES[force]}, but the quote says {_NAMES[near[0]]}"
    return _denies(claim, quote) or _denies(quote, claim)


def _modals(text: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Yields each modal with the pairs of signs that follow it in its clause."""
    for match in _MODAL.finditer(text):
        after = text[match.end() : match.end() + _REACH]
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
    return bool(places) and not any(set("不未无非没") & set(text[max(0, at - 3) : at]) for at in places)
