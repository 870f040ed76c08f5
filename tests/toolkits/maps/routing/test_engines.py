"""Promises that every engine keeps: the built-in one, and real Valhalla and OSRM servers on loopback."""

import os
import socket
import statistics
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from metier.errors import InputError, MissingError, ServerError, ToolError
from metier_maps.routing.offline import open_router
from metier_maps.routing.osrm import OsrmRouter
from metier_maps.routing.programs import start_server
from metier_maps.routing.roads import SOURCE_NAME
from metier_maps.routing.router import Point, Router
from metier_maps.routing.sphere import line_length, measure

CASINO, STATION, LARVOTTO = Point(43.7392, 7.4279), Point(43.7384, 7.4193), Point(43.7470, 7.4350)
FONTVIEILLE, GARDEN, PORT = Point(43.7290, 7.4150), Point(43.7312, 7.4132), Point(43.7351, 7.4213)
POINTS = [CASINO, STATION, LARVOTTO, FONTVIEILLE, GARDEN, PORT]
SEA = Point(43.7262, 7.4400)
DAY = date(2026, 12, 4)


@pytest.mark.parametrize("on", [None, DAY])
def test_a_route_and_its_matrix_cell_are_equal(engine: Router, on: date | None) -> None:
    matrix = engine.matrix(POINTS, POINTS, mode="car", on=on)
    for row, origin in enumerate(POINTS):
        for column, destination in enumerate(POINTS):
            route = engine.route(origin, destination, mode="car", on=on)
            assert (route.duration_s, route.distance_m) == (
                matrix.durations_s[row][column],
                matrix.distances_m[row][column],
            )


def test_a_line_leads_from_snap_to_snap_latitude_first_and_is_as_long_as_stated(engine: Router) -> None:
    for origin, destination in ((CASINO, FONTVIEILLE), (LARVOTTO, GARDEN)):
        route = engine.route(origin, destination, mode="car", on=None)
        assert measure(route.geometry[0], engine.snap(origin, "car").point) < 60
        assert measure(route.geometry[-1], engine.snap(destination, "car").point) < 60
        assert line_length(route.geometry) == pytest.approx(route.distance_m, rel=0.02, abs=20)


def test_equal_points_give_nothing_to_drive(engine: Router) -> None:
    route = engine.route(CASINO, CASINO, mode="car", on=None)
    assert (route.duration_s, route.distance_m) == (0, 0)
    assert len(route.geometry) >= 2


def test_a_point_out_of_coverage_is_refused(engine: Router) -> None:
    for far in (Point(0, 0), Point(1, 1), Point(43.7392, 7.9), Point(float("nan"), 7.4)):
        for ask in (
            lambda far=far: engine.snap(far, "car"),
            lambda far=far: engine.route(CASINO, far, mode="car", on=None),
            lambda far=far: engine.matrix([far], [CASINO], mode="car", on=None),
        ):
            with pytest.raises(InputError, match=r"out of coverage|not a position"):
                ask()
    with pytest.raises(InputError, match="look swapped"):
        engine.snap(Point(CASINO.lon, CASINO.lat), "car")


def test_a_point_in_the_sea_is_refused_and_the_distance_named(engine: Router) -> None:
    for ask in (
        lambda: engine.snap(SEA, "car"),
        lambda: engine.route(SEA, CASINO, mode="car", on=None),
        lambda: engine.matrix([CASINO], [PORT, SEA], mode="car", on=None),
    ):
        with pytest.raises(InputError, match=r"\d+ m away.*limit is 400 m"):
            ask()


def test_a_snap_is_near_and_says_how_near(engine: Router) -> None:
    for point in POINTS:
        snap = engine.snap(point, "car")
        assert snap.distance_m == pytest.approx(measure(point, snap.point), abs=1)
        assert snap.distance_m < 150


def test_a_large_matrix_has_every_cell(engine: Router) -> None:
    many = [Point(point.lat, point.lon + 1e-6 * turn) for turn in range(10) for point in POINTS]
    matrix = engine.matrix(many, many[:53], mode="car", on=None)
    assert (len(matrix.durations_s), {len(row) for row in matrix.durations_s}) == (60, {53})
    small = engine.matrix(POINTS, POINTS, mode="car", on=None)
    assert matrix.durations_s[54][48] == pytest.approx(small.durations_s[0][0], abs=2)
    assert all(cell is not None for row in matrix.durations_s for cell in row)


def test_an_engine_names_itself_and_its_data(engine: Router) -> None:
    assert engine.label in ("offline estimate", "Valhalla", "OSRM")
    assert "monaco" in engine.source
    assert engine.source.split("/")[0] in ("offline-dijkstra", "valhalla", "osrm")


def test_a_reachable_area_holds_its_origin_or_is_honestly_refused(engine: Router) -> None:
    if engine.label == "OSRM":
        with pytest.raises(ToolError, match="cannot draw a reachable area"):
            engine.isochrone(CASINO, [300], mode="car", on=None)
        return
    contours = engine.isochrone(CASINO, [600, 120], mode="car", on=None)
    assert [contour.seconds for contour in contours] == [600, 120]
    wide, narrow = contours
    reach = [max(measure(CASINO, corner) for corner in contour.ring) for contour in (wide, narrow)]
    assert reach[0] > reach[1] > 100
    assert wide.ring[0] == wide.ring[-1]
    with pytest.raises(InputError):
        engine.isochrone(CASINO, [0], mode="car", on=None)


