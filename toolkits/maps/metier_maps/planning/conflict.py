"""Why a request cannot be kept: a minimal set of requirements, how sure that is, and the ways out."""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Literal

from metier.evidence import Citation, Evidence
from metier_maps.itinerary import Conflict
from metier_maps.places.gazetteer import Gazetteer
from metier_maps.planning.reasons.certain import find_certain_reason
from metier_maps.planning.reasons.requirements import AVOID, MUST, REACH, list_requirements, say_requirement
from metier_maps.planning.reasons.variants import Bench
from metier_maps.planning.relax import find_relaxations
from metier_maps.planning.survey.collect import Sources
from metier_maps.records import record_place
from metier_maps.request import TripRequest
from metier_maps.routing.router import Router


def explain_conflict(request: TripRequest, gazetteer: Gazetteer, router: Router) -> Conflict | None:
    """Returns a minimal set of requirements that cannot hold together, with relaxations; None when a trip exists.

    What follows from the data alone is "certain"; what a complete search over the must-sees, the days and all
    lodgings excludes is "proved"; otherwise no trip was found, and it is "searched".
    """
    sources = Sources(gazetteer, router)
    found = find_certain(request, sources)
    if found is not None or Bench(request, sources).try_without(list_requirements(request)).trip is not None:
        return found
    return find_searched(request, sources)


def find_certain(request: TripRequest, sources: Sources) -> Conflict | None:
    """Returns the conflict that follows from the data alone, if there is one."""
    reason = find_certain_reason(request, sources)
    if reason is None:
        return None
    return _write(Bench(request, sources), reason[0], proof="certain", explanation=reason[1])


def find_searched(request: TripRequest, sources: Sources) -> Conflict:
    """Returns the conflict of a request for which no trip was found, by leaving out one requirement after another."""
    bench = Bench(request, sources)
    kept = list(list_requirements(request))
    whole = bench.try_without(kept)
    is_proved = whole.trip is None and bench.is_whole and (whole.complete or _is_excluded(bench, kept))
    for requirement in tuple(kept):
        rest = [name for name in kept if name != requirement]
        if bench.try_without(rest).trip is None:
            kept = rest
    proof: Literal["proved", "searched"] = "proved" if is_proved else "searched"
    said = "; ".join(say_requirement(request, name) for name in kept)
    explanation = f"No trip keeps all of these together: {said}." if kept else "No trip exists at all."
    if "budget" in kept and request.lodging_price is None:
        explanation += " A lodging whose price the map does not state cannot be promised to keep a budget."
    return _write(bench, tuple(kept), proof=proof, explanation=explanation)


def _is_excluded(bench: Bench, kept: Sequence[str]) -> bool:
    """Returns whether CP-SAT, where it is installed, proves that no trip keeps the requirements."""
    if find_spec("ortools") is None:
        return False
    proof = import_module("metier_maps.planning.prove").prove(bench.cut(kept))
    return proof.feasible is False


def list_evidence(conflict: Conflict, sources: Sources) -> tuple[Evidence, ...]:
    """Returns the evidence that the conflict cites."""
    found = [
        record_place(sources.gazetteer.region, sources.gazetteer.get(key)) for key in _places(conflict.requirements)
    ]
    return tuple(found)


def _write(
    bench: Bench, requirements: tuple[str, ...], *, proof: Literal["certain", "proved", "searched"], explanation: str
) -> Conflict:
    request, sources = bench.request, bench.sources
    region = sources.gazetteer.region
    cited = [record_place(region, sources.gazetteer.get(key)).id for key in _places(requirements)]
    return Conflict(
        requirements=requirements,
        texts=tuple(say_requirement(request, name) for name in requirements),
        proof=proof,
        explanation=explanation,
        relaxations=find_relaxations(bench, requirements),
        citations=tuple(Citation(evidence=key) for key in cited),
    )


def _places(requirements: Sequence[str]) -> list[str]:
    """Returns the ids of the places that the requirements name."""
    found = []
    for requirement in requirements:
        for kind in (MUST, REACH, AVOID):
            key = requirement.removeprefix(kind)
            if requirement.startswith(kind) and ":" in key:
                found.append(key)
    return list(dict.fromkeys(found))
