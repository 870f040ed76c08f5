"""The search for scholarly works, which this machine has none of: live providers answer it."""

from typing import Annotated, Final

from mcp.types import CallToolResult

from metier.errors import NotCoveredError
from metier_research.pages.shapes import ScholarResult

CATALOGUES: Final = ("openalex", "crossref", "arxiv", "semantic_scholar")


class ScholarTool:
    """Says who could answer; a provider named in metier.toml does."""

    async def scholar(self, query: list[str]) -> Annotated[CallToolResult, ScholarResult]:
        """Returns scholarly works that fit each query: authors, year, venue, DOI, version, abstract, citations."""
        raise NotCoveredError(
            f"Nobody here can look up scholarly works (queries: {len(query)}).",
            hint=f"metier.toml may name a provider: {', '.join(CATALOGUES)}.",
        )
