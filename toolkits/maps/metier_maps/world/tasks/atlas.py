"""What the task maker knows of the sample region: its places, and how long every drive between them takes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from metier.errors import InputError
from metier.toolkit import Settings
from metier.world import Pass, make_country
from metier_maps.facts import Tri
from metier_maps.hours.opening import Window, windows_on
from metier_maps.place import Place, Region
from metier_maps.places.gazetteer import Gazetteer
from metier_maps.places.regions import find_region
from metier_maps.places.store import open_gazetteer
from metier_maps.request import PlaceRef
from metier_maps.routing.offline import open_router
from metier_maps.routing.router import Mode, Point, Router
from metier_maps.world.sample import SAMPLE_SEED, install_sample

MIDDLE = Point(47.5, 14.35)
MOST = 2000
SETTLEMENTS = ("city", "town", "village")
SIGHTS = (
    "museum", "gallery", "castle", "church", "monument", "garden", "park", "zoo", "aquarium", "viewpoint", "ruins",
    "cave", "waterfall", "monastery", "theme park", "archaeological site", "water park",
)  # fmt: skip
NEVER = 10**8


@dataclass(frozen=True, slots=True)
class Drives:
    """Seconds between places on days of one kind; places are known by their index in `Atlas.places`."""

    seconds: tuple[tuple[int | None, ...], ...]


@dataclass
class Atlas:
    """The sample region, read whole."""

    gazetteer: Gazetteer
    router: Router
    passes: tuple[Pass, ...]
    _drives: dict[tuple[Mode, tuple[bool, ...]], Drives] = field(default_factory=dict)

    @property
    def region(self) -> Region:
        """Returns the region."""
        return self.gazetteer.region

    @cached_property
    def zone(self) -> ZoneInfo:
        """Returns the region's time zone."""
        return ZoneInfo(self.region.timezone)

    @cached_property
    def settlements(self) -> tuple[Place, ...]:
        """Returns cities, towns and villages whose every name is theirs alone."""
        return self._list(SETTLEMENTS)

    @cached_property
    def sights(self) -> tuple[Place, ...]:
        """Returns sights a car can come near, whose every name is theirs alone."""
        return self._list(SIGHTS)

    @cached_property
    def lodgings(self) -> tuple[Place, ...]:
        """Returns every lodging."""
        return self._list(("lodging",))

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Returns all of them."""
        return (*self.settlements, *self.sights, *self.lodgings)

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Returns the position of each place id in `places`."""
        return {place.id: i for i, place in enumerate(self.places)}

    def drive(self, origin: Place, destination: Place, mode: Mode, on: date) -> int:
        """Returns the seconds of a drive on a day; NEVER where there is no way."""
        closed = tuple(is_closed(notch, on) for notch in self.passes)
        drives = self._drives.get((mode, closed))
        if drives is None:
            points = [Point(place.lat, place.lon) for place in self.places]
            drives = Drives(self.router.matrix(points, points, mode=mode, on=on).durations_s)
            self._drives[mode, closed] = drives
        cell = drives.seconds[self.index[origin.id]][self.index[destination.id]]
        return NEVER if cell is None else cell

    def windows(self, place: Place, on: date) -> tuple[Window, ...]:
        """Returns the opening intervals of a place on a day."""
        return windows_on(place, on, self.zone, self.region.country)

    def _list(self, categories: tuple[str, ...]) -> tuple[Place, ...]:
        found: dict[str, Place] = {}
        for category in categories:
            for hit in self.gazetteer.search(category=category, near=MIDDLE, limit=MOST):
                found[hit.place.id] = hit.place
        return tuple(found[key] for key in sorted(found) if self._is_sound(found[key]))

    def _is_sound(self, place: Place) -> bool:
        try:
            self.router.snap(Point(place.lat, place.lon), "car")
        except InputError:
            return False
        first = self.gazetteer.search(place.name, limit=2)
        return first[0].place.id == place.id and (len(first) == 1 or first[1].score < first[0].score)


def is_closed(notch: Pass, on: date) -> bool:
    """Returns whether a pass is closed on a day; its season runs over the new year."""
    day = (on.month, on.day)
    return day >= notch.closed_from or day <= notch.closed_to


def refer(place: Place) -> PlaceRef:
    """Returns the reference to a place."""
    return PlaceRef(id=place.id, name=place.name)


def entrance_of(place: Place) -> int | None:
    """Returns the cents of one entrance; 0 where it is free, None where it is unknown."""
    if place.price.value is not None:
        return place.price.value.cents
    return 0 if place.fee.value is Tri.NO else None


@contextmanager
def open_atlas(seed: int = SAMPLE_SEED) -> Iterator[Atlas]:
    """Gives the atlas of the sample region of a seed, installed in a folder that is gone afterwards."""
    with TemporaryDirectory(prefix="metier-") as folder:
        settings = Settings(data=Path(folder))
        installed = find_region(settings, install_sample(settings, seed=seed).id)
        passes = make_country(seed).landscape.passes
        yield Atlas(open_gazetteer(installed), open_router(installed.folder, installed.region), passes)
