"""The exact times of a day."""

from dataclasses import replace
from datetime import date, time

from hypothesis import given, settings
from hypothesis import strategies as st

from metier_maps.planning.dwell import LUNCH_S
from metier_maps.planning.search.feasible import find_feasible
from metier_maps.planning.search.schedule import DayPlan, schedule_day
from metier_maps.planning.survey.collect import Scope, Sources, collect_problem
from metier_maps.planning.survey.problem import END, START, Problem
from metier_maps.testing import Known, make_place
from tests.toolkits.maps.planning.land import Land, draw_land, lay_out


def collect(land: Land, days: int, *musts: str, **fields: object) -> Problem:
    return collect_problem(land.ask(days, *musts, **fields), Sources(land.gazetteer, land.router), Scope(0, 6))


def check_day(problem: Problem, day: int, plan: DayPlan) -> None:
    """Every moment follows from the one before."""
    rows, frame = problem.tables[day].rows, problem.frames[day]
    here, now, drive = plan.ends[0], plan.depart, 0
    for number, visit in enumerate(plan.visits):
        sight = problem.sights[visit.sight]
        now += rows[here][sight.node]
        drive += rows[here][sight.node]
        assert visit.arrive == now
        assert visit.opening in sight.openings[day]
        assert visit.begin == max(now, visit.opening.begin) <= visit.opening.last
        assert visit.leave == visit.begin + sight.dwell
        here, now = sight.node, visit.leave
        if plan.meal is not None and plan.meal.after == number:
            assert plan.meal.arrive == now
            assert frame.lunch is not None
            assert frame.lunch[0] <= plan.meal.begin <= frame.lunch[1]
            assert plan.meal.leave - plan.meal.begin == LUNCH_S
            now = plan.meal.leave
    assert plan.arrive == now + rows[here][plan.ends[1]] <= frame.close
    assert plan.depart >= frame.open
    assert plan.drive == drive + rows[here][plan.ends[1]]
    assert problem.limit is None or plan.drive <= problem.limit


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), order=st.permutations(range(4)), lunch=st.booleans())
def test_a_scheduled_day_adds_up_and_is_open_all_along(seed: int, order: list[int], lunch: bool) -> None:
    problem = collect(draw_land(seed, 4, 0), 1, "s0", "s1", "s2", "s3", lunch=lunch, drive_limit_s=9000)
    for length in range(5):
        plan = schedule_day(problem, 0, (START, END), order[:length])
        if plan is not None:
            check_day(problem, 0, plan)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), limit=st.integers(1800, 9000))
def test_a_complete_search_finds_a_day_exactly_when_some_order_has_one(seed: int, limit: int) -> None:
    from_all = collect(draw_land(seed, 3, 0), 1, "s0", "s1", "s2", drive_limit_s=limit)
    orders = [(a, b, 3 - a - b) for a in range(3) for b in range(3) if a != b]
    exists = any(schedule_day(from_all, 0, (START, END), order) for order in orders)
    found = find_feasible(from_all)
    assert found.complete
    assert (found.trip is not None) == exists


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_complete_search_keeps_the_drive_limit_to_the_second(seed: int) -> None:
    free = collect(draw_land(seed, 2, 0), 1, "s0", "s1")
    days = [schedule_day(free, 0, (START, END), order) for order in ((0, 1), (1, 0))]
    drives = [day.drive for day in days if day is not None]
    if drives:
        assert find_feasible(replace(free, limit=min(drives))).trip is not None
        assert find_feasible(replace(free, limit=min(drives) - 1)).trip is None


def test_lunch_stands_between_noon_and_two_and_after_a_visit() -> None:
    land = lay_out(
        make_place("osm:node/a", "museum", (42.51, 1.5), Known(hours="10:00-18:00")),
        make_place("osm:node/b", "museum", (42.52, 1.5), Known(hours="10:00-18:00")),
        make_place("osm:node/c", "museum", (42.53, 1.5), Known(hours="10:00-18:00")),
    )
    problem = collect(land, 1, "a", "b", "c")
    plan = schedule_day(problem, 0, (START, END), (0, 1, 2))
    assert plan is not None
    assert plan.meal is not None
    begin, leave = (problem.moment(at).time() for at in (plan.meal.begin, plan.meal.leave))
    assert time(12, 0) <= begin < leave <= time(14, 0)


def test_one_leaves_just_in_time_for_the_first_door_to_open() -> None:
    land = lay_out(make_place("osm:node/a", "museum", (42.51, 1.5), Known(hours="11:00-18:00")))
    problem = collect(land, 1, "a")
    plan = schedule_day(problem, 0, (START, END), (0,))
    assert plan is not None
    assert plan.visits[0].arrive == plan.visits[0].begin
    assert problem.moment(plan.visits[0].begin).time() == time(11, 0)


def test_the_clock_change_does_not_lengthen_a_drive() -> None:
    land = lay_out(
        make_place("osm:node/a", "viewpoint", (42.51, 1.5), Known(hours="24/7")),
        make_place("osm:node/h", "hotel", (42.51, 1.5)),
    )
    problem = collect(land, 3, "a", start_date=date(2027, 3, 27), end_date=date(2027, 3, 29))
    opens = [problem.moment(frame.open) for frame in problem.frames]
    assert [at.time() for at in opens] == [time(9, 0)] * 3
    assert problem.frames[1].open - problem.frames[0].open == 23 * 3600
