"""The report counts only what the suite said: a required scenario that it does not name has failed."""

import pytest

from tests.conformance.report import as_table, is_good, read_outcomes, read_required

LISTING = """\
Required for 2026-07-28 (3 scenarios, frozen; run at the 2026-07-28 wire):

Server scenarios (test against a server):
  - ping

Client scenarios (test against a client):
  - tools_call
  - auth/basic-cimd

Run and reported, but never scored:
  extension (1):
    - auth/dpop [client]
"""
GOOD = """\
=== SUITE SUMMARY ===

✓ tools_call: 2 passed, 0 failed
\x1b[32m✓ auth/basic-cimd: 9 passed, 0 failed, 1 warning\x1b[0m
"""


def test_the_required_scenarios_are_those_of_the_side() -> None:
    assert read_required(LISTING, "server") == ("ping",)
    assert read_required(LISTING, "client") == ("tools_call", "auth/basic-cimd")


@pytest.mark.parametrize(
    ("said", "good"),
    [
        (GOOD, True),
        (GOOD + "✗ auth/dpop: 0 passed, 3 failed\n", True),
        (GOOD.replace("✓ tools_call: 2 passed, 0 failed", "✗ tools_call: 1 passed, 1 failed"), False),
        (GOOD.replace("✓ tools_call", "✗ tools_call"), False),
        (GOOD.replace("tools_call", "other"), False),
        ("", False),
    ],
)
def test_a_revision_is_met_when_all_it_requires_is_said_to_pass(said: str, good: bool) -> None:
    outcomes = read_outcomes(said, read_required(LISTING, "client"))
    assert is_good(outcomes) is good
    assert ("FAILED" in as_table("client", outcomes)) is not good


def test_a_suite_that_requires_nothing_is_not_met() -> None:
    assert not is_good(read_outcomes(GOOD, read_required("the suite is broken", "client")))
