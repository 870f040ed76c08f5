"""The toolkit's own tools, answered by Amap and by Google Maps."""

import math
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from mcp import Client

from metier.evidence import is_intact
from metier.servers.connection import Connection
from metier.servers.policy import read_policy
from metier.servers.result import FAILURE_KEY, read_evidence
from metier.toolkit import Settings
from metier_maps.providers import PROVIDERS, TOOLS
from metier_maps.providers.google.adapter import make_google
from metier_maps.providers.replay import Ground, Landmark, ReplayServer, make_amap_replay
from metier_maps.providers.replay.amap import amap_id
from metier_maps.providers.replay.google import google_id
from metier_maps.providers.replay.ground import SPEEDS_M_S
from metier_maps.routing.router import Point
from metier_maps.routing.sphere import measure
from metier_maps.server import make_server
from tests.toolkits.desk import Desk
from tests.toolkits.maps.providers.towns import (
    CAFE,
    CLOCK,
    HOTEL,
    MUSEUM,
    NOWHERE,
    adapter_of,
    amap_replay,
    desk_over,
    google_replay,
)

pytestmark = pytest.mark.anyio
HERE, THERE = "30.25,120.15", "30.3,120.2"
MAKERS = {"amap": amap_replay, "google": google_replay, "cablate": lambda: google_replay("cablate")}
OpenDesk = Callable[[str], AbstractAsyncContextManager[tuple[Desk, ReplayServer]]]
SOURCES = pytest.mark.parametrize("source", [*MAKERS])


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def open_desk() -> AsyncIterator[OpenDesk]:
    """Gives a client of a source's provider, opened once for all tests here, and its replay with an empty log."""
    async with AsyncExitStack() as held:
        replays = {source: open_replay(source) for source in MAKERS}
        desks = {source: await held.enter_async_context(desk_over(replay)) for source, replay in replays.items()}

        @asynccontextmanager
        async def give(source: str) -> AsyncIterator[tuple[Desk, ReplayServer]]:
            replays[source].log.calls.clear()
            yield desks[source], replays[source]

        yield give


def open_replay(source: str) -> ReplayServer:
    return MAKERS[source]()


def id_of(source: str, landmark: Landmark) -> str:
    return f"amap:{amap_id(landmark)}" if source == "amap" else f"google:{google_id(landmark)}"


def kind_of(result: Any) -> str:
    """Returns how a call failed, in kind."""
    assert result.is_error, result.content
    return str(result.meta[FAILURE_KEY]["kind"])


def evidence_of(result: Any) -> Any:
    evidence = read_evidence(result.meta)
    assert evidence is not None
    assert all(is_intact(one) for one in evidence)
    return evidence


@SOURCES
async def test_the_tools_are_those_of_the_toolkit_schema_by_schema(source: str, tmp_path: Any) -> None:
    async with Client(make_server(Settings(tmp_path))) as local, Client(adapter_of(open_replay(source))) as live:
        own = {tool.name: tool for tool in (await local.list_tools()).tools}
        offered = {tool.name: tool for tool in (await live.list_tools()).tools}
    assert tuple(offered) == TOOLS
    for name, tool in offered.items():
        same = own[name]
        assert (tool.description, tool.input_schema, tool.output_schema) == (
            same.description, same.input_schema, same.output_schema,
        )  # fmt: skip
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint


@SOURCES
async def test_a_place_is_found_by_its_name_where_it_is(source: str, open_desk: OpenDesk) -> None:
    async with open_desk(source) as (desk, _):
        result = await desk.call("search_places", query="博物馆")
    (place,) = result.structured_content["places"]  # type: ignore[index]
    assert (place["id"], place["name"], place["categories"][0]) == (id_of(source, MUSEUM), MUSEUM.name, "museum")
    assert measure(Point(place["lat"], place["lon"]), MUSEUM.at) < 0.2  # six digits of a degree
    (record,) = evidence_of(result)
    assert record.source.startswith(("amap/", "google/"))
    assert (record.locator, record.recorded) == (place["id"], "2026-12-01T09:00:00.000Z")


