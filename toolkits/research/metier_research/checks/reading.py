"""A report beside the evidence of its run: what every rule reads. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import Final

from metier.canonical import JSON, canonical_json
from metier.check import EvidenceById
from metier.errors import InputError
from metier.evidence import Citation, Evidence, is_intact, resolve_pointer
from metier.task import Task
from metier.verdict import Finding, Outcome
from metier_research.checks.contradictions import Stated, find_contradictions
from metier_research.language.amounts import Amount, find_amounts
from metier_research.language.dates import Day, find_days
from metier_research.language.names import find_names, is_plain_word
from metier_research.language.sentences import find_sentences, widen
from metier_research.pages.evidence import HIT, OUTPUT, PASSAGE, RECORD, kind_of
from metier_research.reading.quoting import find_quote
from metier_research.report import Report, Statement

SHOWN: Final = 160
LONGEST_QUOTE: Final = 4_000  # characters
NEAR: Final = 1_500  # characters of a sentence on either side of its quote
_LEAD: Final = re.compile(r"(?:(?:In|On|At|By|After|Before|During|Since|Until)\b[^,|]*,\s*)?(?:[Tt]he |An? )?[“\"]?")
NOTICE: Final = "gateway/"  # sources of what the gateway says of itself
_NAMED_BY: Final = ("title", "site", "venue", "doi", "url")
_WORDS_OF_ADDRESS: Final = re.compile(r"[/_?&=#+-]+|%20")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a statement: what the evidence says, and the smallest change that would make it hold."""

    found: str
    repair: str
    unknown: bool = False
    evidence: tuple[str, ...] = ()

    def finding(self, rule: str, subject: str, claimed: str) -> Finding:
        """Returns the finding that says so."""
        outcome = Outcome.UNKNOWN if self.unknown else Outcome.VIOLATED
        return Finding(
            rule, subject, outcome, short(claimed), printable(self.found), printable(self.repair), self.evidence
        )


@dataclass(frozen=True)
class Exhibit:
    """One citation of a statement, with what the evidence holds of it."""

    subject: str
    cited: Citation
    item: Evidence | None

    @property
    def kind(self) -> str:
        """Returns the kind of the evidence; empty for that of another server."""
        return "" if self.item is None else kind_of(self.item)

    @cached_property
    def text(self) -> str:
        """Returns the words of the evidence; of evidence without words its value."""
        if self.item is None:
            return ""
        return self.item.text or ("" if self.item.value is None else canonical_json(self.item.value))

    @cached_property
    def span(self) -> tuple[int, int] | None:
        """Returns where the quote stands in the evidence; its beginning for no quote, None where it does not stand."""
        quote = self.cited.quote or ""
        if not quote.strip():
            return 0, min(len(self.text), LONGEST_QUOTE)
        return find_quote(quote, self.text) if len(quote) <= LONGEST_QUOTE else None

    @cached_property
    def quoted(self) -> str:
        """Returns the cited words as they stand in the evidence, or the cited value; empty where there are none."""
        if self.item is None or self.span is None:
            return ""
        words = self.text[slice(*self.span)]
        if self.cited.pointer is None:
            return words
        value = _value_at(self.item.value, self.cited.pointer)
        return f"{words}\n{value}" if self.cited.quote else value

    @cached_property
    def said(self) -> str:
        """Returns the whole sentences that the cited words stand in: a quote cut short does not say the opposite."""
        if self.span is None:
            return ""
        words = self.text[slice(*self._around)]
        return f"{words}\n{self.quoted}" if self.cited.pointer is not None else words

    @cached_property
    def _around(self) -> tuple[int, int]:
        """Returns the span of those sentences, of an endless one only what is near."""
        start, end = self.span or (0, 0)
        near = max(0, start - NEAR), min(len(self.text), end + NEAR)
        first, last = widen(self.text[slice(*near)], start - near[0], end - near[0])
        return first + near[0], last + near[0]

    @cached_property
    def head(self) -> str:
        """Returns what stands over the cited words: the heading of their section, and the head of their table."""
        if self.span is None:
            return ""
        above = [line.strip() for line in self.text[: self.span[0]].splitlines() if line.strip()]
        heading = next((line for line in reversed(above) if line.startswith("#")), "")
        rows = list(takewhile(lambda line: line.startswith("|"), reversed(above)))
        return f"{heading}\n{rows[-1]}" if rows and self.said.lstrip().startswith("|") else heading

    @cached_property
    def amounts(self) -> tuple[Amount, ...]:
        """Returns the numbers of the cited words, with what bounds them before the quote: "more than"."""
        return tuple(one for one in find_amounts(self.said) if self._is_cited(one.start, one.end))

    @cached_property
    def days(self) -> tuple[Day, ...]:
        """Returns the dates of the cited words."""
        return tuple(one for one in find_days(self.said) if self._is_cited(one.start, one.end))

    @property
    def values(self) -> tuple[Amount | Day, ...]:
        """Returns the numbers and dates of the cited words."""
        return (*self.amounts, *self.days)

    def _is_cited(self, start: int, end: int) -> bool:
        if self.cited.pointer is not None or self.span is None:
            return True
        shift = self._around[0]
        return self.span[0] <= start + shift and end + shift <= self.span[1]

    @cached_property
    def subject_of(self) -> str:
        """Returns the name that the cited sentence begins with; empty where it begins with "It" or "The town"."""
        return lead_of(self.said)

    @cached_property
    def led_by(self) -> str:
        """Returns the name that the nearest sentence before the quote begins with: whom its "she" or "it" may mean."""
        if self.said.lstrip().startswith("|"):
            return ""  # a row of a table is about its page
        start = 0 if self.span is None else self.span[0]
        before = [self.text[a:b] for a, b in find_sentences(self.text) if b <= start]
        return next((name for sentence in reversed(before) if (name := lead_of(sentence))), "")

    def field(self, name: str) -> str:
        """Returns a text of the evidence's value by its name ("title", "site"); empty for none."""
        value = self.item.value if self.item is not None else None
        found = value.get(name) if isinstance(value, dict) and self.kind in (PASSAGE, RECORD, OUTPUT, HIT) else None
        return found if isinstance(found, str) else ""

    @property
    def naming(self) -> tuple[str, ...]:
        """Returns what names the source: title, site, address, the server's name."""
        named = [self.field(name) for name in _NAMED_BY] + [self.item.source if self.item else ""]
        return tuple(_WORDS_OF_ADDRESS.sub(" ", part) for part in named if part)


