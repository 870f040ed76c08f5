"""A valid trip holds, and each planted fault is caught and named."""

import json
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from metier.answer import Answer
from metier.evidence import record_evidence
from metier.verdict import Outcome
from metier_maps.checks import CHECKS
from metier_maps.facts import Money
from metier_maps.records import record_place, record_trip
from metier_maps.request import Lodging, Party, Pets, PlaceRef

FAULTS: list[tuple[str, str, object, str]] = [
    ("a wrong distance", "/days/0/legs/0/distance_m", 3000, "leg_matches_router"),
    ("wrong minutes", "/days/0/legs/0/duration_s", 60, "leg_matches_router"),
    ("minutes that do not add up", "/days/0/legs/0/duration_s", 60, "sums"),
    ("a leg by another mode", "/days/0/legs/0/mode", "foot", "leg_matches_router"),
    ("a leg by a mode not asked for", "/days/0/legs/0/mode", "foot", "mode"),
    ("a leg to another end", "/days/0/legs/0/destination", {"id": "osm:node/inn", "name": "inn"}, "leg_matches_router"),
    ("another router's label", "/router", "live traffic", "leg_matches_router"),
    ("an unqueried leg", "/days/0/legs/0/citations", [], "leg_matches_router"),
    ("an uncited leg", "/days/0/legs/0/citations", [], "cited"),
    ("a day's sum", "/days/0/drive_s", 500, "sums"),
    ("a day's distance", "/days/0/distance_m", 1, "sums"),
    ("the trip's sum", "/drive_s", 2000, "sums"),
    ("a negative distance", "/days/0/legs/0/distance_m", -5, "sums"),
    ("leaving before beginning", "/days/0/stops/0/leave", "2026-12-04T10:00:00+01:00", "sums"),
    ("beginning before arriving", "/days/0/stops/0/begin", "2026-12-04T10:00:00+01:00", "sums"),
    ("a visit of no time", "/days/0/stops/0/leave", "2026-12-04T10:30:00+01:00", "sums"),
    ("a stop reached at another time", "/days/0/stops/0/arrive", "2026-12-04T10:20:00+01:00", "joined"),
    ("leaving before the visit ends", "/days/0/legs/1/depart", "2026-12-04T11:00:00+01:00", "joined"),
    ("a day that departs otherwise", "/days/0/depart", "2026-12-04T09:00:00+01:00", "joined"),
    ("a day that arrives otherwise", "/days/0/arrive", "2026-12-04T12:00:00+01:00", "joined"),
    ("a jump between days", "/days/1/start", {"id": "osm:node/castle", "name": "castle"}, "joined"),
    ("a stop without a leg", "/days/0/stops", [], "joined"),
    ("a missing last leg", "/days/2/legs", [], "joined"),
    ("a wrong date", "/days/1/date", "2026-12-09", "dates"),
    ("a wrong zone", "/timezone", "Europe/Moscow", "dates"),
    ("times of another zone", "/days/0/depart", "2026-12-04T09:25:24Z", "dates"),
    ("an unknown zone", "/region/timezone", "Moon/Crater", "dates"),
    ("hours claimed otherwise", "/days/0/stops/0/hours/text", "24/7", "open"),
    ("an interval claimed otherwise", "/days/0/stops/0/hours/closes", "2026-12-04T20:00:00+01:00", "open"),
    ("an assumption sold as a fact", "/days/1/stops/0/hours/assumed", False, "open"),
    ("no hours shown", "/days/0/stops/0/hours", None, "open"),
    ("an assumption not stated", "/assumptions", [], "open"),
    ("a stay past closing", "/days/0/stops/0/leave", "2026-12-04T18:10:00+01:00", "open"),
    ("a holiday that is none", "/days/0/holiday", "Feast of Fools", "calendar"),
    ("a sunset that is none", "/days/0/sunset", "2026-12-04T21:00:00+01:00", "calendar"),
    ("a sunset without a sunrise", "/days/0/sunrise", None, "calendar"),
    ("a missing night", "/days/0/night", None, "nights"),
    ("a night elsewhere", "/days/0/end", {"id": "osm:node/castle", "name": "castle"}, "nights"),
    ("a night that begins otherwise", "/days/0/night/arrive", "2026-12-04T20:00:00+01:00", "nights"),
    ("a lodging without evidence", "/days/0/night/citations", [], "lodging"),
    ("pets unknown sold as yes", "/days/0/night/dogs/value", "no", "pets"),
    ("a pet policy of another date", "/days/0/night/dogs/date", "2026-01-01", "pets"),
    ("another start", "/days/0/start", {"id": "osm:node/castle", "name": "castle"}, "ends"),
    ("another end", "/days/2/end", {"id": "osm:node/castle", "name": "castle"}, "ends"),
    ("no days", "/days", [], "ends"),
    ("a must-see not marked", "/days/1/stops/0/must_see", False, "must_see"),
    ("a sight sold as a must-see", "/days/0/stops/0/must_see", True, "must_see"),
    ("a price that is not known", "/days/0/night/price/value", {"cents": 100, "currency": "EUR"}, "prices"),
    ("a price from elsewhere", "/days/0/night/price/source", "hearsay", "prices"),
    ("an entrance fee made up", "/days/0/stops/0/cost/value", {"cents": 1, "currency": "EUR"}, "prices"),
    ("a total that is no sum", "/cost/value", {"cents": 1000, "currency": "EUR"}, "budget"),
    ("a total in another currency", "/cost/value", {"cents": 18000, "currency": "CHF"}, "budget"),
    ("no total with a budget", "/cost/value", None, "budget"),
    ("a sight under another name", "/days/0/stops/0/place/name", "Louvre", "places"),
    ("a sight elsewhere", "/days/0/stops/0/lat", 42.6, "places"),
    ("a sight of another kind", "/days/0/stops/0/categories", ["castle"], "places"),
    ("an invented hotel", "/days/0/night/place", {"id": "osm:node/ritz", "name": "Ritz"}, "places"),
    ("stars made up", "/days/0/night/stars/value", 5.0, "places"),
    ("a phone made up", "/days/0/night/phone/value", "+33 1", "places"),
    ("a website made up", "/days/0/night/website/value", "https://ritz.example", "places"),
    ("a place that is called otherwise", "/days/0/legs/0/origin/name", "Paris", "names"),
    ("no attribution", "/region/attribution", "  ", "region"),
    ("another country's holidays", "/region/country", "DE", "region"),
    ("another region", "/request/region", "atlantis", "region"),
    ("an endless title", "/title", "x" * 3000, "bounds"),
    ("no title", "/title", " ", "bounds"),
    ("a title that promises", "/title", "Free five-star nights, dogs welcome everywhere", "title"),
    ("a warning nobody gave", "/warnings", ["The museum is free on Sundays."], "words"),
    ("a line that is drawn elsewhere", "/days/0/legs/0/line", [[48.85, 2.35], [48.86, 2.36]], "lines"),
    ("a line round the world", "/days/0/legs/0/line", [[42.5, 1.52], [-42.5, -178.0], [42.52, 1.55]], "lines"),
    ("a line off the Earth", "/days/0/legs/0/line", [[1e300, 1.52], [42.52, 1.55]], "lines"),
    ("an entrance fee from hearsay", "/days/0/stops/0/cost/source", "hearsay", "prices"),
    ("a visit sold as a meal", "/days/0/stops/0/kind", "meal", "places"),
]


