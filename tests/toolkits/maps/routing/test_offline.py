"""Promises of the offline router."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import InputError, ToolError
from metier_maps.routing.router import Mode, Point, Router
from metier_maps.routing.sphere import line_length, measure

ROAD = {"highway": "residential"}
# 1 -- 2 -- 3 -- 4 along the bottom, 5 above 2, 6 above 3:   a ladder of two squares
LADDER = {1: (0.0, 0.0), 2: (1.0, 0.0), 3: (2.0, 0.0), 4: (3.0, 0.0), 5: (1.0, 1.0), 6: (2.0, 1.0)}
RouteOn = Callable[[Path], Router]
MODES: list[Mode] = ["car", "bicycle", "foot"]


def restrict(kind: str, origin: int, via: int, target: int, **tags: str) -> Any:
    members = [("w", origin, "from"), ("n", via, "via"), ("w", target, "to")]
    return (members, {"type": "restriction", "restriction": kind, **tags})


def length(router: Router, origin: Point, destination: Point, mode: Mode = "car", on: date | None = None) -> int:
    return router.route(origin, destination, mode=mode, on=on).distance_m


def test_a_point_snaps_to_the_road_between_two_junctions(draw: Any, route_on: RouteOn, at: Any) -> None:
    router = route_on(draw(LADDER, {10: ([1, 2], ROAD), 11: ([2, 3, 4], ROAD)}))
    snap = router.snap(at(0.5, 0.001), "car")
    assert snap.distance_m == pytest.approx(1.1, abs=0.1)
    assert measure(snap.point, at(0.5, 0)) < 0.2
    assert length(router, at(0.25, 0), at(0.75, 0)) == pytest.approx(measure(at(0.25, 0), at(0.75, 0)), abs=1)
    assert length(router, at(0.5, 0), at(2.5, 0)) == pytest.approx(measure(at(0.5, 0), at(2.5, 0)), abs=1)


def test_a_point_further_from_a_road_than_the_limit_is_refused_with_the_distance(
    draw: Any, route_on: RouteOn, at: Any
) -> None:
    router = route_on(draw(LADDER, {10: ([1, 2, 3, 4], ROAD), 11: ([2, 5], {"highway": "footway"})}))
    with pytest.raises(InputError, match=r"for car is 11\d\d m away.*limit is 400 m"):
        router.snap(at(1, 1), "car")
    assert router.snap(at(1, 1), "foot").distance_m == 0
    with pytest.raises(InputError, match="m away"):
        router.matrix([at(0, 0)], [at(1, 1)], mode="car", on=None)


@pytest.mark.parametrize(
    "point", [Point(0, 0), Point(43, 1), Point(float("nan"), 1), Point(42, float("inf")), Point(999, 1)]
)
def test_a_point_outside_the_map_is_out_of_coverage(draw: Any, route_on: RouteOn, at: Any, point: Point) -> None:
    router = route_on(draw(LADDER, {10: ([1, 2, 3, 4], ROAD)}))
    with pytest.raises(InputError, match=r"out of coverage|not a position"):
        router.route(at(0, 0), point, mode="car", on=None)


def test_swapped_latitude_and_longitude_are_named(draw: Any, route_on: RouteOn, at: Any) -> None:
    router = route_on(draw(LADDER, {10: ([1, 2, 3, 4], ROAD)}))
    good = at(1, 0)
    with pytest.raises(InputError, match="look swapped"):
        router.snap(Point(good.lon, good.lat), "car")


def test_a_one_way_street_is_driven_one_way_and_walked_both(draw: Any, route_on: RouteOn, at: Any) -> None:
    ways = {10: ([1, 2], ROAD), 11: ([2, 3], {**ROAD, "oneway": "yes"}), 12: ([3, 4], ROAD), 13: ([3, 6, 5, 2], ROAD)}
    router = route_on(draw(LADDER, ways))
    there, back = length(router, at(0, 0), at(3, 0)), length(router, at(3, 0), at(0, 0))
    assert back > there + 2000
    assert length(router, at(3, 0), at(0, 0), "foot") == length(router, at(0, 0), at(3, 0), "foot") == there
    along, against = length(router, at(1.2, 0), at(1.8, 0)), length(router, at(1.8, 0), at(1.2, 0))
    assert against > along + 2500


def test_a_forbidden_turn_is_not_taken_by_those_it_binds(draw: Any, route_on: RouteOn, at: Any) -> None:
    ways = {10: ([1, 2], ROAD), 11: ([2, 3, 4], ROAD), 12: ([2, 5, 6, 3], ROAD)}
    free = route_on(draw(LADDER, ways))
    bound = route_on(draw(LADDER, ways, relations=[restrict("no_straight_on", 10, 2, 11)]))
    spared = route_on(draw(LADDER, ways, relations=[restrict("no_straight_on", 10, 2, 11, **{"except": "bicycle"})]))
    straight = length(free, at(0, 0), at(3, 0))
    assert length(bound, at(0, 0), at(3, 0)) > straight + 2000
    assert length(bound, at(3, 0), at(0, 0)) == straight
    assert length(bound, at(0, 0), at(3, 0), "bicycle") > straight + 2000
    assert length(bound, at(0, 0), at(3, 0), "foot") == straight
    assert length(spared, at(0, 0), at(3, 0), "bicycle") == straight
    assert length(bound, at(0, 0), at(1.5, 0)) > length(free, at(0, 0), at(1.5, 0)) + 2000
    assert length(bound, at(1, 0), at(3, 0)) == length(free, at(1, 0), at(3, 0))


def test_an_only_turn_forbids_every_other(draw: Any, route_on: RouteOn, at: Any) -> None:
    ways = {10: ([1, 2], ROAD), 11: ([2, 3, 4], ROAD), 12: ([2, 5, 6, 3], ROAD)}
    free = route_on(draw(LADDER, ways))
    bound = route_on(draw(LADDER, ways, relations=[restrict("only_left_turn", 10, 2, 12)]))
    assert length(bound, at(0, 0), at(3, 0)) > length(free, at(0, 0), at(3, 0)) + 2000
    assert length(bound, at(0, 0), at(1, 1)) == length(free, at(0, 0), at(1, 1))


def test_a_bollard_stops_cars_and_no_one_else(draw: Any, route_on: RouteOn, at: Any) -> None:
    ways = {10: ([1, 2, 3, 4], ROAD), 11: ([1, 5, 6, 4], ROAD)}
    router = route_on(draw(LADDER, ways, node_tags={2: {"barrier": "bollard"}}))
    through = length(router, at(0, 0), at(3, 0), "foot")
    assert length(router, at(0, 0), at(3, 0), "bicycle") == through
    assert length(router, at(0, 0), at(3, 0)) > through
    opened = route_on(draw(LADDER, ways, node_tags={2: {"barrier": "bollard", "motor_vehicle": "yes"}}))
    assert length(opened, at(0, 0), at(3, 0)) == through


def test_a_pass_closed_in_winter_is_gone_round_in_winter_only(draw: Any, route_on: RouteOn, at: Any) -> None:
    winter = {**ROAD, "motor_vehicle:conditional": "no @ (Nov 1-Apr 30)"}
    router = route_on(
        draw(LADDER, {10: ([1, 2], ROAD), 11: ([2, 3], winter), 12: ([3, 4], ROAD), 13: ([1, 5, 6, 4], ROAD)})
    )
    december, july = date(2026, 12, 4), date(2026, 7, 4)
    open_way = length(router, at(0, 0), at(3, 0))
    assert length(router, at(0, 0), at(3, 0), on=july) == open_way
    assert length(router, at(0, 0), at(3, 0), on=december) > open_way
    assert length(router, at(0, 0), at(3, 0), "foot", december) == open_way
    with pytest.raises(ToolError, match=r"no way by car .* on 2026-12-04"):
        router.route(at(0, 0), at(1.5, 0), mode="car", on=december)
    cells = router.matrix([at(0, 0)], [at(1.5, 0), at(1, 0)], mode="car", on=december).durations_s
    assert cells[0][0] is None
    assert cells[0][1] is not None


def test_an_island_of_road_counts_only_where_nothing_else_is_near(draw: Any, route_on: RouteOn, at: Any) -> None:
    nodes = {**LADDER, 7: (1.0, 0.01), 8: (1.3, 0.01), 9: (2.5, 1.0), 10: (3.0, 1.0)}
    ways = {10: ([1, 2, 3, 4], ROAD), 11: ([7, 8], {"highway": "service"}), 12: ([9, 10], ROAD)}
    router = route_on(draw(nodes, ways))
    assert measure(router.snap(at(1.1, 0.01), "car").point, at(1.1, 0)) < 1
    assert router.snap(at(2.7, 1), "car").distance_m == 0
    assert router.matrix([at(0, 0)], [at(2.7, 1)], mode="car", on=None).durations_s == ((None,),)


def test_a_junction_with_a_restriction_on_every_arm_still_counts_as_well_connected(
    draw: Any, route_on: RouteOn, at: Any
) -> None:
    ways = {10: ([1, 2], ROAD), 11: ([2, 3], ROAD), 12: ([2, 5, 6, 3], ROAD), 13: ([3, 4], ROAD)}
    turns = [restrict("no_u_turn", way, 2, way) for way in (10, 11, 12)]
    router = route_on(draw(LADDER, ways, relations=turns))
    assert router.snap(at(1.9, 0), "car").distance_m == 0


def test_a_ferry_takes_the_time_its_tag_says(draw: Any, route_on: RouteOn, at: Any) -> None:
    ways = {10: ([1, 2], ROAD), 11: ([2, 3], {"route": "ferry", "duration": "00:40"}), 12: ([3, 4], ROAD)}
    router = route_on(draw(LADDER, ways))
    assert router.route(at(1, 0), at(2, 0), mode="car", on=None).duration_s == pytest.approx(2400, abs=2)


def test_equal_points_give_nothing_to_drive(andorra: Router) -> None:
    here = Point(42.5063, 1.5218)
    route = andorra.route(here, here, mode="car", on=None)
    assert (route.duration_s, route.distance_m) == (0, 0)
    assert len(route.geometry) >= 2
    assert andorra.matrix([here], [here], mode="car", on=None).durations_s == ((0,),)


def scatter(router: Router, mode: Mode, count: int, seed: int) -> list[Point]:
    rng, points = random.Random(seed), []
    while len(points) < count:
        point = Point(rng.uniform(42.45, 42.62), rng.uniform(1.45, 1.72))
        try:
            router.snap(point, mode)
        except InputError:
            continue
        points.append(point)
    return points


@pytest.mark.parametrize("mode", MODES)
def test_a_route_and_its_matrix_cell_are_equal_whatever_else_is_in_the_matrix(andorra: Router, mode: Mode) -> None:
    points = scatter(andorra, mode, 14, seed=5)
    whole = andorra.matrix(points, points, mode=mode, on=None)
    part = andorra.matrix(points[3:5], points[7:], mode=mode, on=None)
    assert part.durations_s == tuple(row[7:] for row in whole.durations_s[3:5])
    for row, origin in enumerate(points):
        for column, destination in enumerate(points):
            cell = (whole.durations_s[row][column], whole.distances_m[row][column])
            if cell[0] is None:
                with pytest.raises(ToolError):
                    andorra.route(origin, destination, mode=mode, on=None)
                continue
            route = andorra.route(origin, destination, mode=mode, on=None)
            assert (route.duration_s, route.distance_m) == cell


@pytest.mark.parametrize("mode", MODES)
def test_the_line_of_a_route_is_as_long_as_the_route_says_and_has_no_jumps(andorra: Router, mode: Mode) -> None:
    points = scatter(andorra, mode, 8, seed=9)
    for origin, destination in pairwise(points):
        route = andorra.route(origin, destination, mode=mode, on=None)
        assert line_length(route.geometry) == pytest.approx(route.distance_m, rel=0.003, abs=3)
        assert measure(route.geometry[0], andorra.snap(origin, mode).point) == 0
        assert measure(route.geometry[-1], andorra.snap(destination, mode).point) == 0


def test_many_threads_get_the_answers_of_one(andorra: Router) -> None:
    points = scatter(andorra, "foot", 12, seed=2)
    pairs = [(points[i], points[(i * 5 + 1) % 12]) for i in range(12)] * 4
    alone = [andorra.route(*pair, mode="foot", on=date(2026, 12, 4)) for pair in pairs]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda pair: andorra.route(*pair, mode="foot", on=date(2026, 12, 4)), pairs))
    assert together == alone


def test_a_longer_time_reaches_at_least_as_far(andorra: Router) -> None:
    centre = Point(42.5063, 1.5218)
    near, far = andorra.isochrone(centre, [300, 1200], mode="car", on=None)
    assert (near.seconds, far.seconds) == (300, 1200)
    for ring in (near.ring, far.ring):
        assert ring[0] == ring[-1]
    for close, distant in zip(near.ring, far.ring, strict=True):
        assert measure(centre, close) <= measure(centre, distant) + 0.1
    with pytest.raises(InputError):
        andorra.isochrone(centre, [0], mode="car", on=None)


def test_an_empty_matrix_is_empty(andorra: Router) -> None:
    assert andorra.matrix([], [], mode="car", on=None).durations_s == ()
    assert andorra.matrix([Point(42.5063, 1.5218)], [], mode="car", on=None).durations_s == ((),)


@settings(max_examples=25, deadline=None)
@given(st.tuples(*[st.floats(42.43, 42.65)] * 3), st.tuples(*[st.floats(1.42, 1.78)] * 3))
def test_going_by_way_of_a_third_point_is_never_shorter(
    andorra: Router, lats: tuple[float, ...], lons: tuple[float, ...]
) -> None:
    try:
        points = [andorra.snap(Point(lat, lon), "foot").point for lat, lon in zip(lats, lons, strict=True)]
    except InputError:
        return
    cells = andorra.matrix(points, points, mode="foot", on=None).durations_s
    first, second, third = cells[0][1], cells[1][2], cells[0][2]
    if first is not None and second is not None and third is not None:
        assert third <= first + second + 2  # each of the three is rounded to whole seconds
