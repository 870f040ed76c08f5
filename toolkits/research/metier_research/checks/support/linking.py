"""Whether the names and numbers that a clause sets together are set together by its sources, or step by step. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Final

from metier_research.checks.reading import Exhibit, short
from metier_research.language.amounts import Amount
from metier_research.language.dates import Day
from metier_research.language.names import Known, Name, find_names, is_head
from metier_research.language.stretches import Stretch, cut_stretches, is_said
from metier_research.language.words import find_content

_LISTS: Final = re.compile(r"\b(?:than|whereas|while|both|compared|respectively|unlike|also|too)\b|比", re.IGNORECASE)
_STEPS: Final = 2


@dataclass(frozen=True)
class Step:
    """What one citation sets together: the names and numbers of its sentence, its page, and its words."""

    exhibit: Exhibit

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Returns its sentence, the title of its page, and whom "she" of it may mean."""
        own = self.exhibit
        lead = (own.led_by,) if own.led_by and not own.subject_of else ()
        return tuple(text for text in (own.said, own.field("title"), *lead) if text)

    @cached_property
    def known(self) -> Known:
        """Returns its names."""
        return Known(self.texts)

    @cached_property
    def content(self) -> frozenset[str]:
        """Returns its content words, those of its table's head counted in."""
        return frozenset[str]().union(*map(find_content, (*self.texts, self.exhibit.head, *self.exhibit.naming)))

    def has(self, item: Name | Amount | Day) -> bool:
        """Returns whether it has the name or says the number."""
        if isinstance(item, Name):
            return self.known.has(item.words)
        return any(is_said(item, other) for other in self.exhibit.values)

    def is_next_to(self, other: "Step") -> bool:
        """Returns whether both have a name in common, over which one goes from page to page."""
        names = (name for text in other.texts for name in find_names(text) if not is_head(name))
        return any(self.known.has(name.words) for name in names)


def find_unlinked(statement: str, exhibits: Sequence[Exhibit]) -> str:
    """Returns which name and which other name or number of one clause no citation sets together, or "".

    They are together where one citation has both and a word of the clause; or in two steps, where two citations that
    share a name have one each, and the clause has words of either. What is compared or listed needs no link.
    """
    steps = tuple(map(Step, exhibits))
    if not steps or _LISTS.search(statement):
        return ""
    for clause in cut_stretches(statement):
        for one, other in _pairs(clause, " ".join(step.exhibit.field("title") for step in steps)):
            if not _is_linked(one, other, clause.body, steps):
                return f"no citation sets {_tell(one)} and {_tell(other)} together"
    return ""


def _pairs(clause: Stretch, titles: str) -> Iterator[tuple[Name, Name | Amount | Day]]:
    """Yields what must belong together; a number of a title ("the 2008 expedition") is a part of its name."""
    names = [name for name in find_names(clause.text) if not is_head(name)]
    yield from combinations(names, 2)
    yield from ((name, value) for name in names for value in clause.values if value.written not in titles)


def _is_linked(one: Name, other: Name | Amount | Day, body: frozenset[str], steps: Sequence[Step]) -> bool:
    here, there = [step for step in steps if step.has(one)], [step for step in steps if step.has(other)]
    if not here or not there:
        return True  # whether it is known at all, others judge
    if any(step.has(other) and (not body or body & step.content) for step in here):
        return True
    return any(
        first.is_next_to(second)
        and body & first.content
        and body & second.content
        and len(body & (first.content | second.content)) >= _STEPS
        for first in here
        for second in there
        if first is not second
    )


def _tell(item: Name | Amount | Day) -> str:
    return f"“{short(item.text if isinstance(item, Name) else item.written)}”"
