"""The content words of a text: what it is about, apart from how it says it. Pure."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Final

REMEMBERED: Final = 512
_WORDS: Final = 16_384
_WORD: Final = re.compile(r"[a-zà-öø-ÿß]{3,}")
_RUN: Final = re.compile(r"[\u4e00-\u9fff]+")
_GRAMMAR: Final = (
    "the and for that this with from are was were been being have has had not but any all such other than may shall "
    "must can will would should could which who whom whose when where what there their them they its his her him she "
    "you your our out into upon under over per each every either neither nor does did doing about above below between "
    "through during before after against because until while same some more most very only own too then also here "
    "section sections subsection article act code title chapter paragraph law provides provision according pursuant "
    "court held holds case see der die das und ein eine les des une dans par sur est thus therefore however"
)
_STOP: Final = frozenset(_GRAMMAR.split())
_STOP_SIGNS: Final = frozenset("的了在是和与或及其之等为于以由对就也都而并被把向从这那该本此所有者")
_ENDINGS: Final = (
    "ations",
    "ation",
    "ings",
    "ing",
    "ments",
    "ment",
    "ies",
    "ied",
    "ers",
    "es",
    "ed",
    "er",
    "ly",
    "s",
    "e",
)
_SHORTEST_STEM: Final = 4


@lru_cache(maxsize=REMEMBERED)
def find_content(text: str) -> frozenset[str]:
    """Returns the stems of the content words of a text; for Chinese, pairs of signs without those of grammar."""
    words = {stem_of(word) for word in _WORD.findall(text.lower()) if word not in _STOP}
    for run in _RUN.findall(text):
        words |= {pair for pair in map("".join, pairwise(run)) if not _STOP_SIGNS & set(pair)}
    return frozenset(words)


@lru_cache(maxsize=_WORDS)
def stem_of(word: str) -> str:
    """Returns the word without an ending of grammar, at least four letters of it."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def share_in(claim: str, passages: Iterable[str]) -> float | None:
    """Returns the share of the claim's content words that the passages have, or None when the claim has none."""
    wanted = find_content(claim)
    left = wanted.difference(*map(find_content, passages))
    return 1 - len(left) / len(wanted) if wanted else None


def is_same_script(first: str, second: str) -> bool:
    """Returns whether both texts are mostly Chinese, or both are not: words across scripts cannot be compared."""
    return _is_mostly_chinese(first) == _is_mostly_chinese(second)


def _is_mostly_chinese(text: str) -> bool:
    if _RUN.search(text) is None:
        return False
    chinese = sum(len(run) for run in _RUN.findall(text))
    return chinese * 3 > sum(len(word) for word in _WORD.findall(text.lower()))
