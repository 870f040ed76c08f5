"""The content words of a text: what it is about, apart from how it says it. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

import snowballstemmer

REMEMBERED: Final = 1_024
_WORDS: Final = 16_384
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_HAN: Final = re.compile(r"[\u3400-\u9fff]+")
_GRAMMAR: Final = (
    "a an the and or but nor so yet for of in on at by to from with as is are was were be been being am has have had "
    "do does did this that these those it its he she they them his her their there here "
    "who whom whose which what when "
    "where why how not no any all some such than then into onto upon over under about between through during before "
    "after since until while if because also only very more most much many other another same both each every either "
    "neither own too can could may might must shall should will would i you we us our your me my one ones him himself "
    "herself itself themselves up down out off again once per via s t according says said state states stated"
)
_STOP: Final = frozenset(_GRAMMAR.split())
_STOP_SIGNS: Final = frozenset("的了在是和与或及其之等为于以由对就也都而并被把向从这那该本此所有者")
_SAME_WORDS: Final = (
    "found establish create foundation",
    "born birth native birthplace",
    "die death dead decease",
    "marry wed spouse marriage wife husband",
    "inhabitant population people resident live populace",
    "lie locate situate stand sit seat base headquarters location",
    "area cover",
    "long length",
    "high height elevation altitude tall",
    "wide width broad",
    "deep depth",
    "write wrote written author writer",
    "film shoot shot",
    "design architect designer",
    "build built construct erect construction",
    "open inaugurate opening",
    "receive award recipient give gave given winner won win go went",
    "cost price sell sold",
    "employ employee staff",
    "teach taught teacher",
    "publish publisher issue release",
    "compose composer",
    "direct director",
    "sponsor fund finance",
    "name call",
    "study graduate educate attend alumni student pupil",
    "discover find first-described describe",
    "succeed successor",
    "precede predecessor",
    "average mean",
    "begin began start commence",
    "close closure closed",
    "age aged old",
    "discharge flow",
)
_STEMMER: Final = snowballstemmer.stemmer("english")


def fold(text: str) -> str:
    """Returns the text as names are compared: small letters without accents, apostrophes one way."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


@lru_cache(maxsize=REMEMBERED)
def find_content(text: str) -> frozenset[str]:
    """Returns the stems of the content words of a text; for Chinese, pairs of signs without those of grammar.

    Words that mean the same ("founded", "established") have one stem.
    """
    return frozenset(_stems(text))


@lru_cache(maxsize=_WORDS)
def stem_of(word: str) -> str:
    """Returns the stem of an English word in small letters (Porter, "An algorithm for suffix stripping", 1980)."""
    stem: str = _STEMMER.stemWord(word.removesuffix("'s").removesuffix("’s"))
    return stem


@lru_cache(maxsize=1)
def _shared_stems() -> Mapping[str, str]:
    """Returns for each stem of words that mean the same here the one that stands for all of them."""
    return {stem_of(word): stem_of(row.split()[0]) for row in _SAME_WORDS for word in row.split()}


def share_in(claim: str, texts: Iterable[str]) -> float | None:
    """Returns the share of the claim's content words that the texts have, or None when the claim has none."""
    wanted = find_content(claim)
    left = wanted.difference(*map(find_content, texts))
    return 1 - len(left) / len(wanted) if wanted else None


def is_comparable(text: str, others: Iterable[str]) -> bool:
    """Returns whether a text can be compared with any of the others by its words: they share a script.

    A text in two scripts can be compared with a text in either.
    """
    han, latin = _HAN.search(text) is not None, not is_chinese(text)
    return any((han and is_chinese(other)) or (latin and not is_chinese(other)) for other in others)


def is_chinese(text: str) -> bool:
    """Returns whether a text is mostly Chinese."""
    signs = sum(len(run) for run in _HAN.findall(text))
    return signs > 0 and signs * 3 > sum(len(word) for word in _WORD.findall(_HAN.sub(" ", text)))


def _stems(text: str) -> Iterator[str]:
    plain = fold(text)
    for word in _WORD.findall(_HAN.sub(" ", plain)):
        if word not in _STOP and len(word) > 1:
            stem = stem_of(word)
            yield _shared_stems().get(stem, stem)
    for run in _HAN.findall(text):
        for pair in (run[at : at + 2] for at in range(len(run) - 1)):
            if _STOP_SIGNS.isdisjoint(pair):
                yield pair
