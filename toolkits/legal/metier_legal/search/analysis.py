"""Texts as the terms that are counted: the same for what is indexed and for what is asked. Pure.

Chinese (and kana) is cut into pairs of neighbouring characters, which needs no dictionary and measured better than a
segmenter; every other script into words: folded, without the words that carry no subject, stemmed where the language
has a stemmer. A Chinese text's Latin words and numbers stay whole, and so does a Chinese name in an English text.
"""

import re
import unicodedata
from collections.abc import Collection
from functools import cache
from operator import add
from typing import Final

import tantivy

LONGEST_QUERY: Final = 20_000
"""Characters of a query that are looked at."""

LONGEST_TERM: Final = 40
"""Longer words, in bytes of UTF-8, are not terms: they are encoded data, not language."""

_PAIRED: Final = re.compile("[\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]+")
_STEMMERS: Final = {"en": "english", "de": "german", "fr": "french"}

# Words of questions and of grammar. Measured on ObliQA: dropping the asking words too ("what", "how", "should")
# gains .006 R@10 over a list of grammatical words alone.
_ENGLISH: Final = re.findall(
    r"\w+",
    "a about also an and any are as at be been being between but by can could did do does during each "
    "every for from had has have he her here his how however i if in into is it its may me might must my "
    "no nor not of on only or other our shall she should so some such than that the their them then there "
    "these they this those to under upon us was we were what when where which who whom whose why will "
    "with within would you your",
)


def term_list(text: str, language: str) -> list[str]:
    """Returns the terms of `text`, as often as they stand in it, pairs first; `language` is an ISO 639-1 code."""
    words = _word_analyzer(language if language in _STEMMERS else "")
    if text.isascii():
        return words.analyze(text)
    clean = unicodedata.normalize("NFKC", text).encode("utf-8", "ignore").decode()
    terms = [pair for run in _PAIRED.findall(clean) for pair in _pairs(run)]
    return terms + words.analyze(_PAIRED.sub(" ", clean))


def query_terms(query: str, language: str) -> tuple[str, ...]:
    """Returns the terms of the first LONGEST_QUERY characters of a query, each once."""
    return tuple(dict.fromkeys(term_list(query[:LONGEST_QUERY], language)))


def are_lone(terms: Collection[str]) -> bool:
    """Returns whether these are single characters of a paired script: no term of a text, but the begin of some."""
    return bool(terms) and all(len(term) == 1 and _PAIRED.match(term) for term in terms)


def writable(text: str) -> str:
    """Returns the text with "?" for what no UTF-8 can hold: half of a surrogate pair."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _pairs(run: str) -> list[str]:
    return list(map(add, run, run[1:])) or [run]


@cache
def _word_analyzer(language: str) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    builder = builder.filter(tantivy.Filter.remove_long(LONGEST_TERM)).filter(tantivy.Filter.lowercase())
    if language == "en":
        builder = builder.filter(tantivy.Filter.custom_stopword(_ENGLISH))
    elif language:
        builder = builder.filter(tantivy.Filter.stopword(_STEMMERS[language]))
    if language:
        builder = builder.filter(tantivy.Filter.stemmer(_STEMMERS[language]))
    return builder.filter(tantivy.Filter.ascii_fold()).build()
