"""Files of the user, read for a goal."""

from collections.abc import Sequence
from typing import Annotated, Final

import anyio.to_thread
from mcp.types import CallToolResult

from metier.errors import MetierError
from metier_research.pages.page import Page
from metier_research.pages.shapes import VisitResult
from metier_research.server.excerpts import Excerpt, excerpt_of
from metier_research.server.room import Room
from metier_research.server.tools.visiting import LEAST, SHOWN, excerpts_result
from metier_research.walking.relevance import Relevance

DOCUMENTS: Final = 8  # that are shown of a call; the others are named


class FileTool:
    """Reads files below the folders that the user named, and nothing else."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def read_file(self, files: list[str], goal: str = "") -> Annotated[CallToolResult, VisitResult]:
        """Returns the passages of files that help with a goal; of an archive, of its documents."""
        opened = [await self._open(name) for name in files]
        pages = [page for found, _ in opened for page in found]
        shown = best_pages(pages, goal)
        room_for = max(SHOWN // max(len(shown), 1), LEAST)
        excerpts: list[Excerpt] = []
        for name, (found, error) in zip(files, opened, strict=True):
            if error:
                excerpts.append(Excerpt(name, error=error))
            for page in found:
                told = page in shown
                excerpts.append(
                    await excerpt_of(self._room, page, goal, room_for=room_for) if told else Excerpt(page.url, page)
                )
        return excerpts_result(goal, excerpts)

    async def _open(self, name: str) -> tuple[tuple[Page, ...], str]:
        try:
            return await anyio.to_thread.run_sync(self._room.read_file, name), ""
        except MetierError as error:
            return (), str(error)


def best_pages(pages: Sequence[Page], goal: str) -> tuple[Page, ...]:
    """Returns the documents that speak most to the goal, as many as can be shown; the first of equals."""
    relevance = Relevance(goal)
    return tuple(sorted(pages, key=lambda page: -relevance.of(f"{page.title}\n{page.text}"))[:DOCUMENTS])
