"""What all calls of a process share: stores, limits, breakers, flights, and counts for a status command."""

import random
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from metier.clock import Clock
from metier.gateway.attempts.flights import Flights
from metier.gateway.limits.breaker import Breaker
from metier.gateway.limits.quotas import Quotas
from metier.gateway.limits.rate import Limiter
from metier.gateway.providing import Offer
from metier.gateway.results.pages import Shelves
from metier.gateway.spans import Spans
from metier.gateway.stores.backlog import Backlog
from metier.servers.policy import Policy

Sleep = Callable[[float], Awaitable[None]]


@dataclass(slots=True)
class Tally:
    """What one provider did in this process: calls, those that the cache answered, attempts that failed.

    `quota` is the key that its calls of the day are counted under, and how many it may make, when it has a limit.
    """

    name: str
    calls: int = 0
    hits: int = 0
    failures: int = 0
    quota: tuple[str, int] | None = None


class Breakers:
    """The breaker of every provider, by its identity; safe for threads."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._known: dict[str, Breaker] = {}
        self._lock = threading.Lock()

    def state(self, identity: str) -> str:
        """Returns "closed", "open" or "half-open"."""
        known = self._known.get(identity)
        return "closed" if known is None else known.state

    def rests_s(self, identity: str) -> float:
        """Returns for how long nobody is let through, in seconds; 0 when somebody is."""
        known = self._known.get(identity)
        return 0.0 if known is None else known.rests_s(self._seconds())

    def admit(self, identity: str, policy: Policy) -> bool:
        """Returns whether one attempt may be made now."""
        with self._lock:
            known = self._known.get(identity)
            if known is None:
                known = Breaker(failures=policy.breaker_failures, rest_s=policy.breaker_rest_s)
            self._known[identity], admitted = known.admit(self._seconds())
            return admitted

    def report(self, identity: str, *, failed: bool) -> None:
        """Counts how an attempt that was admitted ended."""
        with self._lock:
            known = self._known.get(identity) or Breaker()
            self._known[identity] = known.fail(self._seconds()) if failed else known.succeed()


@dataclass(frozen=True, slots=True)
class Shared:
    """What all calls of a process share."""

    clock: Clock
    sleep: Sleep
    cache: Backlog
    shelves: Shelves
    quotas: Quotas
    breakers: Breakers
    spans: Spans
    chance: Callable[[], float] = random.random
    flights: Flights = field(default_factory=Flights)
    limiters: dict[str, Limiter] = field(default_factory=dict)
    tallies: dict[str, Tally] = field(default_factory=dict)

    def limiter(self, key: str) -> Limiter:
        """Returns the limiter of all who share `key`."""
        found = self.limiters.get(key)
        if found is None:
            found = self.limiters.setdefault(key, Limiter(seconds=self.clock.seconds, sleep=self.sleep))
        return found

    def tally(self, offer: Offer) -> Tally:
        """Returns the counts of the provider that makes `offer`."""
        found = self.tallies.get(offer.identity)
        if found is None:
            found = self.tallies.setdefault(offer.identity, Tally(offer.name))
        if offer.policy.quota_per_day is not None:
            found.quota = (offer.quota_key, offer.policy.quota_per_day)
        return found

    def day(self) -> str:
        """Returns the day that quotas are counted by, in UTC."""
        return self.clock.now().date().isoformat()
