"""How much of a question a passage speaks of: shared terms, weighed by how rare they are among the passages. Pure."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_WORD: Final = re.compile(r"[\u3400-\u9fff]+|[^\W\d_]{3,}")
_STOP: Final = frozenset((
    "the", "and", "for", "not", "with", "that", "this", "from", "was", "were", "are", "has", "had", "have", "his",
    "her", "its", "they", "them", "their", "who", "whom", "which", "what", "when", "where", "how", "may", "can",
    "could", "would", "should", "shall", "will", "must", "does", "did", "been", "being", "after", "before", "about",
    "into", "upon", "under", "over", "any", "all", "such", "other", "than", "then", "there", "here", "out", "off",
    "our", "your", "you", "she", "him", "but",
))  # fmt: skip
_ENDINGS: Final = (
    "ations",
    "ation",
    "ments",
    "ment",
    "ings",
    "ing",
    "ies",
    "ied",
    "ates",
    "ated",
    "ate",
    "es",
    "ed",
    "s",
    "e",
)
_NUMBERS: Final = frozenset((
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty",
    "sixty", "seventy", "eighty", "ninety", "hundred", "thousand", "per", "cent", "day", "days", "week", "weeks",
    "month", "months", "year", "years", "please", "advise", "know", "say", "let",
))  # fmt: skip
_STOP_SIGNS: Final = frozenset(
    "的了是在和与或及其以为于之由被把对也就都而且但若则所者一二三四五六七八九十百千两个这那何吗呢请"
)


def terms_of(text: str) -> tuple[str, ...]:
    """Returns the terms of a text: words of three letters and more without endings, pairs of Chinese characters."""
    found: list[str] = []
    for match in _WORD.finditer(text.casefold()):
        word = match[0]
        if word[0] >= "\u3400":
            found += [word[i : i + 2] for i in range(len(word) - 1) if _STOP_SIGNS.isdisjoint(word[i : i + 2])]
        elif word not in _STOP and word not in _NUMBERS:
            found.append(_stem(word))
    return tuple(found)


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


@dataclass(frozen=True, slots=True)
class Scale:
    """What a question's terms are worth among the passages at hand."""

    worth: dict[str, float]

    def score(self, passage: str) -> float:
        """Returns the worth of the question's terms in a passage, each once, by the logarithm of its length."""
        terms = terms_of(passage)
        shared = sum(self.worth.get(term, 0.0) for term in set(terms))
        return shared / (1.0 + math.log1p(len(terms) / 60.0))

    def share(self, passage: str) -> float:
        """Returns which part of the question's worth a passage has, from 0 to 1."""
        total = sum(self.worth.values())
        return sum(self.worth.get(term, 0.0) for term in set(terms_of(passage))) / total if total else 0.0

    def count(self, passage: str) -> int:
        """Returns how many of the question's terms a passage has."""
        return len(self.worth.keys() & set(terms_of(passage)))

    def shared_words(self, question: str, passage: str, most: int = 4) -> tuple[str, ...]:
        """Returns words of the question, as it writes them, whose terms the passage has, the weightiest first.

        Of Chinese, they are the longest runs of signs that both have.
        """
        there = {term for term in terms_of(passage) if self.worth.get(term, 0.0) > 0}
        kept: dict[str, float] = {}
        for match in _WORD.finditer(question):
            for run in _runs(match[0], there):
                worth = max((self.worth.get(term, 0.0) for term in terms_of(run)), default=0.0)
                kept.setdefault(run.casefold(), worth)
        return tuple(sorted(kept, key=lambda run: -kept[run]))[:most]


def _runs(word: str, there: set[str]) -> Iterator[str]:
    """Yields the word when its term is there; of Chinese, the runs of signs all of whose pairs are."""
    if word[0] < "\u3400":
        yield from (word,) if there.intersection(terms_of(word)) else ()
        return
    begin = 0
    for i in range(1, len(word) + 1):
        if i == len(word) or word[i - 1 : i + 1] not in there:
            yield from (word[begin:i],) if i - begin > 1 else ()
            begin = i


def weigh(question: str, passages: Sequence[str]) -> Scale:
    """Returns the worth of each term of the question: high where few of the passages have it."""
    having = Counter(term for passage in passages for term in set(terms_of(passage)))
    count = max(len(passages), 1)
    return Scale({term: math.log1p(count / (having[term] + 0.5)) for term in dict.fromkeys(terms_of(question))})


def fuse(rankings: Iterable[Sequence[str]], *, k: int = 10) -> tuple[str, ...]:
    """Returns the ids of several rankings as one, by reciprocal rank."""
    score: dict[str, float] = {}
    for ranking in rankings:
        for place, name in enumerate(dict.fromkeys(ranking)):
            score[name] = score.get(name, 0.0) + 1.0 / (k + place)
    return tuple(sorted(score, key=lambda name: -score[name]))
