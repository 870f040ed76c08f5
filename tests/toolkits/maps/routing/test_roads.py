"""Promises of the import of roads."""

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier.errors import InputError, MissingError, StorageError
from metier_maps.routing.roads import SOURCE_NAME, import_roads
from metier_maps.routing.roads.access import MODES, read_directions
from metier_maps.routing.roads.closures import is_closed, read_closure
from metier_maps.routing.roads.network import load_network
from metier_maps.routing.roads.speeds import FASTEST_KMH, read_duration, read_limit, read_speeds

ROAD = {"highway": "residential"}
LINE = {1: (0.0, 0.0), 2: (1.0, 0.0), 3: (2.0, 0.0)}
VALUES = st.sampled_from(
    [
        "",
        "yes",
        "no",
        "-1",
        "private",
        "destination",
        "50",
        "30 mph",
        "999999999999",
        "-5",
        "none",
        "RO:urban",
        "١٢",
        "1e9",
    ]
)
KEYS = st.sampled_from(
    [
        *("access", "vehicle", "motor_vehicle", "motorcar", "bicycle", "foot", "oneway", "oneway:bicycle", "junction"),
        *("maxspeed", "maxspeed:forward", "surface", "lanes", "cycleway", "service", "motor_vehicle:conditional"),
    ]
)


def test_chains_between_junctions_become_one_edge_that_keeps_its_line(draw: Any, tmp_path: Path) -> None:
    bent = {1: (0.0, 0.0), 2: (0.5, 0.4), 3: (1.0, 0.0), 4: (1.0, 1.0), 5: (2.0, 0.0)}
    pbf = draw(bent, {10: ([1, 2, 3, 5], ROAD), 11: ([3, 4], ROAD)})
    counts = import_roads(pbf, tmp_path / "r")
    network = load_network(tmp_path / "r")
    assert (counts.nodes, counts.arcs) == (4, 6)
    assert network.shape_first.tolist() == [0, 3, 5, 7]


def test_a_file_without_roads_is_refused(draw: Any, tmp_path: Path) -> None:
    pbf = draw(LINE, {10: ([1, 2], {"waterway": "river"}), 11: ([2, 3], {"highway": "proposed"})})
    with pytest.raises(InputError, match="holds no roads"):
        import_roads(pbf, tmp_path / "r")
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize("content", [b"", b"\0" * 4096, random.Random(1).randbytes(4096), b"<osm/>"])
def test_a_file_that_is_not_map_data_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.osm.pbf"
    path.write_bytes(content)
    with pytest.raises(InputError):
        import_roads(path, tmp_path / "r")


def test_a_truncated_file_is_refused_and_changes_nothing(draw: Any, tmp_path: Path) -> None:
    whole = draw(LINE, {10: ([1, 2, 3], ROAD)})
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(whole.read_bytes()[:-20])
    import_roads(whole, tmp_path / "r")
    before = (tmp_path / "r" / "roads.npz").read_bytes()
    with pytest.raises(InputError):
        import_roads(cut, tmp_path / "r")
    assert (tmp_path / "r" / "roads.npz").read_bytes() == before


def test_a_missing_file_and_a_missing_or_damaged_import_say_so(tmp_path: Path, draw: Any) -> None:
    with pytest.raises(MissingError):
        import_roads(tmp_path / "none.osm.pbf", tmp_path)
    with pytest.raises(MissingError, match="no roads"):
        load_network(tmp_path)
    (tmp_path / "roads.npz").write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(StorageError, match="damaged"):
        load_network(tmp_path)


def test_a_folder_that_cannot_be_made_is_a_storage_error(draw: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError):
        import_roads(draw(LINE, {10: ([1, 2], ROAD)}), tmp_path / "file" / "r")


