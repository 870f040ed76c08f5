"""How long a researcher is waited for that has fallen silent while others are done. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Waiting:
    """The rule: once the share `quorum` of those that did not fail came back well, one that is silent is given up.

    Silent is one none of whose calls has come back since the slowest of those was done, for the share `idle` of what
    that one took; or at all for as long as that one took in all; and for `idle_s` seconds at least. One whose calls
    come back is never given up, however many it makes.
    """

    quorum: float = 0.5
    idle: float = 0.2
    idle_s: float = 1.0

    def deadline_s(self, healthy_s: Sequence[float], able: int, active_s: float) -> float | None:
        """Returns when one is given up whose last call came back at `active_s`; None while nobody is.

        `healthy_s` are the times at which others came back well, `able` counts those and the ones that are still out.
        All in seconds from the start.
        """
        if not healthy_s or len(healthy_s) < self.quorum * able:
            return None
        slowest = max(healthy_s)
        silent = max(slowest, active_s) + max(slowest * self.idle, self.idle_s)
        return min(silent, active_s + max(slowest, self.idle_s))
