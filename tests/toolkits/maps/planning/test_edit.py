"""An edited trip stays as it was wherever it can, and says what changed."""

from datetime import timedelta

import pytest

from metier.errors import InputError, MissingError
from metier_maps.itinerary import Itinerary
from metier_maps.planning.edit import (
    AddPlace,
    AllowDriving,
    ChangePace,
    ChangeRequest,
    DropPlace,
    Edit,
    Edited,
    MovePlace,
    SetLunch,
    ShiftDates,
    SwapLodging,
    edit_trip,
)
from metier_maps.planning.plan import plan_trip
from metier_maps.planning.search.best import Effort
from metier_maps.request import Lodging
from tests.toolkits.maps.planning.land import draw_land, find_violations, refer

LAND = draw_land(11, 24, 8)
REQUEST = LAND.ask(3, "s0", "s1", drive_limit_s=10800, lodging=Lodging(policy="change"))
TRIP = plan_trip(REQUEST, LAND.gazetteer, LAND.router, effort=Effort(8, 8, 1)).itinerary


def trip() -> Itinerary:
    assert TRIP is not None
    return TRIP


def edit(change: Edit) -> Edited:
    return edit_trip(trip(), change, LAND.gazetteer, LAND.router)


def edited(change: Edit) -> Itinerary:
    done = edit(change)
    assert done.plan.itinerary is not None, done.plan.conflict
    assert find_violations(done.plan) == []
    return done.plan.itinerary


def orders(itinerary: Itinerary) -> list[list[str]]:
    return [[stop.place.id for stop in day.stops if stop.kind == "sight"] for day in itinerary.days]


def beds(itinerary: Itinerary) -> list[str]:
    return [day.night.place.id for day in itinerary.days if day.night is not None]


def optional_sight() -> tuple[int, str]:
    """Returns a day and a sight on it that nobody must see."""
    return next(
        (number, stop.place.id)
        for number, day in enumerate(trip().days)
        for stop in day.stops
        if stop.kind == "sight" and not stop.must_see
    )


def test_dropping_a_place_leaves_everything_else_where_it_was() -> None:
    _, key = optional_sight()
    after = edited(DropPlace(place=key))
    expected = [[k for k in order if k != key] for order in orders(trip())]
    assert orders(after) == expected
    assert beds(after) == beds(trip())
    assert key in {ref.id for ref in after.request.dropped}


def test_dropping_a_category_on_a_day_spares_the_other_days() -> None:
    day, key = optional_sight()
    word = LAND.gazetteer.get(key).categories[0]
    after = edited(DropPlace(category=word, day=day))
    gone = {k for k in orders(trip())[day] if word in LAND.gazetteer.get(k).categories}
    assert gone
    assert orders(after)[day] == [k for k in orders(trip())[day] if k not in gone]
    assert orders(after)[day + 1 :] == orders(trip())[day + 1 :]


def test_dropping_a_must_see_takes_it_out_of_the_request() -> None:
    after = edited(DropPlace(place="osm:node/s0"))
    assert [ref.id for ref in after.request.must_see] == ["osm:node/s1"]


def test_a_place_that_is_added_is_a_must_see_on_the_day_wished_for() -> None:
    seen = {key for order in orders(trip()) for key in order}
    key = next(f"osm:node/s{i}" for i in range(24) if f"osm:node/s{i}" not in seen and _opens(f"osm:node/s{i}"))
    after = edited(AddPlace(refer(key), day=1))
    assert key in orders(after)[1]
    assert key in {ref.id for ref in after.request.must_see}
    assert beds(after) == beds(trip())


def _opens(key: str) -> bool:
    return LAND.gazetteer.get(key).opening_hours.value in (None, "24/7", "Mo-Su 10:00-18:00")


def test_more_driving_keeps_what_is_there_and_may_add() -> None:
    after = edited(AllowDriving(3600))
    assert after.request.drive_limit_s == 14400
    assert beds(after) == beds(trip())
    for before, now in zip(orders(trip()), orders(after), strict=True):
        assert [key for key in now if key in before] == before


def test_a_day_later_keeps_lodgings_and_sights_that_are_open() -> None:
    after = edited(ShiftDates(1))
    assert after.days[0].date == trip().days[0].date + timedelta(days=1)
    assert beds(after) == beds(trip())


def test_another_lodging_changes_that_night_alone() -> None:
    after = edited(SwapLodging(1))
    assert beds(after)[0] == beds(trip())[0]
    assert beds(after)[1] != beds(trip())[1]


def test_a_sight_moves_to_the_day_asked_for() -> None:
    keys = [key for key in orders(trip())[0] if _opens(key)]
    after = edited(MovePlace(keys[0], 2))
    assert keys[0] in orders(after)[2]


def test_a_calmer_pace_keeps_lodgings_and_visits_fewer_sights() -> None:
    after = edited(ChangePace(-1))
    assert after.request.pace == "relaxed"
    assert all(len(order) <= 3 for order in orders(after))
    assert beds(after) == beds(trip())


def test_without_lunch_no_meal_is_left() -> None:
    after = edited(SetLunch(False))
    assert not any(stop.kind == "meal" for day in after.days for stop in day.stops)
    assert beds(after) == beds(trip())


def test_one_lodging_for_all_nights_is_one_of_those_there_were() -> None:
    after = edited(ChangeRequest({"lodging": {"policy": "stay"}}))
    assert len(set(beds(after))) == 1
    assert beds(after)[0] in beds(trip())


def test_a_longer_and_a_shorter_trip_keep_the_days_they_share() -> None:
    longer = edited(ChangeRequest({"end_date": "2026-12-07"}))
    for before, now in zip(orders(trip())[:2], orders(longer), strict=False):
        assert [key for key in now if key in before] == before
    assert beds(longer)[:2] == beds(trip())
    shorter = edited(ChangeRequest({"end_date": "2026-12-05"}))
    assert beds(shorter) == beds(trip())[:1]


def test_what_changed_is_told_in_words() -> None:
    _, key = optional_sight()
    name = LAND.gazetteer.get(key).name
    assert any(f"leaves out {name}" in line for line in edit(DropPlace(place=key)).changes)
    assert any("instead of" in line for line in edit(SwapLodging(0)).changes)


def test_an_edit_that_cannot_be_made_gives_the_conflict() -> None:
    done = edit(ChangeRequest({"drive_limit_s": 60}))
    assert done.plan.itinerary is None
    assert done.plan.conflict is not None
    assert "drive_limit" in done.plan.conflict.requirements
    assert done.changes == ()


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (DropPlace(place="osm:node/none"), MissingError),
        (DropPlace(category="museum", day=9), MissingError),
        (SwapLodging(7), MissingError),
        (MovePlace("osm:node/s0", 9), MissingError),
        (ChangeRequest({"end_date": "2020-01-01"}), InputError),
        (ChangeRequest({"no_such_field": 1}), InputError),
        (ShiftDates(10**7), InputError),
    ],
)
def test_an_edit_of_what_is_not_there_is_one_clear_error(change: Edit, error: type[Exception]) -> None:
    with pytest.raises(error):
        edit(change)
