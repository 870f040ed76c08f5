"""A Valhalla server behind the Router protocol.

Handled here: Valhalla snaps to a road however far it is (so each point is located first and the distance checked), it
answers null for a pair without a way, it limits the size of a matrix (so it is asked for in blocks), and one error code
means both "outside the map" and "no road" (so coverage is checked before). It knows no calendar that can be relied
on: roads closed on the day are read from the region's own road file and excluded by position.

A route's numbers are those of a matrix of one cell, so that the two agree; only its line comes from Valhalla's
`route` action. With `thor.source_to_target_algorithm` "timedistancematrix", as our own set-up has it, the numbers do
not depend on what else is in a matrix; a server with other settings may differ by some seconds on foot.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from metier.errors import InputError, ServerError, ToolError
from metier_maps.fetch import Caps, Fetcher, Reply
from metier_maps.routing.blocks import Cell, assemble_matrix
from metier_maps.routing.closed import ClosedRoads
from metier_maps.routing.coverage import SNAP_LIMIT_M, Area, Coverage, name_point
from metier_maps.routing.router import Contour, Matrix, Mode, Point, Route, Snap
from metier_maps.routing.shapes import read_amount, read_line, read_number, read_point
from metier_maps.routing.sphere import measure

_COSTING: Final[Mapping[Mode, str]] = {"car": "auto", "bicycle": "bicycle", "foot": "pedestrian"}
_BLOCK: Final = 50  # Valhalla's usual limit is 2,500 pairs
_CONTOURS: Final = 4
_NO_ROAD: Final = 171
_NO_WAY: Final = frozenset((170, 442))  # unconnected regions; no path found


class ValhallaRouter:
    """Valhalla over HTTP. `folder` holds the region's imported roads, for closures. Close it after use."""

    def __init__(
        self,
        base_url: str,
        region: Area,
        *,
        folder: Path,
        snap_limit_m: float = SNAP_LIMIT_M,
        caps: Caps | None = None,
    ) -> None:
        self._fetcher = Fetcher("Valhalla", base_url, caps=caps or Caps())
        self._region = region
        self._coverage = Coverage(region.bbox, snap_limit_m)
        self._closed = ClosedRoads(folder)
        self._locate = lru_cache(maxsize=8192)(self._locate_one)
        self._version = lru_cache(maxsize=1)(self._ask_version)

    @property
    def label(self) -> str:
        """Returns what to print beside its numbers."""
        return "Valhalla"

    @property
    def source(self) -> str:
        """Returns engine, version and region; asks the server once. Raises ServerError."""
        return f"valhalla/{self._version()} {self._region.id}"

    def close(self) -> None:
        """Closes the connections."""
        self._fetcher.close()

    def snap(self, point: Point, mode: Mode) -> Snap:
        """Returns the nearest position on the network of the mode."""
        return self._locate(point, mode)

    def route(self, origin: Point, destination: Point, *, mode: Mode, on: date | None) -> Route:
        """Returns the fastest route, its numbers from a matrix of one cell."""
        cell = self.matrix([origin], [destination], mode=mode, on=on)
        duration, distance = cell.durations_s[0][0], cell.distances_m[0][0]
        if duration is None or distance is None:
            raise _no_way(origin, destination, mode)
        body = {**self._ways(mode, on), "locations": _places((origin, destination)), "directions_type": "none"}
        reply = self._fetcher.post("/route", body)
        if reply.status >= 400:
            if _error_code(reply) in _NO_WAY:
                raise _no_way(origin, destination, mode)
            raise _refused(reply)
        try:
            line = read_line(reply.value["trip"]["legs"][0]["shape"])
        except (KeyError, IndexError, TypeError) as error:
            raise _nonsense("a route") from error
        return Route(duration, distance, line)

    def matrix(self, origins: Sequence[Point], destinations: Sequence[Point], *, mode: Mode, on: date | None) -> Matrix:
        """Returns durations and distances, asked for in blocks; None where there is no way."""
        self._check(origins, mode)
        self._check(destinations, mode)
        ways = self._ways(mode, on)

        def ask(rows: Sequence[Point], columns: Sequence[Point]) -> list[list[Cell]] | None:
            return self._ask_block(ways, rows, columns)

        return assemble_matrix(origins, destinations, ask, size=_BLOCK)

    def isochrone(self, origin: Point, seconds: Sequence[int], *, mode: Mode, on: date | None) -> tuple[Contour, ...]:
        """Returns Valhalla's polygon per bound (its largest, without holes)."""
        self._check([origin], mode)
        if any(bound <= 0 for bound in seconds):
            raise InputError("The time of a reachable area must be more than 0 seconds.")
        contours: dict[int, Contour] = {}
        wanted = sorted(set(seconds))
        for first in range(0, len(wanted), _CONTOURS):
            bounds = wanted[first : first + _CONTOURS]
            body = {
                **self._ways(mode, on),
                "locations": _places([origin]),
                "contours": [{"time": bound / 60} for bound in bounds],
                "polygons": True,
                "denoise": 1,
            }
            reply = self._fetcher.post("/isochrone", body)
            if reply.status >= 400:
                raise _refused(reply)
            contours.update(_read_contours(reply.value, bounds))
        return tuple(contours[bound] for bound in seconds)

    def _ways(self, mode: Mode, on: date | None) -> dict[str, Any]:
        body: dict[str, Any] = {"costing": _COSTING[mode], "units": "kilometers"}
        closed = self._closed.find(mode, on)
        if closed:
            body["exclude_locations"] = _places(closed)
        return body

    def _check(self, points: Sequence[Point], mode: Mode) -> None:
        for point in points:
            self._locate(point, mode)

    def _locate_one(self, point: Point, mode: Mode) -> Snap:
        self._coverage.require(point)
        reply = self._fetcher.post("/locate", {"costing": _COSTING[mode], "locations": _places([point])})
        if reply.status >= 400 and _error_code(reply) != _NO_ROAD:
            raise _refused(reply)
        try:
            edges = (reply.value[0]["edges"] or []) if reply.status < 400 else []
            found = [read_point(edge["correlated_lat"], edge["correlated_lon"]) for edge in edges]
        except (KeyError, IndexError, TypeError) as error:
            raise _nonsense("a position") from error
        if not found:
            raise InputError(f"There is no road for {mode} near {name_point(point)}.")
        nearest = min(found, key=lambda position: measure(point, position))
        snap = Snap(nearest, round(measure(point, nearest), 1))
        self._coverage.require_near(point, snap, mode)
        return snap

    def _ask_block(
        self, ways: Mapping[str, Any], rows: Sequence[Point], columns: Sequence[Point]
    ) -> list[list[Cell]] | None:
        """Returns the cells of a block, None where Valhalla finds no way for the block as a whole."""
        body = {**ways, "sources": _places(rows), "targets": _places(columns), "verbose": True}
        reply = self._fetcher.post("/sources_to_targets", body)
        if reply.status >= 400:
            if _error_code(reply) in _NO_WAY:
                return None
            raise _refused(reply)
        try:
            return [[_read_cell(cell) for cell in row] for row in reply.value["sources_to_targets"]]
        except (KeyError, TypeError) as error:
            raise _nonsense("a matrix") from error

    def _ask_version(self) -> str:
        reply = self._fetcher.get("/status")
        version = reply.value.get("version") if isinstance(reply.value, dict) else None
        return version[:40] if isinstance(version, str) else "unknown"


