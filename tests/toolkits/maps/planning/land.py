"""A small made-up land, drawn from a seed, and what every plan of it must keep."""

import random
from dataclasses import dataclass
from datetime import date
from typing import Any

from metier.task import Task
from metier.verdict import Finding
from metier_maps.checks import CHECKS
from metier_maps.facts import Tri
from metier_maps.place import Place
from metier_maps.places.gazetteer import Gazetteer
from metier_maps.planning.plan import Plan
from metier_maps.records import record_trip
from metier_maps.request import PlaceRef, TripRequest
from metier_maps.routing.router import Router
from metier_maps.testing import InMemoryGazetteer, Known, StraightLineRouter, make_place, make_region

TOWN = "osm:node/1"
KINDS = ("museum", "viewpoint", "castle", "church", "park", "waterfall")
HOURS = (None, "Mo-Su 10:00-18:00", "Tu-Su 10:00-13:00,15:00-18:00", "Sa,Su 09:00-17:00", "24/7")


@dataclass(frozen=True)
class Land:
    """A gazetteer and a router, and requests in it."""

    gazetteer: Gazetteer
    router: Router

    def ask(self, days: int, *musts: str, **fields: Any) -> TripRequest:
        """Returns a request of so many days from the town and back, from Friday 4 December 2026."""
        return TripRequest.model_validate(
            {
                "region": self.gazetteer.region.name,
                "start_date": date(2026, 12, 4),
                "end_date": date(2026, 12, 3 + days),
                "start": refer(TOWN),
                "end": refer(TOWN),
                "must_see": tuple(refer(f"osm:node/{name}") for name in musts),
                **fields,
            }
        )


def refer(key: str) -> PlaceRef:
    return PlaceRef(id=key, name=key.rsplit("/", 1)[-1])


def draw_land(seed: int, sights: int, lodgings: int, *, router: Router | None = None) -> Land:
    """Returns a town with sights s0, s1... and hotels h0, h1... within some 30 km."""
    draw = random.Random(seed)
    places = [make_place(TOWN, "town", (42.5, 1.5))]
    for number in range(sights):
        known = Known(hours=draw.choice(HOURS), fee=draw.choice(list(Tri)), price_cents=draw.choice((None, 500)))
        places.append(make_place(f"osm:node/s{number}", draw.choice(KINDS), _spot(draw), known))
    for number in range(lodgings):
        known = Known(
            dogs=draw.choice(list(Tri)),
            price_cents=draw.choice((None, 5000, 9000)),
            stars=draw.choice((None, 2.0, 3.0, 4.0)),
            phone="+376 1",
        )
        places.append(make_place(f"osm:node/h{number}", "hotel", _spot(draw), known))
    return Land(InMemoryGazetteer(make_region(), places), router or StraightLineRouter())


def _spot(draw: random.Random) -> tuple[float, float]:
    return 42.5 + draw.uniform(-0.25, 0.25), 1.5 + draw.uniform(-0.3, 0.3)


def lay_out(*places: Place, router: Router | None = None) -> Land:
    """Returns a land of a town and these places."""
    town = make_place(TOWN, "town", (42.5, 1.5))
    return Land(InMemoryGazetteer(make_region(), [town, *places]), router or StraightLineRouter())


def find_violations(plan: Plan) -> list[Finding]:
    """Returns every finding of every check that a plan violates; one of them holds its alternatives too."""
    assert plan.itinerary is not None
    assert len(plan.itinerary.alternatives) == len(plan.alternatives)
    evidence = {item.id: item for item in (*plan.evidence, record_trip(plan.itinerary))}
    return [f for check in CHECKS for f in check(Task("a trip"), plan.itinerary, evidence).violated]
