"""Amap before the map on this machine: who answers, and what is said of it."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from metier.canonical import JSON
from metier.gateway.envelope import Envelope
from metier.gateway.gateway import Gateway
from metier.gateway.providing import Provided
from metier.redaction import redaction_of
from metier.servers.connection import Connection
from metier.servers.policy import Policy, read_policy
from metier.servers.source import ToolSource
from metier.servers.tool import ToolSpec
from metier.toolkit import Provider, Settings
from metier_maps.places.regions import add_region
from metier_maps.providers import PROVIDERS
from metier_maps.providers.amap.adapter import make_amap
from metier_maps.providers.replay import Mischief, ReplayServer
from metier_maps.providers.replay.amap import KEY
from metier_maps.server import make_server
from tests.toolkits.maps.providers.towns import CLOCK, amap_replay

pytestmark = pytest.mark.anyio
# on the crossroads of the local map, where Amap, as it is replayed, finds a way too
ROUTE = {"stops": ["42.50,1.50", "42.52,1.50"]}
SEARCH = {"query": "Museu"}
AMAP: Provider = PROVIDERS[0]


@dataclass
class Table:
    """The envelope that a toolkit's tools are called through, and the server that Amap is played by."""

    tools: Envelope
    replay: ReplayServer
    gateway: Gateway


@pytest.fixture
def settings(drawn: Callable[..., Path], tmp_path: Path) -> Settings:
    """Settings of a home whose only map is a crossroads with a museum."""
    settings = Settings(tmp_path / "maps")
    add_region(settings, drawn({"tourism": "museum", "name": "Museu de l'Art"}), name="crossing")
    return settings


def policies(table: Mapping[str, Mapping[str, JSON]], over: Policy | None = None) -> Callable[[ToolSpec], Policy]:
    return lambda spec: read_policy(table.get(spec.name, table.get("*", {})), over=over)


@asynccontextmanager
async def opened(settings: Settings, folder: Path) -> AsyncIterator[Table]:
    """Opens Amap before the local map, each as the runtime puts them: an envelope in an envelope."""
    gateway, replay = Gateway(folder), amap_replay()
    hidden = redaction_of([KEY])
    quick = Policy(attempts=1)  # retries are tested with the envelope
    remote = Connection("amap", replay, trusted=False)
    behind: ToolSource = gateway.envelope(
        "amap", [Provided(remote, "replay", policies(AMAP.remote_policy, quick), hidden, json_promised=True)]
    )
    live = Connection("amap", make_amap(settings, behind, CLOCK))
    local = Connection("maps", make_server(settings))
    providers = [
        Provided(live, "maps/amap", policies(AMAP.policy), hidden),
        Provided(local, "maps", lambda spec: Policy()),
    ]
    try:
        async with gateway.envelope("maps", providers) as tools:
            yield Table(tools, replay, gateway)
    finally:
        gateway.close()


async def test_amap_answers_first_and_the_local_map_what_amap_cannot(settings: Settings, tmp_path: Path) -> None:
    async with opened(settings, tmp_path / "gateway") as table:
        first = await table.tools.call("route", ROUTE)
        dated = await table.tools.call("route", {**ROUTE, "on": "2026-12-24"})
        regional = await table.tools.call("search_places", {**SEARCH, "region": "crossing"})
        whole = await table.tools.call("list_regions", {})
    assert (first.record and first.record.provider, first.is_error) == ("amap", False)
    assert [result.record and result.record.provider for result in (dated, regional, whole)] == ["maps"] * 3
    assert {item.source for item in first.evidence} == {"amap/maps_direction_driving"}
    assert any(item.source.startswith("router:") for item in dated.evidence)
    assert dated.value["router"] != first.value["router"] == "Amap"  # type: ignore[call-overload,index]


async def test_a_throttled_amap_is_stood_in_for_and_the_evidence_says_so(settings: Settings, tmp_path: Path) -> None:
    async with opened(settings, tmp_path / "gateway") as table:
        table.replay.mischief = Mischief.QUOTA
        result = await table.tools.call("search_places", SEARCH)
    assert not result.is_error
    assert result.record is not None
    assert result.record.provider == "maps"
    assert "amap" in result.record.degraded
    assert any(item.source.startswith("gateway/") and "amap" in item.text for item in result.evidence)
    assert any(item.source.startswith("map:crossing") for item in result.evidence)


async def test_a_place_of_amaps_is_not_said_to_be_missing_while_amap_is_out(settings: Settings, tmp_path: Path) -> None:
    async with opened(settings, tmp_path / "gateway") as table:
        table.replay.mischief = Mischief.PAGE
        told = await table.tools.call("place_details", {"place_id": "amap:B0SYN00001"})
        way = await table.tools.call("route", {"stops": ["amap:B0SYN00001", "42.52,1.50"]})
    for result in (told, way):
        assert result.is_error
        assert "known to 'amap' alone" in result.text
        assert "Ask again when that source answers" in result.text


async def test_a_spent_quota_of_searches_leaves_the_routes_alone(settings: Settings, tmp_path: Path) -> None:
    async with opened(settings, tmp_path / "gateway") as table:
        table.replay.mischief, table.replay.times = Mischief.QUOTA, 1
        await table.tools.call("search_places", SEARCH)
        asked = table.replay.log.count()
        again = await table.tools.call("search_places", {"query": "Museu de"})
        route = await table.tools.call("route", ROUTE)
    assert again.record is not None
    assert (again.record.provider, table.replay.log.count()) == ("maps", asked + 1)  # only the route was asked of Amap
    assert route.record is not None
    assert route.record.provider == "amap"


async def test_a_key_in_an_error_reaches_nobody(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "gateway"
    async with opened(settings, folder) as table:
        for mischief in (Mischief.KEY_IN_ERROR, Mischief.PAGE_IN_ERROR):
            table.replay.mischief = mischief
            for tool, arguments in (("search_places", SEARCH), ("route", ROUTE), ("weather", {"place": "42.5,1.5"})):
                result = await table.tools.call(tool, arguments)
                assert KEY not in repr(result), mischief
    assert not any(KEY.encode() in path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def test_the_same_question_is_asked_of_amap_once(settings: Settings, tmp_path: Path) -> None:
    async with opened(settings, tmp_path / "gateway") as table:
        first = await table.tools.call("route", ROUTE)
        second = await table.tools.call("route", ROUTE)
    assert table.replay.log.count() == 1
    assert second.value["duration_s"] == first.value["duration_s"]  # type: ignore[call-overload,index]
    # of an answer that was kept it is not said when it was heard
    assert [item.recorded for item in first.evidence] == ["2026-12-01T09:00:00.000Z"]
    assert [item.recorded for item in second.evidence] == [""]
