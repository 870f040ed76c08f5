"""The background of the map: roads, water, woods, borders and town names, taken once from the file at import."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import osmium
from numpy.typing import NDArray
from osmium.osm import Area, Node, TagList, Way

from metier.errors import MissingError, StorageError

FILENAME = "basemap.npz"
KINDS = ("water", "wood", "river", "border", "road3", "road2", "road1", "road0")
AREAS = ("water", "wood")
LONGEST_NAME = 60

_ROADS = {
    "motorway": "road0",
    "trunk": "road0",
    "primary": "road0",
    "secondary": "road1",
    "tertiary": "road2",
    "unclassified": "road3",
    "residential": "road3",
    "living_street": "road3",
}
_WOODS = {"forest", "wood"}
_TOWNS = {"city": 0, "town": 1, "village": 2}


@dataclass(frozen=True, slots=True)
class Shape:
    """A line or the outer ring of an area: its kind (one of KINDS) and its points, an (n, 2) array of lat, lon."""

    kind: str
    points: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Town:
    """A name to write on the map; rank 0 is a city, 1 a town, 2 a village."""

    name: str
    lat: float
    lon: float
    rank: int


@dataclass(frozen=True, slots=True)
class Basemap:
    """Everything that is drawn under a trip."""

    shapes: tuple[Shape, ...] = ()
    towns: tuple[Town, ...] = ()


def import_basemap(pbf: Path, folder: Path) -> Basemap:
    """Returns the background of the file's map, after writing it to `folder`; raises StorageError when it cannot."""
    shapes: list[Shape] = []
    towns: list[Town] = []
    keys = osmium.filter.KeyFilter("highway", "waterway", "natural", "landuse", "boundary", "place")
    for item in osmium.FileProcessor(str(pbf)).with_areas(keys).with_filter(keys):
        if isinstance(item, Node):
            towns.extend(_read_town(item))
        elif isinstance(item, Way):
            shapes.extend(_read_line(item))
        elif isinstance(item, Area):
            shapes.extend(_read_area(item))
    basemap = Basemap(tuple(shapes), tuple(towns))
    _write(basemap, folder / FILENAME)
    return basemap


def load_basemap(folder: Path) -> Basemap:
    """Returns the background that was written to `folder`; raises MissingError when there is none."""
    try:
        with np.load(folder / FILENAME, allow_pickle=False) as arrays:
            return _decode(arrays)
    except FileNotFoundError as error:
        raise MissingError(f"{folder} has no background map.", hint="Import the region again.") from error


def _read_town(node: Node) -> Iterator[Town]:
    rank = _TOWNS.get(node.tags.get("place") or "")
    name = (node.tags.get("name") or "")[:LONGEST_NAME]
    if rank is not None and name and node.location.valid():
        yield Town(name, node.location.lat, node.location.lon, rank)


def _read_line(way: Way) -> Iterator[Shape]:
    kind = _line_kind(way.tags)
    points = [(node.lat, node.lon) for node in way.nodes if node.location.valid()] if kind else []
    if len(points) >= 2:
        yield Shape(kind, np.asarray(points))


def _line_kind(tags: TagList) -> str:
    highway = tags.get("highway")
    if highway:
        return _ROADS.get(highway.removesuffix("_link"), "")
    if tags.get("waterway") == "river":
        return "river"
    if tags.get("natural") == "coastline" or (
        tags.get("boundary") == "administrative" and tags.get("admin_level") == "2"
    ):
        return "border"
    return ""


def _read_area(area: Area) -> Iterator[Shape]:
    if area.tags.get("natural") == "water" or area.tags.get("waterway") == "riverbank":
        kind = "water"
    elif area.tags.get("landuse") in _WOODS or area.tags.get("natural") in _WOODS:
        kind = "wood"
    else:
        return
    for ring in area.outer_rings():
        points = [(node.lat, node.lon) for node in ring if node.location.valid()]
        if len(points) >= 4:
            yield Shape(kind, np.asarray(points))


def _write(basemap: Basemap, path: Path) -> None:
    lengths = np.asarray([len(shape.points) for shape in basemap.shapes], dtype=np.int32)
    points = np.concatenate([shape.points for shape in basemap.shapes]) if basemap.shapes else np.empty((0, 2))
    try:
        np.savez_compressed(
            path,
            kinds=np.asarray([KINDS.index(shape.kind) for shape in basemap.shapes], dtype=np.int8),
            lengths=lengths,
            points=np.round(points * 1e6).astype(np.int32),
            names=np.asarray([town.name for town in basemap.towns], dtype=np.str_),
            towns=np.asarray([(town.lat, town.lon, town.rank) for town in basemap.towns], dtype=np.float64).reshape(
                -1, 3
            ),
        )
    except OSError as error:
        raise StorageError(
            f"{path} cannot be written: {error.strerror}.", hint="Free some space and import again."
        ) from error


def _decode(arrays: "np.lib.npyio.NpzFile") -> Basemap:
    ends = np.cumsum(arrays["lengths"])
    pieces = np.split(arrays["points"].astype(np.float64) / 1e6, ends[:-1]) if len(ends) else []
    shapes = tuple(Shape(KINDS[kind], piece) for kind, piece in zip(arrays["kinds"], pieces, strict=True))
    rows = zip(arrays["names"], arrays["towns"], strict=True)
    towns = tuple(Town(str(name), float(lat), float(lon), int(rank)) for name, (lat, lon, rank) in rows)
    return Basemap(shapes, towns)
