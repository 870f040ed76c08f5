from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier_maps.osm.elements import Element, middle_of, newest_date, read_elements, read_header


def read_all(path: Path, *keys: str) -> dict[tuple[str, int], Element]:
    def wanted(tags: Mapping[str, str]) -> bool:
        return True

    return {(e.kind, e.id): e for e in read_elements(path, keys, wanted) if e.lat is not None}


def test_a_building_is_read_as_an_area_with_its_middle(crossroads: Any, tmp_path: Path) -> None:
    corners = {11: (42.0, 1.0), 12: (42.0, 1.002), 13: (42.001, 1.002), 14: (42.001, 1.0)}
    crossroads.nodes.update({number: (*where, {}) for number, where in corners.items()})
    crossroads.ways[9] = ([11, 12, 13, 14, 11], {"tourism": "hotel", "name": "Block"})
    hotel = read_all(crossroads.write(tmp_path / "x.osm.pbf"), "tourism")["way", 9]
    assert (hotel.lat, hotel.lon) == (pytest.approx(42.0005), pytest.approx(1.001))


def test_a_multipolygon_is_read_with_the_middle_of_its_outline(crossroads: Any, tmp_path: Path) -> None:
    corners = {11: (42.0, 1.0), 12: (42.0, 1.002), 13: (42.001, 1.002), 14: (42.001, 1.0)}
    crossroads.nodes.update({number: (*where, {}) for number, where in corners.items()})
    crossroads.ways.update({8: ([11, 12, 13], {}), 9: ([13, 14, 11], {})})
    members = [("w", 8, "outer"), ("w", 9, "outer")]
    crossroads.relations[7] = (members, {"type": "multipolygon", "tourism": "museum", "name": "Wings"})
    museum = read_all(crossroads.write(tmp_path / "x.osm.pbf"), "tourism")["relation", 7]
    assert (museum.lat, museum.lon) == (pytest.approx(42.0005), pytest.approx(1.001))


def test_a_closed_way_that_crosses_itself_is_not_lost(crossroads: Any, tmp_path: Path) -> None:
    corners = {11: (42.0, 1.0), 12: (42.001, 1.002), 13: (42.0, 1.002), 14: (42.001, 1.0)}
    crossroads.nodes.update({number: (*where, {}) for number, where in corners.items()})
    crossroads.ways[9] = ([11, 12, 13, 14, 11], {"tourism": "camp_site", "name": "Bow tie"})
    assert ("way", 9) in read_all(crossroads.write(tmp_path / "x.osm.pbf"), "tourism")


def test_the_header_tells_date_and_generator(crossroads: Any, tmp_path: Path) -> None:
    header = read_header(crossroads.write(tmp_path / "x.osm.pbf"))
    assert (header.date, header.generator, header.fictional) == ("2024-05-06", "drawn", False)
    crossroads.header = {"generator": "metier-world/1"}
    header = read_header(crossroads.write(tmp_path / "y.osm.pbf"))
    assert (header.date, header.fictional) == ("", True)


def test_a_file_without_any_date_has_none(drawn: Callable[..., Path]) -> None:
    assert newest_date(drawn()) == ""


@given(st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), min_size=1, max_size=8))
def test_the_middle_of_any_ring_is_inside_its_box(ring: list[tuple[float, float]]) -> None:
    lat, lon = middle_of(ring)
    assert min(p[0] for p in ring) <= lat <= max(p[0] for p in ring)
    assert min(p[1] for p in ring) <= lon <= max(p[1] for p in ring)
