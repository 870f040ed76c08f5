"""The sample region as a file: repeatable, rich, connected, and marked as fictional."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import osmium
import pytest

from metier.errors import StorageError
from metier.world import Chance, Spot, make_country
from metier_maps.world.ground.sketch import Sketch, SketchedWay
from metier_maps.world.ground.terrain import Terrain
from metier_maps.world.region import GENERATOR, sketch_region, write_region

STREETS = {"residential", "living_street"}
LODGINGS = {"hotel", "guest_house", "hostel", "apartment", "chalet", "camp_site", "alpine_hut"}


@pytest.fixture(scope="module")
def pbf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("world") / "sample.osm.pbf"
    write_region(path, seed=1)
    return path


@pytest.fixture(scope="module")
def sketch() -> Sketch:
    return sketch_region(make_country(1))


def named(sketch: Sketch) -> list[Mapping[str, str]]:
    everything = [x.tags for group in (sketch.nodes, sketch.ways, sketch.relations) for x in group]
    return [tags for tags in everything if "name" in tags and not {"highway", "waterway"} & set(tags)]


def test_the_same_seed_gives_the_same_bytes(pbf: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.osm.pbf"
    write_region(again, seed=1)

    assert again.read_bytes() == pbf.read_bytes()


def test_another_process_gives_the_same_bytes(pbf: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.osm.pbf"
    code = "import pathlib, sys; from metier_maps.world import region; "
    code += "region.write_region(pathlib.Path(sys.argv[1]), seed=1)"
    subprocess.run([sys.executable, "-c", code, str(other)], check=True, timeout=100)

    assert other.read_bytes() == pbf.read_bytes()


def test_another_seed_gives_other_bytes(pbf: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.osm.pbf"
    write_region(other, seed=2)

    assert other.read_bytes() != pbf.read_bytes()


def test_the_file_says_that_it_is_fictional(pbf: Path) -> None:
    with osmium.io.Reader(str(pbf)) as reader:
        assert reader.header().get("generator") == GENERATOR
    nodes = [dict(o.tags) for o in osmium.FileProcessor(pbf, osmium.osm.NODE) if o.tags.get("place") == "country"]

    assert len(nodes) == 1
    assert "fictional" in nodes[0]["note"].lower()


def test_the_file_is_small(pbf: Path) -> None:
    assert pbf.stat().st_size < 400_000


def test_it_has_forty_towns_six_hundred_places_and_eighty_lodgings(sketch: Sketch) -> None:
    places = named(sketch)
    settlements = [t for t in places if t.get("place") in ("city", "town", "village", "hamlet")]
    lodgings = [t for t in places if t.get("tourism") in LODGINGS]

    assert len(settlements) >= 40
    assert all(int(t["population"]) > 0 for t in settlements)
    assert len(places) - len(settlements) - len(lodgings) >= 600
    assert len(lodgings) >= 80


def test_pet_policies_come_in_thirds(sketch: Sketch) -> None:
    lodgings = [t for t in named(sketch) if t.get("tourism") in LODGINGS]
    policies = Counter(t.get("dog", t.get("pets", "unsaid")) for t in lodgings)

    assert set(policies) == {"yes", "no", "unsaid"}
    assert max(policies.values()) - min(policies.values()) <= 1


def test_lodgings_ring_nowhere_and_link_nowhere(sketch: Sketch) -> None:
    for tags in named(sketch):
        assert tags.get("phone", "+999 ").startswith("+999 ")
        assert ("phone" in tags) == (tags.get("phone:note") == "fictional number")
        assert tags.get("website", ".example/").endswith(".example/")


@pytest.mark.parametrize(
    "trait",
    ["24/7", "Apr-Oct", "PH off", "PH 10:00-14:00", "Mo off", "09:00-12:00,14:00", "sunset", "sunrise", "02:00",
     "Su[1]", "week 10-44", '"by appointment"', "10-18h daily", "19:00: Su"],
)  # fmt: skip
def test_hours_of_every_kind_occur(sketch: Sketch, trait: str) -> None:
    assert any(trait in tags.get("opening_hours", "") for tags in named(sketch))


def test_sights_without_hours_occur(sketch: Sketch) -> None:
    assert any("opening_hours" not in tags for tags in named(sketch) if tags.get("tourism") == "museum")


def test_names_of_sights_and_lodgings_are_given_once_in_every_language(sketch: Sketch) -> None:
    for key in ("name", "name:en", "name:zh"):
        names = Counter(tags[key] for tags in named(sketch) if "name:en" in tags and key in tags)
        assert [name for name, count in names.items() if count > 1] == []


def test_roads_have_every_class_and_trait(sketch: Sketch) -> None:
    ways = [way.tags for way in sketch.ways if "highway" in way.tags]
    classes = {tags["highway"] for tags in ways}

    assert classes >= {"motorway", "motorway_link", "primary", "secondary", "tertiary", "unclassified", "residential"}
    assert any(tags.get("junction") == "roundabout" for tags in ways)
    assert {tags.get("oneway") for tags in ways} >= {"yes", "-1", None}
    closures = {tags["motor_vehicle:conditional"] for tags in ways if "motor_vehicle:conditional" in tags}
    assert closures == {"no @ (Nov 1-Apr 30)", "no @ (Dec 1-Mar 31)"}


@pytest.mark.parametrize("seed", range(3))
def test_all_roads_hang_together_and_only_the_basin_needs_its_pass(seed: int) -> None:
    country = make_country(seed)
    sketch = sketch_region(country)

    summer, winter = reach(sketch, closed=False), reach(sketch, closed=True)
    roads = {node for way in sketch.ways if "highway" in way.tags for node in way.nodes}
    assert roads == summer == reach(sketch, closed=False, back=True)
    streets = [n for way in sketch.ways if way.tags.get("highway") in STREETS for n in way.nodes]
    cut_off = {t.zone for t in country.towns if nearest(sketch, streets, t.spot) not in winter}
    assert cut_off == {"basin"}


def reach(sketch: Sketch, *, closed: bool, back: bool = False) -> set[int]:
    """Returns the nodes that a car reaches from a main road (or comes back from), passes closed or not."""
    around: dict[int, list[int]] = {}
    for way in sketch.ways:
        if "highway" in way.tags and not (closed and "motor_vehicle:conditional" in way.tags):
            for a, b in arcs(way):
                start, end = (b, a) if back else (a, b)
                around.setdefault(start, []).append(end)
    first = next(way.nodes[0] for way in sketch.ways if way.tags.get("highway") == "primary")
    found, edge = {first}, [first]
    while edge:
        fresh = set(around.get(edge.pop(), ())) - found
        found |= fresh
        edge += fresh
    return found


def arcs(way: SketchedWay) -> Iterator[tuple[int, int]]:
    oneway = way.tags.get("oneway")
    for a, b in pairwise(way.nodes):
        if oneway != "-1":
            yield a, b
        if oneway != "yes" and "junction" not in way.tags:
            yield b, a


def nearest(sketch: Sketch, nodes: Sequence[int], spot: Spot) -> int:
    return min(nodes, key=lambda node: sketch.spot_of(node).distance(spot))


def test_woods_and_peaks_make_the_range_visible(sketch: Sketch) -> None:
    peaks = [node.tags for node in sketch.nodes if node.tags.get("natural") == "peak"]
    woods = [way for way in sketch.ways if way.tags.get("natural") == "wood"]

    assert len(peaks) >= 8
    assert all(int(tags["ele"]) > 1900 for tags in peaks)
    assert len(woods) >= 60
    assert all(way.nodes[0] == way.nodes[-1] for way in woods)


def test_the_raster_agrees_with_the_landscape() -> None:
    country = make_country(3)
    terrain = Terrain(country.landscape, Chance(3, "t"))

    for cell in range(0, terrain.columns * terrain.rows, 997):
        spot = terrain.spot_of(cell)
        assert terrain.heights[cell] == pytest.approx(country.landscape.height_at(spot))
        assert terrain.water[cell] == country.landscape.is_water(spot)


def test_a_folder_that_is_not_there_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be written"):
        write_region(tmp_path / "missing" / "x.osm.pbf", seed=1)
