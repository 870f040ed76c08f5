"""The walk over a site, for a question that no search leads to."""

from typing import Annotated, Final

import anyio.to_thread
from mcp.types import CallToolResult

from metier.errors import MissingError, ToolError
from metier.servers.result import tool_result
from metier_research.pages.page import Link
from metier_research.server.address import read_address
from metier_research.server.excerpts import Excerpt, best_links, fitting
from metier_research.server.room import Room
from metier_research.server.shapes import ExploreResult, Step
from metier_research.server.tools.visiting import LEAST, SHOWN
from metier_research.server.wording import tell_walk
from metier_research.walking.choosing import ask_for_link
from metier_research.walking.critic import Finding
from metier_research.walking.site import Site, site_of
from metier_research.walking.walk import Walk, Walker

LONGEST_S: Final = 75.0
DOORS: Final = 5  # pages of a wiki where a walk may begin


class ExploreTool:
    """Walks over one site, link by link, and never off it."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def explore(self, site: str, question: str) -> Annotated[CallToolResult, ExploreResult]:
        """Returns passages that a site has for a question, found by clicking from page to page, 15 clicks at most.

        It stays on the site, and keeps only what helps. For a single page, visit is cheaper.
        """
        start = read_address(site).url
        bounds = site_of(start)
        until_s = self._room.clock.seconds() + LONGEST_S
        walker = Walker(
            self._room.read,
            ask_for_link(self._room.ask) if self._room.ask is not None else None,
            may_go_on=lambda: self._room.clock.seconds() < until_s,
        )
        walk = await walker.explore(bounds, await self._doors(bounds, start, question), question)
        if all(click.error for click in walk.clicks):
            raise ToolError("\n".join(f"{click.link.url}: {click.error}" for click in walk.clicks))
        excerpts = [_excerpt(finding, question, len(walk.findings)) for finding in walk.findings]
        result = _result(start, question, walk, excerpts)
        evidence = {item.id: item for excerpt in excerpts for item in excerpt.evidence()}
        return tool_result(result, tell_walk(result, excerpts), evidence=[*evidence.values()])

    async def _doors(self, bounds: Site, start: str, question: str) -> tuple[Link, ...]:
        """Returns where the walk begins: the page, or, of a wiki that is named alone, what its search finds."""
        if bounds.scheme != "wiki" or start.removeprefix(f"wiki://{bounds.host}").strip("/"):
            return (Link("", start),)
        hits = await anyio.to_thread.run_sync(self._room.shelf.search, question, 50)
        doors = [Link(hit.title, hit.url) for hit in hits if bounds.holds(hit.url)][:DOORS]
        if not doors:
            raise MissingError(f"Nothing in {start} has the words of the question.", hint="Ask in other words.")
        return tuple(doors)


def _excerpt(finding: Finding, question: str, count: int) -> Excerpt:
    page, room_for = finding.page, max(SHOWN // count, LEAST)
    return Excerpt(page.url, page, fitting(finding.passages, room_for), best_links(page.links, question))


def _result(start: str, question: str, walk: Walk, excerpts: list[Excerpt]) -> ExploreResult:
    path = tuple(
        Step(
            text=click.link.text,
            url=click.link.url,
            title=click.title,
            depth=click.depth,
            useful=click.useful,
            error=click.error,
        )
        for click in walk.clicks
    )
    return ExploreResult(
        site=start,
        question=question,
        path=path,
        pages=tuple(excerpt.shape() for excerpt in excerpts),
        enough=walk.is_enough,
        refused=walk.refused,
        left=walk.left,
    )
