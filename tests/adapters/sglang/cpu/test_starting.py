"""The tests of the real server are never left out untold."""

import pytest

from tests.adapters.sglang.cpu.starting import Verdict, decide


@pytest.mark.parametrize(
    ("env", "installed", "verdict"),
    [
        ({}, True, "run"),
        ({}, False, "fail"),
        ({"CI": "1"}, False, "fail"),
        ({"METIER_SKIP_SGLANG": "0"}, False, "fail"),
        ({"METIER_SKIP_SGLANG": "1"}, False, "skip"),
        ({"CI": "1", "METIER_SKIP_SGLANG": "1"}, False, "skip"),
        ({"METIER_SGLANG_PYTHON": "/opt/sglang/bin/python"}, False, "run"),
    ],
    ids=str,
)
def test_a_missing_server_fails_the_tests_unless_it_is_known(
    env: dict[str, str], installed: bool, verdict: Verdict
) -> None:
    assert decide(env, installed=installed) == verdict
