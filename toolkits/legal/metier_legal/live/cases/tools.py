"""The toolkit's own tools about decisions, answered by CourtListener: same names, arguments and shapes."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Final, TypeGuard

from mcp.types import CallToolResult
from pydantic import Field

from metier.errors import InputError, MissingError
from metier.servers.result import tool_result
from metier_legal.citations.citation import CaseCitation, Citation
from metier_legal.citations.finding import find_citations
from metier_legal.citations.form import form_case
from metier_legal.corpus.keys import fold
from metier_legal.law.case import Case
from metier_legal.live.cases.decisions import LICENCE, NAME, Decisions, Results
from metier_legal.live.cases.lookup import MOST_CITATIONS, Answer, Lookup, write
from metier_legal.live.naming import LONGEST, leave_to_others, tell_absence
from metier_legal.live.statutes import origin_of
from metier_legal.records import ResolutionRecord, SearchRecord, record_finding, record_paragraph
from metier_legal.server.cases import CaseName, CaseQuery, Citing, CourtLevel, CourtName, choose_paragraphs, tell_case
from metier_legal.server.shapes import CaseHit, CaseHits, CaseView, ParagraphView, Resolutions, Resolved
from metier_legal.server.statutes import Day, Jurisdiction, Limit, excerpt
from metier_legal.server.texts import LONGEST as LONGEST_TEXT

_ID: Final = re.compile(r"us/cl/([1-9]\d{0,11})")


class CaseTools:
    """The tools that find and read American decisions."""

    def __init__(self, decisions: Decisions, lookup: Lookup) -> None:
        self._decisions = decisions
        self._lookup = lookup

    def search_cases(  # noqa: PLR0913 - a tool has a parameter for each filter
        self,
        query: CaseQuery,
        jurisdiction: Jurisdiction = "",
        court: CourtName = "",
        level: CourtLevel = None,
        decided_from: date | None = None,
        decided_to: date | None = None,
        cites: Citing = "",
        limit: Limit = 10,
    ) -> Annotated[CallToolResult, CaseHits]:
        """Returns cases that speak to the query, best first, with what later cases did to them. Read before citing."""
        _check_jurisdiction(jurisdiction)
        if cites:
            leave_to_others(NAME, "it is not searched by what a case cites")
        if not query.strip() or len(query) > LONGEST:
            raise InputError("The query is empty or too long.", hint=f"Give at most {LONGEST} characters.")
        results = self._decisions.search(query.strip(), since=decided_from, until=decided_to)
        kept = _keep(results, court, level)
        hits = tuple(_hit(case, results.snippets.get(case.id, "")) for case in kept[:limit])
        filters = {"jurisdiction": "us", "court": court, "level": str(level or "")}
        filters |= {"decided_from": str(decided_from or ""), "decided_to": str(decided_to or "")}
        record = SearchRecord(
            tool="search_cases",
            query=query,
            filters={name: value for name, value in filters.items() if value},
            state="GROUNDED" if hits else "NO_MATCH",
            hits=tuple(hit.id for hit in hits),
        )
        reason = "" if hits else f"{NAME} was searched."
        lines = [f"{hit.id} | {hit.display} [treatment not checked]: {hit.excerpt}" for hit in hits]
        return tool_result(
            CaseHits(state=record.state, reason=reason, hits=hits),
            "\n".join(lines) or f"NO_MATCH: nothing was found. {reason}",
            evidence=[record_finding(record, f"search_cases/{query[:80]}", origin=_origin(results.at))],
        )

    def read_case(
        self,
        case: CaseName,
        paragraphs: Annotated[list[int] | None, Field(description="Which paragraphs; default: the first 40.")] = None,
    ) -> Annotated[CallToolResult, CaseView]:
        """Returns a case with its paragraphs, whose words each is, and what later cases did to it."""
        found, at = self._decisions.read(self._locate(case))
        chosen, origin = choose_paragraphs(found, paragraphs), _origin(at)
        items = [record_paragraph(found, one, display=form_case(found, one.number), origin=origin) for one in chosen]
        shown = tuple(
            ParagraphView(evidence=item.id, number=one.number, part=one.part, text=one.text)
            for item, one in zip(items, chosen, strict=True)
        )
        view = CaseView(
            id=found.id,
            display=form_case(found),
            court=found.court,
            court_level=found.court_level,
            decided=found.decided,
            docket=found.docket,
            parties=found.parties,
            authority=found.authority,
            paragraphs=shown,
            more=len(found.paragraphs) - len(chosen),
        )
        return tool_result(view, tell_case(view), evidence=items)

    def resolve_citation(
        self,
        text: Annotated[str, Field(description="A citation, or a text with citations in it, up to 64,000 characters.")],
        jurisdiction: Jurisdiction = "",
        on: Day = None,
    ) -> Annotated[CallToolResult, Resolutions]:
        """Returns what each citation in the text means: FOUND, AMBIGUOUS, NO_SUCH_SOURCE, NO_SUCH_PIN or NOT_IN_CORPUS.

        NO_SUCH_SOURCE and NO_SUCH_PIN are said only where the corpus is complete.
        """
        _check_jurisdiction(jurisdiction)
        if len(text) > LONGEST_TEXT:
            raise InputError(f"The text has {len(text)} characters.", hint=f"Send at most {LONGEST_TEXT} at a time.")
        cited = find_citations(text)[:MOST_CITATIONS]
        answers, at = self._look_up([one for one in cited if _is_reported(one)])
        resolved = [_resolve(one, answers) for one in cited]
        items = [
            record_finding(
                ResolutionRecord.model_validate({**one.model_dump(exclude={"reason"})}),
                f"citation/{one.written[:80]}",
                one.reason,
                origin=_origin(at),
            )
            for one in resolved
        ]
        lines = [f"{one.written}: {one.state} {', '.join(one.candidates)} {one.reason}".rstrip() for one in resolved]
        evidence = list({item.id: item for item in items}.values())
        return tool_result(Resolutions(citations=tuple(resolved)), "\n".join(lines), evidence=evidence)

    def _look_up(self, cited: Sequence[CaseCitation]) -> tuple[dict[str, Answer], datetime]:
        reported = {write(one): one for one in cited}
        if not reported:
            leave_to_others(NAME, "the text has no citation of an American decision by its reporter")
        answers, at = self._lookup.find(list(reported.values()))
        return dict(zip(reported, answers, strict=True)), at

    def _locate(self, named: str) -> int:
        text = named.strip()[:LONGEST]
        known = _ID.fullmatch(text)
        if known:
            return int(known[1])
        cited = [one for one in find_citations(text, systems=("us",)) if _is_reported(one)]
        if not cited:
            leave_to_others(NAME, f"{text[:80]!r} is neither an id of it nor a citation by a reporter")
        answer = self._look_up(cited[:1])[0][write(cited[0])]
        if answer.state == "NOT_IN_CORPUS":
            raise tell_absence(NAME, f"decision {text[:80]!r} ({answer.reason})")
        if len(answer.clusters) > 1:
            choices = ", ".join(f"us/cl/{one}" for one in answer.clusters[:8])
            raise InputError(f"{text[:80]!r} can mean several cases.", hint=f"Name one by its id: {choices}.")
        return answer.clusters[0]


def _origin(at: datetime) -> str:
    return origin_of(NAME, at, LICENCE)


def _check_jurisdiction(jurisdiction: str) -> None:
    if jurisdiction and not re.fullmatch(r"us(?:[/-].*)?", jurisdiction):
        leave_to_others(NAME, f"it has no law of {jurisdiction[:40]!r}")


def _is_reported(citation: Citation) -> TypeGuard[CaseCitation]:
    return (
        isinstance(citation, CaseCitation)
        and citation.system == "us"
        and bool(citation.volume and citation.reporter and citation.page)
        and not citation.carried
    )


def _resolve(citation: Citation, answers: dict[str, Answer]) -> Resolved:
    if not _is_reported(citation):
        told = f"{NAME} was not asked: it looks up American decisions by their reporter only."
        return Resolved(written=citation.text, state="NOT_IN_CORPUS", reason=told)
    answer = answers[write(citation)]
    candidates = tuple(f"us/cl/{one}" for one in answer.clusters)
    return Resolved(written=citation.text, state=answer.state, candidates=candidates, reason=answer.reason)


def _keep(results: Results, court: str, level: int | None) -> tuple[Case, ...]:
    """Returns the cases of that court and level; raises MissingError where others, not looked at, could be."""
    kept = tuple(
        case
        for case in results.cases
        if (not court or fold(case.court) == fold(court)) and (level is None or case.court_level == level)
    )
    if not kept and results.total > len(results.cases):
        raise MissingError(
            f"None of the first {len(results.cases)} of {results.total} cases that {NAME} found is of that court.",
            hint="Leave the court and level out, or put the name of the court into the query.",
        )
    return kept


def _hit(case: Case, snippet: str) -> CaseHit:
    return CaseHit(
        id=case.id,
        display=form_case(case),
        court=case.court,
        court_level=case.court_level,
        decided=case.decided,
        excerpt=excerpt(snippet),
    )
