"""A map file read into a folder: places, roads, background and what is known of the region."""

import os
import sqlite3
import statistics
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from metier.errors import InputError
from metier_maps.hours.zones import zone_of
from metier_maps.osm.basemap import import_basemap
from metier_maps.osm.country import Votes, decide_country, is_vote
from metier_maps.osm.elements import Header, newest_date, read_elements, read_header, told_plainly
from metier_maps.osm.progress import Steps
from metier_maps.place import Region
from metier_maps.places.categories import KEYS
from metier_maps.places.intake.making import Origin, is_place, make_place
from metier_maps.places.intake.writing import writing_places
from metier_maps.places.schema import FILENAME as PLACES
from metier_maps.routing.roads import RoadCounts, import_roads

FILENAME: Final = "region.json"
_BYTES_PER_OBJECT: Final = 8
_BYTES_PER_ELEMENT: Final = 1_000
_OSM: Final = ("OpenStreetMap", "© OpenStreetMap contributors", "ODbL 1.0")
_FICTION: Final = ("fictional sample region", "fictional sample region, made by metier", "Apache-2.0")


@dataclass(frozen=True, slots=True)
class Identity:
    """What names a region: its name and the SHA-256 of its file."""

    name: str
    sha256: str

    @property
    def id(self) -> str:
        """Returns the id, which is also the name of its folder."""
        return f"{self.name}-{self.sha256[:12]}"


@dataclass(frozen=True, slots=True)
class _Counts:
    places: int
    lodgings: int
    box: tuple[float, float, float, float]
    middle: tuple[float, float]
    votes: Votes


def fill_folder(pbf: Path, folder: Path, identity: Identity, steps: Steps) -> Region:
    """Returns the region, having written all its files into `folder`.

    Raises InputError for a file that is damaged, or has no places or no roads, StorageError where the folder cannot be
    written.
    """
    size = pbf.stat().st_size
    header = read_header(pbf)
    roads = import_roads(
        pbf, folder, progress=lambda count: steps.counted("reading roads", count, size / _BYTES_PER_OBJECT)
    )
    date = header.date or newest_date(pbf)
    votes = _import_places(pbf, folder, Origin(_terms(header)[0], date), steps)
    counts = _count(folder, votes)
    if counts is None:
        raise InputError(
            f"{pbf.name} holds no places.", hint="Use an extract that still has its names, hotels and sights."
        )
    steps.at("drawing the background", 0.0)
    with told_plainly(pbf):
        import_basemap(pbf, folder)
    region = _describe(identity, header, date, (counts, roads))
    _write(region, folder / FILENAME)
    return region


def _import_places(pbf: Path, folder: Path, origin: Origin, steps: Steps) -> Votes:
    votes = Votes()
    expected = pbf.stat().st_size / _BYTES_PER_ELEMENT
    with writing_places(folder) as writer:
        for count, element in enumerate(read_elements(pbf, (*KEYS, "addr:country"), _is_wanted)):
            if count % 64 == 0:
                steps.counted("reading places", count, expected)
            votes.take(element.tags)
            place = make_place(element, origin)
            if place is not None:
                writer.add(place)
    return votes


def _is_wanted(tags: Mapping[str, str]) -> bool:
    return is_vote(tags) or is_place(tags)


def _count(folder: Path, votes: Votes) -> _Counts | None:
    with closing(sqlite3.connect(folder / PLACES)) as connection:
        rows = connection.execute("SELECT lat, lon FROM places").fetchall()
        lodgings = connection.execute("SELECT COUNT(*) FROM kinds WHERE word = 'lodging'").fetchone()[0]
    if not rows:
        return None
    lats, lons = [row[0] for row in rows], [row[1] for row in rows]
    middle = statistics.median(lats), statistics.median(lons)
    return _Counts(len(rows), lodgings, (min(lats), min(lons), max(lats), max(lons)), middle, votes)


def _describe(identity: Identity, header: Header, date: str, counted: tuple[_Counts, RoadCounts]) -> Region:
    counts, roads = counted
    zone = zone_of(*counts.middle)
    _, attribution, licence = _terms(header)
    return Region(
        id=identity.id,
        name=identity.name,
        sha256=identity.sha256,
        osm_date=date,
        attribution=attribution,
        licence=licence,
        bbox=_join(counts.box, roads.bbox),
        timezone=zone,
        country=decide_country(counts.votes, zone).code,
        places=counts.places,
        lodgings=counts.lodgings,
        road_nodes=roads.nodes,
        road_arcs=roads.arcs,
        fictional=header.fictional,
    )


def _join(
    a: tuple[float, float, float, float], b: tuple[float, float, float, float]
) -> tuple[float, float, float, float]:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


def _terms(header: Header) -> tuple[str, str, str]:
    return _FICTION if header.fictional else _OSM


def _write(region: Region, path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(region.model_dump_json(indent=2))
        file.flush()
        os.fsync(file.fileno())
