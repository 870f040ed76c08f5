"""What one can ask of the places of a region."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from metier_maps.place import Place, Region
from metier_maps.routing.router import Point


@dataclass(frozen=True, slots=True)
class Hit:
    """A place found. `score` is in (0, 1], 1 for the exact name; `distance_m` from `near` where that was given."""

    place: Place
    score: float
    matched: str
    distance_m: float | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """A box in WGS-84 degrees."""

    south: float
    west: float
    north: float
    east: float


class Gazetteer(Protocol):
    """The places of one region. Safe to call from several threads."""

    @property
    def region(self) -> Region:
        """Returns the region whose places these are."""
        ...

    def get(self, place_id: str) -> Place:
        """Returns the place; raises MissingError when there is none of that id."""
        ...

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
        """Returns the best hits, best first: by name (any language, typos allowed), or nearest first without a name.

        `category` is one of the words of `places.categories` and includes its kinds ("lodging" holds "hotel"). Raises
        InputError for an unknown category, with near names.
        """
        ...

    def along(self, line: Sequence[Point], *, category: str, buffer_m: float, limit: int = 20) -> tuple[Hit, ...]:
        """Returns places within `buffer_m` of the line, in the order of the drive; `distance_m` is from the line."""
        ...