def test_a_valid_trip_holds_in_every_rule(workshop: Any) -> None:
    findings = workshop.write().findings()
    assert [f.sentence() for f in findings if f.outcome is not Outcome.HOLDS] == []
    assert {f.rule for f in findings} == {check.name for check in CHECKS} - {
        "avoid",
        "alternatives",
        "weather",
        "lines",
    }
    assert len({check.name for check in CHECKS}) == len(CHECKS)


@pytest.mark.parametrize(("pointer", "value", "rule"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_planted_fault_is_caught(workshop: Any, pointer: str, value: object, rule: str) -> None:
    trip = workshop.write().planted(pointer, value)
    caught = [f for f in trip.violated() if f.rule == rule]
    assert caught
    assert all(f.found and f.repair for f in caught)


def test_every_check_has_a_planted_fault() -> None:
    elsewhere = {"avoid", "alternatives", "request", "day_hours", "drive_limit", "pace", "intact", "weather"}
    assert {check.name for check in CHECKS} == {fault[3] for fault in FAULTS} | elsewhere


def test_a_sight_closed_on_that_weekday_is_caught_with_a_better_day(workshop: Any) -> None:
    museum, castle = workshop.places["museum"], workshop.places["castle"]
    days = ((workshop.visit(castle, "10:30"),), workshop.sketch().days[1], (workshop.visit(museum, "11:00"),))
    trip = workshop.write(workshop.sketch(days=days))
    (finding,) = trip.violated()
    assert (finding.rule, finding.subject, finding.found) == ("open", "/days/2/stops/0", "closed on 2026-12-06")
    assert finding.repair == "Visit it on 2026-12-04, 2026-12-05."


def test_a_public_holiday_is_caught_and_named(workshop: Any) -> None:
    request = workshop.ask(start_date=date(2026, 12, 8), end_date=date(2026, 12, 10))
    (finding,) = workshop.write(workshop.sketch(request)).violated()
    assert finding.found == "closed on 2026-12-08 (Immaculate Conception)"


def test_a_visit_after_the_last_entry_is_caught(workshop: Any) -> None:
    museum = workshop.places["tagged museum"]
    for begin, wrong in (("16:30", False), ("16:31", True)):
        days = ((workshop.visit(museum, begin, 30),), *workshop.sketch().days[1:])
        violated = workshop.write(workshop.sketch(days=days)).violated()
        assert [f.found for f in violated] == (["last entry 16:30"] if wrong else [])


def test_a_visit_in_the_dark_of_a_lookout_is_caught(workshop: Any) -> None:
    days = (
        workshop.sketch().days[0],
        (workshop.visit(workshop.places["lookout"], "17:00"),),
        workshop.sketch().days[2],
    )
    (finding,) = workshop.write(workshop.sketch(days=days)).violated()
    assert (finding.rule, finding.found) == ("open", "open 08:07 to 17:20")


@pytest.mark.parametrize(
    ("changes", "rule", "subject"),
    [
        ({"drive_limit_s": 600}, "drive_limit", "/days/1/drive_s"),
        ({"budget": Money(cents=17999)}, "budget", "budget"),
        ({"budget": Money(cents=30000, currency="CHF")}, "budget", "budget"),
        ({"party": Party(adults=3)}, "budget", "budget"),
        ({"must_see": (PlaceRef(id="osm:node/louvre", name="Louvre"),)}, "must_see", "must_see:osm:node/louvre"),
        ({"avoid": (PlaceRef(id="osm:node/castle", name="castle"),)}, "avoid", "/days/2/stops/0"),
        ({"dropped": (PlaceRef(id="osm:node/castle", name="castle"),)}, "avoid", "/days/2/stops/0"),
        ({"avoid_categories": ("museums",)}, "avoid", "/days/0/stops/0"),
        ({"avoid_categories": ("sight",)}, "avoid", "/days/0/stops/0"),
        ({"avoid_categories": ("博物馆",)}, "avoid", "/days/0/stops/0"),
        ({"start": PlaceRef(id="osm:node/inn", name="inn")}, "ends", "/days/0/start"),
        ({"end": PlaceRef(id="osm:node/inn", name="inn")}, "ends", "/days/2/end"),
        ({"lodging": Lodging(policy="stay")}, "lodging", "/days/1/night"),
        ({"lodging": Lodging(categories=("hostel",))}, "lodging", "/days/0/night"),
        ({"lodging": Lodging(min_stars=4)}, "lodging", "/days/0/night"),
        ({"day_start": time(10, 0)}, "day_hours", "/days/2"),
        ({"day_end": time(12, 0)}, "day_hours", "/days/0"),
        ({"start_date": date(2026, 12, 3)}, "dates", "dates"),
        ({"end_date": date(2026, 12, 7)}, "dates", "dates"),
        ({"mode": "bicycle"}, "mode", "/days/0/legs/0"),
    ],
)
def test_a_requirement_that_the_plan_breaks_is_caught(
    workshop: Any, changes: dict[str, object], rule: str, subject: str
) -> None:
    trip = workshop.write()
    request = trip.itinerary.request.model_copy(update=changes)
    broken = replace(trip, itinerary=trip.itinerary.model_copy(update={"request": request}))
    assert (rule, subject) in {(f.rule, f.subject) for f in broken.violated()}
    assert "request" in broken.rules()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("must_see", []),
        ("drive_limit_s", 7201),
        ("drive_limit_s", None),
        ("budget", None),
        ("pets", None),
        ("pets", {"kind": "dog", "confirmed": False}),
        ("party", {"adults": 1, "children": 0}),
        ("pace", "full"),
        ("lodging", {"policy": "any"}),
        ("day_end", "23:00:00"),
        ("avoid", [{"id": "osm:node/inn", "name": "inn"}]),
    ],
)
def test_a_request_that_was_changed_is_caught(workshop: Any, name: str, value: object) -> None:
    (finding,) = [f for f in workshop.write().planted(f"/request/{name}", value).violated() if f.rule == "request"]
    assert finding.subject == name


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"drive_limit_s": 7200}, set()),
        ({"drive_limit_s": 3600}, {"request"}),
        ({"drive_limit_s": 7200, "budget": None}, {"request"}),
        ({"drive_limit_s": 7200, "pets": None}, {"request"}),
    ],
)
def test_the_request_of_a_changed_trip_differs_by_the_change_alone(
    workshop: Any, changes: dict[str, object], rules: set[str]
) -> None:
    before = workshop.write().itinerary
    slow = before.model_copy(update={"request": workshop.ask(drive_limit_s=3600)})
    stated = {"trip": slow.model_dump(mode="json"), "edit": "one more hour of driving is fine"}
    trip = workshop.write(workshop.sketch(request=workshop.ask(**changes)), constraints=stated)
    found = {f.rule for f in trip.violated() if f.rule == "request"}
    assert found == rules


