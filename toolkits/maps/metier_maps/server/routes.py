"""The tools about ways from one place to another."""

from datetime import date
from itertools import pairwise
from typing import Annotated

from mcp.types import CallToolResult
from pydantic import Field

from metier.evidence import record_evidence
from metier.servers.result import tool_result
from metier_maps.records import Way, record_leg, record_place
from metier_maps.routing.router import Mode
from metier_maps.server.atlas import Atlas, find_spot
from metier_maps.server.places import RegionName, SpotText
from metier_maps.server.shapes import Area, AreaResult, MatrixResult, RouteLeg, RouteResult

On = Annotated[date | None, Field(description="The day of travel: roads that are closed then are not used.")]


class RouteTools:
    """The tools that ask the router."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas

    def route(
        self,
        stops: Annotated[list[SpotText], Field(min_length=2, max_length=30, description="In the order of the way.")],
        region: RegionName = "",
        mode: Mode = "car",
        on: On = None,
        with_line: Annotated[bool, Field(description="Whether to return the line that is driven.")] = False,
    ) -> Annotated[CallToolResult, RouteResult]:
        """Returns the fastest way over all stops, in their order: seconds and metres per leg and in all.

        Use these numbers as they are; never estimate a time or distance yourself.
        """
        opened = self._atlas.open(region)
        spots = [find_spot(opened, stop) for stop in stops]
        legs, evidence = [], [record_place(opened.region, s.place) for s in spots if s.place is not None]
        for origin, destination in pairwise(spots):
            found = opened.router.route(origin.point, destination.point, mode=mode, on=on)
            record = record_leg(opened.router, Way(origin.ref, destination.ref, mode, on), found)
            evidence.append(record)
            legs.append(
                RouteLeg(
                    origin=origin.ref,
                    destination=destination.ref,
                    duration_s=found.duration_s,
                    distance_m=found.distance_m,
                    line=tuple((p.lat, p.lon) for p in found.geometry) if with_line else (),
                    evidence=record.id,
                )
            )
        whole = RouteResult(
            router=opened.router.label,
            legs=tuple(legs),
            duration_s=sum(leg.duration_s for leg in legs),
            distance_m=sum(leg.distance_m for leg in legs),
        )
        lines = [f"{g.origin.name} to {g.destination.name}: {g.duration_s} s, {g.distance_m} m" for g in legs]
        total = f"in all {whole.duration_s} s, {whole.distance_m} m by {mode} ({whole.router})"
        return tool_result(whole, "\n".join([*lines, total]), evidence=evidence)

    def matrix(
        self,
        origins: Annotated[list[SpotText], Field(min_length=1, max_length=50)],
        destinations: Annotated[list[SpotText], Field(min_length=1, max_length=50)],
        region: RegionName = "",
        mode: Mode = "car",
        on: On = None,
    ) -> Annotated[CallToolResult, MatrixResult]:
        """Returns travel times and distances from every origin to every destination; null where there is no way."""
        opened = self._atlas.open(region)
        rows = [find_spot(opened, text) for text in origins]
        columns = [find_spot(opened, text) for text in destinations]
        found = opened.router.matrix([s.point for s in rows], [s.point for s in columns], mode=mode, on=on)
        result = MatrixResult(
            router=opened.router.label,
            origins=tuple(s.ref for s in rows),
            destinations=tuple(s.ref for s in columns),
            durations_s=found.durations_s,
            distances_m=found.distances_m,
        )
        lines = [
            f"{row.ref.name}: " + ", ".join("no way" if s is None else f"{s // 60} min" for s in cells)
            for row, cells in zip(rows, found.durations_s, strict=True)
        ]
        record = record_evidence(
            source=f"router:{opened.router.source}",
            locator=f"matrix/{mode}/{on or 'any day'}",
            text="\n".join(lines),
            value=result.model_dump(mode="json"),
        )
        return tool_result(result, record.text, evidence=[record])

    def reachable_area(
        self,
        origin: SpotText,
        minutes: Annotated[list[Annotated[int, Field(ge=1, le=600)]], Field(min_length=1, max_length=6)],
        region: RegionName = "",
        mode: Mode = "car",
        on: On = None,
    ) -> Annotated[CallToolResult, AreaResult]:
        """Returns the area that can be reached from a place within so many minutes, as a ring of positions."""
        opened = self._atlas.open(region)
        spot = find_spot(opened, origin)
        contours = opened.router.isochrone(spot.point, [m * 60 for m in minutes], mode=mode, on=on)
        areas = tuple(Area(minutes=c.seconds // 60, ring=tuple((p.lat, p.lon) for p in c.ring)) for c in contours)
        result = AreaResult(router=opened.router.label, origin=spot.ref, areas=areas)
        text = "; ".join(f"{a.minutes} min: a ring of {len(a.ring)} positions" for a in areas)
        record = record_evidence(
            source=f"router:{opened.router.source}",
            locator=f"reach/{mode}/{spot.ref.id}/{on or 'any day'}",
            text=text,
            value=result.model_dump(mode="json"),
        )
        return tool_result(result, text, evidence=[record])
