"""How often a source may be asked: counted on disk, by all processes, in several windows of time at once."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from metier.clock import Clock, SystemClock
from metier.errors import ServerError, StorageError
from metier.toolkit import Settings

MINUTE_S: Final = 60.0
HOUR_S: Final = 3_600.0
DAY_S: Final = 86_400.0
_WAIT_S: Final = 30.0  # for another process that is counting
_TABLE: Final = "create table if not exists spent (name text not null, at real not null, count integer not null)"


@dataclass(frozen=True, slots=True)
class Window:
    """At most `most` in any `seconds`."""

    most: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Throttle:
    """Counts what was asked of the source `name`, and refuses what would be more than its windows allow."""

    path: Path
    name: str
    windows: tuple[Window, ...]
    clock: Clock = field(default_factory=SystemClock)

    def take(self, count: int = 1) -> None:
        """Counts `count` more.

        Raises ServerError, which says when there is room again, when a window is full: then nothing is counted.
        Raises StorageError when the count cannot be kept, because what is not counted must not be asked.
        """
        now = self.clock.now().timestamp()
        with self._open() as base:
            longest = max(window.seconds for window in self.windows)
            base.execute("delete from spent where name = ? and at <= ?", (self.name, now - longest))
            # a clock that was set back leaves counts of the future: they are taken to be of now
            base.execute("update spent set at = ? where name = ? and at > ?", (now, self.name, now))
            spent = base.execute("select at, count from spent where name = ? order by at", (self.name,)).fetchall()
            pause = pause_of(self.windows, spent, count, now)
            if pause <= 0:
                base.execute("insert into spent values (?, ?, ?)", (self.name, now, count))
        if pause > 0:
            raise ServerError(
                f"{self.name} may not be asked more often just now: {_tell(self.windows)} are allowed.",
                hint=f"Ask again in {pause:.0f} s. That says nothing of whether the thing exists.",
                sent=False,
                retry_after_s=pause,
            )

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=_WAIT_S, isolation_level=None)) as base:
                base.execute("begin immediate")
                base.execute(_TABLE)
                yield base
                base.execute("commit")
        except (sqlite3.Error, OSError) as error:
            raise StorageError(
                f"{self.path} cannot be written: {error}.", hint=f"{self.name} is not asked without its count."
            ) from error


def open_throttle(settings: Settings, name: str, windows: tuple[Window, ...], clock: Clock) -> Throttle:
    """Returns the count of a source in the toolkit's data folder."""
    return Throttle(settings.data / "live" / "requests.db", name, windows, clock)


def pause_of(windows: Sequence[Window], spent: Sequence[tuple[float, int]], count: int, now: float) -> float:
    """Returns the seconds until every window has room for `count` more, 0 when each has; `spent` is in time's order."""
    return max(_pause(window, spent, count, now) for window in windows)


def _pause(window: Window, spent: Sequence[tuple[float, int]], count: int, now: float) -> float:
    """Returns the seconds until the window has room for `count`, 0 when it has."""
    inside = [(at, number) for at, number in spent if at > now - window.seconds]
    over = sum(number for _, number in inside) + count - window.most
    for at, number in inside:
        if over <= 0:
            return 0.0
        over -= number
        if over <= 0:
            return max(at + window.seconds - now, 0.0)
    return window.seconds if over > 0 else 0.0


def _tell(windows: Sequence[Window]) -> str:
    return ", ".join(f"{window.most} in {window.seconds:g} s" for window in windows)
