"""The tools about statutes: what there is, search, reading on a date, versions, definitions."""

import difflib
import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Final

from mcp.types import CallToolResult
from pydantic import Field

from metier.errors import InputError, MissingError
from metier.evidence import Evidence
from metier.servers.result import tool_result
from metier_legal.citations.citation import Pin
from metier_legal.citations.form import form_law
from metier_legal.corpus.corpus import Corpus
from metier_legal.law.provision import Provision, Standing, standing_on
from metier_legal.law.work import Work
from metier_legal.records import Brief, CorpusRecord, SearchRecord, record_finding
from metier_legal.search.backend import Filters, Found
from metier_legal.server.evidence import provision_evidence
from metier_legal.server.library import NO_LAW, Library
from metier_legal.server.naming import find_provision, split_id
from metier_legal.server.shapes import (
    Definitions,
    Difference,
    Holding,
    ProvisionHit,
    ProvisionHits,
    ProvisionView,
    Shelf,
    UnitView,
)

Jurisdiction = Annotated[str, Field(description='Such as "us", "de", "cn", as list_law gives them; "" for all.')]
ProvisionName = Annotated[
    str,
    Field(description='An id such as "us/usc/17#101", or a citation: "17 U.S.C. § 101", "《民法典》第一千零七十九条".'),
]
Day = Annotated[date | None, Field(description="The day whose law is wanted, YYYY-MM-DD. Default: today.")]
Limit = Annotated[int, Field(ge=1, le=30)]
EXCERPT: Final = 240
WORKS_SHOWN: Final = 60
UNITS_SHOWN: Final = 80


