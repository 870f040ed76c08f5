"""One pass over an .osm.pbf file: the ways that somebody may use, barriers on them, and turn restrictions."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import osmium

from metier.errors import InputError
from metier_maps.routing.roads.access import CLASSES, MODES, is_blocked, read_directions
from metier_maps.routing.roads.closures import read_closure
from metier_maps.routing.roads.speeds import FERRY_KMH, read_duration, read_speeds
from metier_maps.routing.router import Point
from metier_maps.routing.sphere import line_length

Progress = Callable[[int], None]

_EVERY: Final = 5_000  # objects between two reports of progress
_TURN_KEYS: Final = ("restriction", "restriction:motorcar", "restriction:motor_vehicle", "restriction:bicycle")
_VEHICLES: Final[Mapping[str, frozenset[str]]] = {
    "car": frozenset(("motorcar", "motor_vehicle", "vehicle")),
    "bicycle": frozenset(("bicycle", "vehicle")),
}


@dataclass(frozen=True, slots=True)
class Way:
    """A usable stretch of an OSM way: its nodes, and per mode km/h along and against it (0: not allowed)."""

    id: int
    refs: tuple[int, ...]
    points: tuple[Point, ...]
    speeds: tuple[tuple[float, float], ...]
    closures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn restriction at a node: no way, or only this way, from one OSM way into others."""

    via: int
    origins: tuple[int, ...]
    targets: tuple[int, ...]
    only: bool
    car: bool
    bicycle: bool


@dataclass(slots=True)
class Reading:
    """What one pass found. `barriers` maps a node to the modes it stops."""

    ways: list[Way] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    barriers: dict[int, tuple[bool, bool, bool]] = field(default_factory=dict)


def read_ways(pbf: Path, progress: Progress | None = None) -> Reading:
    """Returns the roads of a file; `progress` is told how many objects have been read. Raises InputError."""
    reading = Reading()
    try:
        for count, entity in enumerate(_open(pbf), start=1):
            _take(entity, reading)
            if progress is not None and count % _EVERY == 0:
                progress(count)
    except (RuntimeError, ValueError, OverflowError) as error:
        raise InputError(f"{pbf.name} cannot be read as an OpenStreetMap file: {_one_line(error)}.") from error
    return reading


def read_turn(tags: Mapping[str, str], members: list[tuple[str, str, int]]) -> Turn | None:
    """Returns the restriction of a relation, given its members as (type, role, ref); None when it is not about us."""
    values = {key: tags[key] for key in _TURN_KEYS if key in tags}
    if not values:
        return None
    key, value = next(iter(values.items()))
    only = value.startswith("only_")
    if not only and not value.startswith("no_"):
        return None
    excepted = {word.strip() for word in tags.get("except", "").split(";")}
    car = key != "restriction:bicycle" and not excepted & _VEHICLES["car"]
    bicycle = key in ("restriction", "restriction:bicycle") and not excepted & _VEHICLES["bicycle"]
    vias = [ref for kind, role, ref in members if role == "via" and kind == "n"]
    origins = tuple(ref for kind, role, ref in members if role == "from" and kind == "w")
    targets = tuple(ref for kind, role, ref in members if role == "to" and kind == "w")
    if len(vias) != 1 or not origins or not targets or not (car or bicycle):
        return None
    return Turn(via=vias[0], origins=origins, targets=targets, only=only, car=car, bicycle=bicycle)


def _open(pbf: Path) -> Any:
    # A sorted array of the nodes that exist: its size does not depend on how large a node's number is.
    processor = osmium.FileProcessor(str(pbf)).with_locations("sparse_mem_array")
    return processor.with_filter(osmium.filter.KeyFilter("highway", "route", "barrier", "type"))


def _take(entity: Any, reading: Reading) -> None:
    kind = entity.type_str()
    tags = entity.tags
    if kind == "n":
        if "barrier" in tags:
            texts = dict(tags)
            reading.barriers[entity.id] = (is_blocked(texts, "car"), is_blocked(texts, "bicycle"), False)
    elif kind == "w":
        if tags.get("highway", "") in CLASSES or tags.get("route") == "ferry":
            reading.ways.extend(_split_way(entity, dict(tags)))
    elif kind == "r" and tags.get("type") == "restriction":
        turn = read_turn(dict(tags), [(member.type, member.role, member.ref) for member in entity.members])
        if turn is not None:
            reading.turns.append(turn)


def _split_way(entity: Any, tags: Mapping[str, str]) -> Iterator[Way]:
    """Yields the stretches of a way whose nodes are all in the file."""
    refs: list[int] = []
    points: list[Point] = []
    runs: list[tuple[tuple[int, ...], tuple[Point, ...]]] = []
    for node in entity.nodes:
        if not node.location.valid():
            runs.append((tuple(refs), tuple(points)))
            refs, points = [], []
        elif not refs or refs[-1] != node.ref:
            refs.append(node.ref)
            points.append(Point(node.location.lat, node.location.lon))
    runs.append((tuple(refs), tuple(points)))
    length = sum(line_length(run[1]) for run in runs)
    speeds = tuple(_directed_speeds(tags, length, index) for index in range(len(MODES)))
    if not any(max(pair) for pair in speeds):
        return
    closures = tuple(read_closure(tags, mode) for mode in MODES)
    for run_refs, run_points in runs:
        if len(run_refs) > 1:
            yield Way(entity.id, run_refs, run_points, speeds, closures)


def _directed_speeds(tags: Mapping[str, str], length_m: float, index: int) -> tuple[float, float]:
    mode = MODES[index]
    directions = read_directions(tags, mode)
    if "highway" in tags:
        speeds = read_speeds(tags, mode)
        along, back = speeds.forward, speeds.backward
    else:
        seconds = read_duration(tags.get("duration", ""))
        along = back = FERRY_KMH if seconds is None else max(0.5, min(100.0, length_m / seconds * 3.6))
    return (along if directions.forward else 0.0, back if directions.backward else 0.0)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200].rstrip(".") or type(error).__name__
