"""Names of things, from patterns and lists of words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from metier.world import Chance, Country
from metier.world.names import FAMILY, GIVEN, NATURE, coin_name

__all__ = ["Namer", "read_words"]


@lru_cache(maxsize=1)
def read_words() -> Mapping[str, tuple[str, ...]]:
    """Returns the lists of words by their name and the patterns by the kind of thing ("= film")."""
    blocks: dict[str, list[str]] = {}
    current = ""
    for line in (files("metier_research.world") / "text" / "names.txt").read_text("utf-8").splitlines():
        if line.startswith(("* ", "= ")):
            current = line.removeprefix("* ")
            blocks[current] = []
        elif line and not line.startswith("//"):
            blocks[current].extend(_split(line, current))
    return {name: tuple(words) for name, words in blocks.items()}


def _split(line: str, block: str) -> Sequence[str]:
    if block.startswith("= "):
        return [line]
    return [word.strip() for word in line.split("|")] if "|" in line else line.split()


@dataclass(frozen=True, slots=True)
class Namer:
    """Gives names: of persons, and of things of a kind."""

    country: Country

    def person(self, draw: Chance) -> str:
        """Returns a given and a family name."""
        return f"{coin_name(GIVEN, draw)} {coin_name(FAMILY, draw)}"

    def thing(self, kind: str, year: int, draw: Chance) -> str:
        """Returns a name for a thing of a kind; `year` is its year, for the kinds whose names have one."""
        words = read_words()
        noun, other = draw.sample(words["noun"], 2)
        town, town2 = draw.sample([one.name for one in self.country.towns], 2)
        return draw.pick(words[f"= {kind}"]).format(
            adjective=draw.pick(words["adjective"]),
            noun=noun,
            noun2=other,
            epithet=draw.pick(words["epithet"]),
            direction=draw.pick(words["direction"]),
            family=coin_name(FAMILY, draw),
            given=coin_name(GIVEN, draw),
            genus=coin_name(NATURE, draw).rstrip("aeiou").replace("é", "e") + "ia",
            town=town,
            town2=town2,
            place=draw.pick(self._places()),
            water=draw.pick([one.name for one in self.country.landscape.rivers]),
            country=self.country.name,
            year=year,
        )

    def _places(self) -> list[str]:
        land = self.country.landscape
        return [f"Lake {lake.name}" for lake in land.lakes] + [f"the {river.name}" for river in land.rivers]