class StatuteTools:
    """The tools that read legislation."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def list_law(self) -> Annotated[CallToolResult, Shelf]:
        """Returns the jurisdictions, works and courts of this corpus, and today's date. Call it first."""
        corpus, today = self._library.corpus, self._library.today
        record = CorpusRecord(
            today=today,
            snapshot=corpus.snapshot(),
            jurisdictions=corpus.jurisdictions(),
            works=len(corpus.works()),
            cases=sum(source.cases for source in corpus.sources()),
            judge=self._library.judge.partition("|")[2] or self._library.judge,
        )
        evidence = record_finding(record, "corpus")
        holdings = tuple(_hold(corpus, name) for name in record.jurisdictions)
        shelf = Shelf(
            today=today, snapshot=record.snapshot, judge=record.judge, holdings=holdings, evidence=evidence.id
        )
        lines = [
            f"{one.jurisdiction}{' (fictional)' if one.fictional else ''}: {'; '.join(one.works)}"
            f" | courts: {', '.join(one.courts) or 'no cases'}"
            for one in holdings
        ]
        return tool_result(shelf, "\n".join([f"Today is {today}.", *(lines or [NO_LAW])]), evidence=[evidence])

    def search_statutes(
        self,
        query: Annotated[str, Field(description="The facts or the legal terms, in the language of the law.")],
        jurisdiction: Jurisdiction = "",
        on: Day = None,
        work: Annotated[str, Field(description="Only in this work: its id.")] = "",
        limit: Limit = 10,
    ) -> Annotated[CallToolResult, ProvisionHits]:
        """Returns provisions that speak to the query and are law on that day, best first. Read one before citing it.

        What was repealed by that day is shown where nothing else is found.
        """
        day = on or self._library.today
        filters = Filters(kind="provision", jurisdiction=self._library.known(jurisdiction), on=day, work=work)
        found = self._library.search.search(query, filters=filters, limit=2 * limit)
        shown = [hit for one in found.hits if (hit := self._show_hit(one.group, one.score, day)) is not None]
        alive = [hit for hit in shown if hit.standing is not Standing.REPEALED]
        hits = tuple((alive or shown)[:limit])
        evidence = record_search("search_statutes", query, filters, found)
        return tool_result(
            ProvisionHits(state=found.state, reason=found.reason, hits=hits),
            "\n".join(f"{hit.id} | {hit.display} {hit.heading} [{hit.standing}]: {hit.excerpt}" for hit in hits)
            or f"{found.state}: nothing was found. {found.reason}".rstrip(),
            evidence=[evidence],
        )

    def _show_hit(self, group: str, score: float, day: date) -> ProvisionHit | None:
        corpus = self._library.corpus
        work_id, number = split_id(group)
        work, version = corpus.work(work_id), corpus.provision(work_id, number, day)
        if work is None or version is None:
            return None
        return ProvisionHit(
            id=group,
            display=form_law(work, Pin(number)),
            heading=version.heading,
            excerpt=excerpt(version.text),
            standing=standing_on(version, day),
            valid_from=version.valid_from,
            valid_to=version.valid_to,
            score=round(score, 4),
        )

    def read_provision(self, provision: ProvisionName, on: Day = None) -> Annotated[CallToolResult, ProvisionView]:
        """Returns a provision exactly as it read on a day, with its parts, its interval and its other versions."""
        corpus = self._library.corpus
        work, number = find_provision(corpus, provision)
        day = on or self._library.today
        version = corpus.provision(work.id, number, day)
        if version is None:
            raise MissingError(
                f"{work.title} {number} is not known for {day}.", hint=_tell_versions(corpus, work, number)
            )
        evidence = provision_evidence(corpus, work, version)
        view = view_provision(corpus, work, version, day, evidence)
        return tool_result(view, tell_provision(view), evidence=[evidence])

    def compare_versions(
        self,
        provision: ProvisionName,
        earlier: Annotated[date, Field(description="A day on which the earlier version was law.")],
        later: Day = None,
    ) -> Annotated[CallToolResult, Difference]:
        """Returns a provision as it read on two days, and the words that differ."""
        corpus = self._library.corpus
        work, number = find_provision(corpus, provision)
        views, items = [], []
        for day in (earlier, later or self._library.today):
            version = corpus.provision(work.id, number, day)
            if version is None:
                raise MissingError(
                    f"{work.title} {number} is not known for {day}.", hint=_tell_versions(corpus, work, number)
                )
            items.append(provision_evidence(corpus, work, version))
            views.append(view_provision(corpus, work, version, day, items[-1]))
        words = tuple(find_differences(views[0].text, views[1].text))
        shown = Difference(earlier=views[0], later=views[1], same=views[0].text == views[1].text, words=words)
        text = "The text is the same." if shown.same else "\n".join(words)
        return tool_result(shown, text, evidence=list({item.id: item for item in items}.values()))

    def define_term(
        self, term: str, jurisdiction: Jurisdiction = "", on: Day = None
    ) -> Annotated[CallToolResult, Definitions]:
        """Returns provisions that define a term ("dwelling means …", 本法所称…), as they read on a day."""
        corpus, day = self._library.corpus, on or self._library.today
        if not term.strip():
            raise InputError("There is no term to define.", hint='Give one, such as "dwelling".')
        filters = Filters(kind="provision", jurisdiction=self._library.known(jurisdiction), on=day)
        found = self._library.search.search(f"{term} means definition 本法所称 是指", filters=filters, limit=30)
        views, items = [], []
        for hit in found.hits:
            work_id, number = split_id(hit.group)
            work, version = corpus.work(work_id), corpus.provision(work_id, number, day)
            if work is None or version is None or not defines(version.text, term):
                continue
            items.append(provision_evidence(corpus, work, version))
            views.append(view_provision(corpus, work, version, day, items[-1]))
        kept = Definitions(term=term, provisions=tuple(views[:5]))
        text = "\n\n".join(tell_provision(view) for view in kept.provisions) or f"{found.state}: no definition found."
        searched = record_search("define_term", term, filters, found)
        return tool_result(kept, text, evidence=[searched, *items[:5]])


def _hold(corpus: Corpus, jurisdiction: str) -> Holding:
    works = corpus.works(jurisdiction)
    more = len(works) - WORKS_SHOWN
    titles = [work.title for work in works[:WORKS_SHOWN]] + ([f"and {more} more"] if more > 0 else [])
    return Holding(
        jurisdiction=jurisdiction,
        works=tuple(titles),
        courts=tuple(name for _, name in corpus.courts(jurisdiction)[:30]),
        fictional=any(work.fictional for work in works),
    )


