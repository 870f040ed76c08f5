"""The things of a map file, one after another: nodes, ways and areas with any of the given tag keys."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

import osmium

from metier.errors import InputError
from metier_maps.osm.cleaning import clean_tags, clean_text

FICTIONAL: Final = "metier-world"
_EPOCH: Final = datetime(1970, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Header:
    """What the file says of itself: its date (ISO 8601, may be empty) and the program that wrote it."""

    date: str
    generator: str

    @property
    def fictional(self) -> bool:
        """Returns whether the file is of a made-up country."""
        return self.generator.startswith(FICTIONAL)


@dataclass(frozen=True, slots=True)
class Element:
    """A thing on the map. `kind` and `id` are those of OpenStreetMap; an area has those of its way or relation.

    `lat` and `lon` (degrees) are the middle of an area or way, None where no node of it is in the file. `date` is that
    of the last change (ISO 8601), empty where the file has none.
    """

    kind: Literal["node", "way", "relation"]
    id: int
    tags: dict[str, str]
    lat: float | None
    lon: float | None
    date: str


@contextmanager
def told_plainly(pbf: Path) -> Iterator[None]:
    """Gives what pyosmium raises on a broken file as InputError."""
    try:
        yield
    except (RuntimeError, UnicodeDecodeError, OverflowError) as error:
        reason = clean_text(str(error), 120)
        raise InputError(
            f"{pbf.name} cannot be imported: its contents are damaged ({reason}).",
            hint="Download the extract again; it must be OpenStreetMap data in PBF format.",
        ) from error


def read_header(pbf: Path) -> Header:
    """Returns the file's header; raises InputError where it cannot be read."""
    with told_plainly(pbf), osmium.io.Reader(osmium.io.File(str(pbf), "pbf"), osmium.osm.NOTHING) as reader:
        header = reader.header()
        stamp = header.get("osmosis_replication_timestamp") or header.get("timestamp")
        return Header(_parse_date(stamp), clean_text(header.get("generator"), 100))


def newest_date(pbf: Path) -> str:
    """Returns the date of the newest change in the file (ISO 8601), empty where it states none. Reads all of it."""
    newest = ""
    with told_plainly(pbf):
        for item in osmium.FileProcessor(osmium.io.File(str(pbf), "pbf")):
            newest = max(newest, _date_of(item))
    return newest


def read_elements(pbf: Path, keys: Sequence[str], wanted: Callable[[Mapping[str, str]], bool]) -> Iterator[Element]:
    """Returns what has any of the tag keys and is `wanted` by its tags: nodes, ways, areas and relations.

    Multipolygons and closed ways are areas; the relations themselves have no position. A closed way that makes no area
    (it crosses itself) comes last, as a way. Memory: the positions of all nodes, plus the closed ways that wait for
    their area. Raises InputError for damaged contents.
    """
    filters = osmium.filter.KeyFilter(*keys)
    # a sorted array of the nodes that exist: its size does not depend on how large their ids are
    located = osmium.FileProcessor(osmium.io.File(str(pbf), "pbf")).with_locations("sparse_mem_array")
    processor = located.with_areas(filters).with_filter(filters)
    waiting: dict[int, Element] = {}
    with told_plainly(pbf):
        for item in map(_untyped, processor):
            if not wanted(dict(item.tags)):
                continue
            element = _read(item)
            if item.is_area() and element.lat is None:
                continue  # it crosses itself: the way or relation is there too
            if item.is_area() and element.kind == "way":
                waiting.pop(element.id, None)
            if item.is_way() and item.is_closed():
                waiting[element.id] = element
            else:
                yield element
    yield from waiting.values()


def _untyped(item: object) -> Any:
    # pyosmium's types do not tell which methods an item has once `is_way()` and the like have been asked
    return item


def _read(item: Any) -> Element:
    tags = clean_tags((tag.k, tag.v) for tag in item.tags)
    if item.is_node():
        at = (item.lat, item.lon) if item.location.valid() else None
        return _element("node", item.id, tags, at, _date_of(item))
    if item.is_way():
        points = [(node.lat, node.lon) for node in item.nodes if node.location.valid()]
        return _element("way", item.id, tags, points[len(points) // 2] if points else None, _date_of(item))
    if item.is_area():
        kind: Literal["way", "relation"] = "way" if item.from_way() else "relation"
        return _element(kind, item.orig_id(), tags, _middle(item.outer_rings()), _date_of(item))
    return _element("relation", item.id, tags, None, _date_of(item))


def _element(
    kind: Literal["node", "way", "relation"],
    number: int,
    tags: dict[str, str],
    at: tuple[float, float] | None,
    date: str,
) -> Element:
    return Element(kind, number, tags, at[0] if at else None, at[1] if at else None, date)


def _middle(rings: Iterable[Any]) -> tuple[float, float] | None:
    points = max(
        ([(node.lat, node.lon) for node in ring if node.location.valid()] for ring in rings), key=len, default=[]
    )
    return middle_of(points) if points else None


def middle_of(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Returns the centre of gravity of a closed ring of (lat, lon), or the middle of its box when it has no surface."""
    south, west = min(lat for lat, _ in ring), min(lon for _, lon in ring)
    north, east = max(lat for lat, _ in ring), max(lon for _, lon in ring)
    local = [(lat - south, lon - west) for lat, lon in ring]
    twice = y = x = 0.0
    for (lat1, lon1), (lat2, lon2) in zip(local, [*local[1:], local[0]], strict=True):
        cross = lon1 * lat2 - lon2 * lat1
        twice, y, x = twice + cross, y + (lat1 + lat2) * cross, x + (lon1 + lon2) * cross
    if abs(twice) > 1e-14:
        lat, lon = south + y / (3 * twice), west + x / (3 * twice)
        if south <= lat <= north and west <= lon <= east:
            return lat, lon
    return (south + north) / 2, (west + east) / 2


def _date_of(item: Any) -> str:
    stamp: datetime = item.timestamp
    return stamp.date().isoformat() if stamp >= _EPOCH else ""


def _parse_date(stamp: str) -> str:
    try:
        return datetime.fromisoformat(stamp).date().isoformat()
    except ValueError:
        return ""