def test_what_a_change_that_was_not_understood_may_have_meant_is_unknown(workshop: Any) -> None:
    before = workshop.write().itinerary
    stated = {"trip": before.model_dump(mode="json"), "edit": "paint the budget purple and no lunch"}
    trip = workshop.write(workshop.sketch(request=workshop.ask(lunch=False, budget=None)), constraints=stated)
    assert [(f.outcome, f.subject) for f in trip.findings() if f.rule == "request"] == [("unknown", "budget")]


def test_a_must_see_is_reported_by_the_name_that_the_map_has(workshop: Any) -> None:
    wanted = [{"id": "osm:node/lookout", "name": "Eiffel Tower"}]
    trip = workshop.write(constraints={}).planted("/request/must_see", wanted)
    assert [f.claimed for f in trip.findings() if f.rule == "must_see"] == ["lookout is visited"]


def test_a_kind_that_does_not_exist_cannot_be_said_to_be_avoided(workshop: Any) -> None:
    trip = workshop.write(constraints={}).planted("/request/avoid_categories", ["hovercraft"])
    avoided = [f for f in trip.findings() if f.rule == "avoid"]
    assert [(f.claimed, f.outcome, f.found) for f in avoided] == [
        ("hovercraft", Outcome.UNKNOWN, "no such kind of place")
    ]


