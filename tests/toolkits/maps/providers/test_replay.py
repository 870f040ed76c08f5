"""The replay servers are real servers, with the schemas and the habits of those that they stand in for."""

import json
import os
import sys
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from metier.servers.connection import Connection
from metier_maps.providers.replay import ReplayServer
from metier_maps.providers.replay.amap import amap_id
from tests.toolkits.maps.providers.towns import MUSEUM, amap_replay, google_replay

pytestmark = pytest.mark.anyio


async def ask(replay: ReplayServer, tool: str, **arguments: Any) -> Any:
    async with Client(replay) as client:
        result = await client.call_tool(tool, arguments)
    return result


@pytest.mark.parametrize(
    ("replay", "count", "tool", "needed"),
    [
        (amap_replay(), 12, "maps_direction_driving", ["origin", "destination"]),
        (google_replay(), 7, "maps_place_details", ["place_id"]),
        (google_replay("cablate"), 18, "maps_place_details", ["placeId"]),
    ],
    ids=["amap", "google", "cablate"],
)
async def test_the_tools_are_listed_as_their_makers_list_them(
    replay: ReplayServer, count: int, tool: str, needed: list[str]
) -> None:
    async with Connection("replay", replay, trusted=False) as remote:
        specs = {spec.name: spec for spec in await remote.tools()}
    assert len(specs) == count
    assert specs[tool].input_schema["required"] == needed
    assert all(spec.output_schema is None and "Synthetic" in spec.description for spec in specs.values())


async def test_amap_writes_what_is_missing_as_an_empty_list_and_numbers_as_texts() -> None:
    replay = amap_replay()
    detail = json.loads((await ask(replay, "maps_search_detail", id=amap_id(MUSEUM))).content[0].text)
    area = json.loads((await ask(replay, "maps_regeocode", location=detail["location"])).content[0].text)
    way = json.loads(
        (await ask(replay, "maps_direction_driving", origin="120,30", destination="120,31")).content[0].text
    )
    assert detail["alias"] == []
    assert area == {"provice": "杭州市", "city": [], "district": "西湖区"}
    assert isinstance(way["route"]["paths"][0]["duration"], str)


async def test_amap_looks_for_undefined_where_an_argument_is_missing() -> None:
    found = await ask(amap_replay(), "maps_text_search")
    assert (found.is_error, json.loads(found.content[0].text)["pois"]) == (False, [])
    stumbled = await ask(amap_replay(), "maps_search_detail")
    assert stumbled.content[0].text == "Error: Cannot read properties of undefined (reading 'id')"


async def test_the_shift_of_amap_is_in_its_answers() -> None:
    detail = json.loads((await ask(amap_replay(), "maps_search_detail", id=amap_id(MUSEUM))).content[0].text)
    lon, lat = (float(part) for part in detail["location"].split(","))
    assert (abs(lat - MUSEUM.at.lat) > 0.001, abs(lon - MUSEUM.at.lon) > 0.001) == (True, True)


async def test_a_replay_is_served_over_standard_input_and_output_by_hand() -> None:
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "metier_maps.providers.replay", "amap"], env=dict(os.environ)
    )
    async with Connection("amap", command) as remote:
        result = await remote.call("maps_text_search", {"keywords": "Kastel"})
        detail = await remote.call("maps_search_detail", {"id": json.loads(result.text)["pois"][0]["id"]})
    assert json.loads(detail.text)["name"].startswith("Kastel")
