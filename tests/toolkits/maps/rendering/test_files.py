import json
from datetime import UTC, timedelta
from io import BytesIO
from xml.etree import ElementTree

import gpxpy
import pytest
from icalendar import Calendar
from PIL import Image

from metier.answer import Answer
from metier.errors import InputError, MissingError
from metier.task import Task
from metier.toolkit import Delivery, Renderer, Settings
from metier.verdict import Verdict
from metier_maps.itinerary import Itinerary
from metier_maps.rendering import RENDERERS
from metier_maps.rendering.document import decode_itinerary, delivery_of, read_document
from metier_maps.rendering.exchange.kml import NAMESPACE

BY_NAME = {renderer.filename: renderer for renderer in RENDERERS}


@pytest.mark.parametrize("renderer", RENDERERS, ids=lambda renderer: renderer.filename)
def test_the_same_trip_gives_the_same_bytes(renderer: Renderer, delivery: Delivery, settings: Settings) -> None:
    assert renderer.render(delivery, settings) == renderer.render(delivery, settings)


@pytest.mark.parametrize("name", sorted(BY_NAME.keys() - {"map.png"}))
def test_every_text_file_bears_the_attribution_and_says_when_the_region_is_made_up(
    name: str, fictional: Delivery, settings: Settings
) -> None:
    text = BY_NAME[name].render(fictional, settings).decode().replace("\r\n ", "")
    assert "Fictional sample region" in text
    assert "OpenStreetMap contributors" in text


@pytest.mark.parametrize("renderer", RENDERERS, ids=lambda renderer: renderer.filename)
def test_a_trip_is_rendered_from_its_document_alone(renderer: Renderer, delivery: Delivery, settings: Settings) -> None:
    settings.data.joinpath("itinerary.json").write_bytes(BY_NAME["itinerary.json"].render(delivery, settings))
    again = delivery_of(read_document(settings.data))
    assert renderer.render(again, settings) == renderer.render(delivery, settings)


@pytest.mark.parametrize("renderer", RENDERERS, ids=lambda renderer: renderer.filename)
def test_another_toolkits_answer_is_refused(renderer: Renderer, settings: Settings) -> None:
    with pytest.raises(InputError, match="no itinerary"):
        renderer.render(Delivery(Task("x"), Answer(), Verdict(), {}), settings)


def test_gpx_has_a_route_for_each_day_and_a_waypoint_for_each_place(
    delivery: Delivery, itinerary: Itinerary, settings: Settings
) -> None:
    gpx = gpxpy.parse(BY_NAME["trip.gpx"].render(delivery, settings).decode())
    assert len(gpx.routes) == len(itinerary.days)
    sights = sum(stop.kind == "sight" for day in itinerary.days for stop in day.stops)
    assert len(gpx.waypoints) == sights + 1
    first = itinerary.days[0].legs[0].line[0]
    assert (gpx.routes[0].points[0].latitude, gpx.routes[0].points[0].longitude) == pytest.approx(first)
    assert all(point.symbol for point in gpx.waypoints)


def test_kml_has_a_folder_for_each_day_with_longitude_first(
    delivery: Delivery, itinerary: Itinerary, settings: Settings
) -> None:
    root = ElementTree.fromstring(BY_NAME["trip.kml"].render(delivery, settings))
    folders = root.findall(f".//{{{NAMESPACE}}}Folder")
    assert len(folders) == len(itinerary.days)
    line = folders[0].find(f".//{{{NAMESPACE}}}LineString/{{{NAMESPACE}}}coordinates")
    assert line is not None
    lon, lat = (float(part) for part in (line.text or "").split()[0].split(","))
    assert (lat, lon) == pytest.approx(itinerary.days[0].legs[0].line[0], abs=1e-5)


def test_geojson_has_every_leg_with_longitude_first(
    delivery: Delivery, itinerary: Itinerary, settings: Settings
) -> None:
    collection = json.loads(BY_NAME["trip.geojson"].render(delivery, settings))
    lines = [f for f in collection["features"] if f["geometry"]["type"] == "LineString"]
    legs = [leg for day in itinerary.days for leg in day.legs if len(leg.line) >= 2]
    assert [line["properties"]["duration_s"] for line in lines] == [leg.duration_s for leg in legs]
    assert lines[0]["geometry"]["coordinates"][0] == list(reversed(legs[0].line[0]))


def test_calendar_events_keep_their_moments_over_the_change_of_clocks(
    delivery: Delivery, itinerary: Itinerary, settings: Settings
) -> None:
    calendar = Calendar.from_ical(BY_NAME["trip.ics"].render(delivery, settings))
    events = calendar.walk("VEVENT")
    begins = {event.decoded("dtstart").astimezone(UTC) for event in events}
    stops = [stop for day in itinerary.days for stop in day.stops]
    assert {stop.begin.astimezone(UTC) for stop in stops} <= begins
    assert {str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")} == {itinerary.timezone}
    assert len({str(event["uid"]) for event in events}) == len(events)
    offsets = {event.decoded("dtstart").utcoffset() for event in events}
    assert offsets == {timedelta(hours=1), timedelta(hours=2)}


def test_the_picture_is_a_png_of_the_stated_size(delivery: Delivery, settings: Settings) -> None:
    image = Image.open(BytesIO(BY_NAME["map.png"].render(delivery, settings)))
    assert (image.format, image.size) == ("PNG", (1420, 1000))
    assert len(image.convert("RGB").getcolors(maxcolors=1 << 20) or []) > 50


def test_a_bare_itinerary_by_whoever_wrote_it_is_read_too(itinerary: Itinerary) -> None:
    again, task = decode_itinerary(itinerary.model_dump_json().encode())
    assert again == itinerary
    assert task is None


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff\xfe", b'{"format":1,"itinerary":{}}', b'{"days":[]}'])
def test_what_is_no_itinerary_is_one_clear_error(data: bytes) -> None:
    with pytest.raises(InputError, match="This is no itinerary"):
        decode_itinerary(data)


def test_a_folder_without_a_trip_is_missing(settings: Settings) -> None:
    with pytest.raises(MissingError):
        read_document(settings.data)
