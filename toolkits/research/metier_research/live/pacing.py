"""How often a source may be asked: turns that are taken on disk, so that all runs and processes keep one pace."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from metier.clock import Clock, SystemClock
from metier.errors import ServerError, StorageError

MOST_S: Final = 20.0
"""Seconds that a query waits for its turn; a later turn is not taken."""
_WAIT_S: Final = 10.0  # for another process that is taking a turn
_TABLE: Final = "create table if not exists turns (name text primary key, free_s real not null) strict"


@dataclass(frozen=True, slots=True)
class Pace:
    """Turns of the source `name`, `interval_s` apart. `sleep` and `clock` are those of the machine unless given."""

    path: Path
    name: str
    interval_s: float
    clock: Clock = field(default_factory=SystemClock)
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep

    async def turn(self) -> None:
        """Waits for the next turn.

        Raises ServerError, which says when there is room again, when that would be more than MOST_S away; then no
        turn is taken. Raises StorageError when turns cannot be kept, because the source is not asked without them.
        """
        wait_s = await asyncio.to_thread(self._take)
        if wait_s > MOST_S:
            raise ServerError(
                f"{self.name} may be asked once in {self.interval_s:g} s, and others stand before this.",
                hint=f"Ask again in {wait_s:.0f} s, or for less at once.",
                sent=False,
                retry_after_s=wait_s,
            )
        if wait_s > 0:
            await self.sleep(wait_s)

    def _take(self) -> float:
        """Takes the next turn if it is near, and returns the seconds until it."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=_WAIT_S, isolation_level=None)) as base:
                base.execute("begin immediate")
                base.execute(_TABLE)
                row = base.execute("select free_s from turns where name = ?", (self.name,)).fetchone()
                now_s = self.clock.now().timestamp()
                free_s, wait_s = next_turn(row[0] if row else 0.0, now_s, self.interval_s)
                if wait_s <= MOST_S:
                    base.execute("insert or replace into turns values (?, ?)", (self.name, free_s))
                base.execute("commit")
        except (sqlite3.Error, OSError) as error:
            raise StorageError(
                f"{self.path} cannot be written: {error}.", hint=f"{self.name} is not asked without its pace."
            ) from error
        return wait_s


def next_turn(free_s: float, now_s: float, interval_s: float) -> tuple[float, float]:
    """Returns from when on the turn after the next is free, and the seconds from now until the next.

    A turn that lies further ahead than turns can be taken was taken before the clock was set back: it is forgotten.
    """
    ahead_s = free_s - now_s
    begins_s = free_s if 0 < ahead_s <= MOST_S + interval_s else now_s
    return begins_s + interval_s, begins_s - now_s
