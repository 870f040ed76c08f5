"""Travel tasks: repeatable, readable, and with answers that the data bears out."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

import pytest

from metier.task import Task
from metier.world import Chance
from metier_maps.facts import Tri
from metier_maps.language import parse_request
from metier_maps.planning.dwell import SIGHTS_PER_DAY
from metier_maps.request import TripRequest
from metier_maps.world.tasks import make_tasks
from metier_maps.world.tasks.atlas import NEVER, Atlas, open_atlas
from metier_maps.world.tasks.drawing import draw_request
from metier_maps.world.tasks.making import make_task
from metier_maps.world.tasks.witness import cost_of, keeps_lodging

COUNT = 126
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def atlas() -> Iterator[Atlas]:
    with open_atlas() as atlas:
        yield atlas


@pytest.fixture(scope="module")
def tasks(atlas: Atlas) -> list[Task]:
    return [make_task(atlas, 7, number) for number in range(COUNT)]


def request_of(task: Task) -> TripRequest:
    return TripRequest.model_validate(task.constraints)


def gold_of(task: Task) -> dict[str, Any]:
    assert task.gold is not None
    return dict(task.gold)


def test_the_same_seed_gives_the_same_tasks_however_many(tasks: list[Task]) -> None:
    assert [task.id for task in make_tasks(7, 5)] == [task.id for task in islice(tasks, 5)]


def test_another_seed_gives_other_tasks(atlas: Atlas, tasks: list[Task]) -> None:
    assert make_task(atlas, 8, 0).id != tasks[0].id
    assert len({task.id for task in tasks}) == COUNT


def test_the_text_says_what_the_constraints_say(tasks: list[Task]) -> None:
    for task in tasks:
        request, draft = request_of(task), parse_request(task.text, TODAY)
        lodging = (draft.lodging_policy or "any", set(draft.lodging_categories), draft.min_stars)
        assert (draft.not_understood, draft.questions) == ((), ()), task.text
        assert draft.region is not None
        assert draft.region.text == request.region
        assert (draft.start_date, draft.end_date) == (request.start_date, request.end_date), task.text
        assert (draft.mode, draft.drive_limit_s, draft.budget) == (request.mode, request.drive_limit_s, request.budget)
        assert (draft.pets, draft.adults or 1, draft.children or 0) == (
            request.pets, request.party.adults, request.party.children)  # fmt: skip
        assert lodging == (request.lodging.policy, set(request.lodging.categories), request.lodging.min_stars)
        assert (draft.pace or "normal", draft.lunch is not False) == (request.pace, request.lunch), task.text
        assert set(draft.interests) == set(request.interests)
        assert set(draft.avoid_categories) == set(request.avoid_categories)
        assert (draft.day_start or request.day_start, draft.day_end or request.day_end) == (
            request.day_start, request.day_end)  # fmt: skip


def test_the_text_names_the_places_so_that_the_map_finds_them(atlas: Atlas, tasks: list[Task]) -> None:
    for task in tasks:
        request, draft = request_of(task), parse_request(task.text, TODAY)
        assert draft.start is not None
        assert draft.end is not None
        mentions = [draft.start, draft.end, *draft.must_see, *draft.avoid]
        refs = [request.start, request.end, *request.must_see, *request.avoid]
        found = [atlas.gazetteer.search(mention.text, limit=1)[0].place.id for mention in mentions]
        assert found == [ref.id for ref in refs], task.text


def test_one_task_in_six_is_impossible_and_every_reason_occurs_alike(tasks: list[Task]) -> None:
    impossible = [gold_of(task) for task in tasks if not gold_of(task)["possible"]]
    kinds = Counter(tuple(sorted({part.split(":")[0] for part in gold["conflict"]})) for gold in impossible)

    assert len(impossible) * 6 == COUNT
    assert kinds == {
        ("dates", "must_see"): 6,
        ("drive_limit", "must_see"): 3,
        ("budget",): 3,
        ("lodging", "pets"): 3,
        ("avoid", "must_see"): 3,
        ("must_see", "pace"): 3,
    }


@pytest.mark.parametrize(
    ("trait", "low", "high"),
    [
        ("chinese", 0.17, 0.21), ("cycling or walking", 0.06, 0.12), ("pets", 0.18, 0.4), ("confirmed pets", 0.1, 0.3),
        ("budget", 0.2, 0.45), ("drive limit", 0.35, 0.6), ("several days", 0.55, 0.85), ("five days", 0.05, 0.2),
        ("no must-see", 0.05, 0.25), ("four must-sees", 0.05, 0.25), ("changing lodging", 0.05, 0.25),
        ("one lodging", 0.05, 0.25), ("stars", 0.02, 0.2), ("kinds of lodging", 0.05, 0.3), ("avoid", 0.08, 0.35),
        ("children", 0.1, 0.3), ("relaxed", 0.15, 0.4), ("full", 0.05, 0.25), ("change of clocks", 0.05, 0.2),
        ("holiday", 0.1, 0.45), ("winter", 0.35, 0.65), ("other end", 0.1, 0.35), ("interests", 0.2, 0.4),
    ],
)  # fmt: skip
def test_every_dimension_has_its_share(tasks: list[Task], trait: str, low: float, high: float) -> None:
    share = sum(trait in traits_of(task) for task in tasks) / COUNT

    assert low <= share <= high


def traits_of(task: Task) -> set[str]:
    request = request_of(task)
    days = {request.date_of(day) for day in range(request.days)}
    pets, lodging = request.pets, request.lodging
    traits = {
        "chinese": "天" in task.text,
        "cycling or walking": request.mode != "car",
        "pets": pets is not None,
        "confirmed pets": pets is not None and pets.confirmed,
        "budget": request.budget is not None,
        "drive limit": request.drive_limit_s is not None,
        "several days": request.days > 1,
        "five days": request.days == 5,
        "no must-see": not request.must_see,
        "four must-sees": len(request.must_see) >= 4,
        "changing lodging": lodging.policy == "change",
        "one lodging": lodging.policy == "stay",
        "stars": lodging.min_stars is not None,
        "kinds of lodging": bool(lodging.categories),
        "avoid": bool(request.avoid or request.avoid_categories),
        "children": request.party.children > 0,
        "relaxed": request.pace == "relaxed",
        "full": request.pace == "full",
        "change of clocks": bool(days & {date(2027, 3, 28), date(2027, 10, 31)}),
        "holiday": bool(days & {date(2027, *day) for day in HOLIDAYS}),
        "winter": any(day.month in (11, 12, 1, 2, 3, 4) for day in days),
        "other end": request.start != request.end,
        "interests": bool(request.interests),
    }
    return {trait for trait, holds in traits.items() if holds}


HOLIDAYS = (
    (1, 1),
    (1, 6),
    (3, 29),
    (5, 1),
    (5, 6),
    (5, 17),
    (5, 27),
    (8, 15),
    (10, 26),
    (11, 1),
    (12, 8),
    (12, 25),
    (12, 26),
)


def test_every_impossible_task_is_so_by_the_data(atlas: Atlas, tasks: list[Task]) -> None:
    for task in tasks:
        gold = gold_of(task)
        if not gold["possible"]:
            assert is_borne_out(atlas, request_of(task), gold["conflict"]), (task.text, gold)
            assert gold["why"]


def is_borne_out(atlas: Atlas, request: TripRequest, conflict: list[str]) -> bool:
    kinds = {part.split(":")[0] for part in conflict}
    named = [atlas.gazetteer.get(part.split(":", 1)[1]) for part in conflict if part.startswith("must_see:")]
    start = atlas.gazetteer.get(request.start.id)
    days = [request.date_of(day) for day in range(request.days)]
    if "avoid" in kinds:
        return {ref.id for ref in request.avoid} == {place.id for place in named}
    if "budget" in kinds:
        assert request.budget is not None
        prices = [bed.price.value.cents for bed in atlas.lodgings if bed.price.value is not None]
        return min(prices) * request.nights * request.party.rooms > request.budget.cents
    if "pets" in kinds:
        return not any(keeps_lodging(bed, request) for bed in atlas.lodgings)
    if "pace" in kinds:
        return len(named) > SIGHTS_PER_DAY[request.pace] * request.days
    if "drive_limit" in kinds:
        assert request.drive_limit_s is not None
        ways = [(a, b) for a, b in ((start, named[0]), (named[0], start))]
        return all(
            sum(atlas.drive(a, b, "car", on) for a, b in ways) > request.drive_limit_s
            for on in (*days, date(2027, 7, 1))
        )
    shut = not any(atlas.windows(named[0], on) for on in days)
    cut_off = all(atlas.drive(start, named[0], "car", on) >= NEVER for on in days)
    return shut != cut_off


def test_without_its_flaw_an_impossible_task_would_be_possible(atlas: Atlas, tasks: list[Task]) -> None:
    for task in tasks:
        request, conflict = request_of(task), gold_of(task)["conflict"]
        if "pets" in conflict:
            tolerant = request.model_copy(update={"pets": None})
            assert any(keeps_lodging(bed, tolerant) for bed in atlas.lodgings)
        if "pace" in conflict:
            assert len(request.must_see) <= SIGHTS_PER_DAY["normal"]
        if "dates" in conflict:
            place = atlas.gazetteer.get(conflict[1].removeprefix("must_see:"))
            later = [request.end_date + timedelta(days=n) for n in range(1, 330)]
            start = atlas.gazetteer.get(request.start.id)
            assert any(atlas.windows(place, on) and atlas.drive(start, place, "car", on) < NEVER for on in later)


@pytest.mark.parametrize("number", range(12))
def test_a_witness_keeps_its_request(atlas: Atlas, number: int) -> None:
    drawn = draw_request(atlas, Chance(number, "witness"), {})
    request, witness = drawn.request, drawn.witness

    assert {ref.id for ref in request.must_see} == {place.id for day in witness.days for place in day}
    assert len(witness.nights) == request.nights
    assert all(keeps_lodging(bed, request) for bed in witness.nights)
    assert request.drive_limit_s is None or witness.longest_drive_s < request.drive_limit_s
    assert request.budget is None or cost_of(witness, request) < request.budget.cents
    if request.lodging.policy == "stay":
        assert len({bed.id for bed in witness.nights}) <= 1
    if request.lodging.policy == "change":
        assert len({bed.id for bed in witness.nights}) == request.nights
    for day, sights in enumerate(witness.days):
        assert all(atlas.windows(place, request.date_of(day)) for place in sights)


def test_pet_policies_are_known_as_yes_no_and_unknown(atlas: Atlas) -> None:
    policies = Counter(bed.dogs.value for bed in atlas.lodgings)

    assert set(policies) == {Tri.YES, Tri.NO, Tri.UNKNOWN}
    assert max(policies.values()) - min(policies.values()) <= 1
