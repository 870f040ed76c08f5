"""Import of roads: file in, network file out."""

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from metier.errors import InputError, MissingError, StorageError
from metier_maps.routing.roads.compaction import compact
from metier_maps.routing.roads.network import save_network
from metier_maps.routing.roads.reading import Progress, read_ways

SOURCE_NAME: Final = "source.osm.pbf"  # the map file, kept beside the network for engines that prepare their own


@dataclass(frozen=True, slots=True)
class RoadCounts:
    """How much road was imported: junctions, directed arcs of any mode, and (south, west, north, east) of them."""

    nodes: int
    arcs: int
    bbox: tuple[float, float, float, float]


def import_roads(pbf: Path, folder: Path, *, progress: Progress | None = None) -> RoadCounts:
    """Returns how much road the file holds, having written `roads.npz` and a copy of the file into the folder.

    `progress` is called with the number of OSM objects read so far. Raises MissingError for no file, InputError for a
    file that is not OpenStreetMap data or holds no road, StorageError where the folder cannot be written. Equal files
    give equal networks. A file that breaks off leaves the folder as it was. The C++ reader can crash on a forged file,
    so a file that nobody vouches for is read in a process of its own (as `places.regions.add_region` does).
    """
    if not pbf.is_file():
        raise MissingError(f"There is no file {pbf}.")
    network = compact(read_ways(pbf, progress))
    if not len(network.tail):
        raise InputError(
            f"{pbf.name} holds no roads.", hint="Use an OpenStreetMap extract (.osm.pbf) that includes highways."
        )
    save_network(network, folder)
    _keep_source(pbf, folder)
    south, north = float(network.shape_lat.min()), float(network.shape_lat.max())
    west, east = float(network.shape_lon.min()), float(network.shape_lon.max())
    arcs = int((network.time_ds > 0).any(axis=1).sum())
    return RoadCounts(nodes=len(network.node_lat), arcs=arcs, bbox=(south, west, north, east))


def _keep_source(pbf: Path, folder: Path) -> None:
    # A copy and no link: a file that is downloaded anew over the old one would change under the region's id.
    kept, draft = folder / SOURCE_NAME, folder / f".{SOURCE_NAME}.{os.getpid()}"
    try:
        if not kept.exists() or not kept.samefile(pbf):
            shutil.copyfile(pbf, draft)
            draft.replace(kept)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise StorageError(f"The map file cannot be copied to {folder}: {error.strerror or error}.") from error