def record_search(tool: str, query: str, filters: Filters, found: Found) -> Evidence:
    """Returns the evidence that a search was made, with what, and what it came to."""
    kept = {
        name: str(value)
        for name in ("jurisdiction", "court", "level", "decided_from", "decided_to", "on", "work", "cites")
        if (value := getattr(filters, name)) not in ("", None)
    }
    hits = tuple(hit.group for hit in found.hits)
    record = SearchRecord(tool=tool, query=query, filters=kept, state=found.state, hits=hits)
    return record_finding(record, f"{tool}/{query[:80]}")


def view_provision(corpus: Corpus, work: Work, version: Provision, day: date, evidence: Evidence) -> ProvisionView:
    """Returns a version as tools show it."""
    others = [one for one in corpus.versions(work.id, version.number) if one != version]
    return show_provision(work, version, day, evidence=evidence.id, others=tuple(map(interval_of, others)))


def show_provision(
    work: Work, version: Provision, day: date, *, evidence: str, others: tuple[str, ...]
) -> ProvisionView:
    """Returns a version as tools show it; `evidence` is its id, `others` are its other versions in words."""
    return ProvisionView(
        evidence=evidence,
        id=f"{work.id}#{version.number}",
        display=form_law(work, Pin(version.number)),
        heading=version.heading,
        path=version.path,
        text=version.text,
        units=tuple(
            UnitView(pin=unit.path, text=excerpt(version.text[unit.start : unit.end], 60))
            for unit in version.units[:UNITS_SHOWN]
        ),
        on=day,
        standing=standing_on(version, day),
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        observed=version.observed,
        note=version.note,
        other_versions=others,
        replaced_by=work.replaced_by,
    )


def tell_provision(view: ProvisionView) -> str:
    """Returns a provision as a model reads it: citation, standing, exact text, other versions."""
    lines = [f"[{view.evidence}] {view.display} {view.heading}".rstrip(), f"On {view.on}: {view.standing}. {view.note}"]
    lines += [view.text]
    if view.other_versions:
        lines.append(f"Other versions: {'; '.join(view.other_versions)}")
    if view.replaced_by:
        lines.append(f"Replaced by {view.replaced_by}.")
    return "\n".join(lines)


def interval_of(version: Provision | Brief) -> str:
    """Returns when a version is law, in words."""
    if version.valid_from is None and version.observed is not None:
        return f"as published on {version.observed} ({version.status})"
    begin = version.valid_from or "an unknown day"
    return f"{begin} to {version.valid_to or 'now'} ({version.status})"


def _tell_versions(corpus: Corpus, work: Work, number: str) -> str:
    known = "; ".join(map(interval_of, corpus.versions(work.id, number)))
    return f"Its versions are: {known}." if known else "The work has no provision of that number."


def excerpt(text: str, limit: int = EXCERPT) -> str:
    """Returns the beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[:limit]}…"


def defines(text: str, term: str) -> bool:
    """Returns whether a text says what the term means."""
    word = re.escape(term.strip())
    marks = (
        rf"[\"“'‘「]?{word}[\"”'’」]?(?:\s*\([^)]{{0,40}}\))?,?\s+(?:means|includes|refers to|bedeutet)"
        rf"|所称(?:的)?{word}|{word}[，,]?(?:是指|指)"
    )
    return re.search(marks, text, re.IGNORECASE) is not None


def find_differences(earlier: str, later: str) -> Iterator[str]:
    """Yields the words that differ between two texts: "-" taken out, "+" put in."""
    old, new = _words(earlier), _words(later)
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from (f"- {''.join(old[a:b]).strip()}",) if b > a else ()
            yield from (f"+ {''.join(new[c:d]).strip()}",) if d > c else ()


def _words(text: str) -> list[str]:
    return re.findall(r"[\u3400-\u9fff]|[^\s\u3400-\u9fff]+\s*|\s+", text)[:4000]
