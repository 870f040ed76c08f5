"""Amap's ways: one call for each leg, and distances from many origins to one destination. Pure."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from metier.errors import ToolError
from metier_maps.providers.amap.places import DESK
from metier_maps.providers.amap.wire import AMAP, read_answer, write_location
from metier_maps.providers.answers import Cell, Leg, Table, tell_matrix, tell_route
from metier_maps.providers.asking import cannot, find_spots
from metier_maps.providers.plan import Inquiry, Plan, Reply, inquire
from metier_maps.providers.reading import record_of, records_of, whole_of
from metier_maps.providers.records import Distance
from metier_maps.routing.router import Mode, Point
from metier_maps.routing.sphere import measure
from metier_maps.server.atlas import Spot

LABEL: Final = "Amap"
_TOOLS: Final[Mapping[Mode, str]] = {
    "car": "maps_direction_driving",
    "bicycle": "maps_bicycling",
    "foot": "maps_direction_walking",
}
DISTANCE: Final = "maps_distance"
_TYPES: Final[Mapping[Mode, str]] = {"car": "1", "foot": "3"}
_FURTHEST_WALK_M: Final = 5_000  # of maps_distance on foot
_SAME_M: Final = 30  # two points nearer than this may be 0 m apart


def route(stops: Sequence[str], mode: Mode) -> Plan:
    """Returns the plan that finds the way over all stops; it raises ToolError for a leg that has no way."""
    spots, places = yield from find_spots(DESK, stops)
    pairs = list(pairwise(spots))
    replies = yield tuple(_ask_leg(pair, mode) for pair in pairs)
    legs = [
        Leg(_read_leg(reply, pair), _TOOLS[mode], reply.retrieved) for pair, reply in zip(pairs, replies, strict=True)
    ]
    told = tell_route(AMAP, spots, legs, mode, with_line=False)
    return type(told)(told.value, told.text, (*places, *told.evidence))


def _ask_leg(pair: tuple[Spot, Spot], mode: Mode) -> Inquiry:
    origin, destination = pair
    return inquire(_TOOLS[mode], origin=write_location(origin.point), destination=write_location(destination.point))


def _read_leg(reply: Reply, pair: tuple[Spot, Spot]) -> Distance:
    value = read_answer(reply) or {}
    body = record_of(value.get("route")) or record_of(value.get("data"))  # "data" of rides
    for path in records_of(body.get("paths"))[:1]:
        seconds, metres = whole_of(path.get("duration")), whole_of(path.get("distance"))
        if seconds is not None and metres is not None:
            return Distance(seconds, metres, LABEL)
    origin, destination = pair
    raise ToolError(
        f"Amap gives no way from {origin.ref.name} to {destination.ref.name}.", hint="Choose another place or mode."
    )


def matrix(origins: Sequence[str], destinations: Sequence[str], mode: Mode) -> Plan:
    """Returns the plan that finds the matrix: a call for each destination, as Amap takes one at a time."""
    spots, _ = yield from find_spots(DESK, [*origins, *destinations])
    rows, columns = spots[: len(origins)], spots[len(origins) :]
    if mode not in _TYPES:
        raise cannot(AMAP, f"for many distances by {mode}")
    if mode == "foot" and any(measure(a.point, b.point) > _FURTHEST_WALK_M for a in rows for b in columns):
        raise cannot(AMAP, f"for many walks of more than {_FURTHEST_WALK_M // 1000} km")
    replies = yield tuple(_ask_column(rows, column, mode) for column in columns)
    told = [_read_column(reply, rows, column) for reply, column in zip(replies, columns, strict=True)]
    cells = [[column[row] for column in told] for row in range(len(rows))]
    return tell_matrix(AMAP, (rows, columns), Table(cells, LABEL, DISTANCE, replies[-1].retrieved), mode)


def _ask_column(rows: Sequence[Spot], column: Spot, mode: Mode) -> Inquiry:
    origins = "|".join(write_location(spot.point) for spot in rows)
    return inquire(DISTANCE, origins=origins, destination=write_location(column.point), type=_TYPES[mode])


def _read_column(reply: Reply, rows: Sequence[Spot], column: Spot) -> list[Cell]:
    """Returns the cells of a column: by the number that Amap gives each origin, in whichever order they come."""
    cells: list[Cell] = [(None, None)] * len(rows)
    for result in records_of((read_answer(reply) or {}).get("results")):
        number = whole_of(result.get("origin_id"))
        seconds, metres = whole_of(result.get("duration")), whole_of(result.get("distance"))
        if number is None or not 1 <= number <= len(rows) or seconds is None or metres is None:
            continue
        if metres > 0 or _is_same(rows[number - 1].point, column.point):  # 0 m is also how it says that there is no way
            cells[number - 1] = (seconds, metres)
    return cells


def _is_same(origin: Point, destination: Point) -> bool:
    return measure(origin, destination) < _SAME_M