def _places(points: Sequence[Point]) -> list[dict[str, float]]:
    return [{"lat": point.lat, "lon": point.lon} for point in points]


def _read_cell(cell: Mapping[str, Any]) -> Cell:
    time, distance = cell["time"], cell["distance"]
    if time is None or distance is None:
        return None
    return read_amount(time), read_amount(read_number(distance) * 1000)


def _read_contours(value: Any, bounds: Sequence[int]) -> dict[int, Contour]:
    found: dict[int, list[list[Any]]] = {bound: [] for bound in bounds}
    try:
        for feature in value["features"]:
            bound = round(read_number(feature["properties"]["contour"]) * 60)
            shape = feature["geometry"]
            polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
            found[bound].extend(polygon[0] for polygon in polygons)
        rings = {bound: max(parts, key=len) for bound, parts in found.items()}
        return {
            bound: Contour(bound, tuple(read_point(lat, lon) for lon, lat in ring)) for bound, ring in rings.items()
        }
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise _nonsense("a reachable area") from error


def _error_code(reply: Reply) -> int:
    code = reply.value.get("error_code") if isinstance(reply.value, dict) else None
    return code if isinstance(code, int) else 0


def _refused(reply: Reply) -> ToolError:
    said = reply.value.get("error") if isinstance(reply.value, dict) else None
    text = " ".join(str(said).split())[:200] if said else f"status {reply.status}"
    return ToolError(f"Valhalla refused the request: {text}.")


def _no_way(origin: Point, destination: Point, mode: Mode) -> ToolError:
    return ToolError(
        f"There is no way by {mode} from {name_point(origin)} to {name_point(destination)}.",
        hint="Choose another point, day or way of travelling.",
    )


def _nonsense(what: str) -> ServerError:
    return ServerError(f"Valhalla answered with something that is not {what}.", hint="Check the address and version.")
