"""The list of promises, held both ways: each names tests that exist, and each file of tests keeps a promise."""

import ast
import re
from pathlib import Path

import pytest

from tests.promises import PROMISES

TESTS = Path(__file__).parent
NAMED = sorted({place for places in PROMISES.values() for place in places})


@pytest.mark.parametrize("place", NAMED)
def test_what_a_promise_names_exists(place: str) -> None:
    path, _, name = place.partition("::")
    tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    assert any(function.startswith("test_") for function in functions)
    assert not name or name in functions


def test_every_file_of_tests_keeps_a_promise() -> None:
    files = {str(path.relative_to(TESTS)) for path in TESTS.rglob("test_*.py")} - {"test_promises.py"}
    assert files - {place.partition("::")[0] for place in NAMED} == set()


def test_deep_research_has_a_test_named_after_each_row_and_defect_of_its_checklist() -> None:
    written = "\n".join(path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py"))
    for kind, numbers in (("row", {*range(1, 12), 24, 28, 34}), ("defect", {*range(1, 12)})):
        assert {int(number) for number in re.findall(rf"def test_{kind}_(\d+)_", written)} == numbers
