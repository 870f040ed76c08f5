"""The file `report.json`: the report, its sources, the verdict and the evidence that it cites."""

from typing import Final

from pydantic import TypeAdapter

from metier.answer import Value
from metier.canonical import canonical_json
from metier.evidence import Evidence
from metier.task import Task
from metier.toolkit import Delivery, Settings
from metier.verdict import Verdict
from metier_research.rendering.layout import lay_out, report_of
from metier_research.report import Report

FORMAT: Final = 1


class ListedSource(Value):
    """One source of the list: what is cited, and nothing else. `cited_at` are the places of the statements."""

    number: int
    title: str
    site: str
    address: str
    evidence: tuple[str, ...]
    cited_at: tuple[str, ...]


class ReportDocument(Value):
    """A report as it lies on disk. `evidence` is what the report cites and what the verdict names."""

    format: int = FORMAT
    notice: str
    report: Report
    sources: tuple[ListedSource, ...]
    verdict: Verdict
    removed: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    task: Task
    run: str = ""


def render_json(delivery: Delivery, settings: Settings) -> bytes:
    """Returns `report.json` as canonical JSON with a line feed; raises InputError when the answer is no report."""
    return (canonical_json(_DOCUMENT.dump_python(document_of(delivery), mode="json")) + "\n").encode()


def document_of(delivery: Delivery) -> ReportDocument:
    """Returns the document of a delivery; raises InputError when its answer is no report."""
    report, paper = report_of(delivery), lay_out(delivery)
    subjects = {line.number: line.subject for line in paper.lines()}
    named = {one.evidence for _, statement in report.statements() for one in statement.citations}
    named.update(name for finding in delivery.verdict.findings for name in finding.evidence)
    trace = delivery.trace
    return ReportDocument(
        notice=paper.notice,
        report=report,
        sources=tuple(
            ListedSource(
                number=one.number,
                title=one.title,
                site=one.site,
                address=one.address,
                evidence=tuple(extract.evidence for extract in one.extracts),
                cited_at=tuple(subjects[place] for place in one.places),
            )
            for one in paper.sources
        ),
        verdict=delivery.verdict,
        removed=trace.removed if trace else (),
        evidence=tuple(delivery.evidence[name] for name in sorted(named) if name in delivery.evidence),
        task=delivery.task,
        run=trace.run if trace else "",
    )


_DOCUMENT: TypeAdapter[ReportDocument] = TypeAdapter(ReportDocument)