def test_durations_agree_with_the_built_in_engine_in_size(engine: Router, monaco: Any) -> None:
    offline = open_router(monaco.folder, monaco.region)
    ours = offline.matrix(POINTS, POINTS, mode="car", on=None).durations_s
    theirs = engine.matrix(POINTS, POINTS, mode="car", on=None).durations_s
    ratios = [
        mine / other
        for own, others in zip(ours, theirs, strict=True)
        for mine, other in zip(own, others, strict=True)
        if mine and other
    ]
    assert 0.6 < statistics.median(ratios) < 1.5


@pytest.mark.parametrize("mode", ["bicycle", "foot"])
def test_other_modes_are_answered_or_honestly_refused(engine: Router, mode: Any) -> None:
    if engine.label == "OSRM":
        with pytest.raises(ToolError, match="prepared for car"):
            engine.route(CASINO, PORT, mode=mode, on=None)
        return
    cells = engine.matrix(POINTS, POINTS, mode=mode, on=None)
    route = engine.route(CASINO, FONTVIEILLE, mode=mode, on=None)
    assert (route.duration_s, route.distance_m) == (cells.durations_s[0][3], cells.distances_m[0][3])
    assert route.duration_s > 300


def test_a_road_closed_in_winter_is_not_driven_in_winter(
    draw: Any, tmp_path: Path, ground_of: Any, run_engine: Callable[..., Any], at: Any
) -> None:
    nodes = {number: (number % 10 * 1.0, number // 10 * 1.0) for number in range(30)}
    road, winter = {"highway": "secondary"}, "no @ (Nov 1-Apr 30)"
    rows = {100 + row: ([row * 10 + column for column in range(10)], road) for row in (1, 2)}
    short = {
        1: ([0, 1, 2, 3, 4], road),
        2: ([4, 5], {**road, "motor_vehicle:conditional": winter}),
        3: ([5, 6, 7, 8, 9], road),
    }
    rungs = {200 + column: ([column, 10 + column, 20 + column], road) for column in range(10) if column not in (4, 5)}
    ground = ground_of(draw(nodes, {**short, **rows, **rungs}), tmp_path / "region")
    with run_engine("valhalla", ground) as valhalla, run_engine("osrm", ground) as osrm:
        routers = (open_router(ground.folder, ground.region), valhalla)
        for router in routers:
            summer = router.route(at(3, 0), at(6, 0), mode="car", on=date(2026, 7, 1)).distance_m
            december = router.route(at(3, 0), at(6, 0), mode="car", on=DAY).distance_m
            assert summer == pytest.approx(measure(at(3, 0), at(6, 0)), abs=5)
            assert december > summer + 2000
            assert router.matrix([at(3, 0)], [at(6, 0)], mode="car", on=DAY).distances_m == ((december,),)
        assert osrm.route(at(3, 0), at(6, 0), mode="car", on=date(2026, 7, 1)).distance_m > 2000
        with pytest.raises(ToolError, match="closed on 2026-12-04"):
            osrm.route(at(3, 0), at(6, 0), mode="car", on=DAY)


def test_a_stopped_server_leaves_no_process_and_a_dead_one_is_an_error(monaco: Any, programs: Path) -> None:
    steps: list[str] = []
    with start_server("osrm", monaco.folder, home=programs, say=steps.append) as server:
        host, port = urlsplit(server.base_url).hostname, urlsplit(server.base_url).port
        assert host == "127.0.0.1"
        os.kill(server.pid, 0)
    assert len(steps) >= 2
    with pytest.raises(ProcessLookupError):
        os.killpg(server.pid, 0)
    with socket.socket() as probe:
        assert probe.connect_ex((host, port)) != 0
    router = OsrmRouter(server.base_url, monaco.region, folder=monaco.folder)
    with pytest.raises(ServerError, match="cannot be reached"):
        router.snap(CASINO, "car")
    router.close()
    server.stop()


def test_a_region_that_did_not_keep_its_map_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="does not keep the map file"):
        start_server("valhalla", tmp_path, home=tmp_path)


def test_a_map_file_that_an_engine_cannot_use_is_an_error_and_leaves_no_half_made_folder(
    tmp_path: Path, programs: Path
) -> None:
    (tmp_path / SOURCE_NAME).write_bytes(b"not a map")
    for engine in ("valhalla", "osrm"):
        with pytest.raises(ServerError, match="failed with status"):
            start_server(engine, tmp_path, home=programs)
    assert [path.name for path in tmp_path.iterdir()] == [SOURCE_NAME]


def test_durations_by_car_are_those_of_valhalla_in_the_median(
    andorra_pbf: Path, tmp_path: Path, ground_of: Any, run_engine: Callable[..., Any]
) -> None:
    ground = ground_of(andorra_pbf, tmp_path)
    offline = open_router(ground.folder, ground.region)
    towns = [
        (42.5063, 1.5218),
        (42.5762, 1.6664),
        (42.5452, 1.7331),
        (42.4634, 1.4910),
        (42.5564, 1.5332),
        (42.5660, 1.5980),
    ]
    points = [offline.snap(Point(*town), "car").point for town in towns]
    ours = offline.matrix(points, points, mode="car", on=None).durations_s
    with run_engine("valhalla", ground) as valhalla:
        theirs = valhalla.matrix(points, points, mode="car", on=None).durations_s
    ratios = [
        (ours[row][column] or 0) / (theirs[row][column] or 0)
        for row in range(len(points))
        for column in range(len(points))
        if row != column
    ]
    assert 0.95 <= statistics.median(ratios) <= 1.1
