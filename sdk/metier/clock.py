"""The clock, a seam of the runtime: real by default, frozen in tests."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time of day and counts seconds."""

    def now(self) -> datetime:
        """Returns the time of day, aware, in UTC."""
        ...

    def seconds(self) -> float:
        """Returns seconds since some fixed moment; never goes back."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """Returns the time of day, aware, in UTC."""
        return datetime.now(UTC)

    def seconds(self) -> float:
        """Returns seconds since some fixed moment; never goes back."""
        return time.monotonic()


def iso_time(moment: datetime) -> str:
    """Returns `moment` in ISO 8601, in UTC, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
