"""The checks against honest reports, and against forged ones that differ from an honest one in one thing."""

import sys
from collections import Counter

import pytest

from tests.toolkits.research.checks.attacks.forging import Forgery, forgeries
from tests.toolkits.research.checks.attacks.honest import honest_reports
from tests.toolkits.research.checks.attacks.material import evidence
from tests.toolkits.research.checks.conftest import violated

EVERY = 6  # of the forgeries of a kind, this many-th is judged: all of them take half a minute


@pytest.fixture(scope="module")
def forged() -> list[Forgery]:
    """Returns a fixed part of the forgeries: the first of each kind, and every sixth of it."""
    counts: Counter[str] = Counter()
    kept = []
    for forgery in forgeries():
        if counts[forgery.kind] % EVERY == 0:
            kept.append(forgery)
        counts[forgery.kind] += 1
    return kept


def test_every_honest_report_passes() -> None:
    reports = list(honest_reports())
    objections = [finding.sentence() for task, report in reports for finding in violated(task, report, evidence())]
    assert len(reports) >= 60
    assert objections == []


def test_row_34_no_forged_report_passes(forged: list[Forgery]) -> None:
    passed = [one for one in forged if not violated(one.task, one.report, evidence())]
    made, let_by = Counter(one.kind for one in forged), Counter(one.kind for one in passed)
    rates = "\n".join(f"{kind:<24}{count - let_by[kind]:>5} of {count} caught" for kind, count in sorted(made.items()))
    sys.stdout.write(f"{rates}\n")
    assert len(forged) >= 300
    assert len(made) >= 20
    assert [(one.kind, one.report.answer) for one in passed] == []


def test_forging_changes_something(forged: list[Forgery]) -> None:
    honest = [report for _, report in honest_reports()]
    assert all(one.report not in honest for one in forged)
