"""Which server is asked. Pure: a table of seats, a key and a time give a decision.

Requests with equal keys go to one server, by rendezvous hashing (Thaler and Ravishankar, 1998): every server has a rank
for every key, and the best that can be used is taken, so that a server that is lost moves its own keys only. When the
best has no room the least busy one helps out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TypeAlias

from metier_sglang.protocol.faults import Kind

FIRST_S = 0.5  # the first rest of a server that was down when it was probed
LONGEST_S = 30.0
BUSY_S = 1.0  # the rest of one that has no room and names no time
STRIKES = 3  # failures in a row after which a server that answers is left alone
TRIES = 5  # failures after which a server that never answered is given up


@dataclass(frozen=True, slots=True)
class Seat:
    """What is known of one server.

    `running` requests are out to it, at most `limit`. It is left alone until `rests_s`. `down` says that it must be
    probed before it is used, `probing` that somebody does. `epoch` counts how often its state changed, so that requests
    of before the change do not count again. `failures` in a row; `proved` once it answered.
    """

    name: str
    limit: int
    running: int = 0
    rests_s: float = 0.0
    down: bool = False
    probing: bool = False
    epoch: int = 0
    failures: int = 0
    proved: bool = False

    @property
    def free(self) -> int:
        """Returns how many more requests it takes."""
        return self.limit - self.running


Table: TypeAlias = Mapping[str, Seat]


@dataclass(frozen=True, slots=True)
class Use:
    """Ask this server now."""

    name: str


@dataclass(frozen=True, slots=True)
class Probe:
    """Find out whether this server is well again, then decide anew."""

    name: str


@dataclass(frozen=True, slots=True)
class Queue:
    """Every server that can be used is full: wait for one to finish a request. `until_s`: another may be well then."""

    until_s: float | None


@dataclass(frozen=True, slots=True)
class Rest:
    """No server can be used before `until_s`; None while one is being probed."""

    until_s: float | None


Decision: TypeAlias = Use | Probe | Queue | Rest


def rank(key: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the servers in the order in which those with this key prefer them; equal in every process."""
    if len(names) == 1:
        return names
    salt = key.encode("utf-8", "surrogatepass")

    def weight(name: str) -> bytes:
        return blake2b(name.encode() + b"\0" + salt, digest_size=8).digest()

    return tuple(sorted(names, key=weight, reverse=True))


def choose(table: Table, key: str, now_s: float) -> Decision:
    """Returns what a request with this key does now. An empty key prefers the least busy server."""
    order = rank(key, tuple(table)) if key else tuple(sorted(table, key=lambda name: (table[name].running, name)))
    rested = [table[name] for name in order if table[name].rests_s <= now_s]
    usable = [seat for seat in rested if not seat.down]
    due = next((seat for seat in rested if seat.down and not seat.probing), None)
    if due is not None and (due.name == order[0] or not any(seat.free > 0 for seat in usable)):
        return Probe(due.name)
    if usable and usable[0].free > 0:
        return Use(usable[0].name)
    spare = [seat for seat in usable if seat.free > 0]
    if spare:
        return Use(min(spare, key=lambda seat: seat.running / seat.limit).name)
    resting = [seat.rests_s for seat in table.values() if seat.rests_s > now_s]
    until_s = min(resting, default=None)
    return Queue(until_s) if usable else Rest(until_s)


def enter(seat: Seat) -> Seat:
    """Returns the seat with one more request out to it."""
    return replace(seat, running=seat.running + 1)


def leave(seat: Seat) -> Seat:
    """Returns the seat with one request fewer."""
    return replace(seat, running=max(seat.running - 1, 0))


def probe(seat: Seat) -> Seat:
    """Returns the seat while somebody probes it."""
    return replace(seat, probing=True)


def recover(seat: Seat, epoch: int) -> Seat:
    """Returns the seat after a probe of `epoch` that went well. Its failures count on until a request goes well."""
    return replace(seat, down=False, probing=False, rests_s=0.0, proved=True) if seat.epoch == epoch else seat


def succeed(seat: Seat, epoch: int) -> Seat:
    """Returns the seat after a request of `epoch` that went well."""
    if seat.epoch != epoch or (seat.proved and not seat.failures):
        return seat
    return replace(seat, failures=0, proved=True)


def fail(seat: Seat, epoch: int, kind: Kind, *, now_s: float, chance: float, pause_s: float | None = None) -> Seat:
    """Returns the seat after a request, or a probe, of `epoch` that failed; a "final" fault is not the server's.

    `chance`, from 0 to 1, picks the rest between nothing and the back-off, which doubles; `pause_s` is what the server
    asked for, and the least. A server that was well is probed at once when it seems down: a connection may have been
    too old.
    """
    if kind == "final" or seat.epoch != epoch:
        return seat
    failures = seat.failures + 1
    if kind == "failing" and failures < STRIKES:
        return replace(seat, failures=failures, proved=True)
    proved = seat.proved or kind != "down"
    most_s = min((BUSY_S if kind == "busy" else FIRST_S) * 2.0 ** min(seat.failures, 16), LONGEST_S)
    rest_s = 0.0 if kind == "down" and seat.proved and not seat.failures else chance * most_s
    return replace(
        seat,
        rests_s=now_s + max(rest_s, pause_s or 0.0),
        down=kind != "busy",
        probing=False,
        epoch=epoch + 1,
        failures=failures,
        proved=proved,
    )


def is_hopeless(table: Table) -> bool:
    """Returns whether no server ever answered and each was tried often enough to take its address for wrong."""
    return all(not seat.proved and seat.failures >= TRIES for seat in table.values())
