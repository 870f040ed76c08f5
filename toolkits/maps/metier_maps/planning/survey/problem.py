"""A trip as numbers. Every moment is a whole number of seconds since `Problem.origin`; every table is whole seconds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from metier_maps.hours.opening import Window
from metier_maps.place import Place
from metier_maps.request import TripRequest

NEVER = 10_000_000  # seconds: longer than any trip; stands for "no way"
START, END = 0, 1  # nodes
Grid: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Opening:
    """When a stay may begin: not before `begin`, and at `last` at the latest so that it ends before closing."""

    begin: int
    last: int
    window: Window


@dataclass(frozen=True, slots=True)
class Sight:
    """A place to visit. `openings` has one entry per day; `fee` is for the whole party, None where it is unknown."""

    place: Place
    node: int
    dwell: int
    must: bool
    score: int
    openings: tuple[tuple[Opening, ...], ...]
    fee: int | None


@dataclass(frozen=True, slots=True)
class Bed:
    """A lodging. `price` is a night of the whole party in cents.

    `bother` is what it costs beside money, in seconds of driving: having to ask about pets, a tent nobody asked for.
    """

    place: Place
    node: int
    price: int | None
    bother: int


@dataclass(frozen=True, slots=True)
class Frame:
    """A day: its date, its hours on the road, and when lunch may begin (None: no lunch is asked for)."""

    on: date
    open: int
    close: int
    lunch: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Table:
    """Driving times between all nodes on one day, as rows for loops and as a grid for the solver."""

    rows: tuple[tuple[int, ...], ...]
    grid: Grid = field(compare=False)


def make_table(rows: Sequence[Sequence[int | None]]) -> Table:
    """Returns the table of a router's durations, with NEVER where there is no way."""
    plain = tuple(tuple(NEVER if cell is None else cell for cell in row) for row in rows)
    return Table(plain, np.array(plain, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything the search needs. Node 0 is the start, node 1 the end; `tables` has one entry per day.

    `limit` is the most driving a day, `most` the most sights a day, `budget` in cents.
    """

    request: TripRequest
    zone: ZoneInfo
    origin: datetime
    frames: tuple[Frame, ...]
    sights: tuple[Sight, ...]
    beds: tuple[Bed, ...]
    tables: tuple[Table, ...]
    limit: int | None
    most: int
    budget: int | None

    @property
    def nights(self) -> int:
        """Returns the number of nights."""
        return len(self.frames) - 1

    @property
    def musts(self) -> tuple[int, ...]:
        """Returns the indices of the sights that must be seen."""
        return tuple(i for i, sight in enumerate(self.sights) if sight.must)

    def moment(self, seconds: int) -> datetime:
        """Returns the local time that lies `seconds` after the origin."""
        return (self.origin + timedelta(seconds=seconds)).astimezone(self.zone)

    def ends(self, day: int, nights: Sequence[int]) -> tuple[int, int]:
        """Returns the nodes where `day` starts and ends when the nights are spent in the beds `nights`."""
        first = START if day == 0 else self.beds[nights[day - 1]].node
        last = END if day == len(self.frames) - 1 else self.beds[nights[day]].node
        return first, last
