"""The tools that plan, judge, change, forecast and export trips, on the sample region, through a real client."""

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from metier.evidence import is_intact
from metier.servers.result import read_evidence
from metier.toolkit import Settings

pytestmark = pytest.mark.anyio
Open = Callable[[Settings], AbstractAsyncContextManager[Any]]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def find(desk: Any, name: str) -> dict[str, str]:
    (first, *_) = (await desk.ask("search_places", query=name, region="sample"))["places"]
    return {"id": first["id"], "name": first["name"]}


async def request(desk: Any, **more: object) -> dict[str, Any]:
    town = await find(desk, "Skavastar")
    asked: dict[str, Any] = {
        "region": "sample",
        "start_date": "2027-06-04",
        "end_date": "2027-06-05",
        "start": town,
        "end": town,
        "must_see": [await find(desk, "Kastel Bölmos")],
    }
    return {**asked, **more}


async def test_a_trip_comes_with_all_its_evidence_and_its_notes(open_desk: Open, sample: Settings) -> None:
    async with open_desk(sample) as desk:
        told: list[float] = []

        async def tell(progress: float, total: float | None, message: str | None) -> None:
            told.append(progress)

        arguments = {"request": await request(desk), "notes": ["understood: two days"]}
        result = await desk.client.call_tool("plan_trip", arguments, progress_callback=tell)
    evidence = {one.id: one for one in read_evidence(result.meta)}
    value = result.structured_content
    trip = evidence[value["trip"]]
    assert trip.value == value["itinerary"]
    assert value["itinerary"]["assumptions"][0] == "understood: two days"
    cited = {c["evidence"] for day in value["itinerary"]["days"] for leg in day["legs"] for c in leg["citations"]}
    assert cited <= evidence.keys()
    assert set(value["alternatives"]) <= evidence.keys()
    assert all(is_intact(one) for one in evidence.values())
    assert told


async def test_a_trip_is_verified_by_its_id_and_as_a_whole(open_desk: Open, sample: Settings) -> None:
    async with open_desk(sample) as desk:
        plan = await desk.ask("plan_trip", request=await request(desk))
        by_id = await desk.ask("verify_trip", trip=plan["trip"])
        whole = await desk.ask("verify_trip", itinerary=plan["itinerary"])
        wrong = plan["itinerary"]
        wrong["days"][0]["legs"][0]["distance_m"] += 1000
        caught = await desk.ask("verify_trip", itinerary=wrong)
        assert "Send the whole itinerary" in await desk.complain("verify_trip", trip="ev-0")
        assert "either" in await desk.complain("verify_trip")
    assert by_id["violated"] == whole["violated"] == []
    assert by_id["checked"] > 50
    assert any("/days/0/legs/0" in finding["subject"] for finding in caught["violated"])


async def test_an_impossible_request_gives_its_conflict_and_ways_out(open_desk: Open, sample: Settings) -> None:
    async with open_desk(sample) as desk:
        asked = await request(desk, drive_limit_s=60)
        plan = await desk.ask("plan_trip", request=asked)
        explained = await desk.ask("explain_conflict", request=asked)
        fine = await desk.ask("explain_conflict", request=await request(desk))
    assert plan["itinerary"] is None
    assert "drive_limit" in plan["conflict"]["requirements"]
    assert plan["conflict"]["relaxations"]
    assert explained["conflict"]["requirements"] == plan["conflict"]["requirements"]
    assert fine["conflict"] is None


async def test_a_request_with_an_impossible_date_is_refused(open_desk: Open, sample: Settings) -> None:
    async with open_desk(sample) as desk:
        assert "before the start" in await desk.complain(
            "plan_trip", request=await request(desk, end_date="2027-06-01")
        )
        assert "date" in await desk.complain("plan_trip", request=await request(desk, end_date="2027-02-31"))


async def test_a_change_keeps_the_rest_and_says_what_changed(open_desk: Open, sample: Settings) -> None:
    async with open_desk(sample) as desk:
        plan = await desk.ask("plan_trip", request=await request(desk))
        later = await desk.ask("edit_trip", trip=plan["trip"], changes=[{"kind": "shift_dates", "days": 7}])
        wrong = await desk.complain("edit_trip", trip=plan["trip"], changes=[{"kind": "drop", "place": "osm:node/1"}])
        empty = await desk.complain("edit_trip", trip=plan["trip"], changes=[])
    assert later["itinerary"]["request"]["start_date"] == "2027-06-11"
    assert any("2027-06-11" in line for line in later["changes"])
    assert "in the trip" in wrong
    assert empty


