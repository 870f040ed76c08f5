"""One request on its way: what servers said, and what is left of its time."""

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from metier.clock import Clock
from metier.errors import ServerError
from metier_sglang.protocol.faults import Fault
from metier_sglang.transport.admission.gate import Gate, HopelessError, Ticket, Wish
from metier_sglang.transport.admission.watch import Watch

Heard = TypeVar("Heard")

FAILING = 4  # answers out of protocol, or HTTP 500, after which a request is given up: it may be the cause itself


@dataclass(slots=True)
class Trip:
    """`ends_s` is on the event loop's clock, the wish's deadline on the injected one."""

    gate: Gate
    wish: Wish
    limit_s: float
    ends_s: float
    said: dict[str, str] = field(default_factory=dict)
    failing: int = 0

    async def enter(self) -> Ticket:
        """Returns a ticket for the next attempt; raises TimeoutError at the end of the time; see `Gate.enter`."""
        async with asyncio.timeout_at(self.ends_s):
            ticket = await self.gate.enter(self.wish)
        self.said[ticket.name] = f"{ticket.name} was asked and gave no answer yet."
        return ticket

    async def hear(self, ticket: Ticket, part: Awaitable[Heard]) -> Heard | Fault:
        """Returns `part` of an answer; the fault of a server that is silent and not well, whose `part` is cancelled.

        Raises TimeoutError at the end of the time, and counts it against the server.
        """
        watch: Watch | None = None
        try:
            async with asyncio.timeout_at(self.ends_s) as limit:
                watch = self.gate.watch(ticket, lambda: limit.reschedule(0.0))
                return await part
        except TimeoutError:
            if watch is not None and watch.found is not None:
                return watch.found
            self.gate.run_late(ticket)
            raise
        finally:
            if watch is not None:
                watch.stop()

    def fail(self, ticket: Ticket, fault: Fault) -> None:
        """Counts a fault; raises its error when asking again is of no use."""
        self.gate.fail(ticket, fault)
        self.said[ticket.name] = fault.error.message
        self.failing += fault.kind == "failing"
        if fault.kind == "final" or self.failing >= FAILING:
            raise fault.error

    @contextmanager
    def told(self) -> Iterator[None]:
        """Turns the end of the time, and having no server at all, into a ServerError that tells what each said."""
        try:
            yield
        except TimeoutError as error:
            if self.gate.said:
                raise self._lost("Start the servers, or give their right addresses.") from error
            raise self._lost("They are slow or have too much to do: allow more time, or add servers.") from error
        except HopelessError as error:
            text = f"No server can be reached. {' '.join(self.gate.said.values())}"
            raise ServerError(text, hint="Start one, or give its right address.", sent=False) from error

    def _lost(self, hint: str) -> ServerError:
        said = {**self.gate.said, **self.said}
        return ServerError(" ".join((f"No server answers within {self.limit_s:g} s.", *said.values())), hint=hint)


def begin_trip(gate: Gate, key: str, limit_s: float, clock: Clock, *, priority: int = 0) -> Trip:
    """Returns the trip of a request that may take `limit_s` seconds from now."""
    wish = Wish(key, priority, clock.seconds() + limit_s)
    return Trip(gate, wish, limit_s, asyncio.get_running_loop().time() + limit_s)
