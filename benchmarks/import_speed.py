"""What importing a map costs, per MB of file, against a bare pass of pyosmium over the same file."""

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import osmium
from rich.console import Console

from benchmarks.timing import print_table, time_in_turn
from metier.toolkit import Settings
from metier_maps.osm.basemap import import_basemap
from metier_maps.osm.blobs import check_blobs
from metier_maps.places.regions import add_region
from metier_maps.routing.roads import import_roads

OSM: Final = Path(__file__).resolve().parents[2] / "shared" / "data" / "maps" / "osm"
MEGABYTE: Final = 1e6
ROUNDS: Final = 3
STEPS: Final = ("bare pass, every object", "bare pass with areas", "checking", "roads", "background", "whole import")


def main() -> None:
    """Prints a table for each file given, or for each in ../shared/data/maps/osm; says so where there is none."""
    files = [Path(argument) for argument in sys.argv[1:]] or sorted(OSM.glob("*.osm.pbf"))
    if not files:
        Console().print(f"No .osm.pbf in {OSM.name}: name one, for example `python -m benchmarks.import_speed FILE`.")
    for pbf in files:
        _measure(pbf)


def _measure(pbf: Path) -> None:
    size = pbf.stat().st_size / MEGABYTE
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bare, *others = time_in_turn(_work(pbf, folder), rounds=ROUNDS)
        stored = sum(path.stat().st_size for path in folder.glob("regions/*/*")) / MEGABYTE
    rows = [
        [step, f"{seconds:.2f} s", f"{seconds / size:.2f} s", f"{seconds / bare:.1f}"]
        for step, seconds in zip(STEPS, (bare, *others), strict=True)
    ]
    rows.append(["on disk afterwards", f"{stored:.1f} MB", f"{stored / size:.1f} MB", ""])
    print_table(f"Import of {pbf.name}, {size:.1f} MB", ["step", "wall", "per MB", "ratio to a bare pass"], rows)


def _work(pbf: Path, folder: Path) -> list[Callable[[], object]]:
    def bare() -> int:
        return sum(1 for _ in osmium.FileProcessor(str(pbf)))

    def with_areas() -> int:
        keys = osmium.filter.KeyFilter("tourism", "amenity", "shop", "natural", "place")
        return sum(1 for _ in osmium.FileProcessor(str(pbf)).with_areas(keys).with_filter(keys))

    def whole() -> None:
        shutil.rmtree(folder / "regions", ignore_errors=True)
        add_region(Settings(folder), pbf)

    return [
        bare,
        with_areas,
        lambda: check_blobs(pbf, lambda share: None),
        lambda: import_roads(pbf, folder),
        lambda: import_basemap(pbf, folder),
        whole,
    ]


if __name__ == "__main__":
    main()
