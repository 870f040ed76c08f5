"""The calls of a day are counted on disk, and never more are given than there are."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from metier.gateway.limits.quotas import Quotas

ROOT = Path(__file__).parents[4]
DAY = "2026-11-26"


@pytest.fixture
def quotas(tmp_path: Path) -> Iterator[Quotas]:
    with closing(Quotas(tmp_path / "q.sqlite")) as opened:
        yield opened


def test_calls_are_given_until_the_day_is_spent_and_by_key_and_day(quotas: Quotas) -> None:
    assert [quotas.take("k", DAY, 3) for _ in range(5)] == [2, 1, 0, None, None]
    assert quotas.used("k", DAY) == 3
    assert quotas.take("other", DAY, 3) == 2
    assert quotas.take("k", "2026-11-27", 3) == 2
    assert quotas.used("nobody", DAY) == 0


def test_a_call_given_back_can_be_taken_again_and_no_more_than_was_taken_is_given_back(quotas: Quotas) -> None:
    assert quotas.take("k", DAY, 1) == 0
    quotas.give_back("k", DAY)
    quotas.give_back("k", DAY)
    assert quotas.used("k", DAY) == 0
    assert [quotas.take("k", DAY, 1) for _ in range(2)] == [0, None]


def test_a_limit_that_was_lowered_holds_and_none_allows_nothing(quotas: Quotas) -> None:
    assert [quotas.take("k", DAY, 5) for _ in range(4)] == [4, 3, 2, 1]
    assert quotas.take("k", DAY, 2) is None
    assert quotas.take("k", DAY, 0) is None
    assert quotas.used("k", DAY) == 4
    assert quotas.take("new", DAY, 0) is None
    assert quotas.used("new", DAY) == 0


def test_days_long_gone_are_forgotten_and_the_one_before_is_not(quotas: Quotas) -> None:
    for day in ("2026-11-01", "2026-11-25", DAY):
        quotas.take("k", day, 9)
    assert [quotas.used("k", day) for day in ("2026-11-01", "2026-11-25", DAY)] == [0, 1, 1]


def test_processes_and_threads_share_a_quota(tmp_path: Path) -> None:
    path = tmp_path / "q.sqlite"
    command = [sys.executable, "-m", "tests.sdk.gateway.parts.filling", "quota", str(path), "300", "150"]
    children = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    given: list[int | None] = []
    with closing(Quotas(path)) as quotas:
        threads = [
            threading.Thread(target=lambda: given.extend(quotas.take("k", DAY, 300) for _ in range(40)))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        elsewhere = sum(int(child.communicate(timeout=60)[0]) for child in children)
        here = sum(left is not None for left in given)
        assert elsewhere + here == 300
        assert quotas.used("k", DAY) == 300
    with closing(Quotas(path)) as quotas:
        assert quotas.take("k", DAY, 300) is None
