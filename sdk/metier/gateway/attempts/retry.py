"""Whether a call that failed is made again, and after which pause. Pure."""

from tenacity import RetryCallState, Retrying
from tenacity.wait import wait_exponential

from metier.gateway.attempts.faults import Fault
from metier.servers.policy import Policy

_FINAL = ("failed", "refused")


def next_pause(
    policy: Policy, *, attempt: int, fault: Fault, repeatable: bool, spent_s: float, chance: float
) -> float | None:
    """Returns the seconds to wait before the next attempt, or None when there is to be none.

    `attempt` is the number of the one that failed, from 1. `repeatable` says that making the call twice does no more
    than making it once; any other call is only made again when it was not sent. `spent_s` is what the call took so far:
    a pause that does not fit into `policy.total_s` is none. `chance`, from 0 to 1, picks the pause between nothing and
    the back-off, so that those who failed together do not come back together; a pause that the source asked for is
    the least.
    """
    if attempt >= policy.attempts or fault.kind in _FINAL:
        return None
    if not repeatable and fault.kind != "unsent":
        return None
    pause_s = max(chance * most_pause(policy, attempt), fault.retry_after_s or 0.0)
    return pause_s if spent_s + pause_s < policy.total_s else None


def most_pause(policy: Policy, attempt: int) -> float:
    """Returns the longest back-off after the `attempt`-th attempt, in seconds: doubled each time, up to a most."""
    state = RetryCallState(Retrying(), None, (), {})
    state.attempt_number = attempt
    return wait_exponential(multiplier=policy.backoff_s, max=policy.backoff_most_s)(state)
