"""Small road files written by osmium itself, so that the importer reads what it reads in life; and real regions."""

import fcntl
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import osmium
import osmium.osm.mutable as osm
import pytest

from metier.errors import MissingError
from metier_maps.place import Region
from metier_maps.routing.offline import open_router
from metier_maps.routing.programs import Engine, install_program, open_engine, start_server
from metier_maps.routing.roads import import_roads
from metier_maps.routing.router import Point, Router

OSM = Path(__file__).resolve().parents[5] / "shared" / "data" / "maps" / "osm"
STEP = 0.01  # degrees between two columns of a drawing, about 1.1 km of latitude

Tags = Mapping[str, str]


def place_at(column: float, row: float) -> Point:
    return Point(lat=round(42.0 + row * STEP, 7), lon=round(1.0 + column * STEP, 7))


def make_region(name: str, bbox: tuple[float, float, float, float]) -> Region:
    empty = dict.fromkeys(("sha256", "osm_date", "attribution", "licence", "timezone", "country"), "")
    counts = dict.fromkeys(("places", "lodgings", "road_nodes", "road_arcs"), 0)
    return Region.model_validate({"id": f"{name}-0123456789ab", "name": name, "bbox": bbox, **empty, **counts})


class Draw(Protocol):
    """Writes a file: nodes as (column, row), ways as node numbers with tags, relations as members with tags."""

    def __call__(
        self,
        nodes: Mapping[int, tuple[float, float]],
        ways: Mapping[int, tuple[Sequence[int], Tags]],
        *,
        node_tags: Mapping[int, Tags] = ...,
        relations: Sequence[tuple[Sequence[tuple[str, int, str]], Tags]] = ...,
    ) -> Path: ...


@pytest.fixture
def at() -> Callable[[float, float], Point]:
    return place_at


@pytest.fixture
def draw(tmp_path: Path) -> Draw:
    def write(
        nodes: Mapping[int, tuple[float, float]],
        ways: Mapping[int, tuple[Sequence[int], Tags]],
        *,
        node_tags: Mapping[int, Tags] = {},
        relations: Sequence[tuple[Sequence[tuple[str, int, str]], Tags]] = (),
    ) -> Path:
        path = tmp_path / f"drawn{len(list(tmp_path.iterdir()))}.osm.pbf"
        with osmium.SimpleWriter(str(path)) as writer:
            for number, (column, row) in nodes.items():
                point = place_at(column, row)
                node: Any = osm.Node(id=number, location=(point.lon, point.lat), tags=dict(node_tags.get(number, {})))
                writer.add_node(node)
            for number, (refs, tags) in ways.items():
                writer.add_way(osm.Way(id=number, nodes=list(refs), tags=dict(tags)))
            for index, (members, tags) in enumerate(relations, start=1):
                writer.add_relation(osm.Relation(id=index, members=list(members), tags=dict(tags)))
        return path

    return write


@pytest.fixture
def route_on(tmp_path: Path) -> Callable[[Path], Router]:
    """Returns a function from a file to an offline router on it."""

    def open_file(pbf: Path) -> Router:
        folder = tmp_path / f"region{len(list(tmp_path.iterdir()))}"
        return open_router(folder, make_region("drawn", import_roads(pbf, folder).bbox))

    return open_file


@pytest.fixture(scope="session")
def andorra_pbf() -> Path:
    return _real("andorra-2025")


@pytest.fixture(scope="session")
def andorra(andorra_pbf: Path, tmp_path_factory: pytest.TempPathFactory) -> Router:
    folder = tmp_path_factory.mktemp("andorra")
    return open_router(folder, make_region("andorra", import_roads(andorra_pbf, folder).bbox))


def _real(name: str) -> Path:
    path = OSM / f"{name}.osm.pbf"
    if not path.is_file():
        pytest.skip(f"the map data folder is absent: {path.name} is not there")
    return path


@dataclass(frozen=True)
class Ground:
    """An imported region with its map file, as `metier maps add` leaves it."""

    folder: Path
    region: Region


def prepare_ground(pbf: Path, folder: Path, name: str) -> Ground:
    return Ground(folder, make_region(name, import_roads(pbf, folder).bbox))


@pytest.fixture(scope="session")
def monaco(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return prepare_ground(_real("monaco-2023"), tmp_path_factory.mktemp("monaco"), "monaco")


@pytest.fixture(scope="session")
def ground_of() -> Callable[[Path, Path], Ground]:
    """Returns a function from a drawn file and a folder to a region on it."""
    return lambda pbf, folder: prepare_ground(pbf, folder, "drawn")


@pytest.fixture(scope="session")
def programs(all_workers: Path) -> Path:
    """Returns the folder of the unpacked wheels, fetched once for all workers of the test run."""
    with (all_workers / "programs.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            for engine in ("valhalla", "osrm"):
                install_program(engine, all_workers)
        except MissingError as error:
            if os.environ.get("METIER_SKIP_ENGINES") == "1":
                pytest.skip(f"METIER_SKIP_ENGINES=1, and the programs are not to be had: {error}")
            raise
    return all_workers


@contextmanager
def running(engine: Engine, ground: Ground, home: Path) -> Iterator[Router]:
    with start_server(engine, ground.folder, home=home) as server:
        router = open_engine(engine, server.base_url, ground.region, folder=ground.folder)
        try:
            yield router
        finally:
            router.close()


@pytest.fixture(scope="session")
def run_engine(programs: Path) -> Callable[[Engine, Ground], Any]:
    """Returns a context manager: a server of the engine on a region, and the router that speaks to it."""
    return lambda engine, ground: running(engine, ground, programs)


@pytest.fixture(scope="session", params=["offline", "valhalla", "osrm"])
def engine(request: pytest.FixtureRequest, monaco: Ground) -> Iterator[Router]:
    """Yields each engine in turn on the same region: what one promises, all promise."""
    if request.param == "offline":
        yield open_router(monaco.folder, monaco.region)
        return
    with request.getfixturevalue("run_engine")(request.param, monaco) as router:
        yield router