@SOURCES
async def test_a_kind_of_place_is_found_near_a_position_and_within_the_radius(source: str, open_desk: OpenDesk) -> None:
    async with open_desk(source) as (desk, _):
        found = await desk.ask("search_places", category="hotel", near=HERE, radius_m=3000)
        too_near = await desk.ask("search_places", category="hotel", near=HERE, radius_m=100)
        by_id = await desk.ask("search_places", category="cafe", near=id_of(source, CAFE))
    assert [place["name"] for place in found["places"]] == [HOTEL.name]
    assert found["places"][0]["distance_m"] == round(measure(Point(30.25, 120.15), HOTEL.at))
    assert found["places"][0]["dogs"] == "unknown"
    assert too_near["places"] == []
    assert [place["name"] for place in by_id["places"]] == [CAFE.name]


@SOURCES
async def test_nothing_found_is_an_empty_answer_and_no_error(source: str, open_desk: OpenDesk) -> None:
    async with open_desk(source) as (desk, _):
        result = await desk.call("search_places", query="no such name")
    assert (result.is_error, result.structured_content["places"]) == (False, [])  # type: ignore[index]


@SOURCES
async def test_a_place_is_told_in_full_and_one_that_is_not_there_is_refused(source: str, open_desk: OpenDesk) -> None:
    async with open_desk(source) as (desk, _):
        told = await desk.ask("place_details", place_id=id_of(source, HOTEL))
        missing = await desk.call("place_details", place_id=f"{source.replace('cablate', 'google')}:B0NONE")
        dated = await desk.call("place_details", place_id=id_of(source, HOTEL), on="2026-12-24")
    place = told["place"]
    assert (place["name"], place["categories"]) == (HOTEL.name, ["hotel", "lodging"])
    # a yes that is stated counts; what is not stated is unknown
    assert place["dogs"]["value"] == ("yes" if source == "cablate" else "unknown")
    assert (place["price"]["value"], place["stars"]["value"]) == (None, None)
    assert kind_of(missing) == "refused"
    assert kind_of(dated) == "refused"


@SOURCES
async def test_a_way_has_the_numbers_of_the_source_and_its_name(source: str, open_desk: OpenDesk) -> None:
    async with open_desk(source) as (desk, _):
        stops = [id_of(source, MUSEUM), THERE, id_of(source, HOTEL)]
        result = await desk.call("route", stops=stops)
    way = result.structured_content
    assert way is not None
    assert [leg["origin"]["id"] for leg in way["legs"]] == [stops[0], "point:30.300000,120.200000"]
    assert way["duration_s"] == sum(leg["duration_s"] for leg in way["legs"]) > 0
    assert way["router"].startswith("Amap" if source == "amap" else "Google Maps")
    assert ("traffic" in way["router"]) == (source == "cablate")
    legs = [one for one in evidence_of(result) if one.locator.startswith("route/")]
    assert [one.id for one in legs] == [leg["evidence"] for leg in way["legs"]]
    assert all(one.value["router"] == way["router"] and one.value["on"] is None for one in legs)
    assert not any(one.source.startswith(("router:", "map:")) for one in evidence_of(result))


@SOURCES
async def test_every_mode_has_its_own_times(source: str, open_desk: OpenDesk) -> None:
    async with open_desk(source) as (desk, _):
        for mode, speed in SPEEDS_M_S.items():
            way = await desk.ask("route", stops=[HERE, THERE], mode=mode)
            assert math.isclose(way["distance_m"] / way["duration_s"], speed, rel_tol=0.01)


@SOURCES
async def test_a_matrix_has_the_cells_of_its_pairs(source: str, open_desk: OpenDesk) -> None:
    origins, destinations = [HERE, "30.26,120.16", "30.28,120.11"], [THERE, HERE]
    async with open_desk(source) as (desk, _):
        table = await desk.ask("matrix", origins=origins, destinations=destinations)
        for row, origin in enumerate(origins):
            for column, destination in enumerate(destinations):
                way = await desk.ask("route", stops=[origin, destination])
                cell = table["durations_s"][row][column], table["distances_m"][row][column]
                assert cell == (way["duration_s"], way["distance_m"]), (origin, destination)


