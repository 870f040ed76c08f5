"""Promises about servers that fail, lie or stall: a local server plays them, with answers shaped as recorded."""

import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import polyline
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier.errors import InputError, ServerError, ToolError
from metier_maps.fetch import Caps, Fetcher
from metier_maps.routing.blocks import assemble_matrix
from metier_maps.routing.osrm import OsrmRouter
from metier_maps.routing.programs.wheels import unpack_wheel
from metier_maps.routing.router import Point
from metier_maps.routing.shapes import read_amount, read_line
from metier_maps.routing.valhalla import ValhallaRouter

HERE, THERE = Point(42.0, 1.0), Point(42.0, 1.02)
LINE = polyline.encode([(HERE.lat, HERE.lon), (THERE.lat, THERE.lon)], 6)
Reply = tuple[int, bytes]
Answer = Callable[[str, Any], Reply]


def say(value: Any, status: int = 200) -> Reply:
    return status, json.dumps(value).encode()


@contextmanager
def serving(answer: Answer, *, headers: dict[str, str] | None = None) -> Iterator[str]:
    """Serves `answer(path, body)` on loopback; a status of 0 stalls until the test is over."""
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            status, content = answer(self.path, body)
            if status == 0:
                over.wait(20)
                return
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            try:
                self.wfile.write(content)
            except ConnectionError:
                self.close_connection = True

        do_POST = do_GET

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def region(draw: Any, tmp_path: Path, ground_of: Any) -> Any:
    pbf = draw({1: (0, 0), 2: (1, 0), 3: (2, 0)}, {10: ([1, 2, 3], {"highway": "residential"})})
    return ground_of(pbf, tmp_path / "ground")


def valhalla_like(path: str, body: Any) -> Reply:
    """Answers as Valhalla 3.9.1 does: every point is on a road, every pair is 100 s and 1.5 km apart."""
    if path == "/status":
        return say({"version": "3.9.1", "tileset_last_modified": 1})
    if path == "/locate":
        return say(
            [{"edges": [{"correlated_lat": at["lat"], "correlated_lon": at["lon"]}]} for at in body["locations"]]
        )
    if path == "/sources_to_targets":
        return say(
            {"sources_to_targets": [[{"time": 100, "distance": 1.5} for _ in body["targets"]] for _ in body["sources"]]}
        )
    if path == "/route":
        return say({"trip": {"legs": [{"shape": LINE}]}})
    return say({"error": "unknown"}, 404)


def osrm_like(path: str, body: Any) -> Reply:
    """Answers as OSRM does: every point is on a road, every pair is 100 s and 1.5 km apart."""
    service, _, rest = path.removeprefix("/").partition("/")
    places = rest.split("?")[0].split("/")[-1].split(";")
    if service == "nearest":
        lon, lat = places[0].split(",")
        return say({"code": "Ok", "waypoints": [{"location": [float(lon), float(lat)], "distance": 3.25}]})
    if service == "table":
        rows = rest.split("sources=")[1].split("&")[0].replace("%3B", ";").count(";") + 1
        columns = len(places) - rows
        return say({"code": "Ok", "durations": [[100.2] * columns] * rows, "distances": [[1500.1] * columns] * rows})
    return say({"code": "Ok", "routes": [{"geometry": LINE}]})


@contextmanager
def routing(kind: str, answer: Answer, region: Any, **options: Any) -> Iterator[Any]:
    with serving(answer) as url:
        maker = ValhallaRouter if kind == "valhalla" else OsrmRouter
        router = maker(url, region.region, folder=region.folder, **options)
        try:
            yield router
        finally:
            router.close()


LIKE: dict[str, Answer] = {"valhalla": valhalla_like, "osrm": osrm_like}
ENGINES = pytest.mark.parametrize("kind", ["valhalla", "osrm"])


def overriding(kind: str, part: str, reply: Reply) -> Answer:
    return lambda path, body: reply if part in path else LIKE[kind](path, body)


