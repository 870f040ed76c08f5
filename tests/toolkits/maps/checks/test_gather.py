"""A file is judged by asking the map and the router anew; nothing in it is trusted."""

import json
from dataclasses import replace
from typing import Any

from metier.verdict import Outcome
from metier_maps.checks.gather import cite_afresh, gather_evidence
from metier_maps.itinerary import Itinerary
from metier_maps.records import PLANNER
from metier_maps.routing.router import Point
from metier_maps.testing import StraightLineRouter


def judged(workshop: Any, trip: Any, router: Any = None) -> Any:
    """Returns the trip as a file would be judged: with fresh evidence and fresh citations."""
    evidence = gather_evidence(trip.itinerary, workshop.gazetteer, router or workshop.router)
    return replace(trip, itinerary=cite_afresh(trip.itinerary, evidence), evidence=evidence)


def test_gathered_evidence_is_that_of_the_run_itself(workshop: Any) -> None:
    trip = workshop.write()
    of_the_map = {key: item for key, item in trip.evidence.items() if item.source != PLANNER}
    assert gather_evidence(trip.itinerary, workshop.gazetteer, workshop.router) == of_the_map


def test_a_true_file_without_any_citation_holds(workshop: Any) -> None:
    trip = workshop.write()
    bare = json.loads(trip.itinerary.model_dump_json())
    for day in bare["days"]:
        for claim in (*day["legs"], *day["stops"], *([day["night"]] if day["night"] else [])):
            claim["citations"] = []
    again = judged(workshop, replace(trip, itinerary=Itinerary.model_validate(bare)))
    assert [f.rule for f in again.findings() if f.outcome is not Outcome.HOLDS] == ["words"]


def test_a_file_with_an_invented_hotel_is_caught(workshop: Any) -> None:
    trip = workshop.write().planted("/days/0/night/place", {"id": "osm:node/ritz", "name": "Ritz"})
    assert {"places", "cited", "lodging"} <= judged(workshop, trip).rules()


def test_a_file_with_a_shorter_drive_than_the_router_finds_is_caught(workshop: Any) -> None:
    slow = StraightLineRouter({"car": 6.0, "bicycle": 4.0, "foot": 1.2})
    assert judged(workshop, workshop.write(), slow).rules() == {"leg_matches_router"}


def test_a_file_with_a_leg_where_no_road_leads_is_caught(workshop: Any) -> None:
    museum = workshop.places["museum"]
    island = StraightLineRouter(cut_off=frozenset({Point(museum.lat, museum.lon)}))
    assert judged(workshop, workshop.write(), island).rules() == {"leg_matches_router", "cited"}


def test_alternatives_and_forecasts_of_a_file_are_left_out(workshop: Any) -> None:
    trip = workshop.write_with_alternative(workshop.sketch())
    again = judged(workshop, trip)
    assert again.itinerary.alternatives == ()
    assert again.violated() == []