def test_a_line_as_long_as_its_leg_holds_and_one_that_goes_round_about_does_not(workshop: Any) -> None:
    trip = workshop.write()
    leg = trip.itinerary.days[0].legs[0]
    origin, destination = ([place.lat, place.lon] for place in map(_place_of(workshop), (leg.origin, leg.destination)))
    straight = trip.planted("/days/0/legs/0/line", [origin, destination])
    assert [f.outcome for f in straight.findings() if f.rule == "lines"] == [Outcome.HOLDS]
    bent = trip.planted("/days/0/legs/0/line", [origin, [42.6, 1.6], destination])
    assert ["m long" in f.found for f in bent.violated()] == [True]


def _place_of(workshop: Any) -> Any:
    return lambda ref: workshop.places[ref.name]


def test_a_request_may_name_its_places_otherwise_and_add_what_was_not_stated(workshop: Any) -> None:
    whole = workshop.ask().model_dump(mode="json")
    stated = {name: whole[name] for name in ("region", "start_date", "end_date", "start", "end", "must_see")}
    stated["must_see"] = [{"id": "osm:node/lookout", "name": "the lookout"}]
    assert workshop.write(None, stated).violated() == []
    assert workshop.write(None, {"must_see": stated["must_see"]}).violated() == []
    assert workshop.write(None, {"wishes": 3}).rules() == {"request"}


