"""What is said beside a plan."""

from metier_maps.planning.plan import plan_trip
from metier_maps.planning.search.best import Effort
from metier_maps.testing import make_place
from tests.toolkits.maps.planning.land import draw_land, find_violations, lay_out

LITTLE = Effort(6, 6, 1)


def test_places_that_share_an_assumption_on_hours_share_a_line() -> None:
    land = lay_out(*(make_place(f"osm:node/c{n}", "church", (42.5, 1.5 + n / 100)) for n in range(4)))
    made = plan_trip(land.ask(1, "c0", "c1", "c2"), land.gazetteer, land.router, effort=LITTLE)
    assert made.itinerary is not None
    stops = [
        (stop.hours.text, stop.place.name)
        for day in made.itinerary.days
        for stop in day.stops
        if stop.hours is not None and stop.hours.assumed
    ]
    lines = [line for line in made.itinerary.assumptions if line.startswith("Hours: ")]
    assert len(lines) == len({text for text, _ in stops}) < len(stops)
    assert all(any(text in line and name in line for line in lines) for text, name in stops)
    assert find_violations(made) == []


def test_without_must_sees_no_empty_trip_is_offered() -> None:
    land = draw_land(1, 25, 8)
    made = plan_trip(land.ask(1), land.gazetteer, land.router, effort=LITTLE)
    assert made.itinerary is not None
    assert all(other.sights > 0 for other in made.itinerary.alternatives)
