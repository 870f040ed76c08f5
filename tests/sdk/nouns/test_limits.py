from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier.limits import Limits, Pace, Usage, is_tool_spent, standing_of

NAMES = ("model_calls", "tool_calls", "input_tokens", "output_tokens", "wall_s", "money_usd")
UNLIMITED = Limits(model_calls=None, tool_calls=None, wall_s=None)


@pytest.mark.parametrize("name", NAMES)
@given(used=st.integers(0, 200))
def test_each_limit_says_conclude_at_nine_tenths_and_stop_at_the_whole(name: str, used: int) -> None:
    standing = standing_of(replace(UNLIMITED, **{name: 100}), replace(Usage(), **{name: used}))
    expected = Pace.STOP if used >= 100 else Pace.CONCLUDE if used >= 90 else Pace.GO
    assert standing.pace is expected
    assert standing.limit == ("" if expected is Pace.GO else name)


def test_a_limit_of_nothing_is_reached_at_once() -> None:
    assert standing_of(replace(UNLIMITED, tool_calls=0), Usage()).pace is Pace.STOP


def test_without_limits_a_run_goes_on() -> None:
    assert standing_of(UNLIMITED, Usage(model_calls=10**9, money_usd=1e9)).pace is Pace.GO


def test_the_strictest_limit_counts() -> None:
    limits = replace(UNLIMITED, model_calls=100, tool_calls=10)
    assert standing_of(limits, Usage(model_calls=95, tool_calls=10)).limit == "tool_calls"


def test_a_tool_has_a_limit_of_its_own() -> None:
    limits = Limits(per_tool={"search": 2})
    assert not is_tool_spent(limits, Usage(per_tool={"search": 1}), "search")
    assert is_tool_spent(limits, Usage(per_tool={"search": 2}), "search")
    assert not is_tool_spent(limits, Usage(per_tool={"route": 99}), "route")
