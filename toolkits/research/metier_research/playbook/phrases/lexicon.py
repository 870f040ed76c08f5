"""How English speaks of relations: the phrases that ask for them, and those that state them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Final

TOKEN: Final = "\ue000"  # private use: stands before and after the number of a link, or of the subject, in a sentence
SUBJECT: Final = f"{TOKEN}S{TOKEN}"
_LINK: Final = rf"{TOKEN}\d+{TOKEN}"
_CAPITALS: Final = r"(?-i:[A-ZÀ-Þ][\w'’–-]*(?: (?:of|the|de|von|&|and|[A-ZÀ-Þ][\w'’–-]*))*(?<! of)(?<! the)(?<! and))"
_MONTH: Final = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DAY: Final = (
    rf"(?:\d{{1,2}} {_MONTH},? \d{{3,4}}|{_MONTH} \d{{1,2}}, \d{{3,4}}|{_MONTH} \d{{4}}|\d{{4}}-\d\d-\d\d|\d{{3,4}})"
)
TIME: Final = re.compile(rf"(?<![\d,.]){_DAY}(?![\d,])", re.IGNORECASE)
_OWN_SUBJECT: Final = rf"(?:(?:the )?{SUBJECT}|he|she|it|they|the [a-z]+(?: [a-z]+)?)"
_SLOT: Final = re.compile(r"\{([a-z])\}")
READINGS: Final = 3
_MARKS: Final = ("ask", "noun", "back", "many", "clause", "in", "held", "prior", "next", "more", "less", "say")


@dataclass(frozen=True, slots=True)
class Listing:
    """A table that lists what leads to the thing of a page: its heading, and the column with the names."""

    heading: re.Pattern[str]
    column: re.Pattern[str]


@dataclass(frozen=True)
class Concept:
    """A relation as English has it. `sort` is what it leads to: a thing, a time, or an amount in one of `units`."""

    name: str
    sort: str
    units: str
    label: re.Pattern[str]
    lists: tuple[Listing, ...]
    phrases: Mapping[str, tuple[re.Pattern[str], ...]]
    sayings: tuple[str, ...]

    @cached_property
    def amount(self) -> re.Pattern[str]:
        """Returns what an amount of this relation looks like."""
        return re.compile(
            rf"(?<![\d,.])\d[\d,]*(?:\.\d+)?(?: thousand| million)? ?(?:{self.units})(?!\w)", re.IGNORECASE
        )

    @property
    def _value(self) -> str:
        if self.sort == "thing":
            return rf"(?:the )?(?P<o>{_LINK}|{_CAPITALS})"
        return rf"(?P<o>{_DAY if self.sort == 'time' else self.amount.pattern})"

    @cached_property
    def own(self) -> tuple[re.Pattern[str], ...]:
        """Returns the statements as the page of the subject has them, where pronouns mean the subject."""
        return self._compile(_OWN_SUBJECT, self._value)

    @cached_property
    def elsewhere(self) -> tuple[re.Pattern[str], ...]:
        """Returns the statements as another page has them, with the subject's full name."""
        return self._compile(rf"(?:the )?{SUBJECT}", self._value)

    @cached_property
    def backward(self) -> tuple[re.Pattern[str], ...]:
        """Returns the statements as the page of what is related to has them."""
        return self._compile(rf"(?:the )?(?P<o>{_LINK}|{_CAPITALS})", _OWN_SUBJECT)

    def _compile(self, subject: str, value: str) -> tuple[re.Pattern[str], ...]:
        return tuple(
            re.compile(rf"(?<!\w){said.replace('{s}', subject).replace('{o}', value)}(?!\w)", re.IGNORECASE)
            for said in self.sayings
        )


@lru_cache(maxsize=1)
def read_lexicon() -> tuple[Concept, ...]:
    """Returns the relations that this playbook knows."""
    lines = (files("metier_research.playbook.phrases") / "lexicon.txt").read_text("utf-8").splitlines()
    blocks: list[list[str]] = []
    for line in lines:
        if line.startswith("= "):
            blocks.append([])
        if line.strip() and not line.startswith("//"):
            blocks[-1].append(line)
    return tuple(map(_read_concept, blocks))


def _read_concept(block: list[str]) -> Concept:
    name, sort, *units = (part.strip() for part in block[0].removeprefix("= ").split(" = "))
    said: dict[str, list[str]] = {}
    for line in block[1:]:
        mark, _, rest = line.partition(" ")
        said.setdefault(mark, []).append(rest)
    return Concept(
        name=name,
        sort=sort,
        units="|".join(sorted(units[0].split("|"), key=len, reverse=True)) if units else "",
        label=re.compile("|".join(said["label"]), re.IGNORECASE),
        lists=tuple(map(_read_listing, said.get("list", ()))),
        phrases={
            **{mark: tuple(map(_read_phrase, said.get(mark, ()))) for mark in _MARKS[:-1]},
            # small letters only: the University of Skav is a name
            "label": tuple(_read_phrase(rf"(?-i:{label}) of {{x}}") for label in said["label"]),
        },
        sayings=tuple(said.get("say", ())),
    )


def _read_listing(line: str) -> Listing:
    heading, _, column = line.partition(r" \| ")
    return Listing(re.compile(heading, re.IGNORECASE), re.compile(column, re.IGNORECASE))


def _read_phrase(line: str) -> re.Pattern[str]:
    """Returns a phrase as a pattern; a slot that a line has several times is numbered."""
    count = iter(range(9))
    slotted = _SLOT.sub(lambda found: rf"(?P<{found[1]}{next(count)}>.+?)", line)
    return re.compile(slotted, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heard:
    """A phrase that was heard: its relation, which sort of phrase it is, what fills its slots, and its own words.

    The sort is that of the lexicon's line; "label" is a row's label with "of" and something after it.
    """

    concept: Concept
    mark: str
    slots: Mapping[str, str]
    words: str

    @property
    def rank(self) -> tuple[bool, int]:
        """Returns by what the best of several is chosen: no genitive that could end elsewhere, then least left open."""
        return ("'s " in self.words or "’s " in self.words, sum(map(len, self.slots.values())))


def hear(text: str, *marks: str) -> list[Heard]:
    """Returns the phrases of these sorts that a text may be, those first that leave least of it open; three at most."""
    return sorted(_hear(text, marks), key=lambda one: one.rank)[:READINGS]


def _hear(text: str, marks: tuple[str, ...]) -> Iterator[Heard]:
    for concept in read_lexicon():
        for mark in marks:
            for phrase in concept.phrases[mark]:
                if match := phrase.fullmatch(text):
                    slots = {name[0]: value for name, value in match.groupdict().items() if value}
                    words = _own_words(text, match)
                    yield Heard(concept, mark, slots, words)


def _own_words(text: str, match: re.Match[str]) -> str:
    spans = sorted(match.span(name) for name, value in match.groupdict().items() if value)
    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), len(text)]
    return " … ".join(text[end:start] for end, start in zip(ends, starts, strict=True))
