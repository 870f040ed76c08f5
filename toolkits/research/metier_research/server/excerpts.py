"""What is shown of a page for a goal: its passages, their evidence, and its links."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from metier.errors import InputError, MetierError
from metier.evidence import Evidence
from metier_research.pages.evidence import passage_evidence
from metier_research.pages.page import Link, Page, Passage
from metier_research.pages.shapes import LinkShape, PassageShape, VisitedPage
from metier_research.reading.extracting import extract
from metier_research.reading.passages import cut
from metier_research.server.address import Span, read_address
from metier_research.server.room import Room
from metier_research.walking.relevance import Relevance

LINKS: Final = 60


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A page that was asked for: what of it is shown, or in `error` why it could not be read.

    `note` says why the extractor did not choose what is shown, where it should have.
    """

    url: str
    page: Page | None = None
    passages: tuple[Passage, ...] = ()
    links: tuple[Link, ...] = ()
    summary: str = ""
    error: str = ""
    note: str = ""

    def evidence(self) -> tuple[Evidence, ...]:
        """Returns the evidence of its passages, in their order."""
        return () if self.page is None else tuple(passage_evidence(self.page, passage) for passage in self.passages)

    def shape(self) -> VisitedPage:
        """Returns it as a tool does."""
        page = self.page
        if page is None:
            return VisitedPage(url=self.url, error=self.error)
        return VisitedPage(
            url=page.url,
            title=page.title,
            site=page.site,
            published=page.published,
            modified=page.modified,
            outdated=page.outdated,
            rendered=page.rendered,
            digest=page.digest,
            characters=len(page.text),
            summary=self.summary,
            passages=tuple(PassageShape(start=one.start, end=one.end, text=one.text) for one in self.passages),
            links=tuple(LinkShape(text=link.text, url=link.url) for link in self.links),
        )


async def take_excerpt(room: Room, asked: str, goal: str, *, room_for: int) -> Excerpt:
    """Returns what of the page at an address helps with the goal, within `room_for` characters.

    That a page cannot be read is told in the excerpt.
    """
    try:
        address = read_address(asked)
        page = await room.read(address.url)
        if address.span is not None:
            return Excerpt(asked, page, (span_of(page, address.span),))
        return await excerpt_of(room, page, goal, room_for=room_for)
    except MetierError as error:
        return Excerpt(asked, error=str(error))


async def excerpt_of(room: Room, page: Page, goal: str, *, room_for: int) -> Excerpt:
    """Returns what of a page helps with the goal, in the order of the page; all of a page that is short enough."""
    links = best_links(page.links, goal)
    if len(page.text) <= room_for:
        return Excerpt(page.url, page, cut(page), links)
    found = await extract(page, goal, room.ask, budget=room_for)
    passages = tuple(sorted(found.passages, key=lambda passage: passage.start))
    return Excerpt(page.url, page, passages, links, found.summary, note=found.note)


def fitting(passages: Sequence[Passage], room_for: int) -> tuple[Passage, ...]:
    """Returns the first passages that fit into so many characters, one at least, in the order of the page."""
    taken: list[Passage] = []
    for passage in passages:
        if taken and len(passage.text) > room_for:
            break
        room_for -= len(passage.text)
        taken.append(passage)
    return tuple(sorted(taken, key=lambda passage: passage.start))


def span_of(page: Page, span: Span) -> Passage:
    """Returns the words of a span, up to the end of the page; raises InputError for one that begins after it."""
    if span.start >= len(page.text):
        raise InputError(f"The page has {len(page.text)} characters.", hint="Name a span that begins before its end.")
    text = page.text[span.start : span.end]
    return Passage(span.start, span.start + len(text), text)


def best_links(links: Sequence[Link], goal: str) -> tuple[Link, ...]:
    """Returns the links of a page, each address once: those that speak to the goal first, then in the page's order."""
    relevance = Relevance(goal)
    once = {link.url: link for link in reversed(links)}
    unique = [link for link in dict.fromkeys(links) if once[link.url] == link]
    return tuple(sorted(unique, key=lambda link: -relevance.of(link.text))[:LINKS])
