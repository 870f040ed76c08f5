"""NAMED: every name, title and address of a statement is one that its sources or the question have. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from metier_research.checks.reading import Exhibit, Fault, Reading, ids_of, short
from metier_research.language.names import Known, Name, addresses_in, find_names, is_head, is_plain_word, titles_in
from metier_research.language.stretches import cut_stretches
from metier_research.language.words import fold, is_comparable
from metier_research.pages.evidence import OUTPUT
from metier_research.reading.quoting import find_quote
from metier_research.report import Statement

_PRONOUN: Final = re.compile(
    r"(?:It|He|She|They|This|That|These|Those"
    r"|(?:The|This) [a-z]+\b(?!(?: [a-z]+)? (?:of|in|at|for|by|from|on) (?:the )?[A-Z]))\b"
)
_HEAD: Final = re.compile(
    r"(?:.*\b(?:that|says|said|states|according to [^,]{1,60},) )?"
    r"(?:(?:In|On|At|By|As of|Since|Until)\b[^,]{0,40},? )?(?:[Tt]he (?:[a-z]+ of (?:the )?)?)?[“\"]?"
)
_VERB: Final = re.compile(r"\s+(?:is|was|are|were|has|had|lies|stands|became|won|wrote|'s|’s)\b")


def judge_named(reading: Reading, subject: str, statement: Statement) -> Iterator[Fault]:
    """Yields the names, quoted titles and addresses of the statement that its sources do not have."""
    exhibits = tuple(one for one in reading.exhibits(subject) if one.item is not None and one.kind != OUTPUT)
    if exhibits and not is_comparable(statement.text, [one.text for one in exhibits if one.text]):
        yield Fault(
            "the statement and its sources are in different scripts",
            "Give the names as the source writes them.",
            unknown=True,
        )
        return
    names = Naming(reading.task.text, exhibits)
    for name in find_names(statement.text):
        told = names.deny(name, statement.text)
        if told:
            yield Fault(told, "Name only what the quote or its page names.", evidence=ids_of(exhibits))
    for exhibit in exhibits:
        told = deny_owner(exhibit, statement.text)
        if told:
            yield Fault(told, "Cite a passage about what the statement is about.", evidence=(exhibit.cited.evidence,))
    told = _deny_twice(statement.text, exhibits)
    if told:
        yield Fault(told, "Name what the quote names.", evidence=ids_of(exhibits))
    yield from _judge_titles(reading, statement, exhibits)
    yield from _judge_addresses(statement, exhibits)


class Naming:
    """The names that a statement may use, by where they stand."""

    def __init__(self, question: str, exhibits: Sequence[Exhibit]) -> None:
        self._near = Known(part for one in exhibits for part in (one.said, *one.naming, *_lead(one)))
        self._asked = Known((question,))
        self._said = tuple(name.text for one in exhibits for name in find_names(one.said) if not is_head(name))

    def deny(self, name: Name, statement: str) -> str:
        """Returns why the sources do not have the name, or ""."""
        words, starts = name.words, name.starts
        if starts and len(words) > 1 and not self._has(words) and _may_be_plain(words[0], self._near):
            words, starts = words[1:], False
        if not self._has(words):
            if starts and not self._is_name(name, statement):
                return ""
            told = f"“{short(' '.join(words))}” is named by none of its quotes"
            return f"{told}; they name {short(self._said[0])}" if self._said else told
        return self._deny_place(name, words, statement)

    def _deny_place(self, name: Name, words: tuple[str, ...], statement: str) -> str:
        """Returns that the name stands in the place of one that the quotes have and the statement leaves out, or ""."""
        mine = Known((statement,))
        if not self._said or Known(self._said).has(words) or any(mine.has(tuple(one.split())) for one in self._said):
            return ""
        if self._near.has(words) and _HEAD.fullmatch(statement[: name.start]):
            return ""
        return f"“{short(' '.join(words))}” stands where the quote names {short(self._said[0])}"

    def _has(self, words: tuple[str, ...]) -> bool:
        return self._near.has(words) or self._asked.has(words)

    def _is_name(self, name: Name, statement: str) -> bool:
        """Returns whether a word at the head of a sentence is a name and not just a word."""
        word = name.words[0]
        if len(name.words) > 1:
            return True
        if _may_be_plain(word, self._near):
            return False
        if not word.isascii() or _VERB.match(statement, name.end) is not None:
            return True
        others = [one for one in find_names(statement) if one is not name]
        return not any(self._has(one.words) for one in others)


def _may_be_plain(word: str, known: Known) -> bool:
    return is_plain_word(word) or known.has_stem(word)


def deny_owner(exhibit: Exhibit, statement: str) -> str:
    """Returns that the statement is about something else than its quote, or "".

    A quote that begins with "It" or "The town" is about its page, or about whom the sentence before begins with: a
    statement that names others and neither of these took the words of another page.
    """
    names = [one for one in find_names(statement) if not is_head(one)]
    if not names or not exhibit.said:
        return ""
    opening = _PRONOUN.match(exhibit.said)
    owners = Known((*exhibit.naming, *_lead(exhibit)) if opening else (exhibit.said, *exhibit.naming, *_lead(exhibit)))
    if any(owners.has(one.words) for one in names) or (opening and _repeats(opening[0], statement)):
        return ""
    title = exhibit.field("title") or exhibit.led_by
    about = f": it is about {short(title)}" if title else ""
    return f"“{short(exhibit.quoted)}” says nothing of {short(names[0].text)}{about}"


def _deny_twice(statement: str, exhibits: Sequence[Exhibit]) -> str:
    """Returns which name a clause has twice, the second time for one of its quotes that is left out, or ""."""
    mine = Known((statement,))
    said = [name for one in exhibits for name in find_names(one.said) if not is_head(name)]
    left_out = [name.text for name in said if not mine.has(name.words)]
    for clause in cut_stretches(statement) if left_out else ():
        counts = Counter(clause.names)
        for name in (name for name in clause.names if counts[name] > 1):
            return f"“{short(name)}” is named twice, where the quote names {short(left_out[0])}"
    return ""


def _repeats(opening: str, statement: str) -> bool:
    """Returns whether a statement speaks of "the town" as its quote does; "it" may be anything."""
    return " " in opening and re.search(rf"\b{re.escape(opening)}\b", statement, re.IGNORECASE) is not None


def _lead(exhibit: Exhibit) -> tuple[str, ...]:
    """Returns whom the quote is about when it does not say so itself: what the sentence before begins with."""
    return (exhibit.led_by,) if exhibit.led_by and not exhibit.subject_of else ()


def _judge_titles(reading: Reading, statement: Statement, exhibits: Sequence[Exhibit]) -> Iterator[Fault]:
    known = [reading.task.text, *(one.text for one in exhibits), *(part for one in exhibits for part in one.naming)]
    for title in titles_in(statement.text):
        folded = fold(title)
        if not any(find_quote(title, text) or folded in fold(text) for text in known):
            yield Fault(
                f"“{short(title)}” stands in none of its sources",
                "Put in quotation marks only what a source says letter by letter.",
                evidence=ids_of(exhibits),
            )


def _judge_addresses(statement: Statement, exhibits: Sequence[Exhibit]) -> Iterator[Fault]:
    known = {one.field("url") for one in exhibits} | {one.item.locator for one in exhibits if one.item}
    texts = [one.text for one in exhibits]
    for address in addresses_in(statement.text):
        if address not in known and not any(address in text for text in texts):
            yield Fault(f"{short(address)} is the address of none of its sources", "Leave the address out: cite it.")
