"""The visit: pages read for a goal."""

from typing import Annotated, Final

import anyio
from mcp.types import CallToolResult

from metier.errors import ToolError
from metier.servers.result import tool_result
from metier_research.pages.shapes import VisitResult
from metier_research.server.excerpts import Excerpt, take_excerpt
from metier_research.server.room import Room
from metier_research.server.wording import tell_excerpts

SHOWN: Final = 8_000  # characters of passages that a call shows, over all pages
LEAST: Final = 1_500  # of a page


class VisitTool:
    """Reads pages, several at once."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def visit(self, url: list[str], goal: str) -> Annotated[CallToolResult, VisitResult]:
        """Returns the passages of pages that help with a goal, letter by letter, each with its evidence id; and links.

        A page that cannot be read says why; the others are read all the same.
        """
        excerpts: list[Excerpt] = [Excerpt(asked) for asked in url]
        room_for = max(SHOWN // len(url), LEAST)

        async def take(at: int) -> None:
            excerpts[at] = await take_excerpt(self._room, url[at], goal, room_for=room_for)

        async with anyio.create_task_group() as group:
            for at in range(len(url)):
                group.start_soon(take, at)
        return excerpts_result(goal, excerpts)


def excerpts_result(goal: str, excerpts: list[Excerpt]) -> CallToolResult:
    """Returns what a tool returns that read pages or files; raises ToolError when none of them could be read.

    It is the page that failed then, not this server: no provider is given up for it.
    """
    if all(excerpt.page is None for excerpt in excerpts):
        raise ToolError("\n".join(f"{excerpt.url}: {excerpt.error}" for excerpt in excerpts))
    result = VisitResult(goal=goal, pages=tuple(excerpt.shape() for excerpt in excerpts))
    evidence = {item.id: item for excerpt in excerpts for item in excerpt.evidence()}
    return tool_result(result, tell_excerpts(excerpts), evidence=[*evidence.values()])