async def test_amap_is_asked_for_a_matrix_once_a_destination(open_desk: OpenDesk) -> None:
    async with open_desk("amap") as (desk, replay):
        await desk.ask("matrix", origins=[f"30.2{i},120.1" for i in range(10)], destinations=[HERE, THERE, "30.1,120"])
    assert (replay.log.count("maps_distance"), replay.log.count()) == (3, 3)


@pytest.mark.parametrize(("listing", "calls"), [("google", 9), ("cablate", 4)])
async def test_google_is_asked_for_a_matrix_in_blocks_that_it_allows(
    listing: str, calls: int, open_desk: OpenDesk
) -> None:
    points = [f"30.{i:02d},120.1" for i in range(30)]
    async with open_desk(listing) as (desk, replay):
        table = await desk.ask("matrix", origins=points, destinations=points)
    assert replay.log.count() == calls
    assert all(cell is not None for line in table["durations_s"] for cell in line)
    assert [table["durations_s"][i][i] for i in range(30)] == [0] * 30


async def test_the_successor_of_googles_server_draws_the_line(open_desk: OpenDesk) -> None:
    async with open_desk("cablate") as (desk, _):
        way = await desk.ask("route", stops=[HERE, THERE], with_line=True)
    assert way["legs"][0]["line"] == [[30.25, 120.15], [30.3, 120.2]]


@pytest.mark.parametrize(("source", "reach"), [("amap", 4), ("cablate", 5)])
async def test_weather_is_told_for_the_days_that_the_source_reaches(
    source: str, reach: int, open_desk: OpenDesk
) -> None:
    days = ["2026-12-01", f"2026-12-{reach:02d}", f"2026-12-{reach + 1:02d}"]
    async with open_desk(source) as (desk, _):
        result = await desk.call("weather", place=id_of(source, MUSEUM), on=days)
    first, last, beyond = result.structured_content["forecasts"]  # type: ignore[index]
    assert (first["known"], last["known"], beyond["known"]) == (True, True, False)
    assert beyond["text"].startswith("unknown")
    assert first["min_c"] < first["max_c"]
    assert (first["rain_mm"] is None) == (source == "amap")
    assert [one.id for one in evidence_of(result)] == [first["evidence"], last["evidence"]]


UNANSWERABLE: dict[str, tuple[str, dict[str, Any]]] = {
    "a region": ("search_places", {"query": "x", "region": "sample"}),
    "a kind and no place": ("search_places", {"category": "museum"}),
    "what takes dogs": ("search_places", {"category": "pet-friendly hotel", "near": HERE}),
    "a wide circle": ("search_places", {"query": "x", "near": HERE, "radius_m": 60_000}),
    "a place of another source": ("place_details", {"place_id": "osm:node/1"}),
    "a stop of another source": ("route", {"stops": ["osm:node/1", HERE]}),
    "a near of another source": ("search_places", {"query": "x", "near": "osm:way/2"}),
    "an id that is a path": ("place_details", {"place_id": "amap:../../etc"}),
    "a day of travel": ("route", {"stops": [HERE, THERE], "on": "2026-12-24"}),
    "a day of many travels": ("matrix", {"origins": [HERE], "destinations": [THERE], "on": "2026-12-24"}),
    "a trip's weather": ("weather", {"trip": "ev-0123456789abcdef"}),
    "next year's weather": ("weather", {"place": HERE, "on": ["2027-12-01"]}),
}


@SOURCES
async def test_what_a_source_cannot_be_asked_is_left_to_another(source: str, open_desk: OpenDesk) -> None:
    async with open_desk(source) as (desk, replay):
        for what, (tool, arguments) in UNANSWERABLE.items():
            result = await desk.call(tool, **arguments)
            assert kind_of(result) == "elsewhere", what
            assert replay.log.count() == 0 or tool == "weather", what


