"""The built-in router against Valhalla and OSRM on the same map: how far durations agree, and what answers cost.

Both servers come from their wheels and run on loopback; times are wall times seen by the caller, taken in turn.
"""

import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import numpy as np
import osmium
from rich.console import Console

from benchmarks.timing import print_table, time_in_turn
from metier.errors import InputError, MetierError
from metier.home import home_folder
from metier_maps.place import Region
from metier_maps.routing.offline import open_router
from metier_maps.routing.programs import Engine, open_engine, start_server
from metier_maps.routing.roads import import_roads
from metier_maps.routing.router import Mode, Point, Router

OSM: Final = Path(__file__).resolve().parents[2] / "shared" / "data" / "maps" / "osm"
MAPS: Final = ("andorra-2025", "heidelberg")
STOPS: Final = ("hotel", "guest_house", "hostel", "museum", "viewpoint", "attraction", "gallery")
MODES: Final[tuple[Mode, ...]] = ("car", "bicycle", "foot")
ENGINES: Final[tuple[Engine, ...]] = ("valhalla", "osrm")
NEAR_M: Final = 60.0  # stops further from a road say more about snapping than about routing
COUNT: Final = 50
AROUND: Final = 0.02  # degrees
ROUNDS: Final = 5


def main() -> None:
    """Prints agreement and cost on each map that is there; says so where a map or a server's wheel is not."""
    for name in MAPS:
        pbf = OSM / f"{name}.osm.pbf"
        if not pbf.is_file():
            Console().print(f"Skipped {name}: the map data folder is absent.")
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                compare(name, pbf, Path(folder))
            except MetierError as error:
                Console().print(f"Skipped {name}: {error}")


def compare(name: str, pbf: Path, folder: Path) -> None:
    """Prints both tables for one map."""
    region = _describe(name, import_roads(pbf, folder).bbox)
    offline = open_router(folder, region)
    stops = choose_stops(pbf, offline)
    with ExitStack() as stack:
        routers: dict[str, Router] = {"offline": offline}
        for engine in ENGINES:
            routers[engine] = stack.enter_context(running(engine, folder, region))
        print_agreement(f"{name}: durations, offline over the engine, {len(stops)} stops", routers, stops)
        print_costs(f"{name}: time of an answer (car)", routers, stops)


@contextmanager
def running(engine: Engine, folder: Path, region: Region) -> Iterator[Router]:
    """Gives a router that speaks to a server of the engine on the region."""
    with start_server(engine, folder, home=home_folder() / "maps") as server:
        router = open_engine(engine, server.base_url, region, folder=folder)
        try:
            yield router
        finally:
            router.close()


def choose_stops(pbf: Path, router: Router) -> list[Point]:
    """Returns hotels and sights near a road of every mode, filled up with positions round them; always the same."""
    chance = random.Random(1)
    found = [
        Point(node.location.lat, node.location.lon)
        for node in osmium.FileProcessor(str(pbf), osmium.osm.NODE).with_filter(osmium.filter.KeyFilter("tourism"))
        if node.tags.get("tourism") in STOPS
    ]
    chance.shuffle(found)
    near = [point for point in found if _is_near(router, point)][:COUNT]
    while len(near) < COUNT:
        about = chance.choice(found)
        point = Point(chance.gauss(about.lat, AROUND), chance.gauss(about.lon, AROUND))
        if _is_near(router, point):
            near.append(point)
    return near


def print_agreement(title: str, routers: dict[str, Router], stops: Sequence[Point]) -> None:
    """Prints per engine and mode the median, the spread and the correlation of durations."""
    rows = []
    for mode in MODES:
        ours = _durations(routers["offline"], stops, mode)
        for engine in ENGINES:
            if engine == "osrm" and mode != "car":
                continue
            theirs = _durations(routers[engine], stops, mode)
            both = np.isfinite(ours) & np.isfinite(theirs) & (theirs > 60)
            ratio = ours[both] / theirs[both]
            low, median, high = np.percentile(ratio, [10, 50, 90])
            r = np.corrcoef(ours[both], theirs[both])[0, 1]
            rows.append([f"{engine}, {mode}", f"{both.sum()}", f"{median:.2f}", f"{low:.2f}-{high:.2f}", f"{r:.3f}"])
    print_table(title, ["engine, mode", "pairs", "median", "p10-p90", "correlation"], rows)


def print_costs(title: str, routers: dict[str, Router], stops: Sequence[Point]) -> None:
    """Prints the median time of a route and of matrices, and each engine's over the built-in one's."""
    known = np.argwhere(_durations(routers["offline"], stops, "car") > 60)
    pairs = [(stops[row], stops[column]) for row, column in known[:: len(known) // 10][:10]]

    def route_all(router: Router) -> None:
        for origin, destination in pairs:
            router.route(origin, destination, mode="car", on=None)

    def fill(router: Router, size: int) -> None:
        router.matrix(stops[:size], stops[:size], mode="car", on=None)

    works = {
        "10 routes with line": route_all,
        "matrix 25x25": lambda router: fill(router, 25),
        "matrix 50x50": lambda router: fill(router, 50),
    }
    rows = []
    for label, work in works.items():
        times = time_in_turn(
            [lambda router=router, work=work: work(router) for router in routers.values()], rounds=ROUNDS
        )
        rows.append([label, *(f"{seconds * 1000:.1f} ms ({seconds / times[0]:.2f})" for seconds in times)])
    print_table(title + ", ratio to offline in brackets", ["work", *routers], rows)


def _durations(router: Router, stops: Sequence[Point], mode: Mode) -> np.ndarray:
    cells = router.matrix(stops, stops, mode=mode, on=None).durations_s
    return np.array([[np.nan if cell is None else float(cell) for cell in row] for row in cells])


def _is_near(router: Router, point: Point) -> bool:
    try:
        return all(router.snap(point, mode).distance_m < NEAR_M for mode in MODES)
    except InputError:
        return False


def _describe(name: str, bbox: tuple[float, float, float, float]) -> Region:
    texts = dict.fromkeys(("sha256", "osm_date", "attribution", "licence", "timezone", "country"), "")
    counts = dict.fromkeys(("places", "lodgings", "road_nodes", "road_arcs"), 0)
    return Region.model_validate({"id": name, "name": name, "bbox": bbox, **texts, **counts})


if __name__ == "__main__":
    main()
