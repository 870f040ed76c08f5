"""What a source of a wiki gives, entry by entry, and what came of them all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from metier_research.pages.page import Page

Progress: TypeAlias = Callable[[str, float], None]
"""Called with what is being done and the share of the whole that is done, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Redirect:
    """That a title is only another name for the page called `target`."""

    title: str
    target: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """That an entry could not be a page, and why; `where` names it."""

    where: str
    reason: str


Entry: TypeAlias = Page | Redirect | Skipped


@dataclass(frozen=True, slots=True)
class Counts:
    """What an import came to.

    `pages` and `redirects` are in the wiki. `duplicates` are entries for a title that was there already: the newest
    stayed. `broken` are redirects that lead nowhere or in a circle. `skipped` could not be read as a page: `reasons`
    has the first few.
    """

    pages: int
    redirects: int
    duplicates: int
    broken: int
    skipped: int
    reasons: tuple[str, ...] = ()
