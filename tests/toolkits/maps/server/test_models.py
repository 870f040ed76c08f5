"""Language models that plan through the tools, by a script: what they adopt passes, what they invent does not."""

from typing import Any

import pytest

from metier.answer import Adopted
from metier.canonical import JSON
from metier.runtime.copilot import Copilot
from metier.testing import ScriptedModel, Seen
from metier.toolkit import Call, Calls, Finish, Settings
from metier_maps import toolkit
from metier_maps.itinerary import Itinerary
from metier_maps.request import PlaceRef

TEXT = "A day in the sample region"


def ask_for_a_day(town: PlaceRef) -> dict[str, JSON]:
    at: dict[str, JSON] = {"id": town.id, "name": town.name}
    return {"region": "sample", "start_date": "2027-06-04", "end_date": "2027-06-04", "start": at, "end": at}


@pytest.fixture(scope="module")
def trip(sample: Settings) -> Itinerary:
    """A trip of a day, as another run made it."""
    words = "One day in the sample region by car on 4 June 2027, starting and ending in Skavastar, relaxed pace"
    answer = Copilot([toolkit], home=sample.data.parent).run_sync(words).answer
    assert isinstance(answer, Itinerary)
    return answer.model_copy(update={"alternatives": ()})


def run(sample: Settings, *steps: Any) -> Any:
    return Copilot([toolkit], model=ScriptedModel(steps), home=sample.data.parent).run_sync(TEXT)


def look_up(trip: Itinerary) -> Calls:
    """Returns the calls that give the evidence for every place and leg of a trip."""
    places = dict.fromkeys(
        place.id for day in trip.days for place in (day.start, day.end, *(stop.place for stop in day.stops))
    )
    details = [Call("place_details", {"place_id": key, "region": "sample"}) for key in places]
    legs: list[Call] = []
    for day in trip.days:
        for leg in day.legs:
            ends: list[JSON] = [leg.origin.id, leg.destination.id]
            legs.append(Call("route", {"stops": ends, "region": "sample", "on": day.date.isoformat()}))
    return Calls((Call("list_regions", {}), *details, *legs))


def adopt(seen: Seen) -> Finish:
    trips = [item.id for item in seen.evidence if isinstance(item.value, dict) and "days" in item.value]
    return Finish(Adopted(evidence=trips[-1]), "It holds.")


def test_a_model_that_plans_through_the_tools_and_adopts_the_trip_passes(sample: Settings, trip: Itinerary) -> None:
    planning = Calls((Call("plan_trip", {"request": ask_for_a_day(trip.request.start)}),))
    result = run(sample, planning, adopt)
    assert isinstance(result.answer, Itinerary), (result.refusal, result.trace.error)
    assert not result.verdict.violated


def test_a_model_mends_its_call_by_what_the_error_says(sample: Settings, trip: Itinerary) -> None:
    sloppy = ask_for_a_day(trip.request.start) | {"start": "Skavastar"}
    said: list[str] = []

    def mend(seen: Seen) -> Calls:
        said.append(str(seen.messages[-1]))
        return Calls((Call("plan_trip", {"request": ask_for_a_day(trip.request.start)}),))

    result = run(sample, Calls((Call("plan_trip", {"request": sloppy}),)), mend, adopt)
    assert isinstance(result.answer, Itinerary), (result.refusal, result.trace.error)
    assert "search_places" in said[0]


def test_an_itinerary_that_a_model_wrote_rightly_from_what_it_looked_up_passes(
    sample: Settings, trip: Itinerary
) -> None:
    result = run(sample, look_up(trip), Finish(trip, "Written by hand."))
    assert isinstance(result.answer, Itinerary), (result.refusal, result.trace.error)
    assert not result.verdict.violated


def test_one_that_it_wrote_wrongly_is_sent_back_and_then_refused(sample: Settings, trip: Itinerary) -> None:
    (day,) = trip.days
    shorter = [day.legs[0].model_copy(update={"distance_m": day.legs[0].distance_m - 100}), *day.legs[1:]]
    wrong = trip.model_copy(update={"days": (day.model_copy(update={"legs": tuple(shorter)}),)})
    said: list[int] = []

    def insist(seen: Seen) -> Finish:
        said.append(len(seen.objections))
        return Finish(wrong, "It is right.")

    result = run(sample, look_up(trip), *[insist] * 8)
    assert result.answer is None
    assert result.refusal is not None
    assert said[0] == 0
    assert max(said) > 0
