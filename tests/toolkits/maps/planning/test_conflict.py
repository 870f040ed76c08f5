"""Why a request cannot be kept: the set is minimal, and every way out leads to a plan."""

from collections.abc import Mapping
from datetime import date

import pytest

from metier.canonical import JSON
from metier_maps.facts import Money, Tri
from metier_maps.itinerary import Conflict
from metier_maps.planning.conflict import explain_conflict
from metier_maps.planning.patch import apply_patch
from metier_maps.planning.plan import plan_trip
from metier_maps.planning.reasons.variants import Bench
from metier_maps.planning.search.best import Effort
from metier_maps.planning.survey.collect import Sources
from metier_maps.request import Lodging, Pets, TripRequest
from metier_maps.routing.router import Point
from metier_maps.testing import Known, StraightLineRouter, make_place
from tests.toolkits.maps.planning.land import Land, draw_land, find_violations, lay_out, refer

LITTLE = Effort(4, 2, 1)
ALWAYS = Known(hours="24/7")
CLOSED = make_place("osm:node/closed", "museum", (42.51, 1.5), Known(hours="Mo-We 10:00-18:00"))
FAR = make_place("osm:node/far", "castle", (42.5, 2.2), ALWAYS)
NORTH = make_place("osm:node/north", "castle", (42.9, 1.5), ALWAYS)
SOUTH = make_place("osm:node/south", "castle", (42.1, 1.5), ALWAYS)
CUT_OFF = make_place("osm:node/cut", "castle", (42.55, 1.5), ALWAYS)
SILENT = make_place("osm:node/silent", "hotel", (42.5, 1.52), Known(price_cents=9000, stars=2, phone="1"))
REFUSING = make_place("osm:node/refusing", "hostel", (42.5, 1.53), Known(price_cents=4000, dogs=Tri.NO))
UNPRICED = make_place("osm:node/unpriced", "hotel", (42.5, 1.54))
BOTH_HOTELS = lay_out(SILENT, REFUSING, NORTH, SOUTH, FAR, CLOSED)

Case = tuple[Land, TripRequest, tuple[str, ...], str]
CASES: dict[str, Case] = {
    "closed on every day": (
        BOTH_HOTELS,
        BOTH_HOTELS.ask(2, "closed"),
        ("must_see:osm:node/closed", "dates"),
        "certain",
    ),
    "seen and avoided": (
        BOTH_HOTELS,
        BOTH_HOTELS.ask(1, "far", avoid=(refer("osm:node/far"),)),
        ("must_see:osm:node/far", "avoid:osm:node/far"),
        "certain",
    ),
    "of a kind that is avoided": (
        BOTH_HOTELS,
        BOTH_HOTELS.ask(1, "far", avoid_categories=("castles",)),
        ("must_see:osm:node/far", "avoid:castles"),
        "certain",
    ),
    "too far to drive": (
        BOTH_HOTELS,
        BOTH_HOTELS.ask(1, "far", drive_limit_s=3600),
        ("drive_limit", "must_see:osm:node/far"),
        "proved",
    ),
    "too far apart for a day": (
        BOTH_HOTELS,
        BOTH_HOTELS.ask(1, "north", "south", drive_limit_s=9000),
        ("drive_limit", "must_see:osm:node/north", "must_see:osm:node/south"),
        "proved",
    ),
    "too poor": (BOTH_HOTELS, BOTH_HOTELS.ask(3, budget=Money(cents=5000)), ("budget",), "certain"),
    "too poor with a dog": (
        BOTH_HOTELS,
        BOTH_HOTELS.ask(2, budget=Money(cents=5000), pets=Pets(confirmed=False)),
        ("budget", "pets"),
        "certain",
    ),
    "no price known": (
        lay_out(UNPRICED),
        lay_out(UNPRICED).ask(3, budget=Money(cents=20000)),
        ("budget",),
        "certain",
    ),
    "nobody says yes to a dog": (BOTH_HOTELS, BOTH_HOTELS.ask(2, pets=Pets()), ("pets",), "certain"),
    "no dog in a hostel": (
        BOTH_HOTELS,
        BOTH_HOTELS.ask(2, pets=Pets(confirmed=False), lodging=Lodging(categories=("hostel",))),
        ("lodging", "pets"),
        "certain",
    ),
    "no such stars": (BOTH_HOTELS, BOTH_HOTELS.ask(2, lodging=Lodging(min_stars=4)), ("stars",), "certain"),
    "too few lodgings to change": (
        BOTH_HOTELS,
        BOTH_HOTELS.ask(4, lodging=Lodging(policy="change")),
        ("lodging",),
        "certain",
    ),
    "too many for a relaxed day": (
        draw := lay_out(*(make_place(f"osm:node/q{i}", "monument", (42.5, 1.5 + i / 100), ALWAYS) for i in range(4))),
        draw.ask(1, "q0", "q1", "q2", "q3", pace="relaxed"),
        ("pace", *(f"must_see:osm:node/q{i}" for i in range(4))),
        "proved",
    ),
}


def explain(land: Land, request: TripRequest) -> Conflict:
    conflict = explain_conflict(request, land.gazetteer, land.router)
    assert conflict is not None
    return conflict


def is_possible(land: Land, request: TripRequest, patch: Mapping[str, JSON]) -> bool:
    made = plan_trip(apply_patch(request, patch), land.gazetteer, land.router, effort=LITTLE)
    assert made.itinerary is None or find_violations(made) == []
    return made.itinerary is not None


