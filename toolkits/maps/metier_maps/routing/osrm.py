"""An OSRM server behind the Router protocol.

Handled here: OSRM snaps to a road however far it is (so `radiuses` goes with each request and the snapped distance is
checked again), a cell may be null, tables are limited (so they are asked for in blocks), the mode in the address is
ignored (a server answers for the mode it was prepared for, and other modes are refused here), and there is no
reachable area and no calendar: on a day with closed roads it is not asked at all.
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

_PROFILE: Final[Mapping[Mode, str]] = {"car": "driving", "bicycle": "cycling", "foot": "walking"}
_BLOCK: Final = 50  # OSRM's usual limit is 100 positions in a table
_VERSION: Final = "v5 API"


class OsrmRouter:
    """OSRM over HTTP, for one mode. `folder` holds the region's imported roads, for closures. Close it after use."""

    def __init__(
        self,
        base_url: str,
        region: Area,
        *,
        folder: Path,
        mode: Mode = "car",
        snap_limit_m: float = SNAP_LIMIT_M,
        caps: Caps | None = None,
    ) -> None:
        self._fetcher = Fetcher("OSRM", base_url, caps=caps or Caps())
        self._region = region
        self._mode = mode
        self._coverage = Coverage(region.bbox, snap_limit_m)
        self._closed = ClosedRoads(folder)
        self._nearest = lru_cache(maxsize=8192)(self._ask_nearest)

    @property
    def label(self) -> str:
        """Returns what to print beside its numbers."""
        return "OSRM"

    @property
    def source(self) -> str:
        """Returns engine, interface version and region (OSRM does not tell its own version)."""
        return f"osrm/{_VERSION} {self._region.id}"

    def close(self) -> None:
        """Closes the connections."""
        self._fetcher.close()

    def snap(self, point: Point, mode: Mode) -> Snap:
        """Returns the nearest position on the network."""
        self._require_mode(mode)
        return self._nearest(point)

    def route(self, origin: Point, destination: Point, *, mode: Mode, on: date | None) -> Route:
        """Returns the fastest route, its numbers from a table of one cell, so that they equal those of a matrix."""
        cell = self.matrix([origin], [destination], mode=mode, on=on)
        duration, distance = cell.durations_s[0][0], cell.distances_m[0][0]
        options = {"overview": "full", "geometries": "polyline6", "alternatives": "false", "steps": "false"}
        value = None if duration is None else self._ask("route", (origin, destination), options)
        if value is None or duration is None or distance is None:
            raise ToolError(
                f"There is no way by {mode} from {name_point(origin)} to {name_point(destination)}.",
                hint="Choose another point or way of travelling.",
            )
        try:
            line = read_line(value["routes"][0]["geometry"])
        except (KeyError, IndexError, TypeError) as error:
            raise _nonsense("a route") from error
        return Route(duration, distance, line)

    def matrix(self, origins: Sequence[Point], destinations: Sequence[Point], *, mode: Mode, on: date | None) -> Matrix:
        """Returns durations and distances, asked for in blocks; None where there is no way."""
        self._require_mode(mode)
        for point in (*origins, *destinations):
            self._nearest(point)
        self._require_open(on)
        return assemble_matrix(origins, destinations, self._ask_block, size=_BLOCK)

    def isochrone(self, origin: Point, seconds: Sequence[int], *, mode: Mode, on: date | None) -> tuple[Contour, ...]:
        """Raises ToolError: OSRM has no reachable area."""
        raise ToolError("OSRM cannot draw a reachable area.", hint="Use the offline router or Valhalla.")

    def _require_mode(self, mode: Mode) -> None:
        if mode != self._mode:
            raise ToolError(
                f"This OSRM server was prepared for {self._mode}, not for {mode}.",
                hint="Use the offline router or Valhalla for other ways of travelling.",
            )

    def _require_open(self, on: date | None) -> None:
        closed = self._closed.find(self._mode, on)
        if closed:
            raise ToolError(
                f"OSRM knows no closures by season, and {len(closed)} stretches of road are closed on {on}.",
                hint="Use the offline router or Valhalla for this day.",
            )

    def _ask_nearest(self, point: Point) -> Snap:
        self._coverage.require(point)
        value = self._ask("nearest", (point,), {"number": "1"}, limited=False)
        if value is None:
            raise InputError(f"There is no road for {self._mode} near {name_point(point)}.")
        try:
            found = value["waypoints"][0]
            lon, lat = found["location"]
            snap = Snap(read_point(lat, lon), round(read_number(found["distance"]), 1))
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise _nonsense("a position") from error
        self._coverage.require_near(point, snap, self._mode)
        return snap

    def _ask_block(self, rows: Sequence[Point], columns: Sequence[Point]) -> list[list[Cell]] | None:
        """Returns the cells of a block, None where OSRM finds no way for the block as a whole."""
        points = (*rows, *columns)
        options = {
            "annotations": "duration,distance",
            "sources": ";".join(str(index) for index in range(len(rows))),
            "destinations": ";".join(str(index) for index in range(len(rows), len(points))),
        }
        value = self._ask("table", points, options)
        if value is None:
            return None
        try:
            return [
                [_read_cell(*pair) for pair in zip(times, lengths, strict=True)]
                for times, lengths in zip(value["durations"], value["distances"], strict=True)
            ]
        except (KeyError, TypeError, ValueError) as error:
            raise _nonsense("a table") from error

    def _ask(
        self, service: str, points: Sequence[Point], options: Mapping[str, str], *, limited: bool = True
    ) -> Any | None:
        """Returns the value of an answer, None for one that says there is no way or no road."""
        where = ";".join(f"{point.lon:.7f},{point.lat:.7f}" for point in points)
        params = dict(options)
        if limited:
            params["radiuses"] = ";".join([f"{self._coverage.snap_limit_m:.0f}"] * len(points))
        reply = self._fetcher.get(f"/{service}/v1/{_PROFILE[self._mode]}/{where}", params)
        code = reply.value.get("code") if isinstance(reply.value, dict) else None
        if code in ("NoRoute", "NoTable", "NoSegment"):
            return None
        if reply.status >= 400 or code != "Ok":
            raise _refused(reply)
        return reply.value


def _read_cell(time: object, length: object) -> Cell:
    return None if time is None or length is None else (read_amount(time), read_amount(length))


def _refused(reply: Reply) -> ToolError:
    said = reply.value.get("message") if isinstance(reply.value, dict) else None
    text = " ".join(str(said).split())[:200].rstrip(".") if said else f"status {reply.status}"
    return ToolError(f"OSRM refused the request: {text}.")


def _nonsense(what: str) -> ServerError:
    return ServerError(f"OSRM answered with something that is not {what}.", hint="Check the address and version.")