def test_the_map_file_is_kept_for_other_engines(draw: Any, tmp_path: Path) -> None:
    pbf = draw(LINE, {10: ([1, 2, 3], ROAD)})
    import_roads(pbf, tmp_path / "r")
    content = pbf.read_bytes()
    pbf.write_bytes(b"downloaded anew")
    assert (tmp_path / "r" / SOURCE_NAME).read_bytes() == content
    assert sorted(path.name for path in (tmp_path / "r").iterdir()) == ["roads.npz", SOURCE_NAME]


def test_equal_files_give_equal_networks(draw: Any, tmp_path: Path) -> None:
    pbf = draw(LINE, {10: ([1, 2, 3], ROAD)})
    for name in ("a", "b"):
        import_roads(pbf, tmp_path / name)
    assert (tmp_path / "a" / "roads.npz").read_bytes() == (tmp_path / "b" / "roads.npz").read_bytes()


def test_hostile_numbers_missing_nodes_and_absurd_tags_do_no_harm(
    draw: Any, route_on: Callable[[Path], Any], at: Any
) -> None:
    huge = 2**62
    nodes = {1: (0.0, 0.0), 2: (1.0, 0.0), huge: (2.0, 0.0), huge + 1: (2.0, 0.0)}
    absurd = {"highway": "residential", "maxspeed": "9" * 300, "lanes": "-1", "name": "<script>\x07" + "x" * 200}
    ways = {
        10: ([1, 1, 2, 999, huge], absurd),
        11: ([2, huge, huge + 1], {**ROAD, "maxspeed": "0"}),
        huge: ([404, 405], ROAD),
        13: ([1], ROAD),
        14: ([1, 2], {"route": "ferry", "duration": "99999:99"}),
    }
    relations = [
        (
            [("w", 10, "from"), ("n", 999, "via"), ("w", 11, "to")],
            {"type": "restriction", "restriction": "no_left_turn"},
        ),
        ([("r", 1, "via")], {"type": "restriction", "restriction": "only_"}),
    ]
    router = route_on(draw(nodes, ways, relations=relations))
    assert router.route(at(0, 0), at(2, 0), mode="car", on=None).distance_m == pytest.approx(1653, abs=3)


def test_a_real_country_is_imported_with_progress_into_less_than_half_its_size(
    andorra_pbf: Path, tmp_path: Path
) -> None:
    told: list[int] = []
    counts = import_roads(andorra_pbf, tmp_path, progress=told.append)
    assert told == sorted(told)
    assert told
    assert counts.nodes > 10_000
    assert counts.arcs > counts.nodes
    assert (tmp_path / "roads.npz").stat().st_size < andorra_pbf.stat().st_size / 2


@pytest.mark.parametrize(
    ("tags", "car", "bicycle", "foot"),
    [
        ({"highway": "residential"}, "both", "both", "both"),
        ({"highway": "residential", "oneway": "yes"}, "forward", "forward", "both"),
        ({"highway": "residential", "oneway": "-1"}, "backward", "backward", "both"),
        ({"highway": "residential", "oneway": "yes", "oneway:bicycle": "no"}, "forward", "both", "both"),
        ({"highway": "residential", "oneway": "yes", "cycleway:left": "opposite_lane"}, "forward", "both", "both"),
        ({"highway": "primary", "junction": "roundabout"}, "forward", "forward", "both"),
        ({"highway": "motorway"}, "forward", "none", "none"),
        ({"highway": "motorway", "oneway": "no"}, "both", "none", "none"),
        ({"highway": "footway"}, "none", "none", "both"),
        ({"highway": "footway", "bicycle": "yes", "access": "yes"}, "none", "both", "both"),
        ({"highway": "track"}, "none", "both", "both"),
        ({"highway": "track", "motor_vehicle": "yes"}, "both", "both", "both"),
        ({"highway": "service", "access": "private"}, "none", "none", "none"),
        ({"highway": "service", "access": "no", "foot": "yes"}, "none", "none", "both"),
        ({"highway": "service", "access": "customers"}, "both", "both", "both"),
        ({"highway": "unclassified", "motor_vehicle": "no"}, "none", "both", "both"),
        ({"highway": "primary", "oneway": "reversible"}, "none", "none", "both"),
        ({"route": "ferry"}, "both", "both", "both"),
        ({"route": "ferry", "motor_vehicle": "no"}, "none", "both", "both"),
        ({"highway": "proposed"}, "none", "none", "none"),
    ],
)
def test_access_and_oneway_follow_the_tags(tags: dict[str, str], car: str, bicycle: str, foot: str) -> None:
    words = {(True, True): "both", (True, False): "forward", (False, True): "backward", (False, False): "none"}
    found = [read_directions(tags, mode) for mode in MODES]
    assert [words[each.forward, each.backward] for each in found] == [car, bicycle, foot]