@dataclass(frozen=True)
class Reading:
    """A task, its report and the evidence of the run."""

    task: Task
    report: Report
    evidence: EvidenceById

    @cached_property
    def statements(self) -> tuple[tuple[str, Statement], ...]:
        """Returns the statements of the report with their places."""
        return tuple(self.report.statements())

    @cached_property
    def _exhibits(self) -> dict[str, tuple[Exhibit, ...]]:
        return {
            subject: tuple(Exhibit(subject, cited, self.find(cited.evidence)) for cited in statement.citations)
            for subject, statement in self.statements
        }

    def exhibits(self, subject: str) -> tuple[Exhibit, ...]:
        """Returns the citations of the statement at that place."""
        return self._exhibits.get(subject, ())

    @cached_property
    def _found(self) -> dict[str, Evidence | None]:
        return {}

    def find(self, name: str) -> Evidence | None:
        """Returns the untouched evidence of that id, or None."""
        if name not in self._found:
            item = self.evidence.get(name)
            self._found[name] = item if item is not None and item.id == name and is_intact(item) else None
        return self._found[name]

    @cached_property
    def contradictions(self) -> tuple[tuple[Stated, Stated], ...]:
        """Returns where two passages of the run state the same thing otherwise."""
        return find_contradictions(self.of_kind(PASSAGE))

    def of_kind(self, *kinds: str) -> Iterator[Evidence]:
        """Yields the evidence of the run of these kinds, in the order of its ids."""
        for name in sorted(self.evidence):
            item = self.find(name)
            if item is not None and kind_of(item) in kinds:
                yield item


def lead_of(sentence: str) -> str:
    """Returns the name that a sentence begins with, after an article or a phrase of time; empty for none or a row."""
    names = find_names(sentence)
    if not names or (names[0].starts and is_plain_word(names[0].words[0])):
        return ""
    return names[0].text if _LEAD.fullmatch(sentence[: names[0].start]) else ""


def printable(text: str) -> str:
    """Returns text of unknown origin on one line, with a space for each sign that is not printed."""
    shown = text if text.isprintable() else "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(shown.split())


def short(text: str) -> str:
    """Returns text of unknown origin on one line of at most 160 signs."""
    line = printable(text[: 2 * SHOWN])
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"


def _value_at(value: JSON, pointer: str) -> str:
    try:
        found = resolve_pointer(value, pointer)
    except InputError:
        return ""
    return found if isinstance(found, str) else canonical_json(found)


def ids_of(exhibits: Sequence[Exhibit]) -> tuple[str, ...]:
    """Returns the ids of the evidence that is cited, each once, in order."""
    return tuple(dict.fromkeys(one.cited.evidence for one in exhibits))
