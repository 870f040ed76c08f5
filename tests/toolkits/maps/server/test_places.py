"""The tools about regions, places and ways, on the sample region, through a real client."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from metier.evidence import is_intact
from metier.servers.result import read_evidence
from metier.toolkit import Settings

pytestmark = pytest.mark.anyio
Open = Callable[[Settings], AbstractAsyncContextManager[Any]]
TOOLS = {
    "list_regions", "search_places", "place_details", "search_along_route", "route", "matrix", "reachable_area",
    "plan_trip", "verify_trip", "explain_conflict", "edit_trip", "weather", "export_trip",
}  # fmt: skip


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def towns(desk: Any) -> list[str]:
    found = await desk.ask("search_places", category="town", region="sample", limit=4)
    return [place["id"] for place in found["places"]]


async def test_every_tool_tells_what_it_takes_gives_and_touches(open_desk: Open, sample: Settings) -> None:
    async with open_desk(sample) as desk:
        tools = (await desk.client.list_tools()).tools
    assert {tool.name for tool in tools} == TOOLS
    for tool in tools:
        assert len(tool.description) > 60
        assert tool.input_schema["type"] == "object"
        assert tool.output_schema["type"] == "object"
        assert tool.annotations.read_only_hint is (tool.name != "export_trip")


async def test_regions_come_with_todays_date_and_their_attribution(open_desk: Open, sample: Settings) -> None:
    async with open_desk(sample) as desk:
        found = await desk.ask("list_regions")
    assert found["today"]
    (region,) = found["regions"]
    assert (region["name"], region["fictional"]) == ("sample", True)
    assert "fictional" in region["attribution"]


async def test_without_map_data_every_tool_says_so_and_how_to_get_some(open_desk: Open, sample: Settings) -> None:
    async with open_desk(Settings(sample.data / "nothing")) as desk:
        assert (await desk.ask("list_regions"))["regions"] == []
        assert "metier maps add" in await desk.complain("search_places", query="x")


async def test_an_unknown_region_is_told_with_near_names(open_desk: Open, sample: Settings) -> None:
    async with open_desk(sample) as desk:
        assert "Did you mean sample?" in await desk.complain("search_places", query="x", region="sampel")


async def test_places_are_found_by_name_and_category_with_intact_evidence(open_desk: Open, sample: Settings) -> None:
    async with open_desk(sample) as desk:
        result = await desk.call("search_places", category="museum", region="sample", limit=3)
    places = result.structured_content["places"]
    evidence = read_evidence(result.meta)
    assert len(places) == 3
    assert all("museum" in place["categories"] for place in places)
    assert [one.locator for one in evidence] == [place["id"] for place in places]
    assert all(is_intact(one) for one in evidence)


async def test_a_wrong_category_is_told_with_near_words(open_desk: Open, sample: Settings) -> None:
    async with open_desk(sample) as desk:
        assert "museum" in await desk.complain("search_places", category="museeum")


async def test_details_say_when_a_place_is_open_on_a_date(open_desk: Open, sample: Settings) -> None:
    async with open_desk(sample) as desk:
        (museum, *_) = (await desk.ask("search_places", category="museum", region="sample"))["places"]
        found = await desk.ask("place_details", place_id=museum["id"], on="2026-06-05")
        assert found["place"]["id"] == museum["id"]
        assert isinstance(found["open"], list)
        assert "There is no place" in await desk.complain("place_details", place_id="osm:node/999999999999")


async def test_a_route_is_the_sum_of_its_legs_and_each_leg_is_evidence(open_desk: Open, sample: Settings) -> None:
    async with open_desk(sample) as desk:
        stops = (await towns(desk))[:3]
        result = await desk.call("route", stops=stops, region="sample", on="2026-06-05", with_line=True)
    value = result.structured_content
    evidence = {one.id: one for one in read_evidence(result.meta)}
    assert value["duration_s"] == sum(leg["duration_s"] for leg in value["legs"])
    assert value["distance_m"] == sum(leg["distance_m"] for leg in value["legs"])
    for leg in value["legs"]:
        assert evidence[leg["evidence"]].value["duration_s"] == leg["duration_s"]
        assert len(leg["line"]) >= 2


async def test_a_matrix_equals_the_routes_of_its_cells(open_desk: Open, sample: Settings) -> None:
    async with open_desk(sample) as desk:
        a, b, *_ = await towns(desk)
        cells = await desk.ask("matrix", origins=[a, b], destinations=[a, b], region="sample")
        way = await desk.ask("route", stops=[a, b], region="sample")
    assert cells["durations_s"][0] == [0, way["duration_s"]]
    assert cells["distances_m"][0][1] == way["distance_m"]


async def test_a_detour_is_what_the_router_says_it_costs(open_desk: Open, sample: Settings) -> None:
    async with open_desk(sample) as desk:
        a, b, *_ = await towns(desk)
        found = await desk.ask("search_along_route", origin=a, destination=b, category="food", buffer_m=20000)
        place = found["places"][0]
        direct = await desk.ask("route", stops=[a, b])
        around = await desk.ask("route", stops=[a, place["id"], b])
    assert abs(place["detour_s"] - (around["duration_s"] - direct["duration_s"])) <= 1


async def test_an_area_is_a_ring_per_bound(open_desk: Open, sample: Settings) -> None:
    async with open_desk(sample) as desk:
        a, *_ = await towns(desk)
        found = await desk.ask("reachable_area", origin=a, minutes=[10, 30])
    assert [area["minutes"] for area in found["areas"]] == [10, 30]
    assert all(area["ring"][0] == area["ring"][-1] for area in found["areas"])


@pytest.mark.parametrize(
    ("stops", "said"),
    [
        (["Skavastar", "x"], "search_places"),
        (["91,0", "0,0"], "nowhere on Earth"),
        (["0,0", "0.1,0.1"], "out of coverage"),
    ],
)
async def test_what_is_no_place_is_refused_with_what_to_do(
    open_desk: Open, sample: Settings, stops: list[str], said: str
) -> None:
    async with open_desk(sample) as desk:
        assert said in await desk.complain("route", stops=stops)


async def test_an_unknown_router_is_refused(open_desk: Open, sample: Settings) -> None:
    async with open_desk(Settings(sample.data, {"router": "teleport"})) as desk:
        assert "valhalla:URL" in await desk.complain("search_places", query="x")
