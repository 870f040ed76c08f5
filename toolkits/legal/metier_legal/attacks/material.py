"""The law that answers and attacks are made of, and the passages of it that can be quoted. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, Literal

from metier_legal.law.case import HOLDING_PARTS, Case, Paragraph
from metier_legal.law.provision import Provision, Standing, standing_on
from metier_legal.law.work import Work
from metier_legal.quoting.signs import is_shown

_SENTENCE: Final = re.compile(r"[^.!?。！？]+(?:[.!?](?![\s\"”’)]|$)[^.!?。！？]*)*[.!?。！？]?[\"”’)]*", re.S)
_LETTER: Final = re.compile(r"[A-Za-z]{2}|[\u4e00-\u9fff]")
_ABBREVIATION: Final = re.compile(
    r"\b(?:[A-Z]|Nos?|Inc|Co|Corp|Ltd|vs?|cf|St|Mrs?|Dr|art|al|seq|[Ii]d|App|Stat|[Cc]h|Cir|Cl|Fed|Rep|Cong|Ed|pp?|n)\.\Z"
)
SHORTEST: Final = {"en": 45, "zh": 16}
LONGEST: Final = {"en": 600, "zh": 240}


@dataclass(frozen=True, slots=True)
class Law:
    """One provision of a work in all its versions, oldest first."""

    work: Work
    versions: tuple[Provision, ...]

    def on(self, day: date) -> Provision | None:
        """Returns the version that is law on the day, or None."""
        found = [one for one in self.versions if standing_on(one, day) is Standing.IN_FORCE]
        return max(found, key=lambda one: one.valid_from or one.observed or date.min, default=None)


@dataclass(frozen=True)
class Stock:
    """Law and cases of one jurisdiction and language, and the day whose law is asked for."""

    jurisdiction: str
    language: Literal["en", "zh"]
    day: date
    laws: tuple[Law, ...]
    cases: tuple[Case, ...] = ()

    @cached_property
    def passages(self) -> tuple["Passage", ...]:
        """Returns every passage of law in force that can be quoted."""
        return tuple(one for law in self.laws for one in _passages(law, self.day, self.language))

    @cached_property
    def holdings(self) -> tuple["Holding", ...]:
        """Returns every sentence of a court's own opinion that can be quoted."""
        return tuple(one for case in self.cases for one in _holdings(case, self.language))


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a version of a provision. `whole` says that they are the pinned part to its end."""

    law: Law
    version: Provision
    pin: tuple[str, ...]
    quote: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Holding:
    """A sentence of a case."""

    case: Case
    paragraph: Paragraph
    quote: str


def _passages(law: Law, day: date, language: str) -> Iterator[Passage]:
    version = law.on(day)
    if version is None:
        return
    tops = [unit for unit in version.units if len(unit.path) == 1]
    parts = [(unit.path, version.text[unit.start : unit.end]) for unit in tops] or [((), version.text)]
    is_list = bool(tops) and bool(version.text[: tops[0].start].strip())  # its items are no rules without their lead
    for path, text in parts:
        if is_quotable(text.strip(), language) and not is_list:
            yield Passage(law, version, path, text.strip(), True)
            continue
        for sentence in () if is_list else sentences(text):
            if is_quotable(sentence, language) and not sentence.startswith(("(", "（", "—")):
                yield Passage(law, version, path, sentence, False)


def _holdings(case: Case, language: str) -> Iterator[Holding]:
    if case.decided is None:
        return
    for paragraph in case.paragraphs:
        if paragraph.part not in HOLDING_PARTS:
            continue
        for sentence in sentences(paragraph.text):
            if is_quotable(sentence, language) and sentence[0] not in "\"'“‘(":
                yield Holding(case, paragraph, sentence)


def sentences(text: str) -> Iterator[str]:
    """Yields the sentences of a text; one that an abbreviation would end is joined with the next."""
    open_part = ""
    for match in _SENTENCE.finditer(text):
        open_part += match[0]
        if not _ABBREVIATION.search(open_part):
            yield open_part.strip()
            open_part = ""
    if open_part.strip():
        yield open_part.strip()


def is_quotable(text: str, language: str) -> bool:
    """Returns whether words are long and plain enough to be quoted: one line, no dots, no marks, no brackets."""
    size = len(text)
    plain = not any(sign in text for sign in ("\n", "…", "...", "[", "]", "*", "“", '"', "”", "「", "_"))
    return (
        SHORTEST[language] <= size <= LONGEST[language]
        and plain
        and is_shown(text)
        and len(_LETTER.findall(text)) * 6 > size
    )
