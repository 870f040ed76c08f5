"""What the passages of a run say by number or date, and where two of them say it differently. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Final

from metier.evidence import Evidence
from metier_research.language.amounts import ORDINAL, Amount
from metier_research.language.dates import Day
from metier_research.language.denial import find_hedge
from metier_research.language.names import find_names, is_plain_word
from metier_research.language.sentences import find_sentences
from metier_research.language.stretches import cut_stretches, find_values
from metier_research.language.words import find_content, fold

REMEMBERED: Final = 512
_MOST: Final = 300  # values of one subject that are compared with each other
_ALIKE: Final = 0.75  # share of the words of both frames that they have in common
_SUBJECT: Final = re.compile(r"^(?:It|He|She|They|The [a-z]+|This [a-z]+|Its|His|Her|Their)\b")
_ROW: Final = re.compile(r"^\s*\|(.+)\|\s*$")
_RULE: Final = re.compile(r"^[\s|:-]+$")
_TITLE_TAIL: Final = re.compile(r"\s*\((?:copy|[a-z ]+)\)\Z")
_FRAMELESS: Final = "total number count figure value amount altogether overall today currently now year"
_NEUTRAL: Final = find_content(_FRAMELESS)


@dataclass(frozen=True, slots=True)
class Stated:
    """One number or date that a passage states: of what (`subject`), which of it (`frame`), under what (`beside`).

    `beside` are the other numbers and years of the same sentence, under which alone two values can be compared.
    """

    evidence: str
    subject: frozenset[str]
    frame: frozenset[str]
    value: Amount | Day
    beside: frozenset[str]
    start: int
    end: int
    words: str

    def contradicts(self, other: "Stated") -> bool:
        """Returns whether both state the same of the same, and not the same value."""
        if self.subject != other.subject or not self.subject or not _is_alike(self.frame, other.frame):
            return False
        if self.beside != other.beside:
            return False
        return _differ(self.value, other.value)


def find_contradictions(evidence: Iterable[Evidence]) -> tuple[tuple[Stated, Stated], ...]:
    """Returns the pairs of statements of different pages that contradict each other, in the order of the evidence."""
    by_subject: dict[frozenset[str], list[Stated]] = {}
    for item in evidence:
        for one in _stated(item.id, item.text, _title_of(item)):
            by_subject.setdefault(one.subject, []).append(one)
    return tuple(
        (one, other)
        for group in by_subject.values()
        for one, other in combinations(group[:_MOST], 2)
        if one.evidence != other.evidence and one.contradicts(other)
    )


def _differ(one: Amount | Day, other: Amount | Day) -> bool:
    if isinstance(one, Amount) and isinstance(other, Amount):
        alike = one.measures == other.measures and one.measures != ORDINAL
        return alike and not one.is_said_by(other) and not other.is_said_by(one)
    if isinstance(one, Day) and isinstance(other, Day):
        return one.is_rival(other) and not one.is_said_by(other) and not other.is_said_by(one)
    return False


def _is_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    if not one or not other:
        return False
    return len(one & other) >= _ALIKE * len(one | other)


def _title_of(item: Evidence) -> str:
    title = item.value.get("title") if isinstance(item.value, dict) else None
    return title if isinstance(title, str) else ""


@lru_cache(maxsize=REMEMBERED)
def _stated(name: str, text: str, title: str) -> tuple[Stated, ...]:
    head: tuple[str, ...] = ()
    found: list[Stated] = []
    for start, end in find_sentences(text):
        line = text[start:end]
        row = _ROW.match(line)
        if row is None:
            head = ()
            found += _of_sentence(name, line, title, (start, end))
        elif not _RULE.match(line):
            cells = tuple(cell.strip() for cell in row[1].split("|"))
            found += _of_row(name, cells, head, title, (start, end))
            head = head or cells
    return tuple(found)


def _of_sentence(name: str, sentence: str, title: str, span: tuple[int, int]) -> Iterator[Stated]:
    """Yields what each clause of a sentence states; the others of its numbers and dates stand beside each."""
    if not find_values(sentence) or find_hedge(sentence):
        return
    names = [one for one in find_names(sentence) if not (one.starts and is_plain_word(one.words[0]))]
    lead = names[0].text if names and not _SUBJECT.match(sentence) else ""
    subject = _subject(lead, title)
    for clause in cut_stretches(sentence):
        plain = clause.text.replace(lead, " ") if lead else _SUBJECT.sub(" ", clause.text)
        frame = find_content(_blank(plain, find_values(plain))) - _NEUTRAL
        for value in clause.values:
            beside = frozenset(_key(other) for other in clause.values if other is not value)
            yield Stated(name, subject, frame, value, beside, *span, sentence)


def _of_row(
    name: str, cells: tuple[str, ...], head: tuple[str, ...], title: str, span: tuple[int, int]
) -> Iterator[Stated]:
    """Yields what a row of a table states: a label and its value, or under each head the value of the first cell."""
    if len(cells) == 2 and not find_names(cells[0])[1:]:
        labels = {1: cells[0]} if not head or not _is_listing(head) else {1: head[1]}
        of = title if not head or not _is_listing(head) else cells[0]
    else:
        labels = {at: head[at] for at in range(1, len(cells)) if at < len(head)}
        of = cells[0]
    for at, label in labels.items():
        values = find_values(cells[at])
        if len(values) == 1:
            line = " | ".join(cells)
            yield Stated(name, _bare(of), find_content(label) - _NEUTRAL, values[0], frozenset(), *span, line)


def _is_listing(head: tuple[str, ...]) -> bool:
    """Returns whether the first row of a table is its head, and not already a label with its value."""
    return not any(find_values(cell) for cell in head)


def _subject(lead: str, title: str) -> frozenset[str]:
    """Returns whom or what a sentence is about: its first name, or its page where it begins with "It"."""
    first, page = _bare(lead), _bare(title)
    return page if not first or first < page else first


def _bare(name: str) -> frozenset[str]:
    return find_content(fold(_TITLE_TAIL.sub("", name)))


def _blank(text: str, values: Sequence[Amount | Day]) -> str:
    """Returns the text without its numbers, and without the units that they are in."""
    for value in sorted(values, key=lambda one: -one.start):
        text = f"{text[: value.start]} {text[value.end :]}"
    return text


def _key(value: Amount | Day) -> str:
    return f"{value.number} {value.unit}" if isinstance(value, Amount) else f"{value.first}-{value.month}-{value.day}"
