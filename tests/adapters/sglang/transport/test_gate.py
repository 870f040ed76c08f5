"""Who may ask which server now, on one event loop."""

import asyncio

import pytest

from metier.errors import ServerError
from metier.testing import FrozenClock
from metier_sglang.protocol.faults import Fault
from metier_sglang.transport.admission.gate import Gate, HopelessError, Ticket, Wish
from tests.adapters.sglang.transport.wire import quick

pytestmark = pytest.mark.anyio
BUSY = Fault("busy", ServerError("full", retry_after_s=60.0))
DOWN = Fault("down", ServerError("gone"))


def wish(key: str = "", priority: int = 0, deadline_s: float = 600.0) -> Wish:
    return Wish(key, priority, deadline_s)


class Probes:
    """Answers probes with what it is told, after `freed` is set."""

    def __init__(self) -> None:
        self.answer: Fault | None = None
        self.asked: list[str] = []
        self.freed = asyncio.Event()
        self.freed.set()

    async def __call__(self, name: str) -> Fault | None:
        self.asked.append(name)
        await self.freed.wait()
        return self.answer


def gate_of(clock: FrozenClock, probes: Probes | None = None, **limits: int) -> Gate:
    return Gate(limits, probes or Probes(), clock, quick(clock))


async def test_one_who_comes_later_does_not_overtake_those_who_wait() -> None:
    """A server becomes usable by time alone: the first in the queue gets it, not the next who asks."""
    clock = FrozenClock()
    gate = gate_of(clock, a=1, b=1)
    tickets = [await gate.enter(wish()), await gate.enter(wish())]
    gate.fail(tickets[1], BUSY)
    gate.leave(tickets[1])
    waiting = asyncio.create_task(gate.enter(wish()))
    await asyncio.sleep(0)
    clock.advance(61)
    later = asyncio.create_task(gate.enter(wish()))
    assert (await waiting).name == tickets[1].name
    assert not later.done()
    gate.leave(tickets[0])
    assert (await later).name == tickets[0].name


async def test_one_probe_is_enough_for_all_who_wait() -> None:
    clock, probes = FrozenClock(), Probes()
    gate = gate_of(clock, probes, a=9)
    first = await gate.enter(wish())
    gate.succeed(first)
    gate.fail(first, DOWN)
    gate.leave(first)
    probes.freed.clear()
    tasks = [asyncio.create_task(gate.enter(wish())) for _ in range(5)]
    await asyncio.sleep(0)
    probes.freed.set()
    assert [ticket.name for ticket in await asyncio.gather(*tasks)] == ["a"] * 5
    assert probes.asked == ["a"]


async def test_a_probe_that_is_cancelled_is_made_by_another() -> None:
    clock, probes = FrozenClock(), Probes()
    gate = gate_of(clock, probes, a=9)
    first = await gate.enter(wish())
    gate.succeed(first)
    gate.fail(first, DOWN)
    gate.leave(first)
    probes.freed.clear()
    prober = asyncio.create_task(gate.enter(wish()))
    other = asyncio.create_task(gate.enter(wish()))
    await asyncio.sleep(0)
    prober.cancel()
    await asyncio.sleep(0)
    probes.freed.set()
    assert (await other).name == "a"
    assert probes.asked == ["a", "a"]


async def test_those_who_wait_for_a_full_server_go_elsewhere_when_it_dies() -> None:
    clock = FrozenClock()
    gate = gate_of(clock, a=1, b=1)
    held = [await gate.enter(wish()), await gate.enter(wish())]
    waiting = asyncio.create_task(gate.enter(wish()))
    await asyncio.sleep(0)
    gate.fail(held[0], DOWN)
    gate.leave(held[0])
    gate.leave(held[1])
    assert isinstance(await waiting, Ticket)


async def test_no_rest_is_waited_for_beyond_the_deadline() -> None:
    clock = FrozenClock()
    gate = gate_of(clock, a=1)
    ticket = await gate.enter(wish())
    gate.fail(ticket, BUSY)
    gate.leave(ticket)
    with pytest.raises(TimeoutError):
        await gate.enter(wish(deadline_s=30.0))
    assert clock.seconds() == 0


async def test_servers_that_never_answered_are_given_up() -> None:
    clock, probes = FrozenClock(), Probes()
    probes.answer = DOWN
    gate = gate_of(clock, probes, a=1)
    ticket = await gate.enter(wish())
    gate.fail(ticket, DOWN)
    gate.leave(ticket)
    with pytest.raises(HopelessError):
        await gate.enter(wish())
    assert gate.said == {"a": "gone"}


async def test_a_limit_that_grows_lets_those_in_who_wait() -> None:
    clock = FrozenClock()
    gate = gate_of(clock, a=1)
    await gate.enter(wish())
    waiting = asyncio.create_task(gate.enter(wish()))
    await asyncio.sleep(0)
    gate.limit("a", 2)
    assert (await waiting).name == "a"
