"""Days as vehicles: which stays fit into which day, and in which order. The one file that knows the solver."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import vroom

from metier_maps.planning.survey.problem import Grid

HIGHEST = 100  # of a priority
CEILING = 2**31  # of a number of stays
# As many as the solver ever starts (4 at level 0, 32 at level 5). With fewer, its threads wait for each other at a
# std::counting_semaphore, which can lose a wake-up: once in some ten thousand solves the process then hangs for good,
# holding the interpreter lock (seen with pyvroom 1.15.2).
THREADS = 32


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay that may be left out. `windows` bound its begin, in order and without overlap; `priority` is 0 to 100."""

    id: int
    node: int
    service: int
    windows: tuple[tuple[int, int], ...]
    priority: int


@dataclass(frozen=True, slots=True)
class Pause:
    """A break of `length` seconds that begins between `first` and `last`."""

    first: int
    last: int
    length: int


@dataclass(frozen=True, slots=True)
class Shift:
    """A day: from node `start` to node `end` between `open` and `close`, on table number `table`.

    `drive` is the most seconds of driving, `most` the most stays.
    """

    start: int
    end: int
    open: int
    close: int
    table: int = 0
    drive: int | None = None
    most: int = CEILING
    pause: Pause | None = None


class DaySolver:
    """Solves the same stays on the same tables for any number of lists of days."""

    def __init__(self, stays: Sequence[Stay], tables: Sequence[Grid]) -> None:
        self._jobs = [_job(stay) for stay in stays if stay.windows]
        self._tables = [table.astype(np.uint32) for table in tables]

    def solve(self, shifts: Sequence[Shift], *, level: int) -> tuple[tuple[int, ...], ...]:
        """Returns the stays' ids of each shift in order; the sum of priorities is as high as the solver finds.

        `level` is 0 (fast) to 5 (thorough). The same input gives the same result.
        """
        found: list[list[int]] = [[] for _ in shifts]
        if not self._jobs:
            return tuple(tuple(ids) for ids in found)
        problem = vroom.Input()
        for number, table in enumerate(self._tables):
            problem.set_durations_matrix(f"t{number}", table)
        for number, shift in enumerate(shifts):
            problem.add_vehicle(_vehicle(number, shift))
        problem.add_job(self._jobs)
        routes = problem.solve(exploration_level=level, nb_threads=THREADS).routes
        if "id" not in routes:  # no stay fits anywhere
            return tuple(tuple(ids) for ids in found)
        kinds, numbers, ids = (routes[name].tolist() for name in ("type", "vehicle_id", "id"))
        for kind, number, stay in zip(kinds, numbers, ids, strict=True):
            if kind == "job":
                found[number].append(stay)
        return tuple(tuple(ids) for ids in found)


def _vehicle(number: int, shift: Shift) -> vroom.Vehicle:
    pause = shift.pause
    breaks = []
    if pause is not None:
        window = vroom.TimeWindow(pause.first, pause.last)
        breaks = [vroom.Break(number, time_windows=[window], service=pause.length)]
    return vroom.Vehicle(
        number,
        start=shift.start,
        end=shift.end,
        profile=f"t{shift.table}",
        time_window=vroom.TimeWindow(shift.open, shift.close),
        max_travel_time=shift.drive,
        max_tasks=shift.most,
        breaks=breaks,
    )


def _job(stay: Stay) -> vroom.Job:
    windows = [vroom.TimeWindow(first, last) for first, last in stay.windows]
    return vroom.Job(
        stay.id,
        location=stay.node,
        default_service=stay.service,
        priority=min(HIGHEST, stay.priority),
        time_windows=windows,
    )
