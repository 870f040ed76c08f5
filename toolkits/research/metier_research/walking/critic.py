"""The critic of a walk: keeps what speaks to the question and says when it is enough. Pure.

It reads words, not a model's opinion: nothing that a page says of itself makes it useful.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from metier_research.pages.page import Page, Passage
from metier_research.walking.relevance import Relevance, wants_number, words_of

USEFUL: Final = 0.5  # the share of the question that a passage must speak to
ENOUGH: Final = 0.75  # the share with which the walk may end
KEPT: Final = 3  # passages of a page
ALIKE: Final = 0.9  # the share of words in common with which two passages say the same
_DIGITS: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Finding:
    """A page that helps, and its passages that do, in the order of the page; `share` is of the best of them."""

    page: Page
    passages: tuple[Passage, ...]
    share: float


@dataclass
class Critic:
    """Judges the pages of a walk one after the other, and remembers only the useful ones."""

    relevance: Relevance
    memory: list[Finding] = field(default_factory=list)
    _kept: list[frozenset[str]] = field(default_factory=list)

    @property
    def is_enough(self) -> bool:
        """Returns whether one passage speaks to nearly all of the question, with a number where one is asked for."""
        return any(self._answers(finding.page, passage) for finding in self.memory for passage in finding.passages)

    def judge(self, page: Page, passages: Iterable[Passage]) -> Finding | None:
        """Returns what of the page helps, which is remembered; None when nothing new does."""
        self.relevance.see(page.text)
        shares = [(self._share(page, passage), passage) for passage in passages]
        best = sorted(shares, key=lambda one: (-one[0], one[1].start))
        chosen = [one for one in best if one[0] >= USEFUL and self._is_new(one[1])][:KEPT]
        if not chosen:
            return None
        self._kept += [words_of(passage.text) for _, passage in chosen]
        ordered = sorted((passage for _, passage in chosen), key=lambda passage: passage.start)
        finding = Finding(page, tuple(ordered), chosen[0][0])
        self.memory.append(finding)
        return finding

    def _share(self, page: Page, passage: Passage) -> float:
        """Returns the share of the question; words of the page's title count for all of its passages."""
        own = self.relevance.had_by(passage.text)
        needed = min(2, len(self.relevance.words))
        return self.relevance.share(own | self.relevance.had_by(page.title)) if len(own) >= needed else 0.0

    def _is_new(self, passage: Passage) -> bool:
        words = words_of(passage.text)
        return not any(len(words & kept) >= ALIKE * len(words | kept) for kept in self._kept)

    def _answers(self, page: Page, passage: Passage) -> bool:
        question = self.relevance.question
        if wants_number(question) and not set(_DIGITS.findall(passage.text)) - set(_DIGITS.findall(question)):
            return False
        return self._share(page, passage) >= ENOUGH
