"""QUOTE, in a statement's own text: what it puts in quotation marks was said by a source or by the user. Pure."""

import re
from collections.abc import Iterator
from typing import Final

from metier_legal.checks.codes import Code
from metier_legal.checks.reading import Fault, Reading, short
from metier_legal.memo import Statement
from metier_legal.quoting.fragments import count_words
from metier_legal.quoting.normal import normalise
from metier_legal.quoting.signs import is_cjk

_IN_MARKS: Final = re.compile(r"“([^“”]{1,2000})”|\"([^\"]{1,2000})\"|「([^「」]{1,2000})」|『([^『』]{1,2000})』")
_ELLIPSES: Final = re.compile(r"\[?(?:…+|(?:\.\s?){3,})\]?")
_NAMED_WORDS: Final = 3  # shorter words in marks are a term, not a quote
_NAMED_SIGNS: Final = 7


def judge(reading: Reading, subject: str, statement: Statement) -> Fault | None:
    """Returns which words in quotation marks in the statement nobody said, or None."""
    language = reading.memo.language
    known: tuple[str, ...] | None = None
    for quoted in quoted_in(statement.text):
        plain = normalise(quoted, language=language).text
        if (len(plain) < _NAMED_SIGNS) if is_cjk(language) else count_words(plain) < _NAMED_WORDS:
            continue
        known = known if known is not None else _sayable(reading, statement)
        if not all(any(part in text for text in known) for part in _parts(quoted, language)):
            return Fault(
                Code.QUOTE_MISMATCH, f"“{short(quoted)}” in the text stands in none of its grounds", "Quote them."
            )
    return None


def quoted_in(text: str) -> Iterator[str]:
    """Yields what stands in quotation marks in a text."""
    for match in _IN_MARKS.finditer(text):
        yield next(group for group in match.groups() if group is not None)


def _parts(quoted: str, language: str) -> list[str]:
    parts = (normalise(part, language=language).text.strip(" '.,;:-").lower() for part in _ELLIPSES.split(quoted))
    return [part for part in parts if part]


def _sayable(reading: Reading, statement: Statement) -> tuple[str, ...]:
    """Returns what a statement may put in marks: its quotes as they stand in the source, and the user's words."""
    language = reading.memo.language
    texts = [exhibit.quoted for exhibit in reading.grounds(statement)]
    texts += [exhibit.cited.quote for exhibit in reading.grounds(statement)]
    return tuple(normalise(text, language=language).text.lower() for text in (*texts, reading.task.text))
