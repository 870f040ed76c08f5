"""The second opinion by CP-SAT agrees with the complete search."""

import pytest

from metier_maps.facts import Money
from metier_maps.planning.conflict import explain_conflict
from metier_maps.planning.reasons.requirements import list_requirements
from metier_maps.planning.reasons.variants import Bench, find_any
from metier_maps.planning.survey.collect import Sources
from metier_maps.request import Lodging
from metier_maps.testing import Known, make_place
from tests.toolkits.maps.planning.land import Land, draw_land, lay_out

pytest.importorskip("ortools", reason="the extra ortools is not installed")
prove = pytest.importorskip("metier_maps.planning.prove").prove


def bench_of(land: Land, days: int, *musts: str, **fields: object) -> Bench:
    return Bench(land.ask(days, *musts, **fields), Sources(land.gazetteer, land.router))


@pytest.mark.parametrize("seed", range(30))
def test_both_say_the_same_of_drawn_requests(seed: int) -> None:
    policy = ("any", "change", "stay")[seed % 3]
    musts = ("s0", "s1", "s2")[: 1 + seed % 3]
    fields = {"drive_limit_s": 1800 + 450 * seed, "lodging": Lodging.model_validate({"policy": policy})}
    if seed % 4 == 3:
        fields["budget"] = Money(cents=4000 * seed)
    bench = bench_of(draw_land(seed, 5, 4), 1 + seed % 4, *musts, **fields)
    problem = bench.cut(list_requirements(bench.request))
    assert prove(problem).feasible is (find_any(problem).trip is not None)


def test_the_core_names_the_drive_limit_and_the_place_that_is_too_far() -> None:
    land = lay_out(
        make_place("osm:node/far", "castle", (42.5, 2.2), Known(hours="24/7")),
        make_place("osm:node/near", "castle", (42.5, 1.51), Known(hours="24/7")),
    )
    bench = bench_of(land, 1, "near", "far", drive_limit_s=3600)
    proof = prove(bench.cut(list_requirements(bench.request)))
    assert proof.feasible is False
    assert set(proof.core) == {"drive_limit", "must_see:osm:node/far"}


def test_too_many_musts_for_a_complete_search_are_still_proved_to_be_too_many() -> None:
    names = [f"m{number}" for number in range(6)]
    sights = [
        make_place(f"osm:node/{n}", "museum", (42.5, 1.5 + i / 200), Known(hours="24/7")) for i, n in enumerate(names)
    ]
    land = lay_out(*sights)
    request = land.ask(1, *names, pace="full", drive_limit_s=120)
    conflict = explain_conflict(request, land.gazetteer, land.router)
    assert conflict is not None
    assert conflict.proof == "proved"
