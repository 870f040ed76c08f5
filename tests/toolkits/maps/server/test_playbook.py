"""The playbook through the copilot: from words to a verified trip, or to questions and refusals."""

from collections.abc import Callable
from pathlib import Path

import pytest

from metier.answer import Questions, Refusal
from metier.canonical import JSON
from metier.errors import InputError, MissingError
from metier.runtime.copilot import Copilot
from metier.runtime.result import Result
from metier.task import Task
from metier.toolkit import Call, Calls, Finish, Observation, Settings
from metier_maps import SAMPLE_REQUEST, toolkit
from metier_maps.itinerary import Itinerary
from metier_maps.playbook import play

EXAMPLE = (
    "Four days in Andorra by car from 4 December 2026, starting and ending in Andorra la Vella, with my dog. I must see"
    " Sant Joan de Caselles and the Mirador Roc del Quer, at most 3 hours of driving a day, a different hotel"
    " every night"
)
Run = Callable[..., Result]


def running(settings: Settings) -> Run:
    """Returns what runs a task on the maps of these settings; the home is the folder above them."""
    return Copilot([toolkit], home=settings.data.parent).run_sync


@pytest.fixture
def run(sample: Settings) -> Run:
    return running(sample)


@pytest.fixture(scope="module")
def planned(sample: Settings) -> Result:
    """What came of the sample request; the tests that change the trip begin with it."""
    return running(sample)(SAMPLE_REQUEST)


def trip_of(result: Result) -> Itinerary:
    assert isinstance(result.answer, Itinerary), (result.refusal, result.questions, result.trace.error)
    return result.answer


def asked(result: Result) -> str:
    assert result.questions is not None, (result.answer, result.refusal, result.trace.error)
    return " | ".join(f"{q.text} {', '.join(q.choices)}" for q in result.questions.questions)


def test_the_sample_request_gives_a_trip_that_keeps_it(planned: Result) -> None:
    trip = trip_of(planned)
    assert not planned.verdict.violated
    assert trip.request.days == 3
    seen = {stop.place.name for day in trip.days for stop in day.stops}
    assert {"Kastel Bölmos", "Kastel Jamomin"} <= seen
    nights = [day.night.place.id for day in trip.days if day.night is not None]
    assert len(set(nights)) == len(nights) == 2
    assert all(day.drive_s <= 3 * 3600 for day in trip.days)
    assert trip.assumptions[0].startswith("understood: ")


def test_the_example_of_the_readme_is_planned_on_real_data(real_andorra: Settings) -> None:
    result = running(real_andorra)(EXAMPLE)
    trip = trip_of(result)
    assert not result.verdict.violated
    assert [day.date.day for day in trip.days] == [4, 5, 6, 7]
    assert trip.request.start == trip.request.end
    assert [ref.name for ref in trip.request.must_see] == ["Sant Joan de Caselles", "Mirador Roc del Quer"]
    assert trip.request.pets is not None
    assert any("church of that name" in line for line in trip.assumptions)
    assert all("dog" not in line or "unknown" in line for line in trip.warnings)


def test_the_same_request_in_chinese_is_planned_on_real_data(real_andorra: Settings) -> None:
    result = running(real_andorra)(
        "2026年12月4日起三天，在安道尔自驾，从安道尔城出发并返回，带狗，必去Caldea，每天开车不超过3小时，每晚换酒店"
    )
    trip = trip_of(result)
    assert not result.verdict.violated
    assert (trip.request.start.name, trip.request.days, trip.request.drive_limit_s) == ("Andorra la Vella", 3, 10800)


def test_a_typed_request_needs_no_words(run: Run, planned: Result) -> None:
    trip = trip_of(planned)
    request = trip.request.model_dump(mode="json")
    again = run("As in the constraints.", request)
    assert trip_of(again).request == trip.request
    assert not again.verdict.violated


def test_what_is_missing_is_asked_all_at_once(run: Run) -> None:
    text = asked(run("Plan me a trip"))
    assert "On which day" in text
    assert "How many days" in text
    assert "Where does the trip start" in text


def test_questions_to_a_chinese_request_are_in_chinese(run: Run) -> None:
    assert "从哪里出发" in asked(run("明天出发玩三天"))


def test_an_unknown_region_is_asked_with_those_that_are_there(run: Run) -> None:
    assert "sample" in asked(run("Two days in Zzyzx from tomorrow, from Skavastar"))


def test_an_unknown_place_is_asked_with_near_names(run: Run) -> None:
    text = asked(run("Two days in sample from 4 June 2027, from Skavastar, must see Kastel Nowhere"))
    assert 'no place like "Kastel Nowhere"' in text or '"Kastel Nowhere" can be' in text


