"""Ways by Google Maps: one call for each leg, and matrices in blocks. Pure."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import polyline

from metier.errors import ServerError, ToolError
from metier_maps.providers.answers import Cell, Leg, Table, tell_matrix, tell_route
from metier_maps.providers.asking import cannot, find_spots
from metier_maps.providers.google.dialects import DIRECTIONS, MATRIX, Dialect
from metier_maps.providers.google.places import desk_of
from metier_maps.providers.google.wire import GOOGLE, read_answer
from metier_maps.providers.plan import Outcome, Plan
from metier_maps.providers.reading import record_of, records_of, whole_of
from metier_maps.providers.records import Distance
from metier_maps.routing.router import Mode, Point
from metier_maps.server.atlas import Spot

_DIGITS = 5  # of Google's encoded lines


def route(dialect: Dialect, stops: Sequence[str], mode: Mode, *, with_line: bool) -> Plan:
    """Returns the plan that finds the way over all stops; it raises ToolError for a leg that has no way."""
    spots, places = yield from find_spots(desk_of(dialect), stops)
    pairs = list(pairwise(spots))
    replies = yield tuple(dialect.directions(a.point, b.point, mode) for a, b in pairs)
    label, legs = dialect.label(mode), []
    for pair, reply in zip(pairs, replies, strict=True):
        found = _read_leg(record_of(read_answer(reply)), pair, label)
        if with_line and not found.line:
            raise cannot(GOOGLE, "for the line of a way through this server")
        legs.append(Leg(found, DIRECTIONS, reply.retrieved))
    told = tell_route(GOOGLE, spots, legs, mode, with_line=with_line)
    return Outcome(told.value, told.text, (*places, *told.evidence))


def _read_leg(value: Mapping[str, object], pair: tuple[Spot, Spot], label: str) -> Distance:
    for way in records_of(value.get("routes"))[:1]:
        seconds = _amount(value.get("total_duration")) if "total_duration" in value else _amount(way.get("duration"))
        metres = _amount(value.get("total_distance")) if "total_distance" in value else _amount(way.get("distance"))
        if seconds is not None and metres is not None:
            encoded = record_of(way.get("polyline")).get("encodedPolyline")
            return Distance(seconds, metres, label, read_line(encoded))
    origin, destination = pair
    raise ToolError(
        f"Google Maps gives no way from {origin.ref.name} to {destination.ref.name}.",
        hint="Choose another place or mode.",
    )


def _amount(value: object) -> int | None:
    return whole_of(record_of(value).get("value"))


def read_line(encoded: object) -> tuple[Point, ...]:
    """Returns the positions of an encoded line; none where it is missing or damaged."""
    if not isinstance(encoded, str) or not encoded:
        return ()
    try:
        points = tuple(Point(lat, lon) for lat, lon in polyline.decode(encoded, _DIGITS))
    except (IndexError, ValueError, OverflowError):
        return ()
    sound = len(points) > 1 and all(abs(p.lat) <= 90 and abs(p.lon) <= 180 for p in points)
    return points if sound else ()


def matrix(dialect: Dialect, origins: Sequence[str], destinations: Sequence[str], mode: Mode) -> Plan:
    """Returns the plan that finds the matrix, asked for in blocks that the server allows."""
    spots, _ = yield from find_spots(desk_of(dialect), [*origins, *destinations])
    rows, columns = spots[: len(origins)], spots[len(origins) :]
    blocks = [
        (range(row, min(row + dialect.block, len(rows))), range(column, min(column + dialect.block, len(columns))))
        for row in range(0, len(rows), dialect.block)
        for column in range(0, len(columns), dialect.block)
    ]
    replies = yield tuple(
        dialect.matrix([rows[i].point for i in across], [columns[i].point for i in down], mode)
        for across, down in blocks
    )
    cells: list[list[Cell]] = [[(None, None)] * len(columns) for _ in rows]
    for (across, down), reply in zip(blocks, replies, strict=True):
        for row, line in zip(across, _read_block(record_of(read_answer(reply)), len(across), len(down)), strict=True):
            cells[row][down.start : down.stop] = line
    table = Table(cells, dialect.label(mode), MATRIX, replies[-1].retrieved)
    return tell_matrix(GOOGLE, (rows, columns), table, mode)


def _read_block(value: Mapping[str, object], height: int, width: int) -> list[list[Cell]]:
    seconds, metres = _grid(value, "durations", "duration"), _grid(value, "distances", "distance")
    for grid in (seconds, metres):
        if len(grid) != height or any(len(line) != width for line in grid):
            raise ServerError("Google Maps answered with a matrix of the wrong size.")
    return [
        [_cell(s, m) for s, m in zip(line, other, strict=True)] for line, other in zip(seconds, metres, strict=True)
    ]


def _cell(seconds: object, metres: object) -> Cell:
    found = _amount(seconds), _amount(metres)
    return (None, None) if None in found else found


def _grid(value: Mapping[str, object], plural: str, singular: str) -> list[list[object]]:
    """Returns one number of each pair: the successor has a grid of each, the reference server rows of elements."""
    grid = value.get(plural)
    if isinstance(grid, list):
        return [line if isinstance(line, list) else [] for line in grid]
    rows = records_of(value.get("results"))
    return [[element.get(singular) for element in records_of(row.get("elements"))] for row in rows]
