"""What all calls of a process go through: one gateway for each folder, which makes envelopes."""

import asyncio
import copy
import os
import random
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from opentelemetry.trace import TracerProvider

from metier.clock import Clock, SystemClock
from metier.gateway.attempts.shared import Breakers, Shared, Sleep
from metier.gateway.envelope import Envelope
from metier.gateway.limits.quotas import Quotas
from metier.gateway.memory.keeping import CacheMode, Keeping
from metier.gateway.providing import Orders, Provided
from metier.gateway.results.pages import Pages, Shelves
from metier.gateway.spans import Spans
from metier.gateway.stores.backlog import Backlog
from metier.gateway.stores.cache import Cache, Stats
from metier.gateway.stores.shelf import Shelf
from metier.servers.source import ToolSource

__all__ = ["CacheMode", "Gateway", "ProviderStats", "gateway_of"]

FILE = "gateway.sqlite"


@dataclass(frozen=True, slots=True)
class ProviderStats:
    """What one provider did in this process, and how it stands: its breaker, and what is left of the calls of today."""

    name: str
    calls: int
    hits: int
    failures: int
    breaker: str
    rests_s: float
    quota_left: int | None


class Gateway:
    """The cache, quotas, shelf, flights, limits and breakers that all envelopes made here share.

    They live in one file in `folder`, shared by all processes that name the same. None: in a folder of its own, which
    goes with `close`; limits and cache then hold for this gateway alone. `chance` gives numbers from 0 to 1, for
    back-off; `tracer_provider` makes the spans, the process's own when None.
    """

    def __init__(
        self,
        folder: Path | None,
        *,
        mode: CacheMode = "read-write",
        clock: Clock = SystemClock(),
        sleep: Sleep = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        tracer_provider: TracerProvider | None = None,
    ) -> None:
        self._own = tempfile.TemporaryDirectory(prefix="metier-") if folder is None else None
        path = Path(self._own.name, "gateway", FILE) if self._own else Path(str(folder), FILE)
        self._shelf = Shelf(path)
        self._shared = Shared(
            clock=clock,
            sleep=sleep,
            chance=chance,
            cache=Backlog(Cache(path)),
            quotas=Quotas(path),
            shelves=Shelves(self._shelf),
            breakers=Breakers(clock.seconds),
            spans=Spans(tracer_provider),
        )
        self._mode: CacheMode = mode

    def envelope(self, name: str, providers: Sequence[Provided], *, orders: Orders | None = None) -> Envelope:
        """Returns the envelope round `providers`, by default asked in this order.

        `orders` says for a tool, or for "*", which providers may answer it, the first to be asked first. Raises
        InputError for two providers of one name, and for an order that names one that there is not.
        """
        keeping = Keeping(self._shared.cache, self._shared.clock, self._mode)
        return Envelope(name, providers, orders or {}, shared=self._shared, keeping=keeping)

    def in_mode(self, mode: CacheMode) -> "Gateway":
        """Returns this gateway, sharing everything, with another mode for the envelopes it makes."""
        other = copy.copy(self)
        other._mode = mode
        return other

    def pages(self) -> ToolSource:
        """Returns the source "results" with the tool `read_result`, which reads on in what was shown in part."""
        return Pages(self._shared.shelves)

    def stats(self) -> tuple[ProviderStats, ...]:
        """Returns what each provider did, in the order in which they were first asked."""
        return tuple(
            ProviderStats(
                name=tally.name,
                calls=tally.calls,
                hits=tally.hits,
                failures=tally.failures,
                breaker=self._shared.breakers.state(identity),
                rests_s=self._shared.breakers.rests_s(identity),
                quota_left=self._quota_left(tally.quota),
            )
            for identity, tally in self._shared.tallies.items()
        )

    def kept(self) -> Stats:
        """Returns how many answers the cache holds, and what they take on disk."""
        return self._shared.cache.stats()

    def used_today(self) -> dict[str, int]:
        """Returns how many calls were made today, over all processes, by the key that they are counted under."""
        return self._shared.quotas.used_on(self._shared.day())

    def forget(self, *, identity: str = "", tool: str = "") -> int:
        """Drops the answers of one provider, of one tool, of both together, or all; returns how many."""
        return self._shared.cache.forget(identity=identity, tool=tool)

    def close(self) -> None:
        """Closes the files."""
        self._shared.cache.close()
        self._shared.quotas.close()
        self._shelf.close()
        if self._own is not None:
            self._own.cleanup()

    def _quota_left(self, quota: tuple[str, int] | None) -> int | None:
        if quota is None:
            return None
        key, limit = quota
        return max(limit - self._shared.quotas.used(key, self._shared.day()), 0)


_MOST = 32  # folders that one process works in at a time; each holds some files open
_GATEWAYS: OrderedDict[tuple[int, Path], Gateway] = OrderedDict()
_LOCK = threading.Lock()


def gateway_of(folder: Path, mode: CacheMode = "read-write") -> Gateway:
    """Returns the gateway of this process for `folder`: all who ask share its limits, whatever their mode.

    A process that works in more than 32 folders lets go of the one that was asked for longest ago: who holds it goes
    on with it, and who asks again gets new limits.
    """
    at = (os.getpid(), folder.absolute())  # a forked child has limits of its own, and its own connections to the file
    with _LOCK:
        if at not in _GATEWAYS:
            _GATEWAYS[at] = Gateway(folder)
        _GATEWAYS.move_to_end(at)
        while len(_GATEWAYS) > _MOST:
            _GATEWAYS.popitem(last=False)
        return _GATEWAYS[at].in_mode(mode)
