"""Travel tasks from a seed: most of them possible by construction, some impossible for a known reason."""

from collections.abc import Iterator
from typing import Any

from metier.canonical import JSON
from metier.task import Task
from metier.world import Chance
from metier_maps.request import TripRequest
from metier_maps.world.tasks.atlas import Atlas, open_atlas
from metier_maps.world.tasks.chinese import write_chinese
from metier_maps.world.tasks.drawing import draw_request
from metier_maps.world.tasks.english import write_english
from metier_maps.world.tasks.planting import PLANTERS, plant_conflict

IMPOSSIBLE_EVERY = 6  # one task in six cannot be done
CHINESE_EVERY = 5
ON_BICYCLE_EVERY, ON_FOOT_EVERY = 16, 23
TOOLKIT = "maps"
POSSIBLE = "A trip that keeps every requirement was found while the task was made."


def make_tasks(seed: int, n: int) -> Iterator[Task]:
    """Returns `n` travel tasks of a seed on the sample region; the first ones are the same for every `n`.

    `constraints` is a TripRequest, `text` says the same in English or Chinese, `gold` holds `possible`, `conflict` (ids
    as in `itinerary.Conflict`) and `why`. One task in six is impossible, one in five is in Chinese, about one in ten
    is a day on a bicycle or on foot.
    """
    with open_atlas() as atlas:
        for number in range(n):
            yield make_task(atlas, seed, number)


def make_task(atlas: Atlas, seed: int, number: int) -> Task:
    """Returns task `number` of a seed."""
    chance = Chance(seed, "task", str(number))
    gold: dict[str, JSON]
    if number % IMPOSSIBLE_EVERY == IMPOSSIBLE_EVERY - 1:
        kinds = tuple(PLANTERS)
        planted = plant_conflict(atlas, kinds[number // IMPOSSIBLE_EVERY % len(kinds)], chance)
        request = planted.request
        gold = {"possible": False, "conflict": list(planted.conflict), "why": planted.why}
    else:
        request = draw_request(atlas, chance, _mode_of(number)).request
        gold = {"possible": True, "conflict": [], "why": POSSIBLE}
    text = _write(atlas, request, chance.stream("text"), chinese=number % CHINESE_EVERY == CHINESE_EVERY - 2)
    return Task(text, (TOOLKIT,), request.model_dump(mode="json"), gold)


def _mode_of(number: int) -> dict[str, Any]:
    if number % ON_BICYCLE_EVERY == ON_BICYCLE_EVERY - 1:
        return {"mode": "bicycle"}
    return {"mode": "foot"} if number % ON_FOOT_EVERY == ON_FOOT_EVERY - 1 else {}


def _write(atlas: Atlas, request: TripRequest, chance: Chance, *, chinese: bool) -> str:
    refs = (request.start, request.end, *request.must_see, *request.avoid)
    places = {ref.id: atlas.gazetteer.get(ref.id) for ref in refs}
    if chinese and all("name:zh" in place.names for place in places.values()):
        return write_chinese(request, {key: place.names["name:zh"] for key, place in places.items()})
    names = {key: place.name for key, place in places.items()}
    for key, place in sorted(places.items()):
        if "name:en" in place.names and chance.happens(0.3):
            names[key] = place.names["name:en"]
    return write_english(request, names, chance)