async def test_what_amap_alone_does_not_have_is_left_to_another(open_desk: OpenDesk) -> None:
    async with open_desk("amap") as (desk, _):
        with_line = await desk.call("route", stops=[HERE, THERE], with_line=True)
        rides = await desk.call("matrix", origins=[HERE], destinations=[THERE], mode="bicycle")
        long_walks = await desk.call("matrix", origins=[HERE], destinations=[THERE], mode="foot")
    assert {kind_of(each) for each in (with_line, rides, long_walks)} == {"elsewhere"}


async def test_the_reference_server_of_google_has_no_weather(open_desk: OpenDesk) -> None:
    async with open_desk("google") as (desk, _):
        result = await desk.call("weather", place=HERE, on=["2026-12-01"])
    assert kind_of(result) == "elsewhere"


async def test_a_position_off_the_earth_is_refused_before_anybody_is_asked(open_desk: OpenDesk) -> None:
    async with open_desk("amap") as (desk, replay):
        assert "nowhere on Earth" in await desk.complain("route", stops=["91,0", HERE])
    assert replay.log.count() == 0


@SOURCES
async def test_no_argument_is_sent_that_is_missing(source: str, open_desk: OpenDesk) -> None:
    async with open_desk(source) as (desk, replay):
        await desk.call("search_places", query="museum")
        await desk.call("search_places", near=HERE)
        await desk.call("search_places", category="museum", near=HERE, radius_m=900)
        await desk.call("route", stops=[HERE, THERE])
        await desk.call("matrix", origins=[HERE], destinations=[THERE])
        await desk.call("weather", place=HERE, on=["2026-12-01"])
    sent = [value for _, arguments in replay.log.calls for value in arguments.values()]
    assert sent
    assert not any(value in (None, "", "None", "null", "undefined") for value in sent)


async def test_amaps_small_quota_is_kept_by_looking_up_few_hits() -> None:
    many = Ground(tuple(Landmark(i, f"Inn {i}", Point(30 + i / 1000, 120.0), "hotel") for i in range(30)))
    replay = make_amap_replay(many, clock=CLOCK)
    async with desk_over(replay) as desk:
        result = await desk.call("search_places", query="Inn", limit=50)
    assert len(result.structured_content["places"]) == 5  # type: ignore[index]
    assert replay.log.count() == 6
    assert "15 more" in result.content[0].text  # type: ignore[union-attr]


async def test_a_way_that_there_is_not_is_no_failure_of_the_source(open_desk: OpenDesk) -> None:
    async with open_desk("cablate") as (desk, _):
        missing = await desk.call("route", stops=["google:ChIJNONE", HERE])
    assert kind_of(missing) == "refused"


async def test_a_server_that_is_none_of_googles_is_named() -> None:
    stranger = Connection("google", amap_replay(), trusted=False)
    async with Client(make_google(NOWHERE, stranger, CLOCK)) as client:
        result = await client.call_tool("route", {"stops": [HERE, THERE]})
    assert kind_of(result) == "unavailable"
    assert "no server of Google Maps" in result.content[0].text  # type: ignore[union-attr]


async def test_each_provider_needs_tools_that_its_server_lists_and_says_its_terms() -> None:
    for source, name in (("amap", "amap"), ("google", "google"), ("cablate", "google")):
        listed = {tool.name for tool in await open_replay(source).list_tools()}
        provider = next(each for each in PROVIDERS if each.name == name)
        assert set(provider.remote) <= listed
        assert provider.terms
        assert provider.secrets


def test_each_setting_of_a_provider_is_one_of_the_envelope() -> None:
    for provider in PROVIDERS:
        for settings in (*provider.policy.values(), *provider.remote_policy.values()):
            read_policy(settings)
        assert set(provider.policy) == set(provider.tools) == set(TOOLS)
    amap, google = PROVIDERS
    assert amap.remote_policy["maps_text_search"]["quota_per_day"] == 100
    assert amap.remote_policy["*"]["quota_per_day"] == 5_000
    assert not any(settings["store"] for settings in (*google.policy.values(), *google.remote_policy.values()))
