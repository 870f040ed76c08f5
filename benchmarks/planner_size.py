"""What a plan costs in time, against the size of the trip: sights, lodgings and days, on a made-up land.

Run with `python -m benchmarks.planner_size`. The ratio is to the smallest size; "missed" is by how much driving time
(sights and lodgings counted in it) ten times the work finds a better trip.
"""

import random
from datetime import date, timedelta
from time import perf_counter
from typing import Final

from benchmarks.timing import print_table, time_in_turn
from metier_maps.place import Place
from metier_maps.planning.plan import plan_trip
from metier_maps.planning.search.best import Effort, search_trips
from metier_maps.planning.search.trip import value_trip
from metier_maps.planning.survey.collect import Scope, Sources, collect_problem
from metier_maps.request import Lodging, PlaceRef, TripRequest
from metier_maps.testing import InMemoryGazetteer, Known, StraightLineRouter, make_place, make_region

SIZES: Final = ((12, 4, 2), (20, 6, 3), (30, 8, 3), (40, 12, 4))
HARDER: Final = Effort(scanned=480, changed=800, polished=20, rounds=10)
KINDS: Final = ("museum", "viewpoint", "castle", "church", "park", "waterfall")
HOURS: Final = (None, "Mo-Su 10:00-18:00", "Tu-Su 10:00-13:00,15:00-18:00", "Sa,Su 09:00-17:00")
FIRST: Final = date(2026, 12, 4)
ROUNDS: Final = 3


def main() -> None:
    """Prints a table with a row for each size."""
    lands = [draw_land(*size) for size in SIZES]
    times = time_in_turn([lambda land=land: _plan(*land) for land in lands], rounds=ROUNDS)
    rows = []
    for size, land, seconds in zip(SIZES, lands, times, strict=True):
        missed, harder_s = _compare(size, *land)
        row = [" / ".join(map(str, size)), f"{seconds:.2f} s", f"{seconds / times[0]:.1f}", f"{seconds / 10:.2f}"]
        rows.append([*row, f"{missed:.1f} min", f"{harder_s:.1f} s"])
    columns = ["sights / lodgings / days", "plan", "ratio", "part of the 10 s allowed", "missed", "ten times the work"]
    print_table("Planner", columns, rows)


def draw_land(sights: int, lodgings: int, days: int) -> tuple[InMemoryGazetteer, TripRequest]:
    """Returns so many sights and lodgings within some 30 km of a town, and a trip of so many days."""
    draw = random.Random(sights)
    town = make_place("osm:node/1", "town", (42.5, 1.5))
    seen = [_place(draw, f"s{n}", draw.choice(KINDS), Known(hours=draw.choice(HOURS))) for n in range(sights)]
    beds = [_place(draw, f"h{n}", "hotel", Known(phone="+1")) for n in range(lodgings)]
    ends = PlaceRef(id=town.id, name=town.name)
    request = TripRequest(
        region="testland",
        start_date=FIRST,
        end_date=FIRST + timedelta(days=days - 1),
        start=ends,
        end=ends,
        must_see=tuple(PlaceRef(id=place.id, name=place.name) for place in seen[:2]),
        drive_limit_s=3 * 3600,
        lodging=Lodging(policy="change"),
        pace="full",
    )
    return InMemoryGazetteer(make_region(), [town, *seen, *beds]), request


def _place(draw: random.Random, name: str, kind: str, known: Known) -> Place:
    at = (42.5 + draw.uniform(-0.25, 0.25), 1.5 + draw.uniform(-0.3, 0.3))
    return make_place(f"osm:node/{name}", kind, at, known)


def _plan(gazetteer: InMemoryGazetteer, request: TripRequest) -> None:
    if plan_trip(request, gazetteer, StraightLineRouter()).itinerary is None:
        raise SystemExit("no plan was found: the land is drawn badly")


def _compare(size: tuple[int, int, int], gazetteer: InMemoryGazetteer, request: TripRequest) -> tuple[float, float]:
    """Returns by how many minutes of driving a much longer search finds a better trip, and its seconds."""
    sources = Sources(gazetteer, StraightLineRouter())
    problem = collect_problem(request, sources, Scope(size[0], size[1]))
    usual = search_trips(problem, Effort(), lambda: True).ranked()[0]
    began = perf_counter()
    best = search_trips(problem, HARDER, lambda: True).ranked()[0]
    return (value_trip(problem, best) - value_trip(problem, usual)) / 60, perf_counter() - began


if __name__ == "__main__":
    main()
