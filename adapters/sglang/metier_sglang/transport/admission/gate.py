"""Who may ask which server now: back-pressure, rests and probes, on one event loop. Drives `routing`."""

import asyncio
import heapq
import itertools
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from metier.clock import Clock
from metier_sglang.protocol.faults import Fault, Kind
from metier_sglang.transport.admission import routing
from metier_sglang.transport.admission.routing import Probe, Queue, Rest, Seat, Use
from metier_sglang.transport.admission.watch import Watch

EAGER = 0.25  # the share of a rest by which those who wait for its end come apart


@dataclass(frozen=True, slots=True)
class Pause:
    """How time passes: a seam of tests. `chance` gives numbers from 0 to 1.

    A server that is silent for `silence_s` seconds is looked after.
    """

    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random
    silence_s: float = 30.0


@dataclass(frozen=True, slots=True)
class Wish:
    """A request that wants a server: its routing key, its priority (higher goes first), and until when."""

    key: str
    priority: int
    deadline_s: float


@dataclass(frozen=True, slots=True)
class Ticket:
    """The right to one request to a server; `epoch` says in which state of the server it was given."""

    name: str
    epoch: int


@dataclass(order=True, slots=True)
class _Waiter:
    place: tuple[int, int]
    key: str = field(compare=False)
    told: "asyncio.Future[Ticket | None]" = field(compare=False)


class HopelessError(Exception):
    """No server ever answered: the addresses are wrong, or nothing was started."""


class Gate:
    """Admits requests: at most as many at a time as each server takes, first come first served within a priority."""

    def __init__(
        self, limits: dict[str, int], probe: Callable[[str], Awaitable[Fault | None]], clock: Clock, pause: Pause
    ) -> None:
        self.table = {name: Seat(name, limit) for name, limit in limits.items()}
        self.said: dict[str, str] = {}  # why servers that failed last did so
        self._probe = probe
        self._clock = clock
        self._pause = pause
        self._waiting: list[_Waiter] = []
        self._numbers = itertools.count()

    async def enter(self, wish: Wish) -> Ticket:
        """Returns a ticket, to be given back with `leave`.

        Raises TimeoutError when no server can be used before the wish's deadline, HopelessError when none ever could.
        """
        place = (-wish.priority, next(self._numbers))
        while True:
            decision = routing.choose(self.table, wish.key, self._clock.seconds())
            match decision:
                case Use(name) if not self._waiting:
                    return self._take(name)
                case Probe(name):
                    await self._try(name)
                case Rest(float() as until_s):
                    await self._rest(until_s, wish)
                case Use() | Queue() | Rest():
                    ticket = await self._wait(
                        _Waiter(place, wish.key, asyncio.get_running_loop().create_future()),
                        decision.until_s if isinstance(decision, Queue) else None,
                    )
                    if ticket is not None:
                        return ticket

    def leave(self, ticket: Ticket) -> None:
        """Takes a ticket back."""
        self._put(routing.leave(self.table[ticket.name]))

    def succeed(self, ticket: Ticket) -> None:
        """Counts a request that went well."""
        self.said.pop(ticket.name, None)
        seat = self.table[ticket.name]
        after = routing.succeed(seat, ticket.epoch)
        if after is not seat:
            self._put(after)

    def fail(self, ticket: Ticket, fault: Fault) -> None:
        """Counts a request that failed."""
        if fault.kind != "final":
            self.said[ticket.name] = fault.error.message
        self._lose(ticket, fault.kind, fault.retry_after_s)

    def run_late(self, ticket: Ticket) -> None:
        """Counts a request that was not answered in its time: its server is probed before it is asked again."""
        self._lose(ticket, "down", None)

    def watch(self, ticket: Ticket, leave: Callable[[], None]) -> Watch:
        """Looks after the server of a request that is under way; calls `leave` when it is ill."""
        return Watch(lambda: self._probe(ticket.name), self._pause.silence_s, leave)

    def limit(self, name: str, most: int) -> None:
        """Sets how many requests a server takes at a time."""
        self._put(replace(self.table[name], limit=most))

    def _lose(self, ticket: Ticket, kind: Kind, pause_s: float | None) -> None:
        now_s, chance, seat = self._clock.seconds(), self._pause.chance(), self.table[ticket.name]
        self._put(routing.fail(seat, ticket.epoch, kind, now_s=now_s, chance=chance, pause_s=pause_s))

    def _take(self, name: str) -> Ticket:
        seat = self.table[name]
        self.table[name] = routing.enter(seat)
        return Ticket(name, seat.epoch)

    def _put(self, seat: Seat) -> None:
        self.table[seat.name] = seat
        if self._waiting:
            self._dispatch()

    def _dispatch(self) -> None:
        """Hands what is free to those who wait, in their order; who has to decide anew is woken with nothing."""
        while self._waiting:
            first = self._waiting[0]
            if not first.told.done():
                decision = routing.choose(self.table, first.key, self._clock.seconds())
                if isinstance(decision, Queue) or decision == Rest(None):
                    return
                first.told.set_result(self._take(decision.name) if isinstance(decision, Use) else None)
            heapq.heappop(self._waiting)

    async def _wait(self, waiter: _Waiter, until_s: float | None) -> Ticket | None:
        heapq.heappush(self._waiting, waiter)
        loop = asyncio.get_running_loop()
        alarm = None if until_s is None else loop.call_later(max(until_s - self._clock.seconds(), 0.0), self._dispatch)
        self._dispatch()
        try:
            return await waiter.told
        except asyncio.CancelledError:
            if waiter.told.done() and not waiter.told.cancelled() and (ticket := waiter.told.result()):
                self.leave(ticket)
            raise
        finally:
            if alarm is not None:
                alarm.cancel()

    async def _try(self, name: str) -> None:
        self.table[name] = seat = routing.probe(self.table[name])
        ticket = Ticket(name, seat.epoch)
        try:
            fault = await self._probe(name)
        finally:
            self._put(replace(self.table[name], probing=False))
        if fault is None:
            self._put(routing.recover(self.table[name], ticket.epoch))
        else:
            self.fail(ticket, fault)

    async def _rest(self, until_s: float, wish: Wish) -> None:
        if routing.is_hopeless(self.table):
            raise HopelessError
        now_s = self._clock.seconds()
        pause_s = (until_s - now_s) * (1 + EAGER * self._pause.chance())
        if now_s + pause_s > wish.deadline_s:
            raise TimeoutError
        await self._pause.sleep(pause_s)
