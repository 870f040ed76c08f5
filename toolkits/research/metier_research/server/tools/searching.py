"""The search: pages of the wikis on this machine, by their words."""

from typing import Annotated, Final

import anyio.to_thread
from mcp.types import CallToolResult

from metier.errors import NotCoveredError
from metier.servers.result import tool_result
from metier_research.options import Options
from metier_research.pages.evidence import hit_evidence
from metier_research.pages.hits import shape_hits, tell_hits
from metier_research.pages.page import Hit
from metier_research.pages.shapes import SearchResult
from metier_research.server.room import Room

NO_WIKI: Final = (
    "Install the sample with `metier research sample`, add a dump with `metier research add DUMP`, or name a provider "
    "with a key in metier.toml."
)
NOTHING: Final = "No page of the wikis on this machine has these words."


class SearchTool:
    """Searches what is on this machine. Where it has nothing, another provider may: the gateway asks it then."""

    def __init__(self, room: Room, options: Options) -> None:
        self._room = room
        self._hits = options.hits

    async def search(self, query: list[str]) -> Annotated[CallToolResult, SearchResult]:
        """Returns pages that fit each query, best first: title, address, snippet, source, date. Visit before citing."""
        found = await anyio.to_thread.run_sync(self._search, query)
        if not any(found):
            raise NotCoveredError(NOTHING, hint="Try other words, fewer, or the name that a page would bear.")
        pairs = [*zip(query, found, strict=True)]
        shown = tuple(shape_hits(one, hits, "" if hits else NOTHING) for one, hits in pairs)
        evidence = {item.id: item for one, hits in pairs for item in (hit_evidence(hit, one) for hit in hits)}
        text = "\n\n".join(map(tell_hits, shown))
        return tool_result(SearchResult(queries=shown), text, evidence=[*evidence.values()])

    def _search(self, queries: list[str]) -> list[tuple[Hit, ...]]:
        shelf = self._room.shelf
        if not shelf.wikis:
            raise NotCoveredError(" ".join(("There is no wiki on this machine.", *shelf.faults)), hint=NO_WIKI)
        return [shelf.search(query, self._hits) for query in queries]