def test_a_pet_that_must_be_confirmed_needs_a_yes(workshop: Any) -> None:
    sketch = workshop.sketch(nights=(workshop.places["silent"], workshop.places["lodge"]))
    (finding,) = workshop.write(sketch).violated()
    assert (finding.rule, finding.subject) == ("pets", "/days/0/night")
    assert "phone +376 3" in finding.repair


def test_a_pet_policy_that_is_unknown_is_unknown_and_to_be_asked(workshop: Any) -> None:
    request = workshop.ask(pets=Pets(confirmed=False))
    trip = workshop.write(workshop.sketch(request, nights=(workshop.places["silent"], workshop.places["lodge"])))
    assert trip.violated() == []
    (finding,) = [f for f in trip.findings() if f.outcome is Outcome.UNKNOWN]
    assert (finding.rule, finding.repair) == ("pets", "Ask, phone +376 3.")


def test_an_unknown_pet_policy_sold_as_yes_is_caught(workshop: Any) -> None:
    request = workshop.ask(pets=Pets(confirmed=False))
    trip = workshop.write(workshop.sketch(request, nights=(workshop.places["silent"], workshop.places["lodge"])))
    (finding,) = trip.planted("/days/0/night/dogs/value", "yes").violated()
    assert (finding.rule, finding.found) == ("pets", "unknown (test data)")


def test_a_lodging_that_refuses_pets_is_caught_even_unconfirmed(workshop: Any) -> None:
    request = workshop.ask(pets=Pets(confirmed=False))
    trip = workshop.write(workshop.sketch(request, nights=(workshop.places["strict"], workshop.places["lodge"])))
    assert [(f.rule, f.found) for f in trip.violated()] == [("pets", "no dog there")]


def test_the_same_hotel_twice_is_caught_where_a_change_was_asked(workshop: Any) -> None:
    inn = workshop.places["inn"]
    (finding,) = workshop.write(workshop.sketch(nights=(inn, inn))).violated()
    assert (finding.rule, finding.subject) == ("lodging", "/days/1/night")


def test_a_sight_is_no_lodging(workshop: Any) -> None:
    trip = workshop.write(workshop.sketch(nights=(workshop.places["castle"], workshop.places["lodge"])))
    assert ("lodging", "a castle, sight, no lodging") in {(f.rule, f.found) for f in trip.violated()}


def test_an_unknown_price_breaks_a_budget_unless_the_user_gave_one(workshop: Any) -> None:
    nights = (workshop.places["plain"], workshop.places["lodge"])
    unpriced = workshop.write(workshop.sketch(nights=nights))
    assert "budget" in unpriced.rules()
    assert any("lodging_price" in f.repair for f in unpriced.violated())
    estimated = workshop.ask(lodging_price=Money(cents=10000))
    assert workshop.write(workshop.sketch(estimated, nights=nights)).violated() == []
    tight = workshop.ask(lodging_price=Money(cents=10000), budget=Money(cents=18999))
    (finding,) = workshop.write(workshop.sketch(tight, nights=nights)).violated()
    assert (finding.found, finding.repair) == ("190.00 EUR", "Save 0.01 EUR.")


def test_more_sights_than_the_pace_allows_is_caught(workshop: Any) -> None:
    castle = workshop.places["castle"]
    often = tuple(
        workshop.visit(castle, f"{hour}:{minute:02}", 10) for hour, minute in ((10, 0), (10, 10), (10, 20), (10, 30))
    )
    request = workshop.ask(pace="relaxed")
    trip = workshop.write(workshop.sketch(request, days=(*workshop.sketch().days[:2], often)))
    assert trip.rules() == {"pace"}


def test_forged_evidence_is_caught_whatever_it_says(workshop: Any) -> None:
    trip = workshop.write()
    cited = trip.itinerary.days[0].night.citations[0].evidence
    forged = replace(
        trip.evidence[cited], value={**trip.evidence[cited].value, "dogs": {"value": "yes", "source": "me"}}
    )
    assert {"intact", "places", "pets"} <= replace(trip, evidence={**trip.evidence, cited: forged}).rules()