async def test_weather_is_unknown_and_says_why_when_forecasts_are_off(open_desk: Open, sample: Settings) -> None:
    async with open_desk(sample) as desk:
        plan = await desk.ask("plan_trip", request=await request(desk))
        result = await desk.call("weather", trip=plan["trip"])
    value = result.structured_content
    assert [each["known"] for each in value["forecasts"]] == [False, False]
    assert all("off" in day["weather"]["text"] for day in value["itinerary"]["days"])
    assert value["trip"] in {one.id for one in read_evidence(result.meta)}


def online(sample: Settings, address: str, tmp_path: Path) -> Settings:
    (tmp_path / "regions").symlink_to(sample.data / "regions")
    return Settings(tmp_path, {"weather": "open-meteo", "weather_url": address})


def forecast(on: str, **more: object) -> bytes:
    daily: dict[str, object] = {
        "time": [on],
        "weather_code": [71],
        "temperature_2m_min": [-3.2],
        "temperature_2m_max": [4.8],
        "precipitation_sum": [1.25],
    }
    return json.dumps({"daily": {**daily, **more}}).encode()


async def test_a_forecast_is_asked_once_cited_and_credited(
    open_desk: Open, sample: Settings, tmp_path: Path, meteo: Any
) -> None:
    on = (datetime.now(UTC).date() + timedelta(days=2)).isoformat()
    meteo.reply = forecast(on)
    async with open_desk(online(sample, meteo.address, tmp_path)) as desk:
        result = await desk.call("weather", place="47.5,14.2", on=[on], region="sample")
        again = await desk.ask("weather", place="47.5,14.2", on=[on], region="sample")
    (told,) = result.structured_content["forecasts"]
    (evidence,) = read_evidence(result.meta)
    assert told["text"] == "light snow, -3 to 5 °C, 1.2 mm of rain or snow"
    assert (evidence.id, evidence.source) == (told["evidence"], "open-meteo")
    assert "CC BY 4.0" in evidence.text
    assert again["forecasts"] == [told]
    assert len(meteo.asked) == 1
    assert "latitude=47.50" in meteo.asked[0]


@pytest.mark.parametrize(
    ("status", "reply"),
    [(500, b"{}"), (200, b"not json"), (429, b"{}"), (200, b'{"daily": {"time": ["1999-01-01"]}}'), (200, b"[]")],
)
async def test_a_server_that_fails_leaves_the_weather_unknown(
    open_desk: Open, sample: Settings, tmp_path: Path, meteo: Any, status: int, reply: bytes
) -> None:
    meteo.status, meteo.reply = status, reply
    on = datetime.now(UTC).date().isoformat()
    async with open_desk(online(sample, meteo.address, tmp_path)) as desk:
        value = await desk.ask("weather", place="47.5,14.2", on=[on], region="sample")
    (told,) = value["forecasts"]
    assert (told["known"], told["evidence"]) == (False, "")
    assert told["text"].startswith("unknown")


async def test_a_day_that_no_forecast_reaches_is_not_asked(
    open_desk: Open, sample: Settings, tmp_path: Path, meteo: Any
) -> None:
    async with open_desk(online(sample, meteo.address, tmp_path)) as desk:
        value = await desk.ask("weather", place="47.5,14.2", on=["2099-01-01"], region="sample")
    assert not value["forecasts"][0]["known"]
    assert meteo.asked == []


async def test_a_trip_is_exported_below_the_toolkits_folder_and_nowhere_else(open_desk: Open, sample: Settings) -> None:
    async with open_desk(sample) as desk:
        plan = await desk.ask("plan_trip", request=await request(desk))
        value = await desk.ask("export_trip", folder="two-days", trip=plan["trip"])
        for hostile in ("../up", "/abs", "a/b", "a\\b", "", ".", "..", "con", "x" * 200, "nul\0l"):
            assert "folder" in await desk.complain("export_trip", folder=hostile, trip=plan["trip"])
    assert value["folder"] == str(sample.data / "exports" / "two-days")
    assert sorted(value["files"]) == names_in(sample.data / "exports" / "two-days")
    assert names_in(sample.data / "exports") == ["two-days"]


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())
