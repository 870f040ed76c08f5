"""Evidence of the records of works that a catalogue found, and what a model is told of them. Pure."""

from collections.abc import Sequence

from metier.canonical import JSON
from metier.evidence import Evidence, record_evidence
from metier_research.pages.evidence import RECORD
from metier_research.pages.hits import SNIPPET, count, shorten
from metier_research.pages.shapes import QueryWorks, Work

_SHOWN_AUTHORS = 4


def work_evidence(work: Work) -> Evidence:
    """Returns the evidence of a work's record: what the catalogue says of it, which is not what stands in it."""
    value: dict[str, JSON] = {
        "kind": RECORD,
        "url": work.url,
        "title": work.title,
        "doi": work.doi,
        "version": work.version,
        "year": work.year,
        "authors": list(work.authors),
        "venue": work.venue,
        "cited_by": work.cited_by,
        "retracted": work.retracted,
    }
    parts = (work.title, ", ".join(work.authors), work.venue, "" if work.year is None else str(work.year))
    lines = [*parts, "Retracted." if work.retracted else "", work.abstract]
    return record_evidence(
        source=work.source,
        locator=work.doi or work.url,
        text="\n".join(line for line in lines if line),
        value=value,
        recorded="" if work.year is None else f"{work.year:04}",
    )


def tell_works(found: QueryWorks, marks: Sequence[str]) -> str:
    """Returns what a model is told of a query's works; `marks` are the ids of their evidence, in the same order."""
    lines = [f"Works for {found.query!r}: {count(len(found.works), 'record')}."]
    for work, mark in zip(found.works, marks, strict=True):
        lines.append(f"{work.rank}. [{work.title}]({work.url}) [{mark}]\n   {_about(work)}")
        if work.abstract:
            lines.append(f"   {shorten(work.abstract, SNIPPET)}")
    return "\n".join([*lines, *([found.note] if found.note else [])])


def _about(work: Work) -> str:
    more = " and others" if len(work.authors) > _SHOWN_AUTHORS else ""
    parts = (
        "RETRACTED" if work.retracted else "",
        ", ".join(work.authors[:_SHOWN_AUTHORS]) + more,
        work.venue,
        "" if work.year is None else str(work.year),
        work.version,
        f"doi:{work.doi}" if work.doi else "",
        "" if work.cited_by is None else f"cited by {work.cited_by}",
        f"open access: {work.open_access_url}" if work.open_access_url else "",
        work.source,
    )
    return "; ".join(part for part in parts if part)
