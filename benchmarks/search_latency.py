"""What a search for a place costs, against a scan of all names with LIKE in the same database."""

import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from rich.console import Console

from benchmarks.timing import print_table, time_in_turn
from metier.toolkit import Settings
from metier_maps.places.gazetteer import Box
from metier_maps.places.regions import Installed, add_region, find_region
from metier_maps.places.schema import FILENAME
from metier_maps.places.store import StoredGazetteer, open_gazetteer
from metier_maps.routing.router import Point

OSM: Final = Path(__file__).resolve().parents[2] / "shared" / "data" / "maps" / "osm"
ROUNDS: Final = 30
SCANNED: Final = "%caselles%"


def main() -> None:
    """Prints a table for each file given, or for Andorra and Heidelberg in ../shared/data/maps/osm."""
    known = [OSM / f"{name}.osm.pbf" for name in ("andorra-2025", "heidelberg")]
    files = [Path(argument) for argument in sys.argv[1:]] or [path for path in known if path.exists()]
    if not files:
        Console().print(f"No .osm.pbf in {OSM.name}: name one, for example `python -m benchmarks.search_latency FILE`.")
    for pbf in files:
        with tempfile.TemporaryDirectory() as folder:
            region = add_region(Settings(Path(folder)), pbf)
            _measure(find_region(Settings(Path(folder)), region.id))


def _measure(installed: Installed) -> None:
    region = installed.region
    with closing(sqlite3.connect(installed.folder / FILENAME)) as connection:
        names = connection.execute("SELECT COUNT(*) FROM names").fetchone()[0]

        def scan() -> object:
            query = "SELECT body FROM names JOIN places ON places.num = place WHERE names.text LIKE ? LIMIT 20"
            return connection.execute(query, (SCANNED,)).fetchall()

        work = _searches(open_gazetteer(installed))
        scanned, *others = time_in_turn([scan, *work.values()], rounds=ROUNDS)
    rows = [["LIKE scan of the names", f"{scanned * 1e3:.2f} ms", "1.0"]]
    rows += [
        [name, f"{seconds * 1e3:.2f} ms", f"{seconds / scanned:.1f}"]
        for name, seconds in zip(work, others, strict=True)
    ]
    title = f"Search in {region.name}: {region.places} places, {names} names"
    print_table(title, ["search", "wall", "ratio to the scan"], rows)


def _searches(gazetteer: StoredGazetteer) -> dict[str, Callable[[], object]]:
    south, west, north, east = gazetteer.region.bbox
    middle = Point((south + north) / 2, (west + east) / 2)
    near = Box(middle.lat - 0.05, middle.lon - 0.05, middle.lat + 0.05, middle.lon + 0.05)
    name = gazetteer.search(category="sight", limit=1)[0].place.name
    line = [Point(south + (north - south) * i / 500, west + (east - west) * i / 500) for i in range(501)]
    return {
        "exact name": lambda: gazetteer.search(name, limit=20),
        "beginning of a name": lambda: gazetteer.search(name[:4], limit=20),
        "misspelt name": lambda: gazetteer.search(name.replace("e", "ee", 1) + "x", limit=20),
        "two Chinese characters": lambda: gazetteer.search("道尔", limit=20),
        "hotels in a box": lambda: gazetteer.search(category="hotel", box=near, limit=20),
        "20 nearest restaurants": lambda: gazetteer.search(category="restaurant", near=middle, limit=20),
        "sights along 501 points": lambda: gazetteer.along(line, category="sight", buffer_m=2_000),
    }


if __name__ == "__main__":
    main()