def test_a_route_that_was_altered_is_caught(workshop: Any) -> None:
    trip = workshop.write()
    cited = trip.itinerary.days[0].legs[0].citations[0].evidence
    forged = replace(trip.evidence[cited], text="town to museum: 1 s")
    altered = replace(trip, evidence={**trip.evidence, cited: forged})
    assert {"intact", "leg_matches_router"} == altered.rules()


def test_evidence_that_another_tool_made_up_is_no_map_and_no_router(workshop: Any) -> None:
    trip = workshop.write()
    day = trip.itinerary.days[0]
    place, route = (trip.evidence[claim.citations[0].evidence] for claim in (day.night, day.legs[0]))
    fakes = [
        record_evidence(source="web/fetch", locator=item.locator, text=item.text, value=item.value)
        for item in (place, route)
    ]
    trip.evidence.update({fake.id: fake for fake in fakes})
    night = trip.planted("/days/0/night/citations", [{"evidence": fakes[0].id}])
    leg = trip.planted("/days/0/legs/0/citations", [{"evidence": fakes[1].id}])
    assert {"places", "lodging", "pets"} <= night.rules()
    assert leg.rules() == {"leg_matches_router"}


def test_evidence_of_another_place_is_caught(workshop: Any) -> None:
    trip = workshop.write()
    other = trip.itinerary.days[1].night.citations[0].evidence
    planted = trip.planted("/days/0/night/citations", [{"evidence": other}])
    assert {f.found for f in planted.violated() if f.rule == "places"} == {f"{other} is evidence of osm:node/lodge"}


def test_a_leg_that_was_queried_for_another_day_is_caught(workshop: Any) -> None:
    trip = workshop.write()
    later = {f"/days/{d}/date": str(day.date + timedelta(days=7)) for d, day in enumerate(trip.itinerary.days)}
    for pointer, value in later.items():
        trip = trip.planted(pointer, value)
    assert any("on 2026-12-04" in f.found for f in trip.violated() if f.rule == "leg_matches_router")


def test_evidence_of_an_earlier_run_is_not_evidence_of_this_one(workshop: Any) -> None:
    trip = workshop.write()
    gone = trip.itinerary.days[0].stops[0].citations[0].evidence
    assert {"cited", "places", "open"} <= trip.without_evidence(gone).rules()


def test_an_entrance_fee_that_nobody_knows_is_unknown_until_it_is_stated(workshop: Any) -> None:
    town = workshop.places["town"]
    days = (*workshop.sketch().days[:2], (workshop.visit(town, "10:00"),))
    trip = workshop.write(workshop.sketch(days=days))
    assert trip.violated() == []
    assert [f.claimed for f in trip.findings() if f.outcome is Outcome.UNKNOWN] == ["entrance to town"]
    said = (*trip.itinerary.assumptions, "town: the entrance fee is unknown and not included")
    written = trip.itinerary.model_copy(update={"assumptions": said})
    item = record_trip(written)
    stated = replace(trip, itinerary=written, evidence={**trip.evidence, item.id: item})
    assert {f.outcome for f in stated.findings()} == {Outcome.HOLDS}


def test_a_drive_over_the_change_of_the_clock_adds_up_in_true_seconds(workshop: Any) -> None:
    request = workshop.ask(start_date=date(2026, 10, 23), end_date=date(2026, 10, 25), day_start=time(1, 0))
    last = (workshop.visit(workshop.places["castle"], "01:30", 88),)  # leaves at 02:58; at 03:00 it is 02:00 again
    trip = workshop.write(workshop.sketch(request, days=(*workshop.sketch().days[:2], last)))
    assert trip.itinerary.days[2].arrive.isoformat() == "2026-10-25T02:07:33+01:00"
    assert trip.violated() == []
    for pointer in ("/days/2/legs/1/arrive", "/days/2/arrive"):
        trip = trip.planted(pointer, "2026-10-25T03:07:33+01:00")
    assert [(f.rule, f.found) for f in trip.violated()] == [("sums", "4173 s between them")]