@pytest.mark.parametrize(
    ("text", "kmh"),
    [
        ("50", 50),
        ("30 mph", 48.28),
        ("walk", 6),
        ("AD:urban", 50),
        ("", None),
        ("none", None),
        ("0", None),
        ("9999", None),
    ],
)
def test_speed_limits_are_read_and_absurd_ones_ignored(text: str, kmh: float | None) -> None:
    assert read_limit(text) == (None if kmh is None else pytest.approx(kmh, abs=0.01))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("01:30", 5400), ("00:20:30", 1230), ("PT1H30M", 5400), ("45", 2700), ("", None), ("PT", None), ("soon", None)],
)
def test_durations_of_ferries_are_read(text: str, seconds: int | None) -> None:
    assert read_duration(text) == seconds


@given(st.dictionaries(KEYS, VALUES), st.sampled_from(["motorway", "residential", "track", "steps", "x", ""]))
def test_any_tags_give_a_positive_speed_within_what_the_mode_can_do(tags: dict[str, str], highway: str) -> None:
    for mode in MODES:
        speeds = read_speeds({**tags, "highway": highway}, mode)
        assert 0 < speeds.forward <= FASTEST_KMH[mode]
        assert 0 < speeds.backward <= FASTEST_KMH[mode]
        read_directions({**tags, "highway": highway}, mode)


@given(st.text(max_size=300), st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_any_condition_is_read_without_harm(text: str, on: date) -> None:
    for value in (text, f"no @ ({text})"):
        closure = read_closure({"access:conditional": value}, "foot")
        if closure:
            is_closed(closure, on)


@pytest.mark.parametrize(
    ("value", "on", "closed"),
    [
        ("no @ (Nov 1-Apr 30)", date(2026, 12, 4), True),
        ("no @ (Nov 1-Apr 30)", date(2026, 4, 30), True),
        ("no @ (Nov 1-Apr 30)", date(2026, 5, 1), False),
        ("no @ Nov-Apr", date(2026, 1, 15), True),
        ("no @ (22:00-06:00)", date(2026, 1, 15), False),
        ("no @ (weight>3.5)", date(2026, 1, 15), False),
        ("destination @ (Mo-Su)", date(2026, 1, 15), False),
        ("no @ (Nov 1-Apr 30); no @ (Aug 1-Aug 10)", date(2026, 8, 5), True),
        ("no @ (nonsense)", date(2026, 1, 15), False),
        ("no @ (Nov-Apr AND wet)", date(2026, 1, 15), False),
        ("no @ (wet); no @ (Nov-Apr)", date(2026, 1, 15), True),
    ],
)
def test_a_road_is_closed_on_the_days_its_condition_names(value: str, on: date, closed: bool) -> None:
    closure = read_closure({"motor_vehicle:conditional": value}, "car")
    assert bool(closure and is_closed(closure, on)) is closed
    assert read_closure({"motor_vehicle:conditional": value}, "foot") == ""


@pytest.mark.parametrize("value", ["no @ (wet)", "no @ (weight>3.5)", "yes @ (Nov-Apr)", "no", "", "no @ ()"])
def test_a_condition_that_is_no_ban_by_time_is_no_closure(value: str) -> None:
    assert read_closure({"motor_vehicle:conditional": value}, "car") == ""
