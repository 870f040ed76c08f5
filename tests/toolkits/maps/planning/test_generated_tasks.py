"""Five hundred tasks of the sample region: every plan passes every check, every impossible task is refused rightly."""

from collections.abc import Iterator

import pytest

from metier_maps.itinerary import Conflict
from metier_maps.planning.plan import plan_trip
from metier_maps.planning.reasons.variants import Bench
from metier_maps.planning.search.best import Effort
from metier_maps.planning.survey.collect import Sources
from metier_maps.request import TripRequest
from metier_maps.world.tasks.atlas import Atlas, open_atlas
from metier_maps.world.tasks.making import make_task
from tests.toolkits.maps.planning.land import find_violations

SEED = 7
CHUNKS, SIZE = 25, 20
LITTLE = Effort(6, 4, 1, 0)


@pytest.fixture(scope="module")
def atlas() -> Iterator[Atlas]:
    with open_atlas() as opened:
        yield opened


@pytest.mark.timeout(600)
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_generated_tasks_are_planned_or_refused_rightly(atlas: Atlas, chunk: int) -> None:
    for number in range(chunk * SIZE, (chunk + 1) * SIZE):
        task = make_task(atlas, SEED, number)
        request = TripRequest.model_validate(task.constraints)
        made = plan_trip(request, atlas.gazetteer, atlas.router, effort=LITTLE)
        assert task.gold is not None
        if task.gold["possible"]:
            assert made.itinerary is not None, (number, made.conflict)
            assert find_violations(made) == [], number
        else:
            assert made.itinerary is None, number
            assert made.conflict is not None
            expected = task.gold["conflict"]
            assert isinstance(expected, list)
            assert_conflict(atlas, request, made.conflict, {str(name) for name in expected})


def assert_conflict(atlas: Atlas, request: TripRequest, conflict: Conflict, expected: set[str]) -> None:
    """The conflict is the expected one, or a part of it that is proved to be impossible by itself."""
    found = set(conflict.requirements)
    assert found <= expected
    if found != expected:
        assert conflict.proof == "proved"
        assert Bench(request, Sources(atlas.gazetteer, atlas.router)).try_without(found).trip is None