@ENGINES
def test_the_player_is_believed_when_it_behaves(kind: str, region: Any) -> None:
    with routing(kind, LIKE[kind], region) as router:
        route = router.route(HERE, THERE, mode="car", on=date(2026, 12, 4))
        assert (route.duration_s, route.distance_m) == (100, 1500)
        assert route.geometry[0] == HERE
        matrix = router.matrix([HERE] * 60, [THERE] * 101, mode="car", on=None)
        assert {len(row) for row in matrix.durations_s} == {101}


@ENGINES
def test_a_null_cell_is_no_way_and_never_zero(kind: str, region: Any) -> None:
    empty: dict[str, Reply] = {
        "valhalla": say({"sources_to_targets": [[{"time": None, "distance": None}]]}),
        "osrm": say({"code": "Ok", "durations": [[None]], "distances": [[None]]}),
    }
    with routing(kind, _nulls(kind, empty[kind]), region) as router:
        assert router.matrix([HERE], [THERE], mode="car", on=None).durations_s == ((None,),)
        with pytest.raises(ToolError, match="no way by car"):
            router.route(HERE, THERE, mode="car", on=None)


def _nulls(kind: str, reply: Reply) -> Answer:
    return overriding(kind, "sources_to_targets" if kind == "valhalla" else "/table/", reply)


@ENGINES
def test_a_refusal_for_one_pair_does_not_spoil_the_block(kind: str, region: Any) -> None:
    lost = Point(42.0, 1.0101)
    refusals = {
        "valhalla": say({"error_code": 442, "error": "No path could be found for input"}, 400),
        "osrm": say({"code": "NoTable", "message": "No table found"}, 400),
    }

    def answer(path: str, body: Any) -> Reply:
        asked = json.dumps(body) if kind == "valhalla" else path
        matrix = "sources_to_targets" in path or "/table/" in path
        return refusals[kind] if matrix and "1.0101" in asked else LIKE[kind](path, body)

    with routing(kind, answer, region) as router:
        cells = router.matrix([HERE, lost, THERE], [HERE, THERE, lost], mode="car", on=None).durations_s
    assert cells == ((100, 100, None), (None, None, None), (100, 100, None))


@ENGINES
def test_a_silent_snap_across_the_country_is_refused(kind: str, region: Any) -> None:
    far = {
        "valhalla": say([{"edges": [{"correlated_lat": 42.09, "correlated_lon": 1.0}]}]),
        "osrm": say({"code": "Ok", "waypoints": [{"location": [1.0, 42.09], "distance": 10_007.0}]}),
    }
    part = "/locate" if kind == "valhalla" else "/nearest"
    with routing(kind, overriding(kind, part, far[kind]), region) as router:
        for ask in (
            lambda: router.snap(HERE, "car"),
            lambda: router.matrix([HERE], [THERE], mode="car", on=None),
            lambda: router.route(HERE, THERE, mode="car", on=None),
        ):
            with pytest.raises(InputError, match=r"100\d\d m away"):
                ask()


@ENGINES
@pytest.mark.parametrize("status", [171, 0])
def test_no_road_near_is_the_callers_error(kind: str, region: Any, status: int) -> None:
    none = {
        "valhalla": say({"error_code": 171, "error": "No suitable edges near location"}, 400)
        if status
        else say([{"edges": None}]),
        "osrm": say({"code": "NoSegment", "message": "Could not find a matching segment"}, 400),
    }
    part = "/locate" if kind == "valhalla" else "/nearest"
    with (
        routing(kind, overriding(kind, part, none[kind]), region) as router,
        pytest.raises(InputError, match="no road for car near"),
    ):
        router.snap(HERE, "car")


@ENGINES
def test_what_the_engine_refuses_is_told_in_its_words(kind: str, region: Any) -> None:
    long = {
        "valhalla": say({"error_code": 154, "error": "Path distance exceeds\nthe max distance limit"}, 400),
        "osrm": say({"code": "TooBig", "message": "Too many table\ncoordinates"}, 400),
    }
    with (
        routing(kind, _nulls(kind, long[kind]), region) as router,
        pytest.raises(ToolError, match=r"exceeds the max|Too many table coordinates"),
    ):
        router.matrix([HERE], [THERE], mode="car", on=None)