@pytest.mark.parametrize("name", CASES)
def test_the_conflict_is_the_minimal_set_and_no_plan_is_shown(name: str) -> None:
    land, request, expected, proof = CASES[name]
    made = plan_trip(request, land.gazetteer, land.router, effort=LITTLE)
    assert made.itinerary is None
    assert made.conflict is not None
    assert sorted(made.conflict.requirements) == sorted(expected)
    assert made.conflict.proof == proof
    assert len(made.conflict.texts) == len(expected)
    assert made.conflict == explain(land, request)
    assert {c.evidence for c in made.conflict.citations} <= {item.id for item in made.evidence}


@pytest.mark.parametrize("name", CASES)
def test_every_relaxation_leads_to_a_plan_that_keeps_the_rest(name: str) -> None:
    land, request, _, _ = CASES[name]
    relaxations = explain(land, request).relaxations
    assert relaxations
    for relaxation in relaxations:
        assert relaxation.change
        assert relaxation.cost
        assert is_possible(land, request, relaxation.patch), relaxation.change


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case[3] == "proved"])
def test_without_any_one_of_its_requirements_the_set_can_be_kept(name: str) -> None:
    land, request, _, _ = CASES[name]
    bench = Bench(request, Sources(land.gazetteer, land.router))
    kept = explain(land, request).requirements
    assert bench.try_without(kept).trip is None
    for requirement in kept:
        assert bench.try_without([name for name in kept if name != requirement]).trip is not None, requirement


@pytest.mark.parametrize("seed", range(12))
def test_a_drawn_request_has_a_plan_or_a_minimal_conflict(seed: int) -> None:
    land = draw_land(seed, 6, 4)
    request = land.ask(
        1 + seed % 3, "s0", "s1", "s2", drive_limit_s=1800 + 600 * seed, pets=Pets(confirmed=seed % 2 > 0)
    )
    made = plan_trip(request, land.gazetteer, land.router, effort=LITTLE)
    conflict = explain_conflict(request, land.gazetteer, land.router)
    assert (made.itinerary is None) == (conflict is not None)
    if conflict is None or conflict.proof == "certain":
        return
    bench = Bench(request, Sources(land.gazetteer, land.router))
    for requirement in conflict.requirements:
        rest = [name for name in conflict.requirements if name != requirement]
        assert bench.try_without(rest).trip is not None


def test_a_place_that_no_road_reaches_is_named() -> None:
    router = StraightLineRouter(cut_off=frozenset([Point(CUT_OFF.lat, CUT_OFF.lon)]))
    land = lay_out(CUT_OFF, router=router)
    conflict = explain(land, land.ask(1, "cut"))
    assert conflict.requirements == ("must_see:osm:node/cut", "reach:osm:node/cut")
    router = StraightLineRouter(nowhere=frozenset([Point(CUT_OFF.lat, CUT_OFF.lon)]))
    land = lay_out(CUT_OFF, router=router)
    assert explain(land, land.ask(1, "cut")).requirements == ("must_see:osm:node/cut", "reach:osm:node/cut")


def test_a_road_closed_on_the_dates_makes_another_date_the_way_out() -> None:
    shut = {date(2026, 12, day): frozenset([Point(CUT_OFF.lat, CUT_OFF.lon)]) for day in (4, 5)}
    land = lay_out(CUT_OFF, router=StraightLineRouter(closed=shut))
    conflict = explain(land, land.ask(1, "cut"))
    assert conflict.requirements == ("must_see:osm:node/cut", "dates")
    assert {"start_date": "2026-12-03", "end_date": "2026-12-03"} in [r.patch for r in conflict.relaxations]


def test_the_drive_limit_offered_is_the_least_that_works_in_steps_of_five_minutes() -> None:
    land, request, _, _ = CASES["too far to drive"]
    offered = next(r for r in explain(land, request).relaxations if r.requirements == ("drive_limit",))
    needed = offered.patch["drive_limit_s"]
    assert isinstance(needed, int)
    assert needed % 300 == 0
    assert is_possible(land, request, {"drive_limit_s": needed})
    assert not is_possible(land, request, {"drive_limit_s": needed - 300})
    nearly = apply_patch(request, {"drive_limit_s": needed - 300})
    assert {"drive_limit_s": needed} in [r.patch for r in explain(land, nearly).relaxations]


def test_the_budget_offered_is_what_the_cheapest_trip_costs() -> None:
    land, request, _, _ = CASES["too poor"]
    offered = next(r for r in explain(land, request).relaxations if r.requirements == ("budget",))
    assert offered.patch["budget"] == {"cents": 8000, "currency": "EUR"}


def test_two_conflicts_at_once_get_a_way_out_that_mends_both() -> None:
    request = BOTH_HOTELS.ask(2, "closed", "far", drive_limit_s=600, pets=Pets())
    conflict = explain(BOTH_HOTELS, request)
    for relaxation in conflict.relaxations:
        assert is_possible(BOTH_HOTELS, request, relaxation.patch)


def test_a_possible_request_has_no_conflict() -> None:
    assert explain_conflict(BOTH_HOTELS.ask(2, "north"), BOTH_HOTELS.gazetteer, BOTH_HOTELS.router) is None
