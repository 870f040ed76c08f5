"""A call is made again only when that is safe, may help, and fits into its time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.gateway.attempts.faults import Fault, Kind
from metier.gateway.attempts.retry import most_pause, next_pause
from metier.servers.policy import Policy

POLICIES = st.builds(
    Policy,
    total_s=st.floats(0.1, 500.0),
    attempts=st.integers(1, 8),
    backoff_s=st.floats(0.0, 20.0),
    backoff_most_s=st.floats(0.0, 60.0),
)
PASSING: tuple[Kind, ...] = ("unsent", "unavailable", "timeout", "throttled")
FAULTS = st.builds(Fault, st.sampled_from(PASSING), st.just(""), st.none() | st.floats(0.0, 100.0))
CHANCES = st.floats(0.0, 1.0, exclude_max=True)


def pause(
    fault: Fault, *, policy: Policy = Policy(), attempt: int = 1, repeatable: bool = True, spent_s: float = 0.0
) -> float | None:
    return next_pause(policy, attempt=attempt, fault=fault, repeatable=repeatable, spent_s=spent_s, chance=0.5)


@pytest.mark.parametrize("kind", ["failed", "refused"])
def test_a_no_is_not_asked_again(kind: Kind) -> None:
    assert pause(Fault(kind, "")) is None


@pytest.mark.parametrize("kind", PASSING)
def test_a_call_that_may_have_had_an_effect_is_made_again_only_when_it_was_not_sent(kind: Kind) -> None:
    assert pause(Fault(kind, "")) == 0.25
    assert pause(Fault(kind, ""), repeatable=False) == (0.25 if kind == "unsent" else None)


@settings(deadline=None)
@given(POLICIES, FAULTS, st.integers(1, 20), CHANCES, st.floats(0.0, 600.0))
def test_a_pause_is_as_long_as_asked_and_fits_into_the_time(
    policy: Policy, fault: Fault, attempt: int, chance: float, spent_s: float
) -> None:
    found = next_pause(policy, attempt=attempt, fault=fault, repeatable=True, spent_s=spent_s, chance=chance)
    if found is None:
        longest = max(most_pause(policy, attempt), fault.retry_after_s or 0.0)
        assert attempt >= policy.attempts or spent_s + longest >= policy.total_s
    else:
        assert attempt < policy.attempts
        assert spent_s + found < policy.total_s
        assert found >= (fault.retry_after_s or 0.0)
        assert found <= max(policy.backoff_most_s, fault.retry_after_s or 0.0)


@settings(deadline=None)
@given(POLICIES, st.lists(st.tuples(FAULTS, CHANCES), min_size=12, max_size=12))
def test_all_pauses_together_never_exceed_the_time_of_the_call(
    policy: Policy, course: list[tuple[Fault, float]]
) -> None:
    spent_s, attempts = 0.0, 0
    for fault, chance in course:
        attempts += 1
        found = next_pause(policy, attempt=attempts, fault=fault, repeatable=True, spent_s=spent_s, chance=chance)
        if found is None:
            break
        spent_s += found
    assert spent_s < policy.total_s
    assert attempts <= policy.attempts


@settings(deadline=None)
@given(POLICIES)
def test_the_longest_pause_doubles_up_to_a_most_and_never_shrinks(policy: Policy) -> None:
    longest = [most_pause(policy, attempt) for attempt in (*range(1, 40), 5_000)]
    assert longest == sorted(longest)
    assert longest[0] == min(policy.backoff_s, policy.backoff_most_s)
    assert longest[-1] <= policy.backoff_most_s
    assert longest[2] == pytest.approx(min(policy.backoff_s * 4, policy.backoff_most_s))


def test_a_pause_asked_for_that_does_not_fit_is_no_pause() -> None:
    policy = Policy(total_s=60.0)
    assert pause(Fault("throttled", "", 59.0), policy=policy) == 59.0
    assert pause(Fault("throttled", "", 59.0), policy=policy, spent_s=1.0) is None
