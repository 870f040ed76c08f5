"""Import of roads: file in, network file out."""

from dataclasses import dataclass
from pathlib import Path

from metier.errors import InputError, MissingError
from metier_maps.routing.roads.compaction import compact
from metier_maps.routing.roads.network import save_network
from metier_maps.routing.roads.reading import Progress, read_ways


@dataclass(frozen=True, slots=True)
class RoadCounts:
    """How much road was imported: junctions, directed arcs of any mode, and (south, west, north, east) of them."""

    nodes: int
    arcs: int
    bbox: tuple[float, float, float, float]


def import_roads(pbf: Path, folder: Path, *, progress: Progress | None = None) -> RoadCounts:
    """Returns how much road the file holds, having written `roads.npz` into the folder.

    `progress` is called with the number of OSM objects read so far. Raises MissingError for no file, InputError for a
    file that is not OpenStreetMap data or holds no road, StorageError where the folder cannot be written. Equal files
    give equal networks. A file that breaks off leaves the folder as it was.
    """
    if not pbf.is_file():
        raise MissingError(f"There is no file {pbf}.")
    network = compact(read_ways(pbf, progress))
    if not len(network.tail):
        raise InputError(
            f"{pbf.name} holds no roads.", hint="Use an OpenStreetMap extract (.osm.pbf) that includes highways."
        )
    save_network(network, folder)
    south, north = float(network.shape_lat.min()), float(network.shape_lat.max())
    west, east = float(network.shape_lon.min()), float(network.shape_lon.max())
    arcs = int((network.time_ds > 0).any(axis=1).sum())
    return RoadCounts(nodes=len(network.node_lat), arcs=arcs, bbox=(south, west, north, east))
