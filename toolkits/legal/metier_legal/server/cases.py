"""The tools about cases: search, reading, who cites whom, the courts."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Final

from mcp.types import CallToolResult
from pydantic import Field

from metier.errors import MissingError
from metier.servers.result import tool_result
from metier_legal.citations.form import form_case
from metier_legal.corpus.corpus import Corpus
from metier_legal.law.case import DONE_BY, Case, Paragraph
from metier_legal.records import CourtRecord, SearchRecord, record_finding
from metier_legal.search.backend import Filters, Hit
from metier_legal.server.evidence import is_treatment_known, paragraph_evidence, treatments
from metier_legal.server.library import Library
from metier_legal.server.naming import find_case, find_provision
from metier_legal.server.shapes import (
    CaseHit,
    CaseHits,
    CaseView,
    Courts,
    Mentions,
    MentionView,
    ParagraphView,
    TreatmentView,
)
from metier_legal.server.statutes import Jurisdiction, Limit, excerpt, record_search

CaseQuery = Annotated[str, Field(description="The facts or the legal terms, in the language of the cases.")]
CourtName = Annotated[str, Field(description="Only this court, by its name.")]
CourtLevel = Annotated[int | None, Field(ge=1, le=3, description="3 is the highest court.")]
Citing = Annotated[str, Field(description="Only cases that cite this provision or case: its id.")]
CaseName = Annotated[str, Field(description="The id of a case as search_cases gives it, or its citation.")]
PARAGRAPHS_SHOWN: Final = 40
MENTIONS_SHOWN: Final = 50


class CaseTools:
    """The tools that read decisions."""

    def __init__(self, library: Library) -> None:
        self._library = library

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
        filters = Filters(
            kind="case",
            jurisdiction=self._library.known(jurisdiction),
            court=court,
            level=level,
            decided_from=decided_from,
            decided_to=decided_to,
            cites=cites,
        )
        found = self._library.search.search(query, filters=filters, limit=limit)
        hits = tuple(hit for one in found.hits if (hit := self._show_hit(one)) is not None)
        lines = [f"{hit.id} | {hit.display} [{hit.treatment or 'no treatment found'}]: {hit.excerpt}" for hit in hits]
        return tool_result(
            CaseHits(state=found.state, reason=found.reason, hits=hits),
            "\n".join(lines) or f"{found.state}: nothing was found. {found.reason}".rstrip(),
            evidence=[record_search("search_cases", query, filters, found)],
        )

    def _show_hit(self, hit: Hit) -> CaseHit | None:
        corpus = self._library.corpus
        case = corpus.case(hit.group)
        if case is None:
            return None
        number = paragraph_number(hit.id)
        best = next((one for one in case.paragraphs if one.number == number), None)
        treated = treatments(corpus, case.id)
        return CaseHit(
            id=case.id,
            display=form_case(case),
            court=case.court,
            court_level=case.court_level,
            decided=case.decided,
            paragraph=number,
            excerpt=excerpt(best.text) if best else "",
            treatment=treated[0].treatment.value if treated else "",
            score=round(hit.score, 4),
        )

    def read_case(
        self,
        case: CaseName,
        paragraphs: Annotated[list[int] | None, Field(description="Which paragraphs; default: the first 40.")] = None,
    ) -> Annotated[CallToolResult, CaseView]:
        """Returns a case with its paragraphs, whose words each is, and what later cases did to it."""
        corpus = self._library.corpus
        found = find_case(corpus, case)
        chosen = choose_paragraphs(found, paragraphs)
        items = paragraph_evidence(corpus, found, chosen)
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
            treated_by=tuple(_treatments(corpus, found)),
            treatment_known=is_treatment_known(corpus, found),
            paragraphs=shown,
            more=len(found.paragraphs) - len(chosen),
        )
        return tool_result(view, tell_case(view), evidence=items)

    def cited_by(
        self, target: Annotated[str, Field(description="The id or citation of a case or provision.")]
    ) -> Annotated[CallToolResult, Mentions]:
        """Returns the cases that cite a case or a provision, the newest first, and what they do with it."""
        corpus = self._library.corpus
        name = find_target(corpus, target)
        mentions = corpus.cited_by(name)
        shown = tuple(
            MentionView(
                target=one.case,
                written=one.name,
                treatment=one.treatment,
                decided=one.decided,
                paragraph=one.paragraph,
            )
            for one in mentions[:MENTIONS_SHOWN]
        )
        return _tell_mentions("cited_by", name, shown, len(mentions) - len(shown))

    def cites(self, case: CaseName) -> Annotated[CallToolResult, Mentions]:
        """Returns what a case cites, provisions and cases, in its own order."""
        corpus = self._library.corpus
        found = find_case(corpus, case)
        references = corpus.cites(found.id)
        shown = tuple(
            MentionView(target=one.cited, written=one.written, treatment=one.treatment, paragraph=one.paragraph)
            for one in references[:MENTIONS_SHOWN]
        )
        return _tell_mentions("cites", found.id, shown, len(references) - len(shown))

    def court_hierarchy(self, jurisdiction: Jurisdiction) -> Annotated[CallToolResult, Courts]:
        """Returns the courts of a jurisdiction by level, the highest first: whose decisions bind whom."""
        if not jurisdiction:
            raise MissingError("No jurisdiction is named.", hint="Give one that list_law names.")
        known = self._library.known(jurisdiction)
        courts = self._library.corpus.courts(known)
        evidence = record_finding(CourtRecord(jurisdiction=known, courts=courts), f"courts/{known}")
        text = "\n".join(f"level {level}: {name}" for level, name in courts) or "There are no cases of its courts."
        return tool_result(Courts(jurisdiction=known, courts=courts), text, evidence=[evidence])


def paragraph_number(entry_id: str) -> int | None:
    """Returns the number of the paragraph that an entry of the index is ("case#¶12"), or None."""
    _, mark, number = entry_id.rpartition("#¶")
    return int(number) if mark and number.isdecimal() else None


def choose_paragraphs(case: Case, wanted: Sequence[int] | None) -> list[Paragraph]:
    """Returns those paragraphs of a case, or the first ones; raises MissingError for numbers that it does not have."""
    if wanted is None:
        return list(case.paragraphs[:PARAGRAPHS_SHOWN])
    there = {one.number: one for one in case.paragraphs}
    missing = [number for number in wanted if number not in there]
    if missing:
        raise MissingError(
            f"The case has no paragraph {missing[0]}.", hint=f"It has {len(case.paragraphs)}, numbered from 1."
        )
    return [there[number] for number in dict.fromkeys(wanted)][:PARAGRAPHS_SHOWN]


def find_target(corpus: Corpus, named: str) -> str:
    """Returns the id of the case or provision that an id or a citation names."""
    if corpus.case(named.strip()) is not None:
        return named.strip()
    try:
        work, number = find_provision(corpus, named)
    except (MissingError, ValueError):
        return find_case(corpus, named).id
    return f"{work.id}#{number}"


def _treatments(corpus: Corpus, case: Case) -> list[TreatmentView]:
    return [
        TreatmentView(
            case=one.case,
            display=f"{one.name} ({one.court} {one.decided or ''})".replace(" )", ")"),
            treatment=one.treatment,
            decided=one.decided,
            quote=one.quote,
        )
        for one in treatments(corpus, case.id)
    ]


def tell_case(view: CaseView) -> str:
    """Returns a case as a model reads it: citation, treatment, and each paragraph with its evidence."""
    known = "" if view.treatment_known else " Treatment not checked: the corpus does not have all later cases."
    treated = "; ".join(f"{DONE_BY[one.treatment]} {one.display}" for one in view.treated_by) or "no treatment found"
    lines = [f"{view.display}: {treated}.{known}"]
    lines += [f"[{one.evidence}] ¶{one.number} ({one.part}) {one.text}" for one in view.paragraphs]
    if view.more:
        lines.append(f"{view.more} more paragraphs: ask for them by number.")
    return "\n".join(lines)


def _tell_mentions(tool: str, name: str, shown: tuple[MentionView, ...], more: int) -> CallToolResult:
    hits = tuple(one.target for one in shown if one.target)
    record = SearchRecord(tool=tool, query=name, state="GROUNDED" if shown else "NO_MATCH", hits=hits)
    lines = [f"{one.treatment}: {one.written} ({one.target or 'not in the corpus'})" for one in shown]
    text = "\n".join(lines) or "None that this corpus has."
    mentions = Mentions(id=name, mentions=shown, more=more)
    return tool_result(mentions, text, evidence=[record_finding(record, f"{tool}/{name}")])
