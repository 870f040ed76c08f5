"""The courts of the country, and who sits in them."""

from collections.abc import Sequence
from dataclasses import dataclass

from metier.world import Chance, Country, Institution, Person, Town
from metier.world.names import to_hanzi
from metier_legal.world.language import Both

CODES = {1: "DC", 2: "RC", 3: "SUP"}
LEVELS = {"district court": 1, "regional court": 2, "supreme court": 3}
TITLES_ZH = {1: "地区法院", 2: "高等法院", 3: "最高法院"}
BENCH = 4


@dataclass(frozen=True, slots=True)
class Court:
    """A court. `mark` is how Chinese case numbers name it; `above` the name of the court to which one appeals."""

    name: Both
    level: int
    town: Both
    mark: str
    above: str
    judges: tuple[Both, ...]

    @property
    def code(self) -> str:
        """Returns how neutral citations name courts of this level."""
        return CODES[self.level]


def name_both(person: Person) -> Both:
    """Returns a person's name in both languages."""
    return Both(person.name, f"{to_hanzi(person.given, 2)}·{to_hanzi(person.family, 3)}")


def make_courts(country: Country) -> tuple[Court, ...]:
    """Returns the courts, the highest first. Appeals of a district go to the nearest regional court."""
    towns = {town.id: town for town in country.towns}
    bodies = [body for body in country.institutions if body.kind in LEVELS]
    bodies.sort(key=lambda body: (-LEVELS[body.kind], body.name))
    return tuple(_make_court(country, body, bodies, towns) for body in bodies)


def _make_court(country: Country, body: Institution, bodies: Sequence[Institution], towns: dict[str, Town]) -> Court:
    level, town = LEVELS[body.kind], towns[body.town]
    higher = [one for one in bodies if LEVELS[one.kind] == level + 1]
    higher.sort(key=lambda one: (towns[one.town].spot.distance(town.spot), one.name))
    place = country.names["zh"] if level == 3 else town.names["zh"]
    living = [person for person in country.people if person.died is None]
    bench = Chance(country.seed, "legal", "bench", body.id).sample(living, BENCH)
    return Court(
        name=Both(body.name, place + TITLES_ZH[level]),
        level=level,
        town=Both(town.name, town.names["zh"]),
        mark=f"{place}最高法" if level == 3 else place,
        above=higher[0].name if higher else "",
        judges=tuple(name_both(person) for person in bench),
    )
