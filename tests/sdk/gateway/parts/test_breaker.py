"""A provider that fails is left alone, tried once after a rest, and used again when it is well."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from metier.gateway.limits.breaker import Breaker


def opened(at_s: float = 0.0) -> Breaker:
    breaker = Breaker(failures=2, rest_s=10.0)
    return breaker.fail(at_s).fail(at_s)


def test_it_opens_after_failures_in_a_row_only() -> None:
    breaker = Breaker(failures=3, rest_s=10.0)
    for _ in range(5):
        breaker = breaker.fail(0.0).fail(0.0).succeed()
        assert breaker.admit(0.0) == (breaker, True)
    breaker = breaker.fail(0.0).fail(0.0).fail(0.0)
    assert breaker.state == "open"
    assert breaker.admit(9.9)[1] is False
    assert breaker.rests_s(4.0) == 6.0


def test_after_the_rest_exactly_one_probe_is_admitted_and_its_success_closes() -> None:
    breaker, admitted = opened().admit(10.0)
    assert (admitted, breaker.state) == (True, "half-open")
    assert [breaker.admit(10.0 + at)[1] for at in (0.0, 5.0, 9.9)] == [False] * 3
    assert breaker.succeed() == Breaker(failures=2, rest_s=10.0)


def test_a_probe_that_never_reports_back_does_not_lock_it_for_ever() -> None:
    breaker, _ = opened().admit(10.0)
    breaker, admitted = breaker.admit(20.0)
    assert admitted
    assert breaker.admit(29.9)[1] is False


def test_the_rest_doubles_with_each_failed_probe_up_to_ten_times() -> None:
    breaker, now, rests = opened(), 0.0, []
    for _ in range(8):
        rests.append(breaker.rests_s(now))
        now += rests[-1]
        breaker, admitted = breaker.admit(now)
        assert admitted
        breaker = breaker.fail(now)
    assert rests == [10.0, 20.0, 40.0, 80.0, 100.0, 100.0, 100.0, 100.0]
    assert breaker.succeed().fail(now).fail(now).rests_s(now) == 10.0


def test_a_failure_of_a_call_from_before_does_not_lengthen_the_rest() -> None:
    assert opened().fail(9.0) == opened()


class Bread(RuleBasedStateMachine):
    """Calls begin, come back or get lost in any order, while time goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.breaker = Breaker(failures=3, rest_s=10.0)
        self.now = 0.0
        self.row = 0
        self.out = 0
        self.admitted_open: list[float] = []

    @rule(seconds=st.floats(0.0, 40.0))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def begin(self) -> None:
        was_open, rests_s = self.breaker.state != "closed", self.breaker.rests_s(self.now)
        self.breaker, admitted = self.breaker.admit(self.now)
        assert admitted == (rests_s == 0.0)
        if admitted:
            self.out += 1
            if was_open:
                self.admitted_open.append(self.now)

    @precondition(lambda self: self.out)
    @rule(well=st.booleans())
    def come_back(self, well: bool) -> None:
        self.out -= 1
        self.breaker = self.breaker.succeed() if well else self.breaker.fail(self.now)
        self.row = 0 if well else self.row + 1
        if well:
            assert self.breaker.state == "closed"
            self.admitted_open.clear()

    @precondition(lambda self: self.out)
    @rule()
    def get_lost(self) -> None:
        self.out -= 1

    @invariant()
    def it_is_open_exactly_after_enough_failures_in_a_row(self) -> None:
        assert (self.breaker.state != "closed") == (self.row >= 3)

    @invariant()
    def it_never_rests_for_longer_than_ten_times(self) -> None:
        assert 0.0 <= self.breaker.rests_s(self.now) <= 100.0

    @invariant()
    def probes_are_a_rest_apart(self) -> None:
        gaps = [b - a for a, b in zip(self.admitted_open, self.admitted_open[1:], strict=False)]
        assert all(gap >= 10.0 - 1e-6 for gap in gaps)


TestBread = Bread.TestCase
TestBread.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
