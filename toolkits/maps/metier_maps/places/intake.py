"""A map file read into a folder: places, roads, background and what is known of the region."""

import os
import statistics
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from metier.errors import InputError
from metier_maps.hours.zones import zone_of
from metier_maps.osm.basemap import import_basemap
from metier_maps.osm.country import Votes, decide_country
from metier_maps.osm.elements import Header, newest_date, read_elements, read_header
from metier_maps.osm.progress import Steps
from metier_maps.places.categories import KEYS
from metier_maps.places.making import Origin, make_place
from metier_maps.places.place import Place, Region
from metier_maps.places.schema import writing_places
from metier_maps.routing.roads import RoadCounts, import_roads

FILENAME: Final = "region.json"
_BYTES_PER_OBJECT: Final = 8
_BYTES_PER_ELEMENT: Final = 400
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


@dataclass(slots=True)
class _Tally:
    lats: list[float] = field(default_factory=list)
    lons: list[float] = field(default_factory=list)
    lodgings: int = 0
    votes: Votes = field(default_factory=Votes)

    def take(self, place: Place) -> None:
        self.lats.append(place.lat)
        self.lons.append(place.lon)
        self.lodgings += "lodging" in place.categories


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
    tally = _import_places(pbf, folder, Origin(_terms(header)[0], date), steps)
    if not tally.lats:
        raise InputError(
            f"{pbf.name} holds no places.", hint="Use an extract that still has its names, hotels and sights."
        )
    steps.at("drawing the background", 0.0)
    import_basemap(pbf, folder)
    region = _describe(identity, header, date, (tally, roads))
    _write(region, folder / FILENAME)
    return region


def _import_places(pbf: Path, folder: Path, origin: Origin, steps: Steps) -> _Tally:
    tally = _Tally()
    expected = pbf.stat().st_size / _BYTES_PER_ELEMENT
    with writing_places(folder) as writer:
        seen: set[str] = set()
        for count, element in enumerate(read_elements(pbf, (*KEYS, "addr:country"))):
            if count % 256 == 0:
                steps.counted("reading places", count, expected)
            tally.votes.take(element.tags)
            place = make_place(element, origin)
            if place is not None and place.id not in seen:
                seen.add(place.id)
                tally.take(place)
                writer.add(place)
    return tally


def _describe(identity: Identity, header: Header, date: str, counted: tuple[_Tally, RoadCounts]) -> Region:
    tally, roads = counted
    south, west, north, east = roads.bbox
    zone = zone_of(statistics.median(tally.lats), statistics.median(tally.lons))
    _, attribution, licence = _terms(header)
    return Region(
        id=identity.id,
        name=identity.name,
        sha256=identity.sha256,
        osm_date=date,
        attribution=attribution,
        licence=licence,
        bbox=(
            min(south, *tally.lats),
            min(west, *tally.lons),
            max(north, *tally.lats),
            max(east, *tally.lons),
        ),
        timezone=zone,
        country=decide_country(tally.votes, zone).code,
        places=len(tally.lats),
        lodgings=tally.lodgings,
        road_nodes=roads.nodes,
        road_arcs=roads.arcs,
        fictional=header.fictional,
    )


def _terms(header: Header) -> tuple[str, str, str]:
    return _FICTION if header.fictional else _OSM


def _write(region: Region, path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(region.model_dump_json(indent=2))
        file.flush()
        os.fsync(file.fileno())
