"""Whether a claim that all but repeats its quote differs from it in a word that turns the meaning. Pure."""

import re
from difflib import SequenceMatcher
from typing import Final

from rapidfuzz.fuzz import partial_ratio_alignment

from metier_legal.checks.language.content import is_same_script
from metier_legal.quoting.numbers import find_numerals

ALIKE: Final = 82.0  # below it the claim is no copy, and other rules judge it
LONGEST: Final = 2_000
_WORD: Final = re.compile(r"[A-Za-z]+(?:['’]t)?|\d+(?:[.,]\d+)*|[\u4e00-\u9fff]|%")
_SAME: Final = {"must": "shall", "can": "may", "cannot": "not", "never": "not", "shan't": "not", "can't": "not"}
_TURNING: Final = frozenset(
    ("not", "no", "nor", "neither", "none", "shall", "may", "unless", "except", "without", "only")
)
_DIRECTION_WORDS: Final = "all any before after least most more less exceed exceeds below above"
_DIRECTIONS: Final = frozenset(_DIRECTION_WORDS.split())  # that one is not there says little; that it is another does
_TURNING_CHINESE: Final = frozenset("不未无非可应须禁止得以上下内外除但前后")


def find_turned_word(claim: str, quote: str) -> str:
    """Returns the word in which a near copy differs ("“shall” became “may”"), or "" for no copy or a harmless one."""
    if not claim.strip() or not quote.strip() or not is_same_script(claim, quote):
        return ""
    near = partial_ratio_alignment(quote[:LONGEST], claim[:LONGEST], score_cutoff=ALIKE)
    if near is None or len(claim) * 2 < len(quote):
        return ""
    ours, theirs = _words(claim[near.dest_start : near.dest_end]), _words(quote[near.src_start : near.src_end])
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, theirs, ours, autojunk=False).get_opcodes():
        if kind == "equal" or (i1 == 0 and i2 == 0) or (i1 == len(theirs)):
            continue
        said, became = theirs[i1:i2], ours[j1:j2]
        if sorted(_turning(said)) != sorted(_turning(became)) or _is_redirected(said, became):
            return f"“{' '.join(said) or 'nothing'}” became “{' '.join(became) or 'nothing'}”"
    return ""


def _is_redirected(said: list[str], became: list[str]) -> bool:
    one, other = _DIRECTIONS & set(said), _DIRECTIONS & set(became)
    return bool(one) and bool(other) and one != other


def _words(text: str) -> list[str]:
    written = list(text)
    for numeral in reversed(find_numerals(text)):
        if numeral.value is not None:
            written[numeral.start : numeral.end] = [numeral.written]
    words = (word.lower().replace("’", "'") for word in _WORD.findall("".join(written)))
    return [_SAME.get(word, word) for word in words]


def _turning(words: list[str]) -> list[str]:
    return [word for word in words if word in _TURNING or word in _TURNING_CHINESE or word[0].isdigit()]
