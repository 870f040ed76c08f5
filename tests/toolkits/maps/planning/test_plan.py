"""What a plan keeps, on a land drawn from a seed."""

import pytest

from metier_maps.facts import Money, Tri
from metier_maps.planning.plan import Plan, Progress, plan_trip
from metier_maps.planning.search.best import Effort
from metier_maps.request import Lodging, Party, Pets
from metier_maps.routing.router import Point
from metier_maps.testing import Known, StraightLineRouter, make_place
from tests.toolkits.maps.planning.land import Land, draw_land, find_violations, lay_out, refer

LITTLE = Effort(6, 6, 1)
WISHES = (
    {},
    {"drive_limit_s": 7200, "lodging": Lodging(policy="change")},
    {"pets": Pets(confirmed=False), "lodging": Lodging(policy="stay"), "pace": "relaxed"},
    {"budget": Money(cents=100_000), "party": Party(adults=2, children=1), "pace": "full"},
    {"budget": Money(cents=60_000), "lodging_price": Money(cents=8000), "avoid_categories": ("museum",)},
    {"interests": ("castle",), "avoid": (refer("osm:node/s9"),), "lunch": False, "lodging": Lodging(min_stars=2)},
    {"mode": "bicycle"},
)


def plan(land: Land, days: int, *musts: str, **fields: object) -> Plan:
    return plan_trip(land.ask(days, *musts, **fields), land.gazetteer, land.router, effort=LITTLE)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("wish", WISHES, ids=lambda wish: "+".join(wish) or "nothing special")
def test_every_plan_and_alternative_passes_every_check(seed: int, wish: dict[str, object]) -> None:
    land = draw_land(seed, 14, 8)
    made = plan(land, 1 + seed, **wish)
    if made.itinerary is None:
        assert made.conflict is not None
        assert made.conflict.relaxations
    else:
        assert find_violations(made) == []
        assert made.itinerary.request == land.ask(1 + seed, **wish)


def test_the_same_request_gives_the_same_plan() -> None:
    land = draw_land(5, 20, 8)
    assert plan(land, 3, "s1") == plan(land, 3, "s1")


def test_there_are_two_alternatives_that_differ_in_words_and_numbers() -> None:
    made = plan(draw_land(1, 25, 8), 3, "s1", "s2")
    assert made.itinerary is not None
    summaries = made.itinerary.alternatives
    assert len(summaries) == len(made.alternatives) >= 2
    for summary, whole in zip(summaries, made.alternatives, strict=True):
        assert summary.differs
        assert summary.drive_s == whole.drive_s
        assert whole.days != made.itinerary.days
        held = next(item for item in made.evidence if item.id == summary.citations[0].evidence)
        assert held.value == whole.model_dump(mode="json")


def test_without_time_the_best_so_far_is_still_a_valid_plan() -> None:
    land = draw_land(2, 25, 8)
    made = plan_trip(land.ask(4, "s1"), land.gazetteer, land.router, time_limit_s=0.0)
    assert made.itinerary is not None
    assert find_violations(made) == []


def test_progress_is_told_and_saying_false_ends_the_search() -> None:
    land = draw_land(2, 25, 8)
    told: list[Progress] = []

    def stop(progress: Progress) -> bool:
        told.append(progress)
        return progress.solved < 3

    made = plan_trip(land.ask(4, "s1"), land.gazetteer, land.router, progress=stop)
    assert made.itinerary is not None
    assert max(progress.solved for progress in told) < 8


def test_a_must_see_wins_over_any_number_of_other_sights() -> None:
    far = make_place("osm:node/far", "viewpoint", (42.5, 2.3), Known(hours="24/7"))
    near = [make_place(f"osm:node/n{i}", "castle", (42.5, 1.5 + i / 500), Known(hours="24/7")) for i in range(12)]
    made = plan(lay_out(far, *near), 1, "far")
    assert made.itinerary is not None
    assert "osm:node/far" in {stop.place.id for stop in made.itinerary.days[0].stops}


def test_nine_must_sees_are_all_seen_in_three_days() -> None:
    land = draw_land(3, 20, 6)
    names = [f"s{number}" for number in range(20) if _opens_daily(land, f"osm:node/s{number}")][:9]
    made = plan(land, 3, *names)
    assert made.itinerary is not None
    assert find_violations(made) == []


def _opens_daily(land: Land, key: str) -> bool:
    return land.gazetteer.get(key).opening_hours.value in (None, "24/7", "Mo-Su 10:00-18:00")


def test_a_road_closed_on_one_day_is_taken_on_another() -> None:
    sight = make_place("osm:node/a", "castle", (42.6, 1.5), Known(hours="24/7"))
    hotel = make_place("osm:node/h", "hotel", (42.5, 1.52))
    land = lay_out(sight, hotel)
    asked = land.ask(3, "a")
    point = Point(sight.lat, sight.lon)
    router = StraightLineRouter(closed={asked.date_of(0): frozenset([point]), asked.date_of(2): frozenset([point])})
    made = plan_trip(asked, land.gazetteer, router, effort=LITTLE)
    assert made.itinerary is not None
    assert [stop.place.id for stop in made.itinerary.days[1].stops if stop.kind == "sight"] == ["osm:node/a"]


def test_a_lodging_that_must_be_asked_is_listed_with_its_phone_and_never_sold_as_yes() -> None:
    hotel = make_place("osm:node/h", "hotel", (42.5, 1.52), Known(dogs=Tri.UNKNOWN, phone="+376 5"))
    made = plan(lay_out(hotel), 2, pets=Pets(confirmed=False))
    assert made.itinerary is not None
    night = made.itinerary.days[0].night
    assert night is not None
    assert night.dogs.value is Tri.UNKNOWN
    assert any("unknown; ask, phone +376 5" in warning for warning in made.itinerary.warnings)


def test_a_lodging_that_welcomes_the_dog_is_preferred_to_a_nearer_one_that_says_nothing() -> None:
    silent = make_place("osm:node/silent", "hotel", (42.5, 1.51), Known(phone="1"))
    friendly = make_place("osm:node/friendly", "hotel", (42.5, 1.55), Known(dogs=Tri.YES, phone="1"))
    made = plan(lay_out(silent, friendly), 2, pets=Pets(confirmed=False))
    assert made.itinerary is not None
    assert made.itinerary.days[0].night is not None
    assert made.itinerary.days[0].night.place.id == "osm:node/friendly"


def test_cost_is_rooms_times_nights_plus_entrances_and_unknown_when_a_price_is() -> None:
    sight = make_place("osm:node/a", "castle", (42.51, 1.5), Known(hours="24/7", fee=Tri.YES, price_cents=700))
    priced = make_place("osm:node/h", "hotel", (42.5, 1.52), Known(price_cents=6000))
    made = plan(lay_out(sight, priced), 2, "a", party=Party(adults=3))
    assert made.itinerary is not None
    assert made.itinerary.cost.value == Money(cents=2 * 6000 + 3 * 700)
    unpriced = make_place("osm:node/h", "hotel", (42.5, 1.52))
    made = plan(lay_out(sight, unpriced), 2, "a")
    assert made.itinerary is not None
    assert made.itinerary.cost.value is None
    assert any("price of a night is unknown at h" in warning for warning in made.itinerary.warnings)


def test_the_title_tells_days_region_and_dates() -> None:
    made = plan(draw_land(1, 8, 4), 4)
    assert made.itinerary is not None
    assert made.itinerary.title == "4 days in Testland, 4-7 December 2026"
