"""Map files written by osmium itself, so that what reads them reads what it reads in life; and Andorra as it is."""

import fcntl
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import osmium
import osmium.osm.mutable as osm
import pytest

from metier.toolkit import Settings
from metier_maps.places.regions import add_region

ANDORRA = Path(__file__).parents[4] / "shared" / "data" / "maps" / "osm" / "andorra-2025.osm.pbf"
Tags = dict[str, str]


@dataclass
class Drawing:
    """A file to be: nodes by id as (lat, lon, tags), ways as (nodes, tags), relations as (members, tags)."""

    nodes: dict[int, tuple[float, float, Tags]] = field(default_factory=dict)
    ways: dict[int, tuple[Sequence[int], Tags]] = field(default_factory=dict)
    relations: dict[int, tuple[Sequence[tuple[str, int, str]], Tags]] = field(default_factory=dict)
    header: Tags = field(default_factory=dict)

    def write(self, path: Path) -> Path:
        header = osmium.io.Header()
        for key, value in self.header.items():
            header.set(key, value)
        with osmium.SimpleWriter(str(path), header=header, overwrite=True) as writer:
            for number, (lat, lon, tags) in sorted(self.nodes.items()):
                writer.add_node(osm.Node(id=number, location=(lon, lat), tags=tags))
            for number, (nodes, tags) in sorted(self.ways.items()):
                writer.add_way(osm.Way(id=number, nodes=list(nodes), tags=tags))
            for number, (members, tags) in sorted(self.relations.items()):
                writer.add_relation(osm.Relation(id=number, members=list(members), tags=tags))
        return path


def draw_crossroads() -> Drawing:
    """Returns two roads that cross in Andorra, numbered 1 to 5, and nothing else."""
    at = {1: (42.50, 1.50), 2: (42.51, 1.50), 3: (42.52, 1.50), 4: (42.51, 1.49), 5: (42.51, 1.51)}
    return Drawing(
        nodes={number: (*where, {}) for number, where in at.items()},
        ways={1: ([1, 2, 3], {"highway": "primary"}), 2: ([4, 2, 5], {"highway": "residential"})},
        header={"generator": "drawn", "osmosis_replication_timestamp": "2024-05-06T07:08:09Z"},
    )


@pytest.fixture
def crossroads() -> Drawing:
    return draw_crossroads()


@pytest.fixture
def drawn(tmp_path: Path) -> Callable[..., Path]:
    """Writes the crossroads with these nodes' tags; further nodes are set beside them."""

    def write(*tags: Tags, name: str = "tiny.osm.pbf") -> Path:
        drawing = draw_crossroads()
        for i, one in enumerate(tags):
            drawing.nodes[100 + i] = (42.505 + i * 0.0001, 1.505, one)
        return drawing.write(tmp_path / name)

    return write


@pytest.fixture(scope="session")
def all_workers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a folder that all workers of the test run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def real_andorra(all_workers: Path) -> Settings:
    """Settings of a home with the map of Andorra, imported once for all workers, to be read: `data` is <home>/maps."""
    if not ANDORRA.is_file():
        pytest.skip(f"no real map data: {ANDORRA.name} is not beside the repository")
    settings = Settings(all_workers / "andorra" / "maps")
    with (all_workers / "andorra.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        add_region(settings, ANDORRA)
    return settings
