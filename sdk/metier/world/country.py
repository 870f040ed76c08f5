"""The fictional country as values: what is so, without how it came about."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from metier.world.landscape import Landscape, Spot

Rank: TypeAlias = Literal["capital", "city", "town", "village", "hamlet"]
KM_PER_DEGREE = 111.195


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the country lies: WGS-84 degrees of its south-west corner. It borrows real ground, and none of its names.

    `timezone` and `country` are those of the real ground, so that clocks, sun and public holidays are ones that
    libraries know.
    """

    south: float
    west: float
    timezone: str
    country: str

    def position(self, spot: Spot) -> tuple[float, float]:
        """Returns latitude and longitude of a spot, to 7 decimals."""
        middle = math.radians(self.south + 0.3)
        lon = self.west + spot.x / (KM_PER_DEGREE * math.cos(middle))
        return (round(self.south + spot.y / KM_PER_DEGREE, 7), round(lon, 7))


@dataclass(frozen=True, slots=True)
class Town:
    """A settlement. `names` holds its name by language: "" its own, "qaa" the second language, "zh" where there is one.

    `zone` says in which part of the country it lies: north, south, gap, valley (a dead end) or basin (behind a pass).
    """

    id: str
    names: Mapping[str, str]
    rank: Rank
    population: int
    spot: Spot
    zone: str
    founded: int

    @property
    def name(self) -> str:
        """Returns its name in its own language."""
        return self.names[""]


@dataclass(frozen=True, slots=True)
class Person:
    """A person; `town` is the id of where they live, `died` None for the living."""

    id: str
    given: str
    family: str
    born: date
    died: date | None
    town: str
    occupation: str

    @property
    def name(self) -> str:
        """Returns the given and the family name."""
        return f"{self.given} {self.family}"


@dataclass(frozen=True, slots=True)
class Institution:
    """A body with a seat: parliament, court, university, museum trust, company, newspaper."""

    id: str
    kind: str
    name: str
    town: str
    founded: int


@dataclass(frozen=True, slots=True)
class Relation:
    """A fact between two things of the country, by id, and the year since when it holds."""

    kind: Literal["mayor_of", "head_of", "born_in", "founder_of", "twin_of"]
    subject: str
    object: str
    year: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """Dates that matter: `today` is the day on which the world stands still, `national_day` month and day."""

    today: date
    national_day: tuple[int, int]
    founded: int


@dataclass(frozen=True, slots=True)
class Country:
    """The country, whole. Every id is unique in it."""

    seed: int
    names: Mapping[str, str]
    demonym: str
    frame: Frame
    landscape: Landscape
    calendar: Calendar
    towns: tuple[Town, ...]
    people: tuple[Person, ...]
    institutions: tuple[Institution, ...]
    relations: tuple[Relation, ...]

    @property
    def name(self) -> str:
        """Returns its name in its own language."""
        return self.names[""]

    @property
    def capital(self) -> Town:
        """Returns the capital."""
        return next(town for town in self.towns if town.rank == "capital")
