"""How the settings of a server and of its tools become one policy."""

import pickle

import pytest

from metier.errors import InputError, ServerError
from metier.servers.policy import Policy, read_policy


def test_a_setting_over_another_changes_only_what_it_names():
    server = read_policy({"timeout_s": 5, "quota_per_day": 100})
    tool = read_policy({"quota_per_day": 3}, over=server)
    assert (tool.timeout_s, tool.quota_per_day) == (5.0, 3)
    assert read_policy({}) == Policy()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"ttl": 3}, "no setting 'ttl'"),
        ({"timeout_s": "soon"}, "timeout_s in the policy of amap cannot be used"),
        ({"rate_per_s": 0}, "rate_per_s in the policy of amap is 0.0"),
        ({"ttl_s": -1}, "ttl_s in the policy of amap is -1.0"),
        ({"total_s": float("inf")}, "total_s in the policy of amap is inf"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(settings, said):
    with pytest.raises(InputError) as caught:
        read_policy(settings, what="the policy of amap")
    assert said in str(caught.value)


def test_a_server_error_keeps_what_the_envelope_needs_to_know_through_a_pickle():
    error = pickle.loads(pickle.dumps(ServerError("dead", hint="start it", sent=False, retry_after_s=3.0)))
    assert (error.message, error.hint, error.sent, error.retry_after_s) == ("dead", "start it", False, 3.0)
