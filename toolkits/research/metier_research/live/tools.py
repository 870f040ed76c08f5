"""The toolkit's own tools `search` and `scholar`, answered by a live source: same names, arguments and shapes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mcp.types import CallToolResult

from metier.errors import NotCoveredError
from metier.evidence import Evidence
from metier.servers.result import tool_result
from metier_research.live.asking import Asking, Finding
from metier_research.live.faults import worst_of
from metier_research.live.merging import merge_hits, merge_works
from metier_research.live.records import tell_works, work_evidence
from metier_research.pages.evidence import hit_evidence
from metier_research.pages.hits import shape_hits, tell_hits
from metier_research.pages.page import Hit
from metier_research.pages.shapes import QueryWorks, ScholarResult, SearchResult, Work

_EMPTY = "The query is empty."
_NOTHING = "Nothing was found."


@dataclass(frozen=True, slots=True)
class SearchTool:
    """Search by a live source."""

    asking: Asking[Hit]

    async def answer(self, query: Sequence[str]) -> CallToolResult:
        """Returns the hits for each query, with their evidence.

        Raises NotCoveredError when the source has nothing for any of them, so that the next provider is asked, and
        the error of a query when none came to anything.
        """
        findings = await self.asking.find(query)
        check_found(self.asking.source.title, findings)
        shaped, evidence = [], []
        for finding in findings:
            hits = merge_hits(finding.found, self.asking.limit)
            shaped.append(shape_hits(finding.query, hits, note_of(finding)))
            evidence += [hit_evidence(hit, finding.query) for hit in hits]
        text = "\n\n".join(tell_hits(found) for found in shaped)
        return tool_result(SearchResult(queries=tuple(shaped)), text, evidence=_distinct(evidence))


@dataclass(frozen=True, slots=True)
class ScholarTool:
    """A search for scholarly works by a live source."""

    asking: Asking[Work]

    async def answer(self, query: Sequence[str]) -> CallToolResult:
        """Returns the works for each query, with their evidence; raises as SearchTool does."""
        findings = await self.asking.find(query)
        check_found(self.asking.source.title, findings)
        shaped, texts, evidence = [], [], []
        for finding in findings:
            works = merge_works(finding.found, self.asking.limit)
            records = [work_evidence(work) for work in works]
            found = QueryWorks(query=finding.query, works=works, note=note_of(finding))
            shaped.append(found)
            texts.append(tell_works(found, [record.id for record in records]))
            evidence += records
        return tool_result(ScholarResult(queries=tuple(shaped)), "\n\n".join(texts), evidence=_distinct(evidence))


def check_found(title: str, findings: Sequence[Finding[Any]]) -> None:
    """Raises the error that a call ends with when no query came to anything."""
    if any(finding.found for finding in findings):
        return
    errors = [finding.error for finding in findings if finding.error is not None]
    if errors:
        raise worst_of(errors)
    raise NotCoveredError(
        f"{title} found nothing.", hint="Another source may have it; else ask in fewer or other words."
    )


def note_of(finding: Finding[Any]) -> str:
    """Returns why a query has nothing to show, "" when it has something."""
    if finding.error is not None:
        return f"This query failed: {finding.error}"
    if finding.found:
        return ""
    return _NOTHING if finding.query.strip() else _EMPTY


def _distinct(evidence: Sequence[Evidence]) -> list[Evidence]:
    return list({one.id: one for one in evidence}.values())
