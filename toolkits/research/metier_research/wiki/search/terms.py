"""Texts as the words that are searched. Pure.

SQLite's FTS5 cuts words, takes off their accents and stems them (Porter). Chinese, Japanese and Korean are cut into
pairs of neighbouring characters before, which needs no dictionary.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from operator import add
from typing import Final

LONGEST_QUERY: Final = 2_000
"""Characters of a query that are looked at."""

MOST_WORDS: Final = 48
_LONGEST_WORD: Final = 64
_MOST_NAMES: Final = 400
_WORDS_OF_A_NAME: Final = 10
_LETTERS_OF_A_NAME: Final = 12

_PAIRED: Final = re.compile(
    "[\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af]+"
)
_WORD: Final = re.compile(r"[^\W_]+")
_ACCENT: Final = re.compile("[\u0300-\u036f]+")
_QUALIFIER: Final = re.compile(r"\s*[(（][^()（）]*[)）]\s*$")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a query; `begins` when it stands for all words that begin with it."""

    text: str
    begins: bool = False

    @property
    def expression(self) -> str:
        """Returns the word as FTS5 is asked for it: quoted, so that nothing in it is syntax."""
        return f'"{self.text}" *' if self.begins else f'"{self.text}"'


def spread(text: str) -> str:
    """Returns the text as it is indexed: pairs of neighbours in place of runs of Chinese, Japanese and Korean.

    The last character of a run stands alone as well, so that a query of one character finds it wherever it is.
    """
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKC", text)
    return _PAIRED.sub(lambda run: f" {' '.join([*map(add, run[0], run[0][1:]), run[0][-1]])} ", plain)


def words_of(query: str) -> tuple[Word, ...]:
    """Returns the words of a query, each once, in their order: the first MOST_WORDS. None of it is ever syntax."""
    clean = unicodedata.normalize("NFKC", query[:LONGEST_QUERY])
    found: dict[str, Word] = {}
    for match in _WORD.finditer(clean):
        for word in _cut(match[0]):
            found.setdefault(fold(word.text), word)
    return tuple(found.values())[:MOST_WORDS]


def fold(text: str) -> str:
    """Returns the words of a text without case, accents and punctuation, one blank between them."""
    plain = _ACCENT.sub("", unicodedata.normalize("NFKD", text))
    return " ".join(_WORD.findall(unicodedata.normalize("NFC", plain).casefold()))


def names_in(query: str) -> tuple[str, ...]:
    """Returns every run of words of a query that could be a title, folded, the longest first."""
    words = fold(query[:LONGEST_QUERY]).split()[:MOST_WORDS]
    found: dict[str, None] = {}
    for length in range(min(len(words), _WORDS_OF_A_NAME), 0, -1):
        for start in range(len(words) - length + 1):
            found.setdefault(" ".join(words[start : start + length]))
    for word in words:
        for name in _names_in_run(word):
            found.setdefault(name)
    return tuple(found)[:_MOST_NAMES]


def spellings(title: str) -> tuple[str, ...]:
    """Returns the folded names that a title goes by: whole, and without what tells it apart: "Mercury (planet)"."""
    whole, bare = fold(title), fold(_QUALIFIER.sub("", title))
    return tuple(dict.fromkeys(name for name in (whole, bare) if name))


def _cut(text: str) -> Iterator[Word]:
    at = 0
    for run in _PAIRED.finditer(text):
        if run.start() > at:
            yield Word(text[at : run.start()][:_LONGEST_WORD])
        if len(run[0]) == 1:
            yield Word(run[0], begins=True)
        yield from map(Word, map(add, run[0], run[0][1:]))
        at = run.end()
    if at < len(text):
        yield Word(text[at:][:_LONGEST_WORD])


def _names_in_run(word: str) -> Iterator[str]:
    for run in _PAIRED.findall(word):
        for length in range(min(len(run), _LETTERS_OF_A_NAME), 1, -1):
            for start in range(len(run) - length + 1):
                yield run[start : start + length]