GARBAGE: list[bytes] = [
    b"",
    b"<html>busy</html>",
    b"[" * 100_000,
    b"null",
    b"[]",
    b"{}",
    b'"text"',
    b'{"sources_to_targets": [[{"time": NaN, "distance": 1}]], "code": "Ok"}',
    b'{"sources_to_targets": [[{"time": -5, "distance": 1}]], "code": "Ok", "durations": [[-5]], "distances": [[1]]}',
    b'{"sources_to_targets": [[{"time": "1", "distance": 1}]], "code": "Ok", "durations": [["1"]], "distances": [[1]]}',
    b'{"sources_to_targets": [[]], "code": "Ok", "durations": [[]], "distances": [[]]}',
    b'{"sources_to_targets": [], "code": "Ok", "durations": [], "distances": []}',
    b'{"sources_to_targets": 5, "code": "Ok", "durations": 5, "distances": 5}',
]


@ENGINES
@pytest.mark.parametrize("content", GARBAGE)
def test_garbage_is_the_servers_fault_and_never_a_number(kind: str, region: Any, content: bytes) -> None:
    with routing(kind, _nulls(kind, (200, content)), region) as router, pytest.raises((ServerError, ToolError)):
        router.matrix([HERE], [THERE], mode="car", on=None)
    with (
        routing(kind, lambda path, body: (200, content), region) as router,
        pytest.raises((ServerError, ToolError)),
    ):
        router.snap(HERE, "car")


@given(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=2)
)
def test_an_amount_is_a_number_that_is_not_negative_or_a_type_error(value: Any) -> None:
    try:
        amount = read_amount(value)
    except TypeError:
        return
    assert amount >= 0
    assert isinstance(value, int | float)


@ENGINES
@pytest.mark.parametrize("shape", [None, "", "~~~", "\x00", 5, [[1, 2]], "_" * 1000])
def test_a_line_that_is_none_is_the_servers_fault(kind: str, region: Any, shape: Any) -> None:
    broken = say({"code": "Ok", "routes": [{"geometry": shape}], "trip": {"legs": [{"shape": shape}]}})
    with (
        routing(kind, overriding(kind, "/route", broken), region) as router,
        pytest.raises(ServerError, match="not a route"),
    ):
        router.route(HERE, THERE, mode="car", on=None)


@pytest.mark.parametrize("status", [500, 502, 503])
@ENGINES
def test_a_failing_server_is_a_server_error(kind: str, region: Any, status: int) -> None:
    with (
        routing(kind, lambda path, body: (status, b"{}"), region) as router,
        pytest.raises(ServerError, match=f"failed with status {status}"),
    ):
        router.snap(HERE, "car")


@ENGINES
def test_a_stalling_server_is_given_up(kind: str, region: Any) -> None:
    with (
        routing(kind, lambda path, body: (0, b""), region, caps=Caps(time_s=0.2)) as router,
        pytest.raises(ServerError, match=r"within 0\.2 s"),
    ):
        router.snap(HERE, "car")


def test_a_huge_answer_is_cut_off() -> None:
    with (
        serving(lambda path, body: (200, b" " * 300_000 + b"1")) as url,
        Fetcher("x", url, caps=Caps(size=100_000)) as fetcher,
        pytest.raises(ServerError, match="more than 100000 bytes"),
    ):
        fetcher.get("/")


def test_a_redirect_is_not_followed_and_keys_stay_out_of_errors() -> None:
    asked: list[str] = []

    def answer(path: str, body: Any) -> Reply:
        asked.append(path)
        return (302, b"")

    with (
        serving(answer, headers={"Location": "http://127.0.0.1:9/elsewhere"}) as url,
        Fetcher("Weather", url) as fetcher,
        pytest.raises(ServerError, match="redirects") as caught,
    ):
        fetcher.get("/secret-path", {"key": "s3cr3t"})
    assert asked == ["/secret-path?key=s3cr3t"]
    assert "s3cr3t" not in f"{caught.value!r}{caught.value}{caught.value.__cause__}{caught.value.__context__}"
    assert "secret-path" not in str(caught.value)


