"""What goes wrong with map servers in the wild, and what is told of it."""

import json
from dataclasses import replace
from typing import Any

import pytest

from metier.servers.connection import Connection
from metier.servers.tool import Failure
from metier_maps.providers.amap.adapter import make_amap
from metier_maps.providers.replay import Mischief
from metier_maps.providers.replay.amap import KEY as AMAP_KEY
from metier_maps.providers.replay.google import KEY as GOOGLE_KEY
from tests.toolkits.maps.providers.towns import CLOCK, NOWHERE, amap_replay, desk_over, google_replay

pytestmark = pytest.mark.anyio
HERE, THERE = "30.25,120.15", "30.3,120.2"
MAKERS = {"amap": amap_replay, "google": google_replay, "cablate": lambda: google_replay("cablate")}
ASKED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("search_places", {"query": "museum"}),
    ("route", {"stops": [HERE, THERE]}),
    ("matrix", {"origins": [HERE], "destinations": [THERE]}),
)
PASSING = {Mischief.RATE, Mischief.ERROR_BODY, Mischief.FOREIGN}


@pytest.mark.parametrize("source", [*MAKERS])
async def test_a_failure_is_told_in_kind_and_without_the_key(source: str) -> None:
    replay = MAKERS[source]()
    async with desk_over(replay) as desk:
        for mischief in (each for each in Mischief if each is not Mischief.HANG):
            replay.mischief = mischief
            for tool, arguments in ASKED:
                result = await desk.call(tool, **arguments)
                check_told(mischief, result)


def check_told(mischief: Mischief, result: Any) -> None:
    failure = result.meta["metier/failure"]
    throttled = mischief in {*PASSING, Mischief.QUOTA}
    assert result.is_error
    assert failure["kind"] == ("throttled" if throttled else "unavailable"), mischief
    assert mischief not in PASSING or failure["retry_after_s"] == 1.0, mischief
    whole = json.dumps(result.model_dump(mode="json", by_alias=True))
    assert not any(word in whole for word in (AMAP_KEY, GOOGLE_KEY, "<html")), mischief


@pytest.mark.parametrize(("source", "hours"), [("amap", 7), ("google", 23)])
async def test_a_quota_that_is_spent_is_renewed_at_the_sources_midnight(source: str, hours: int) -> None:
    replay = MAKERS[source]()
    replay.mischief = Mischief.QUOTA
    async with desk_over(replay) as desk:
        result = await desk.call("search_places", query="museum")
    # it is 09:00 in UTC, 17:00 in Beijing and 01:00 in California
    assert (result.meta or {})["metier/failure"] == {"kind": "throttled", "retry_after_s": hours * 3600.0}


async def test_a_refused_key_says_what_to_look_at() -> None:
    replay = amap_replay()
    replay.mischief = Mischief.BAD_KEY
    async with desk_over(replay) as desk:
        assert "Look at the key" in await desk.complain("search_places", query="museum")


async def test_a_source_that_recovers_is_used_again() -> None:
    replay = amap_replay()
    replay.mischief, replay.times = Mischief.RATE, 1
    async with desk_over(replay) as desk:
        await desk.complain("route", stops=[HERE, THERE])
        assert (await desk.ask("route", stops=[HERE, THERE]))["duration_s"] > 0


async def test_a_source_that_never_answers_is_given_up() -> None:
    replay = amap_replay()
    replay.mischief = Mischief.HANG
    remote = Connection("amap", replay, trusted=False, timeout_s=0.2)
    async with Connection("maps", make_amap(NOWHERE, remote, CLOCK)) as provider:
        result = await provider.call("route", {"stops": [HERE, THERE]})
    assert replay.log.hung.is_set()
    assert result.failure == Failure("unavailable")


async def test_numbers_in_what_was_searched_are_no_codes_of_a_fault() -> None:
    replay = amap_replay()
    replay.script = replace(replay.script, address="https://restapi.example/v3/place/text?keywords=10044&x=429")
    replay.mischief = Mischief.KEY_IN_ERROR
    async with desk_over(replay) as desk:
        result = await desk.call("search_places", query="10044 429")
    assert (result.meta or {})["metier/failure"]["kind"] == "unavailable"
