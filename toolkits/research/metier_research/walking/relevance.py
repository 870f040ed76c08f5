"""How much of a question a text speaks to: by its words, with the rare ones counting most. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import log
from typing import Final

from metier_research.reading import passages

_DATED: Final = re.compile(
    r"\b(?:when|what (?:date|year|day|time)|which (?:date|year|day)|how (?:many|much|long|old|far)|deadline|price)\b"
    r"|何时|什么时候|哪一?年|多少|几",
    re.IGNORECASE,
)
_STEM, _ENDING = 4, 3  # letters that a word has at least, and that an ending has at most
_COMMON: Final = """
about after all also am any been before being between both but can could doing each find give he her his i if into just
list many me more most much my name no not off only other our out over please same she should show so some such tell
than them then there these they those through under until up us very we what would you your
什么 多少 哪些 哪个 什麼 請問 请问 一个
"""
_UNTOLD: Final = frozenset(_COMMON.split())


def words_of(text: str) -> frozenset[str]:
    """Returns the words of a text that say something, as a search compares them."""
    return frozenset(passages.words_of(text)) - _UNTOLD


def _is_form(word: str, wanted: str) -> bool:
    return word.startswith(wanted) and len(word) <= len(wanted) + _ENDING


def wants_number(question: str) -> bool:
    """Returns whether a question asks for a date or a number."""
    return _DATED.search(question) is not None


@dataclass
class Relevance:
    """Measures texts against a question. The more of the pages seen have a word, the less it counts."""

    question: str
    words: frozenset[str] = field(init=False)
    _pages: int = 0
    _having: Counter[str] = field(default_factory=Counter)
    _weights: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.words = words_of(self.question)

    def see(self, text: str) -> None:
        """Notes which words of the question a page has."""
        self._pages += 1
        self._weights = {}
        self._having.update(self.had_by(text))

    def weights(self) -> Mapping[str, float]:
        """Returns what each word of the question counts, in their order."""
        if not self._weights:
            most = log(self._pages + 2)
            counted = {word: log((self._pages + 2) / (self._having[word] + 1)) / most for word in sorted(self.words)}
            self._weights = {word: max(weight, 0.1) for word, weight in counted.items()}
        return self._weights

    def of(self, text: str) -> float:
        """Returns the share of the question that a text speaks to, from 0 to 1."""
        return self.share(self.had_by(text))

    def had_by(self, text: str) -> frozenset[str]:
        """Returns the words of the question that a text has, with another ending perhaps (lower, lowered)."""
        words = words_of(text)
        return frozenset(
            wanted
            for wanted in self.words
            if wanted in words or (len(wanted) >= _STEM and any(_is_form(word, wanted) for word in words))
        )

    def share(self, words: Iterable[str]) -> float:
        """Returns the share of the question that these words of it make up, from 0 to 1."""
        weights = self.weights()
        total = sum(weights.values())
        had = frozenset(words)
        return sum(weight for word, weight in weights.items() if word in had) / total if total else 0.0
