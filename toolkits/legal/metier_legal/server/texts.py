"""The tools about texts: what the citations in one mean, and whether a passage supports a claim."""

from typing import Annotated, Final

from mcp.types import CallToolResult
from pydantic import Field

from metier.errors import InputError, ToolError
from metier.servers.result import tool_result
from metier_legal.citations.finding import find_citations
from metier_legal.corpus.resolution import Target, resolve
from metier_legal.records import ResolutionRecord, record_finding
from metier_legal.server.judge import ask_judge
from metier_legal.server.library import Library
from metier_legal.server.naming import names_of
from metier_legal.server.shapes import Judgement, Resolutions, Resolved
from metier_legal.server.statutes import Day, Jurisdiction

MOST: Final = 50
LONGEST: Final = 64_000


class TextTools:
    """The tools that read what others wrote."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def resolve_citation(
        self,
        text: Annotated[str, Field(description="A citation, or a text with citations in it, up to 64,000 characters.")],
        jurisdiction: Jurisdiction = "",
        on: Day = None,
    ) -> Annotated[CallToolResult, Resolutions]:
        """Returns what each citation in the text means: FOUND, AMBIGUOUS, NO_SUCH_SOURCE, NO_SUCH_PIN or NOT_IN_CORPUS.

        NO_SUCH_SOURCE and NO_SUCH_PIN are said only where the corpus is complete.
        """
        if len(text) > LONGEST:
            raise InputError(f"The text has {len(text)} characters.", hint=f"Send at most {LONGEST} at a time.")
        corpus = self._library.corpus
        resolved, items = [], []
        for one in find_citations(text, names=names_of(corpus))[:MOST]:
            found = resolve(one, corpus, on=on, jurisdiction=jurisdiction)
            candidates = tuple(map(name_target, found.targets))
            resolved.append(Resolved(written=one.text, state=found.state, candidates=candidates, reason=found.reason))
            record = ResolutionRecord(written=one.text, state=found.state, candidates=candidates)
            items.append(record_finding(record, f"citation/{one.text[:80]}"))
        lines = [f"{one.written}: {one.state} {', '.join(one.candidates)} {one.reason}".rstrip() for one in resolved]
        evidence = list({item.id: item for item in items}.values())
        told = "\n".join(lines) or "There is no citation in this text."
        return tool_result(Resolutions(citations=tuple(resolved)), told, evidence=evidence)

    def judge_support(
        self,
        claim: Annotated[str, Field(description="The text of one statement of the memo, letter by letter.")],
        passage: Annotated[str, Field(description="The text that is to support it, as a tool returned it.")],
    ) -> Annotated[CallToolResult, Judgement]:
        """Returns whether a passage supports a claim, by a judge that sees these two texts and nothing else."""
        if not self._library.judge:
            raise ToolError("No judge is set.", hint="Start with --set judge=URL|MODEL, or leave this tool out.")
        record = ask_judge(self._library.judge, claim, passage)
        evidence = record_finding(record, f"judgement/{record.claim[:16]}/{record.passage[:16]}")
        shown = Judgement(evidence=evidence.id, verdict=record.verdict, span=record.span, model=record.model)
        return tool_result(shown, f"{record.verdict}: {record.span}", evidence=[evidence])


def name_target(target: Target) -> str:
    """Returns the id of what a citation means, with the way down to the part."""
    name = f"{target.id}#{target.number}" if target.number else target.id
    return f"{name}/{'/'.join(target.path)}" if target.path else name