def test_a_typo_is_read_and_said(run: Run) -> None:
    trip = trip_of(run("Two days in sample from 4 June 2027, from Skavastr"))
    assert trip.request.start.name == "Skavastar"
    assert any('"Skavastr" read as Skavastar' in line for line in trip.assumptions)


def test_a_name_of_several_places_is_asked_and_its_id_answers(run: Run) -> None:
    result = run("Two days in sample from 4 June 2027, from Skavastar, must see Muzeon")
    assert result.questions is not None
    choice = result.questions.questions[0].choices[0]
    place = choice.rsplit(", ", 1)[1].rstrip(")")
    trip = trip_of(run(f"Two days in sample from 4 June 2027, from Skavastar, must see {place}"))
    assert [ref.id for ref in trip.request.must_see] == [place]


def test_an_ambiguous_date_is_asked(run: Run) -> None:
    assert "two dates" in asked(run("Two days in sample on 5/6/2027, from Skavastar"))


@pytest.mark.parametrize(
    "text", ["31 February 2027 in sample", "400 days in sample", "from 7 to 4 June 2027 in sample"]
)
def test_impossible_dates_end_before_any_plan(run: Run, text: str) -> None:
    with pytest.raises(InputError):
        run(text)


def test_a_text_in_no_language_is_not_understood_and_asked(run: Run) -> None:
    result = run("qwrtp zxcvb")
    assert asked(result)
    assert result.questions is not None
    assert result.questions.not_understood == ("qwrtp zxcvb",)


def test_no_map_data_says_how_to_get_some(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="metier maps add"):
        Copilot([toolkit], home=tmp_path).run_sync(SAMPLE_REQUEST)


def test_what_was_not_understood_is_printed_in_the_trip(run: Run) -> None:
    trip = trip_of(run("Two days in sample from 4 June 2027, from Skavastar, teleport between xylophones"))
    assert 'not understood: "teleport between xylophones"' in trip.assumptions


def test_an_impossible_request_is_refused_with_ways_out(run: Run) -> None:
    result = run("Two days in sample from 4 June 2027, from Skavastar, must see Kastel Bölmos, drive limit 1 minute")
    assert result.refusal is not None
    assert "drive_limit" in result.refusal.conflict
    assert result.refusal.options


def test_a_trip_is_changed_in_words(run: Run, planned: Result) -> None:
    trip = trip_of(planned)
    changed = run(Task("change", ("maps",), {"trip": trip.model_dump(mode="json"), "edit": "start a day later"}))
    later = trip_of(changed)
    assert not changed.verdict.violated
    assert (later.request.start_date - trip.request.start_date).days == 1
    assert "changed: start a day later" in later.assumptions
    assert later.assumptions[0] == trip.assumptions[0]


def test_a_change_of_what_is_not_in_the_trip_is_asked(run: Run, planned: Result) -> None:
    trip = trip_of(planned).model_dump(mode="json")
    assert "Kastel Bölmos" in asked(run(Task("change", ("maps",), {"trip": trip, "edit": "drop the Eiffel Tower"})))
    assert "What should be changed" in asked(run(Task("change", ("maps",), {"trip": trip, "edit": "be nice"})))


def test_objections_end_in_a_refusal_and_never_in_a_loop() -> None:
    move = play(Task("Two days in sample"), (), ("legs: /days/0/legs/0",))
    assert isinstance(move, Finish)
    assert isinstance(move.outcome, Refusal)


def test_a_server_that_forgot_the_trip_is_sent_it_whole() -> None:
    trip: dict[str, JSON] = {"title": "any"}
    seen = [
        seen_from("list_regions", {}, {"today": "2026-11-23", "regions": [{"name": "sample"}]}),
        seen_from("plan_trip", {"request": {}}, {"trip": "ev-1", "itinerary": trip}),
        seen_from("verify_trip", {"trip": "ev-1"}, None),
        seen_from("weather", {"trip": "ev-1"}, None),
    ]
    move = play(Task("Two days in sample"), seen, ())
    assert isinstance(move, Calls)
    assert [(call.tool, dict(call.arguments)) for call in move.calls] == [
        ("verify_trip", {"itinerary": trip}),
        ("weather", {"itinerary": trip}),
    ]


def seen_from(tool: str, arguments: dict[str, JSON], value: JSON) -> Observation:
    return Observation(Call(tool, arguments), "", value, (), is_error=value is None)


def test_the_first_move_asks_which_maps_there_are() -> None:
    move = play(Task("anything"), (), ())
    assert isinstance(move, Calls)
    assert [call.tool for call in move.calls] == ["list_regions"]
    assert not isinstance(move, Questions)
