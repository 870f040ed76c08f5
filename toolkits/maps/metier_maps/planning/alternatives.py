"""Other plans for the same request that really differ: other lodgings, other sights, fewer sights."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from metier.evidence import Citation
from metier_maps.itinerary import Alternative, Itinerary
from metier_maps.planning.search.best import QUICK, NightSolver, Pool
from metier_maps.planning.search.mending import fill_trip, settle_trip, trim_trip
from metier_maps.planning.search.trip import Trip, is_complete
from metier_maps.planning.survey.problem import Problem
from metier_maps.planning.writing.assemble import Ledger
from metier_maps.planning.writing.differences import list_differences
from metier_maps.planning.writing.validate import Written, write_valid
from metier_maps.records import record_trip

MOST = 3
TRIED = 6  # trips with other lodgings that are written out before giving up


@dataclass(frozen=True, slots=True)
class Other:
    """An alternative, written out, and how it differs from the main plan."""

    title: str
    differs: tuple[str, ...]
    itinerary: Itinerary


def find_alternatives(main: Written, pool: Pool, ledger: Ledger) -> tuple[Other, ...]:
    """Returns up to three plans that keep every requirement and differ from the main one and from each other."""
    found: list[Other] = []
    shapes = {_shape(main.trip)}
    for title, trips in (
        ("Other lodgings", _with_other_beds(main, pool)),
        ("Other sights", _with_other_sights(main)),
        ("A calmer trip", _with_fewer_sights(main)),
        ("Only what must be seen", _with_musts_alone(main)),
    ):
        written = next((w for w in _write_all(main.problem, trips, ledger) if _shape(w.trip) not in shapes), None)
        if written is None or len(found) == MOST:
            continue
        shapes.add(_shape(written.trip))
        found.append(Other(title, list_differences(main.itinerary, written.itinerary), written.itinerary))
    return tuple(found)


def bind_alternatives(itinerary: Itinerary, others: Sequence[Other], ledger: Ledger) -> Itinerary:
    """Returns the itinerary with its alternatives in short, each citing the evidence that holds it whole."""
    summaries = []
    for other in others:
        evidence = record_trip(other.itinerary)
        ledger.evidence[evidence.id] = evidence
        summaries.append(
            Alternative(
                title=other.title,
                differs=other.differs,
                drive_s=other.itinerary.drive_s,
                distance_m=other.itinerary.distance_m,
                sights=sum(stop.kind == "sight" for day in other.itinerary.days for stop in day.stops),
                citations=(Citation(evidence=evidence.id),),
            )
        )
    return itinerary.model_copy(update={"alternatives": tuple(summaries)})


def _shape(trip: Trip) -> tuple[object, ...]:
    return trip.nights, tuple(frozenset(order) for order in trip.orders)


def _write_all(problem: Problem, trips: Iterator[Trip | None], ledger: Ledger) -> Iterator[Written]:
    for _, trip in zip(range(TRIED), trips, strict=False):
        if trip is None or not is_complete(problem, trip):
            continue
        written = write_valid(problem, trip, ledger)
        if written is not None:
            yield written


def _with_other_beds(main: Written, pool: Pool) -> Iterator[Trip | None]:
    """Yields trips of the search in other beds, those that share fewest nights first."""
    nights = main.trip.nights
    others = [trip for trip in pool.ranked() if trip.nights != nights]
    shared = {trip.nights: sum(a == b for a, b in zip(trip.nights, nights, strict=True)) for trip in others}
    half = [trip for trip in others if 2 * shared[trip.nights] <= len(nights)]
    for trip in half or sorted(others, key=lambda trip: shared[trip.nights]):
        yield trim_trip(main.problem, fill_trip(main.problem, trip))


def _with_other_sights(main: Written) -> Iterator[Trip | None]:
    """Yields a trip in the same beds without the sights of the main one that may be left out."""
    problem = main.problem
    closed = tuple(() for _ in problem.frames)
    sights = tuple(
        replace(sight, openings=closed) if number in main.trip.seen and not sight.must else sight
        for number, sight in enumerate(problem.sights)
    )
    variant = replace(problem, sights=sights)
    trip = NightSolver(variant).solve(main.trip.nights, QUICK)
    if trip is None or not is_complete(problem, trip):
        trip = _musts_alone(main)
    if trip is not None and (more := fill_trip(variant, trip)).seen != frozenset(problem.musts):
        yield more


def _with_fewer_sights(main: Written) -> Iterator[Trip | None]:
    """Yields the main trip without every other one of the sights that may be left out, the least first."""
    problem = main.problem
    optional = sorted(
        (i for i in main.trip.seen if not problem.sights[i].must), key=lambda i: (problem.sights[i].score, i)
    )
    if len(optional) > 1:
        out = set(optional[: (len(optional) + 1) // 2])
        orders = [[i for i in order if i not in out] for order in main.trip.orders]
        yield settle_trip(problem, main.trip.nights, orders)


def _with_musts_alone(main: Written) -> Iterator[Trip | None]:
    if main.problem.musts:
        yield _musts_alone(main)


def _musts_alone(main: Written) -> Trip | None:
    musts = set(main.problem.musts)
    orders = [[i for i in order if i in musts] for order in main.trip.orders]
    return settle_trip(main.problem, main.trip.nights, orders)
