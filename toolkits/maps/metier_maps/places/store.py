"""The places of an imported region, in SQLite: names by FTS5, positions by R*Tree."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from metier.errors import InputError, MissingError
from metier.lending import Connections, open_unchanging
from metier_maps.place import Place, Region
from metier_maps.places.categories import Wanted, parse_category
from metier_maps.places.gazetteer import Box, Hit
from metier_maps.places.schema import FILENAME, VERSION
from metier_maps.places.search.measure import box_around, measure_alongside
from metier_maps.places.search.names import LONGEST_QUERY, fold
from metier_maps.places.search.queries import Filter, exact_query, grams_query, words_query
from metier_maps.places.search.ranking import WORDS_WITHIN, Match, order_of, score_name
from metier_maps.routing.router import Point
from metier_maps.routing.sphere import measure

MOST: Final = 1_000
_HINT: Final = "Add the region's file again: `metier maps add FILE.osm.pbf`, or `metier maps sample` for the sample."
_RINGS_M: Final = (2_000.0, 8_000.0, 32_000.0, 128_000.0, 512_000.0)


@dataclass(frozen=True, slots=True)
class Installed:
    """A region on this machine and the folder that holds it."""

    region: Region
    folder: Path


def open_gazetteer(installed: Installed) -> "StoredGazetteer":
    """Returns the places of an installed region; raises StorageError for a database that is damaged or outdated."""
    connections = Connections(installed.folder / FILENAME, open_unchanging, version=VERSION, hint=_HINT)
    return StoredGazetteer(installed.region, connections)


class StoredGazetteer:
    """A Gazetteer (see there) over the database of a region. Threads may share it."""

    def __init__(self, region: Region, connections: Connections) -> None:
        self._region = region
        self._connections = connections

    @property
    def region(self) -> Region:
        """Returns the region whose places these are."""
        return self._region

    def get(self, place_id: str) -> Place:
        """Returns the place; raises MissingError when there is none of that id."""
        rows = self._rows("SELECT body FROM places WHERE id = ?", (place_id[:LONGEST_QUERY],))
        if not rows:
            raise MissingError(
                f"There is no place {place_id[:80]!r} in {self._region.name}.",
                hint="Search for it by name to get its id.",
            )
        return Place.model_validate_json(rows[0][0])

    def search(
        self,
        text: str = "",
        *,
        category: str = "",
        near: Point | None = None,
        radius_m: float | None = None,
        box: Box | None = None,
        limit: int = 20,
    ) -> tuple[Hit, ...]:
        """Returns the best hits, best first: by name, or nearest first, or what matters most; see Gazetteer.

        "pet-friendly hotel" as a category gives only those that the map says take dogs. Without a name, `score` is how
        much the place matters. Raises InputError for an unknown category or a position that is not on Earth.
        """
        area = _Area(near, _checked(near, radius_m), box)
        wanted = parse_category(category) if category else Wanted("")
        limit = min(limit, MOST)
        if limit <= 0 or (text and not fold(text)):
            return ()
        if text:
            return self._by_name(fold(text)[:LONGEST_QUERY], wanted, area, limit)
        if near is not None:
            return self._nearest(wanted, area, limit)
        rows = self._select(Filter(wanted, area.boxes()), f"ORDER BY weight DESC, num LIMIT {limit}")
        return self._hits([Match(num, weight, "", weight) for num, _, _, weight in rows])

    def along(self, line: Sequence[Point], *, category: str, buffer_m: float, limit: int = 20) -> tuple[Hit, ...]:
        """Returns places within `buffer_m` of the line in the order of the drive: of too many, those nearest to it."""
        if not line or limit <= 0 or not buffer_m >= 0:
            return ()
        wanted = parse_category(category) if category else Wanted("")
        rows = self._select(Filter(wanted, (box_around(line, buffer_m),)), "")
        if not rows:
            return ()
        lats, lons = np.array([row[1] for row in rows]), np.array([row[2] for row in rows])
        beside = measure_alongside(line, lats, lons)
        nearest = [int(i) for i in np.argsort(beside.distance_m, kind="stable") if beside.distance_m[i] <= buffer_m]
        chosen = sorted(nearest[: min(limit, MOST)], key=lambda i: (beside.at_m[i], rows[i][0]))
        return self._hits(Match(rows[i][0], rows[i][3], "", rows[i][3], float(beside.distance_m[i])) for i in chosen)

    def _by_name(self, asked: str, wanted: Wanted, area: "_Area", limit: int) -> tuple[Hit, ...]:
        filtered = Filter(wanted, area.boxes())
        matches = self._match(asked, (exact_query(asked, filtered), words_query(asked, filtered)), area)
        if max((match.score for match in matches), default=0.0) < WORDS_WITHIN:
            matches += self._match(asked, (grams_query(asked, filtered),), area)
        return self._hits(_best_of_each(matches)[:limit])

    def _match(self, asked: str, queries: Iterable[tuple[str, tuple[Any, ...]]], area: "_Area") -> list[Match]:
        found = []
        for query, values in queries:
            for num, lat, lon, weight, text, folded in self._rows(query, values):
                away = area.distance_to(lat, lon)
                score = score_name(asked, folded)
                if score > 0 and area.reaches(away):
                    found.append(Match(num, score, text, weight, away))
        return found

    def _nearest(self, wanted: Wanted, area: "_Area", limit: int) -> tuple[Hit, ...]:
        rings: list[float | None] = [r for r in _RINGS_M if area.radius_m is None or r < area.radius_m]
        for ring in (*rings, area.radius_m):
            within = _Area(area.near, ring, area.box)
            rows = self._select(Filter(wanted, within.boxes()), "")
            matches = [Match(num, weight, "", weight, within.distance_to(lat, lon)) for num, lat, lon, weight in rows]
            matches = [match for match in matches if within.reaches(match.distance_m)]
            if len(matches) >= limit:
                break
        return self._hits(sorted(matches, key=lambda match: (match.distance_m or 0.0, match.num))[:limit])

    def _select(self, filtered: Filter, ending: str) -> list[tuple[int, float, float, float]]:
        query, values = filtered.over("SELECT num, lat, lon, weight FROM places WHERE 1")
        return [(row[0], row[1], row[2], row[3]) for row in self._rows(f"{query} {ending}", values)]

    def _hits(self, matches: Iterable[Match]) -> tuple[Hit, ...]:
        chosen = list(matches)
        with self._connections.borrowed() as connection:
            bodies = [
                connection.execute("SELECT body FROM places WHERE num = ?", (match.num,)).fetchone()[0]
                for match in chosen
            ]
        places = [Place.model_validate_json(body) for body in bodies]
        return tuple(
            Hit(place, match.score, match.matched or place.name, match.distance_m)
            for place, match in zip(places, chosen, strict=True)
        )

    def _rows(self, query: str, values: tuple[Any, ...]) -> list[Any]:
        with self._connections.borrowed() as connection:
            return connection.execute(query, values).fetchall()


@dataclass(frozen=True, slots=True)
class _Area:
    near: Point | None
    radius_m: float | None
    box: Box | None

    def boxes(self) -> tuple[Box, ...]:
        around = () if self.near is None or self.radius_m is None else (box_around((self.near,), self.radius_m),)
        return (*around, self.box) if self.box is not None else around

    def distance_to(self, lat: float, lon: float) -> float | None:
        return None if self.near is None else measure(self.near, Point(lat, lon))

    def reaches(self, away: float | None) -> bool:
        return away is None or self.radius_m is None or away <= self.radius_m


def _checked(near: Point | None, radius_m: float | None) -> float | None:
    if near is not None and not (-90 <= near.lat <= 90 and -180 <= near.lon <= 180):
        raise InputError(f"{near.lat}, {near.lon} is no position on Earth.", hint="Latitude first, in degrees, WGS-84.")
    if radius_m is not None and near is None:
        raise InputError("A radius needs a position.", hint="Give `near` as well, or a box.")
    if radius_m is not None and not radius_m > 0:
        raise InputError(f"A radius of {radius_m} m holds nothing.", hint="Give it in metres, above 0.")
    return radius_m


def _best_of_each(matches: Iterable[Match]) -> list[Match]:
    best: dict[int, Match] = {}
    for match in sorted(matches, key=order_of):
        best.setdefault(match.num, match)
    return list(best.values())