def test_a_meal_where_one_is_already_needs_no_leg_but_a_meal_elsewhere_is_held_like_a_sight(workshop: Any) -> None:
    trip = workshop.write()
    raw = json.loads(trip.itinerary.model_dump_json())
    museum = raw["days"][0]["stops"][0]
    meal = {name: museum[name] for name in ("place", "lat", "lon")} | {"kind": "meal"}
    meal |= {"arrive": "2026-12-04T11:15:00+01:00", "begin": "2026-12-04T11:15:00+01:00", "leave": museum["leave"]}
    museum["leave"] = meal["arrive"]
    with_meal = trip.planted("/days/0/stops", [museum, meal])
    assert with_meal.violated() == []
    closed = trip.planted("/days/0/stops", [museum, {**meal, "place": {"id": "osm:node/inn", "name": "inn"}}])
    assert {"joined", "open", "places"} <= closed.rules()


def test_a_forecast_must_be_the_services_own_for_that_day(workshop: Any) -> None:
    trip = workshop.write()
    value = {"on": "2026-12-04", "text": "snow, -3 to 1 °C"}
    item = record_evidence(source="open-meteo", locator="forecast/42.50,1.52/2026-12-04", text="snow", value=value)
    trip.evidence[item.id] = item
    known = {"known": True, "text": "snow, -3 to 1 °C", "citations": [{"evidence": item.id}]}
    assert trip.planted("/days/0/weather", known).violated() == []
    assert trip.planted("/days/0/weather", {"known": False, "text": "unknown: offline"}).violated() == []
    for day, weather in ((1, known), (0, known | {"text": "sun"}), (0, {"known": False, "text": "sun"})):
        assert trip.planted(f"/days/{day}/weather", weather).rules() == {"weather"}


def test_an_alternative_is_held_to_the_same_rules(workshop: Any) -> None:
    sketch = workshop.sketch()
    good = workshop.write_with_alternative(workshop.sketch(days=(sketch.days[2], sketch.days[1], sketch.days[2])))
    assert good.violated() == []
    bad = workshop.write_with_alternative(workshop.sketch(nights=(workshop.places["strict"], workshop.places["lodge"])))
    (finding,) = bad.violated()
    assert finding.found.startswith("it breaks pets at /days/0/night")
    assert good.planted("/alternatives/0/drive_s", 1).rules() == {"alternatives"}
    assert good.planted("/alternatives/0/sights", 9).rules() == {"alternatives"}
    assert "alternatives" in good.planted("/alternatives/0/citations", []).rules()


def test_an_answer_that_is_no_itinerary_is_violated_by_every_check_of_ours(workshop: Any) -> None:
    class Other(Answer):
        def claims(self) -> list[Any]:
            return []

    judged = {check.name for check in CHECKS if check(workshop.write().task, Other(), {}).violated}
    assert judged == {check.name for check in CHECKS} - {"cited"}


def test_a_name_in_another_language_is_a_name(workshop: Any) -> None:
    trip = workshop.write()
    day = trip.itinerary.days[0]
    place = workshop.places["inn"].model_copy(
        update={"names": {"name": "inn", "name:zh": "旅馆", "alt_name": "Old Inn;Tavern"}}
    )
    item = record_place(trip.itinerary.region, place)
    trip.evidence.update({item.id: item})
    del trip.evidence[day.night.citations[0].evidence]
    cited = trip.planted("/days/0/night/citations", [{"evidence": item.id}])
    for name, known in (("旅馆", True), ("Tavern", True), ("Ritz", False)):
        assert (cited.planted("/days/0/night/place/name", name).violated() == []) is known


def test_a_warning_that_the_planner_gave_may_not_be_left_out(workshop: Any) -> None:
    trip = workshop.write()
    warned = trip.itinerary.model_copy(update={"warnings": ("The inn must be asked about the dog.",)})
    item = record_trip(warned)
    silent = replace(
        trip, evidence={item.id: item, **{k: v for k, v in trip.evidence.items() if v.source != "planner"}}
    )
    assert "words" in silent.rules()
    assert "words" not in replace(silent, itinerary=warned).rules()


def test_words_beside_a_trip_that_no_planner_made_are_said_to_be_the_authors(workshop: Any) -> None:
    trip = workshop.write()
    given = record_trip(trip.itinerary, source="itinerary as given")
    others = {k: v for k, v in trip.evidence.items() if v.source != "planner"}
    findings = replace(trip, evidence={**others, given.id: given}).findings()
    assert [f.subject for f in findings if f.rule == "words" and f.outcome is Outcome.UNKNOWN] == ["/assumptions"]
