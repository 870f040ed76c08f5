"""What a site's owner wishes, remembered for a while, and when the site may be asked again."""

from dataclasses import dataclass, field
from typing import Final

from metier.clock import Clock, SystemClock
from metier_research.web.robots import Rules

_MOST_SITES: Final = 2000


@dataclass(slots=True)
class Politeness:
    """The rules of every site that was asked lately, and the moment from which it may be asked again.

    Owned by one process: whoever asks a site in it, all wait for each other. Never waits itself.
    """

    clock: Clock = field(default_factory=SystemClock)
    _rules: dict[str, tuple[float, Rules]] = field(default_factory=dict)
    _next: dict[str, float] = field(default_factory=dict)

    def recall(self, origin: str) -> Rules | None:
        """Returns the rules of a site, None when they are not known or too old."""
        since, rules = self._rules.get(origin, (float("-inf"), None))
        return rules if rules is not None and self.clock.seconds() - since < rules.lasts_s else None

    def keep(self, origin: str, rules: Rules) -> None:
        """Remembers the rules of a site, and forgets the oldest where there are too many."""
        self._rules.pop(origin, None)
        self._rules[origin] = (self.clock.seconds(), rules)
        while len(self._rules) > _MOST_SITES:
            oldest = next(iter(self._rules))
            del self._rules[oldest]
            self._next.pop(oldest, None)

    def pause_s(self, origin: str, delay_s: float) -> float:
        """Returns the seconds until the site may be asked, when its requests stand `delay_s` apart. Takes no turn."""
        return max(self._next.get(origin, 0.0) - self.clock.seconds(), 0.0) if delay_s > 0 else 0.0

    def take_turn(self, origin: str, delay_s: float) -> float:
        """Returns the seconds to wait before asking the site, and takes that turn: the next is `delay_s` later."""
        if delay_s <= 0:
            return 0.0
        pause = self.pause_s(origin, delay_s)
        self._next[origin] = self.clock.seconds() + pause + delay_s
        return pause


SHARED: Final = Politeness()
"""That of this process."""
