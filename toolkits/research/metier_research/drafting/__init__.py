"""A model's prose made a report: for models that write their answer as text and not as fields."""

from collections.abc import Mapping

from metier.evidence import Evidence
from metier.late import late
from metier.task import Task
from metier_research.report import Report

__all__ = ["draft"]

_write = late("metier_research.drafting.writing", "write_report")


def draft(task: Task, text: str, evidence: Mapping[str, Evidence]) -> Report | None:
    """Returns the report that a model's prose is, each sentence with the words that support it; None for none.

    A sentence keeps the sources that it marks ([ev-…], [1] with a list of addresses, a link) where they support it,
    else it gets the passages of the run that do; quotes are letter by letter. Sentences that nothing supports are left
    out and the report says so; when the direct answer or more than half is among them, there is no report. The checks
    hold what is returned like any other report.
    """
    report: Report | None = _write(task, text, evidence)
    return report
