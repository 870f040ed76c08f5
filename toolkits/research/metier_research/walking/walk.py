"""The walk itself: choose a link, read the page, judge it, until enough is found or the clicks are spent."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from metier.errors import MetierError
from metier_research.pages.page import Link, Page
from metier_research.reading.passages import cut
from metier_research.walking.critic import Critic, Finding
from metier_research.walking.frontier import Candidate, Frontier
from metier_research.walking.relevance import Relevance
from metier_research.walking.site import Site

CLICKS: Final = 15
SHOWN: Final = 12  # links that a chooser is shown

Read: TypeAlias = Callable[[str], Awaitable[Page]]
"""Reads the page at an address; raises a MetierError when there is none to read."""

Choose: TypeAlias = Callable[[str, Sequence[Candidate]], Awaitable[int]]
"""Chooses, for a question, the place of the link to click next among those shown, the most promising first."""


@dataclass(frozen=True, slots=True)
class Click:
    """A click: the words clicked, where they led, how far from the start, and what came of it."""

    link: Link
    depth: int
    title: str = ""
    useful: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True)
class Walk:
    """What a walk came to. `refused` links led off the site; `left` links of it were never clicked."""

    clicks: tuple[Click, ...]
    findings: tuple[Finding, ...]
    is_enough: bool
    refused: int
    left: int


@dataclass(frozen=True, slots=True)
class Walker:
    """Walks sites. `read` gets a page; `choose` may know better than words which link to click.

    `may_go_on` is asked before each click: a walk ends early, with what it has, when the time is up.
    """

    read: Read
    choose: Choose | None = None
    clicks: int = CLICKS
    may_go_on: Callable[[], bool] = field(default=lambda: True)

    async def explore(self, site: Site, starts: Sequence[Link], question: str) -> Walk:
        """Returns what was found on the site for the question, from these pages on. A dead link ends nothing."""
        relevance = Relevance(question)
        critic, frontier = Critic(relevance), Frontier(site, relevance)
        frontier.add(starts, depth=0)
        clicks: list[Click] = []
        while len(clicks) < self.clicks and len(frontier) and not critic.is_enough and self.may_go_on():
            candidate = await self._next(frontier, question)
            frontier.take(candidate)
            clicks.append(await self._click(candidate, frontier, critic))
        return Walk(tuple(clicks), tuple(critic.memory), critic.is_enough, frontier.refused, len(frontier))

    async def _next(self, frontier: Frontier, question: str) -> Candidate:
        shown = frontier.best(SHOWN)
        if self.choose is None or len(shown) == 1:
            return shown[0]
        at = await self.choose(question, shown)
        return shown[at] if 0 <= at < len(shown) else shown[0]

    async def _click(self, candidate: Candidate, frontier: Frontier, critic: Critic) -> Click:
        link, depth = candidate.link, candidate.depth
        try:
            page = await self.read(link.url)
        except MetierError as error:
            frontier.note_useless(link.url)
            return Click(link, depth, error=str(error))
        if not frontier.site.holds(page.url):
            frontier.refused += 1
            return Click(link, depth, error=f"It leads off the site, to {page.url}.")
        if page.url != link.url and not frontier.mark(page.url):
            return Click(link, depth, page.title, error="It leads to a page that was read before.")
        finding = critic.judge(page, cut(page))
        if finding is None:
            frontier.note_useless(link.url)
        frontier.add(page.links, depth=depth + 1, page=page)
        return Click(link, depth, page.title, useful=finding is not None)
