"""From a request to a plan that keeps it, or to the reasons why there is none."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic

from metier.evidence import Evidence
from metier_maps.itinerary import Conflict, Itinerary
from metier_maps.places.gazetteer import Gazetteer
from metier_maps.planning.alternatives import bind_alternatives, find_alternatives
from metier_maps.planning.conflict import find_certain, find_searched, list_evidence
from metier_maps.planning.search.best import Effort, Pool, search_trips
from metier_maps.planning.search.feasible import MOST_MUSTS, find_feasible
from metier_maps.planning.search.trip import Trip
from metier_maps.planning.survey.collect import PROOF_LODGINGS, Scope, Sources, collect_problem, scope_plan
from metier_maps.planning.survey.problem import Problem
from metier_maps.planning.writing.assemble import Ledger
from metier_maps.planning.writing.validate import write_valid
from metier_maps.request import TripRequest
from metier_maps.routing.router import Router


@dataclass(frozen=True, slots=True)
class Plan:
    """An itinerary with its alternatives, or a conflict; and the evidence of every place and leg in them."""

    itinerary: Itinerary | None
    alternatives: tuple[Itinerary, ...]
    conflict: Conflict | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the search is: the step it is at, lodging sequences solved, and complete trips among them."""

    step: str
    solved: int
    found: int


MANY = Effort(scanned=48, changed=40, polished=4, rounds=6)  # for more must-sees than a complete search can take
Report = Callable[[Progress], object]


def plan_trip(
    request: TripRequest,
    gazetteer: Gazetteer,
    router: Router,
    *,
    progress: Report | None = None,
    time_limit_s: float = 10.0,
    effort: Effort = Effort(),
) -> Plan:
    """Returns a plan that keeps every requirement, or the conflict; the same input gives the same plan.

    `effort` bounds the search by counts; after `time_limit_s` the best so far is returned. `progress` is called now
    and then, and ends the search early by returning False. Raises MissingError for a place that is not in the region,
    InputError for a start or end that no road is near, ServerError when the router does not answer.
    """
    sources = Sources(gazetteer, router)
    certain = find_certain(request, sources)
    if certain is not None:
        return Plan(None, (), certain, list_evidence(certain, sources))
    watch = Watch(monotonic() + time_limit_s, progress)
    for candidate in (request, request.model_copy(update={"lunch": False})):
        watch.tell("places and roads")
        found = _search(candidate, sources, watch, effort)
        if found is not None:
            return _finish(request, found, sources, watch)
        if not request.lunch:
            break
    return _refuse(request, sources)


def _refuse(request: TripRequest, sources: Sources) -> Plan:
    conflict = find_searched(request, sources)
    return Plan(None, (), conflict, list_evidence(conflict, sources))


@dataclass(slots=True)
class Watch:
    """Tells of progress, and says when to stop."""

    until: float
    report: Report | None
    solved: int = 0
    stopped: bool = False

    def tell(self, step: str, found: int = 0) -> None:
        """Reports a step."""
        if self.report is not None and self.report(Progress(step, self.solved, found)) is False:
            self.stopped = True

    def keep_on(self) -> bool:
        """Returns whether there is time left, and counts a solve."""
        self.solved += 1
        self.tell("search")
        return not self.stopped and monotonic() < self.until


def _search(request: TripRequest, sources: Sources, watch: Watch, effort: Effort) -> tuple[Problem, Pool] | None:
    """Returns the complete trips found for the request, or None when not even its musts can be kept."""
    problem = collect_problem(request, sources, scope_plan(request))
    seed = find_feasible(problem).trip
    if seed is None and request.nights:
        proof = collect_problem(request, sources, Scope(0, PROOF_LODGINGS))
        wider = find_feasible(proof).trip
        if wider is not None:
            beds = tuple(proof.beds[bed].place for bed in dict.fromkeys(wider.nights))
            problem = collect_problem(request, sources, scope_plan(request, beds))
            seed = find_feasible(problem).trip
    if seed is None and len(problem.musts) <= MOST_MUSTS:
        return None
    seeds = _seed_many(problem, watch) if seed is None else (seed,)
    pool = search_trips(problem, effort, watch.keep_on, seeds)
    return (problem, pool) if pool.trips else None


def _seed_many(problem: Problem, watch: Watch) -> tuple[Trip, ...]:
    """Returns trips that see the must-sees and nothing else, where there are too many for a complete search."""
    lean = replace(problem, sights=problem.sights[: len(problem.musts)])  # they come first
    return tuple(search_trips(lean, MANY, watch.keep_on).ranked()[: MANY.polished])


def _finish(request: TripRequest, found: tuple[Problem, Pool], sources: Sources, watch: Watch) -> Plan:
    """Returns the best trip that survives its own validation, with alternatives."""
    problem, pool = found
    problem = replace(problem, request=request)
    ledger = Ledger(sources)
    for trip in pool.ranked():
        watch.tell("routes")
        main = write_valid(problem, trip, ledger)
        if main is None:
            continue
        watch.tell("alternatives")
        others = find_alternatives(main, pool, ledger)
        itinerary = bind_alternatives(main.itinerary, others, ledger)
        written = tuple(other.itinerary for other in others)
        return Plan(itinerary, written, None, tuple(ledger.evidence.values()))
    return _refuse(request, sources)
