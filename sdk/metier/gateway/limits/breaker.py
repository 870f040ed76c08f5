"""The breaker of a provider: after failures in a row it is left alone for a while, then tried once. Pure."""

from dataclasses import dataclass, replace
from typing import Literal

_LONGEST = 10.0  # rests double, up to this many times the first


@dataclass(frozen=True, slots=True)
class Breaker:
    """The breaker of one provider. It opens after `failures` in a row and rests for `rest_s` seconds.

    After the rest one probe is admitted: its success closes the breaker, its failure opens it for twice as long, up to
    ten times `rest_s`. A probe that never reports back is given up after another `rest_s`. `now_s` counts seconds from
    any fixed moment.
    """

    failures: int = 5
    rest_s: float = 30.0
    failed: int = 0
    opened_s: float | None = None
    probed_s: float | None = None
    relapses: int = 0

    @property
    def state(self) -> Literal["closed", "open", "half-open"]:
        """Returns "half-open" while a probe is out."""
        if self.opened_s is None:
            return "closed"
        return "open" if self.probed_s is None else "half-open"

    def rests_s(self, now_s: float) -> float:
        """Returns the seconds until a call is admitted; 0 when one is now."""
        if self.opened_s is None:
            return 0.0
        if self.probed_s is not None:
            return max(self.probed_s + self.rest_s - now_s, 0.0)
        rest_s = self.rest_s * min(2.0**self.relapses, _LONGEST)
        return max(self.opened_s + rest_s - now_s, 0.0)

    def admit(self, now_s: float) -> tuple["Breaker", bool]:
        """Returns whether a call may be made, and the breaker after that: the probe is counted when it is admitted."""
        if self.opened_s is None:
            return self, True
        if self.rests_s(now_s) > 0:
            return self, False
        return replace(self, probed_s=now_s), True

    def succeed(self) -> "Breaker":
        """Returns the breaker after a call that succeeded, whenever it began: closed."""
        if self.opened_s is None and self.failed == 0:
            return self
        return Breaker(self.failures, self.rest_s)

    def fail(self, now_s: float) -> "Breaker":
        """Returns the breaker after a call that failed; one that began before it opened does not lengthen the rest."""
        if self.opened_s is None:
            opens = self.failed + 1 >= self.failures
            return replace(self, failed=self.failed + 1, opened_s=now_s if opens else None)
        if self.probed_s is None:
            return self
        return replace(self, opened_s=now_s, probed_s=None, relapses=min(self.relapses + 1, 4))