def test_an_unreachable_server_is_named_without_its_query() -> None:
    with serving(valhalla_like) as url:
        pass
    with (
        Fetcher("Valhalla", url) as fetcher,
        pytest.raises(ServerError, match=r"Valhalla at http://127.0.0.1:\d+ cannot be reached"),
    ):
        fetcher.get("/", {"key": "s3cr3t"})


@pytest.mark.parametrize(
    "address",
    ["", "localhost:8002", "ftp://host", "file:///etc/passwd", "http://", "http://user:pw@host", "http://host?key=1"],
)
def test_an_address_that_is_no_plain_http_address_is_refused(address: str) -> None:
    with pytest.raises(InputError) as caught:
        Fetcher("x", address)
    assert "pw" not in str(caught.value)


@given(
    st.integers(0, 7), st.integers(0, 7), st.integers(1, 4), st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)))
)
def test_blocks_make_up_the_whole_matrix(rows: int, columns: int, size: int, lost: set[tuple[int, int]]) -> None:
    def ask(origins: Any, destinations: Any) -> Any:
        assert len(origins) <= size
        assert len(destinations) <= size
        pairs = [[(int(a.lat), int(b.lat)) for b in destinations] for a in origins]
        if any(pair in lost for line in pairs for pair in line):
            return None
        return pairs

    matrix = assemble_matrix([Point(i, 0) for i in range(rows)], [Point(i, 0) for i in range(columns)], ask, size=size)
    for row in range(rows):
        for column in range(columns):
            expected = (None, None) if (row, column) in lost else (row, column)
            assert (matrix.durations_s[row][column], matrix.distances_m[row][column]) == expected


@pytest.mark.parametrize("name", ["../out", "/abs", "a/../../out", "C:/x", "a\\..\\b"])
def test_a_wheel_cannot_write_outside_its_folder(name: str, tmp_path: Path) -> None:
    archive = tmp_path / "x.whl"
    with zipfile.ZipFile(archive, "w") as wheel:
        wheel.writestr(name, "evil")
    with pytest.raises(InputError, match="outside"):
        unpack_wheel(archive, tmp_path / "deep" / "folder")
    assert not any(path.is_file() and path != archive for path in tmp_path.rglob("*"))


def test_a_wheel_with_a_link_is_refused_and_programs_stay_runnable(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("bin/tool")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "x.whl", "w") as wheel:
        wheel.writestr(link, "/etc/passwd")
    with pytest.raises(InputError, match="outside"):
        unpack_wheel(tmp_path / "x.whl", tmp_path / "out")
    tool = zipfile.ZipInfo("bin/tool")
    tool.external_attr = 0o100755 << 16
    with zipfile.ZipFile(tmp_path / "y.whl", "w") as wheel:
        wheel.writestr(tool, "#!/bin/sh\n")
        wheel.writestr("data.txt", "1")
    unpack_wheel(tmp_path / "y.whl", tmp_path / "good")
    assert (tmp_path / "good" / "bin" / "tool").stat().st_mode & 0o111
    assert not (tmp_path / "good" / "data.txt").stat().st_mode & 0o111
    (tmp_path / "z.whl").write_bytes(b"PK no zip")
    with pytest.raises(InputError, match="not a wheel"):
        unpack_wheel(tmp_path / "z.whl", tmp_path / "bad")


@given(st.text(max_size=40))
def test_any_text_is_a_line_on_earth_or_a_type_error(text: str) -> None:
    try:
        line = read_line(text)
    except TypeError:
        return
    assert len(line) >= 2
    assert all(abs(point.lat) <= 90 and abs(point.lon) <= 180 for point in line)
