"""A planned trip of two days with hostile names, and the settings of a machine that has no region installed."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from metier.evidence import Evidence
from metier.task import Task
from metier.toolkit import Delivery, Settings
from metier.verdict import Finding, Outcome, verdict_of
from metier_maps.itinerary import Itinerary
from metier_maps.planning.plan import plan_trip
from metier_maps.request import Lodging, Pets, PlaceRef, TripRequest
from metier_maps.testing import InMemoryGazetteer, Known, StraightLineRouter, make_place, make_region

SCRIPT = '<script>alert("x")</script>'
HOSTILE = f"{SCRIPT} `*[a](javascript:1)*` ]]> \x00\x07‮ 故宫"


def hostile_gazetteer() -> InMemoryGazetteer:
    places = [
        make_place("osm:node/1", "museum", (42.52, 1.52), Known(hours="Mo-Su 10:00-18:00")),
        make_place("osm:node/2", "viewpoint", (42.55, 1.57)),
        make_place("osm:node/3", "hotel", (42.54, 1.55), Known(phone="+376 000 000")),
        make_place("osm:node/4", "town", (42.50, 1.50)),
    ]
    named = [place.model_copy(update={"name": f"{HOSTILE} {number}"}) for number, place in enumerate(places)]
    return InMemoryGazetteer(make_region(), named)


@pytest.fixture(scope="session")
def delivery() -> Delivery:
    gazetteer = hostile_gazetteer()
    town = PlaceRef(id="osm:node/4", name=gazetteer.get("osm:node/4").name)
    sights = tuple(PlaceRef(id=f"osm:node/{n}", name=gazetteer.get(f"osm:node/{n}").name) for n in (1, 2))
    request = TripRequest(
        region=gazetteer.region.name,
        start_date=date(2027, 3, 27),  # the clocks go forward in the night
        end_date=date(2027, 3, 28),
        start=town,
        end=town,
        must_see=sights,
        pets=Pets(confirmed=False),
        lodging=Lodging(policy="any"),
    )
    plan = plan_trip(request, gazetteer, StraightLineRouter())
    assert plan.itinerary is not None
    evidence: dict[str, Evidence] = {entry.id: entry for entry in plan.evidence}
    finding = Finding("pets", "/days/0/night", Outcome.UNKNOWN, HOSTILE, HOSTILE, "Ask.")
    return Delivery(Task(HOSTILE, ("maps",)), plan.itinerary, verdict_of([finding]), evidence)


@pytest.fixture(scope="session")
def itinerary(delivery: Delivery) -> Itinerary:
    assert isinstance(delivery.answer, Itinerary)
    return delivery.answer


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path)


@pytest.fixture
def fictional(delivery: Delivery, itinerary: Itinerary) -> Delivery:
    region = itinerary.region.model_copy(update={"fictional": True})
    return replace(delivery, answer=itinerary.model_copy(update={"region": region}))
